"""The loopback server: reading only, to this machine only, bounded."""

import http.client
import socket
import threading
from collections.abc import Iterator
from http import HTTPStatus

import pytest

from h2corridor.console.serve import ADDRESS_MAX, Answer, LoopbackServer, Request, open_server, serve_site
from h2corridor.model.errors import CorridorError


def _site(request: Request) -> Answer:
    if request.path == "/fault":
        raise RuntimeError("a fault of the site")
    if request.path == "/languages":
        return Answer(body=" ".join(request.languages).encode())
    if request.path == "/absent":
        return Answer(status=HTTPStatus.NOT_FOUND)
    body = f"{request.path} {dict(request.query)} {dict(request.cookies)}".encode()
    return Answer(body=body, policy="default-src 'self'", headers={"X-Own": "1"})


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with open_server(_site, 0) as opened:
        thread = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield opened
        opened.shutdown()
        thread.join()


def _ask(server: LoopbackServer, method: str, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def test_the_site_answers_with_its_own_headers(server: LoopbackServer) -> None:
    response, body = _ask(server, "GET", "/a?b=%E4%B8%AD&b=2&c=3", Cookie="language=zh")

    assert (200, "1") == (response.status, response.headers["X-Own"])
    assert b"/a {'b': '2', 'c': '3'} {'language': 'zh'}" == body


def test_head_gives_the_headers_alone(server: LoopbackServer) -> None:
    response, came = _ask(server, "HEAD", "/")

    assert (200, b"", "7") == (response.status, came, response.headers["Content-Length"])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_but_reading_is_answered(server: LoopbackServer, method: str) -> None:
    response, _ = _ask(server, method, "/")

    assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("method", "path", "policy"),
    [
        ("GET", "/", "default-src 'self'"),
        ("GET", "/absent", "default-src 'none'; base-uri 'none'; form-action 'none'"),
        ("POST", "/", "default-src 'none'; base-uri 'none'; form-action 'none'"),
    ],
)
def test_every_answer_is_strict(server: LoopbackServer, method: str, path: str, policy: str) -> None:
    headers = _ask(server, method, path)[0].headers

    assert f"{policy}; frame-ancestors 'none'" == headers["Content-Security-Policy"]
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("host", ["attacker.example", "127.0.0.1", "127.0.0.1:1", ""])
def test_a_borrowed_host_name_is_refused(server: LoopbackServer, host: str) -> None:
    assert _ask(server, "GET", "/", Host=host)[0].status == 421


def test_the_server_is_bound_to_loopback(server: LoopbackServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_an_address_beyond_the_limit_is_refused(server: LoopbackServer) -> None:
    assert _ask(server, "GET", "/" + "a" * ADDRESS_MAX)[0].status == 414


@pytest.mark.parametrize("path", ["/?" + "&".join(f"a{n}=1" for n in range(30))])
def test_an_address_that_cannot_be_read_is_refused(server: LoopbackServer, path: str) -> None:
    assert _ask(server, "GET", path)[0].status == 400


def test_a_damaged_cookie_counts_as_none(server: LoopbackServer) -> None:
    assert _ask(server, "GET", "/", Cookie='a=b"; \x01[]=1')[1].endswith(b"{}")


def test_a_fault_of_the_site_is_an_answer_and_is_told_on_standard_error(
    server: LoopbackServer, capsys: pytest.CaptureFixture[str]
) -> None:
    response, body = _ask(server, "GET", "/fault")

    assert response.status == 500
    assert b"RuntimeError" not in body
    server.shutdown()
    server.server_close()
    assert "RuntimeError: a fault of the site" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_fault(server: LoopbackServer, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_connection(("127.0.0.1", server.server_port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")

    assert _ask(server, "GET", "/")[0].status == 200
    assert "Traceback" not in capsys.readouterr().err


def test_the_address_is_told_once_when_it_answers() -> None:
    told: list[str] = []

    def stop(url: str) -> None:
        told.append(url)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        serve_site(_site, 0, stop)

    assert [url for url in told if url.startswith("http://127.0.0.1:") and url.endswith("/")] == told
    assert len(told) == 1


def test_a_taken_port_is_named(server: LoopbackServer) -> None:
    with pytest.raises(CorridorError, match=r"serve\.port-taken.*Choose another port"):
        open_server(_site, server.server_port)


@pytest.mark.parametrize("port", [70_000, -1])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(CorridorError) as caught:
        open_server(_site, port)

    assert caught.value.code == "serve.port"


@pytest.mark.parametrize(
    ("header", "languages"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-cn zh en"),
        ("en;q=0.3, zh-CN;q=0.7", "zh-cn en"),
        ("zh;q=0, en", "en"),
        ("zh;q=many, en;q=0.1", "en"),
        ("", ""),
    ],
)
def test_the_languages_that_a_browser_asks_for_come_dearest_first(
    server: LoopbackServer, header: str, languages: str
) -> None:
    asked = {"Accept-Language": header}

    assert languages.encode() == _ask(server, "GET", "/languages", **asked)[1]
