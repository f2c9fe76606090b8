"""The loopback server: four documents, read only, to this machine only."""

import http.client
import threading
from collections.abc import Iterator

import pytest
from invented_reports import an_empty_report

from h2corridor.console.html_report import page_policy, render_html
from h2corridor.console.serve import ReportServer, open_report_server, serve_report
from h2corridor.model.errors import CorridorError
from h2corridor.model.report import Figures

PAGE = render_html(an_empty_report(), Figures(), None, "en").encode()
FILES = {"report.html": PAGE, "report.json": b"{}", "figures.json": b'{"figures": []}', "secret.txt": b"secret"}


@pytest.fixture
def server() -> Iterator[ReportServer]:
    with open_report_server(FILES, 0) as opened:
        thread = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield opened
        opened.shutdown()
        thread.join()


def _ask(server: ReportServer, method: str, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


@pytest.mark.parametrize(
    ("path", "body"), [("/", PAGE), ("/report.json", b"{}"), ("/figures.json", b'{"figures": []}'), ("/?a=b", PAGE)]
)
def test_the_documents_are_served_as_they_are(server: ReportServer, path: str, body: bytes) -> None:
    response, came = _ask(server, "GET", path)

    assert (200, body) == (response.status, came)


def test_head_gives_the_headers_alone(server: ReportServer) -> None:
    response, came = _ask(server, "HEAD", "/")

    assert (200, b"", str(len(PAGE))) == (response.status, came, response.headers["Content-Length"])


@pytest.mark.parametrize("path", ["/tracks.json", "/secret.txt", "/../pyproject.toml", "/report.html"])
def test_there_are_no_other_paths(server: ReportServer, path: str) -> None:
    assert _ask(server, "GET", path)[0].status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_but_reading_is_answered(server: ReportServer, method: str) -> None:
    response, _ = _ask(server, method, "/")

    assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/absent"), ("POST", "/")])
def test_every_answer_is_strict(server: ReportServer, method: str, path: str) -> None:
    headers = _ask(server, method, path)[0].headers

    assert f"{page_policy()}; frame-ancestors 'none'" == headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_borrowed_host_name_is_refused(server: ReportServer) -> None:
    assert _ask(server, "GET", "/", Host="attacker.example")[0].status == 421


def test_the_server_is_bound_to_loopback(server: ReportServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_the_address_is_told_once_when_it_answers() -> None:
    told: list[str] = []

    def stop(url: str) -> None:
        told.append(url)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        serve_report(FILES, 0, stop)

    assert [url for url in told if url.startswith("http://127.0.0.1:") and url.endswith("/")] == told
    assert len(told) == 1


def test_a_taken_port_is_named(server: ReportServer) -> None:
    with pytest.raises(CorridorError, match=r"serve\.port-taken.*Choose another port"):
        open_report_server(FILES, server.server_port)


@pytest.mark.parametrize(
    ("files", "port", "code"),
    [
        ({}, 0, "serve.no-page"),
        ({"report.html": b"<p>old"}, 0, "serve.foreign-page"),
        (FILES, 70_000, "serve.port"),
        (FILES, -1, "serve.port"),
    ],
)
def test_what_cannot_be_served_is_refused(files: dict[str, bytes], port: int, code: str) -> None:
    with pytest.raises(CorridorError) as caught:
        open_report_server(files, port)

    assert code == caught.value.code
