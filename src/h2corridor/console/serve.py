"""The report on loopback: four documents, read only, and nothing else.

- Binds to 127.0.0.1 and to nothing else: there is no sign-in yet.
- Answers only requests that name this address as their host: a page elsewhere cannot read it by a borrowed name.
- GET and HEAD only; every answer carries the page's content security policy and forbids guessing of types.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from h2corridor.console.html_report import page_policy
from h2corridor.console.texts import Language, text
from h2corridor.model.errors import StorageError, UsageError

LOOPBACK = "127.0.0.1"
_TIMEOUT_SECONDS = 10
_REFUSAL = b"This server shows one report on this machine (loopback only): GET / or /report.json.\n"
_PLAIN = "text/plain; charset=utf-8"
_PATHS = {
    "/": ("report.html", "text/html; charset=utf-8"),
    "/report.json": ("report.json", "application/json"),
    "/figures.json": ("figures.json", "application/json"),
    "/tracks.json": ("tracks.json", "application/json"),
}


def serve_report(files: Mapping[str, bytes], port: int, on_ready: Callable[[str], None]) -> None:
    """Show a report until interrupted (Ctrl-C ends it quietly).

    Parameters
    ----------
    files
        By name: `report.html`, rendered by this version, `report.json`, `figures.json`, `tracks.json`; the last three
        may be absent.
    port
        0 takes a free one.
    on_ready
        Called once with the address, `http://127.0.0.1:PORT/`, when requests are answered.

    Raises
    ------
    UsageError
        `serve.no-page`: there is no page; `serve.foreign-page`: it was rendered by another version, whose styles this
        version's policy would refuse; `serve.port`: the port is no port.
    StorageError
        `serve.port-taken`: the operating system does not give this port.
    """
    with open_report_server(files, port) as server:
        on_ready(server.url)
        with suppress(KeyboardInterrupt):
            server.serve_forever()


def loopback_note(language: Language) -> str:
    """The sentence to show beside the address: only this machine can read it."""
    return text("loopback_only", language)


def open_report_server(files: Mapping[str, bytes], port: int) -> "ReportServer":
    """A bound server that does not answer yet; see `serve_report` for parameters and errors."""
    page = files.get("report.html")
    if page is None:
        raise UsageError("serve.no-page", "there is no report.html to show.", next_step="Render the report first.")
    if page_policy().replace("'", "&#39;").encode() not in page:
        raise UsageError(
            "serve.foreign-page",
            "report.html was rendered by another version of this software.",
            next_step="Render the report again with this version.",
        )
    if not 0 <= port <= 65535:
        raise UsageError(
            "serve.port", f"expected a port from 0 to 65535, came {port}.", next_step="Use 0 for a free one."
        )
    try:
        return ReportServer(files, port)
    except OSError as error:
        raise StorageError(
            "serve.port-taken",
            f"port {port} of {LOOPBACK} cannot be opened: {error}.",
            next_step="Choose another port.",
        ) from error


class ReportServer(ThreadingHTTPServer):
    """Serves the documents it was given; they are read once and held in memory."""

    daemon_threads = True

    def __init__(self, files: Mapping[str, bytes], port: int) -> None:
        self.documents = {
            path: (content_type, files[name]) for path, (name, content_type) in _PATHS.items() if name in files
        }
        super().__init__((LOOPBACK, port), _ReportHandler)

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://{LOOPBACK}:{self.server_port}/"

    @property
    def hosts(self) -> frozenset[str]:
        """The `Host` headers that are answered."""
        return frozenset({f"{LOOPBACK}:{self.server_port}", f"localhost:{self.server_port}"})

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that went away is no event worth a traceback."""


class _ReportHandler(BaseHTTPRequestHandler):
    server: ReportServer
    server_version = "h2corridor"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = _TIMEOUT_SECONDS

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse with the same headers as every answer; a method that is not served is 405."""
        self.close_connection = True
        status = HTTPStatus.METHOD_NOT_ALLOWED if code == HTTPStatus.NOT_IMPLEMENTED else HTTPStatus(code)
        self._send(status, _PLAIN, _REFUSAL)

    def _answer(self) -> None:
        document = self.server.documents.get(self.path.partition("?")[0])
        if self.headers.get("Host") not in self.server.hosts:
            self._send(HTTPStatus.MISDIRECTED_REQUEST, _PLAIN, _REFUSAL)
        elif document is None:
            self._send(HTTPStatus.NOT_FOUND, _PLAIN, _REFUSAL)
        else:
            self._send(HTTPStatus.OK, *document)

    def _send(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
        headers = {
            "Content-Type": content_type,
            "Content-Length": str(len(body)),
            "Content-Security-Policy": f"{page_policy()}; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
            "Allow": "GET, HEAD",
        }
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is the base class's)
        """Nothing is logged: a reader's steps are nobody's business."""
