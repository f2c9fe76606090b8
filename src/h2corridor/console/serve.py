"""Pages on loopback, to this machine only; and, where doors are open, what is sent to them.

- Binds to 127.0.0.1 and to nothing else: there is no sign-in yet.
- Answers only requests that name this address as their host: a page elsewhere cannot read it by a borrowed name.
- GET and HEAD, a bounded address, a bounded number at a time.
- PUT and POST only where doors are open, of a stated and bounded length; never from a page of another origin. They
  have turns of their own, so that pages are shown whatever is sent, and a sender that is too slow loses its turn.
- Every answer carries a content security policy and forbids guessing of types, framing and caching.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from h2corridor.console.texts import LANGUAGES, Language, text
from h2corridor.model.errors import StorageError, UsageError

LOOPBACK = "127.0.0.1"
ADDRESS_MAX = 2000
AT_ONCE_MAX = 32
UPLOADS_AT_ONCE_MAX = 16
BYTES_A_SECOND_MIN = 16 * 1024
SLOW_SECONDS_MAX = 10.0
BODY_BYTES_MAX = 256 * 1024 * 1024
LANGUAGES_MAX = 20
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
NOTHING_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'"
PLAIN = "text/plain; charset=utf-8"
_TIMEOUT_SECONDS = 10
_WAIT_SECONDS = 5
_CHUNK_BYTES = 1 << 18
_REFUSAL = b"This server shows one workspace on this machine (loopback only): GET /\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for; of a name that stands twice in the query the last value counts. `languages` are those that the
    reader's browser asks for, the dearest first, in lower case (`zh-cn`)."""

    path: str
    query: Mapping[str, str]
    cookies: Mapping[str, str]
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is given; `policy` is the content security policy of the document."""

    status: HTTPStatus = HTTPStatus.OK
    content_type: str = PLAIN
    body: bytes = b""
    policy: str = NOTHING_POLICY
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What is sent: header names in lower case, a body of `length` bytes that can be read once.

    Only the time that `clock` [s] shows to be spent on waiting for the sender counts against it.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    length: int
    stream: BufferedIOBase
    clock: Callable[[], float] = time.monotonic

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that the sender asks for, as in a `Request`."""
        return _languages(self.headers.get("accept-language", ""))

    def chunks(self) -> Iterator[bytes]:
        """The body.

        Raises
        ------
        ConnectionError
            The sender goes away before its end.
        TimeoutError
            It has kept us waiting for `SLOW_SECONDS_MAX` and longer than `BYTES_A_SECOND_MIN` allow.
        """
        rest, waited = self.length, 0.0
        while rest:
            began = self.clock()
            chunk = self.stream.read1(min(rest, _CHUNK_BYTES))
            waited += self.clock() - began
            if not chunk:
                raise ConnectionError("the body ended early")
            rest -= len(chunk)
            if waited > SLOW_SECONDS_MAX + (self.length - rest) / BYTES_A_SECOND_MIN:
                raise TimeoutError("the body comes too slowly")
            yield chunk


Doors = Callable[[Upload], Answer]
"""Takes an upload whose host, origin and length were accepted; called from several threads at once."""

Site = Callable[[Request], Answer]
"""Gives the answer to a request whose host and method were accepted; called from several threads at once."""


def serve_site(site: Site, port: int, on_ready: Callable[[str], None], doors: Doors | None = None) -> None:
    """Show a site until interrupted (Ctrl-C ends it quietly).

    Parameters
    ----------
    site
        Gives the answers.
    port
        0 takes a free one.
    on_ready
        Called once with the address, `http://127.0.0.1:PORT/`, when requests are answered.
    doors
        Takes what is sent; without it nothing is taken.

    Raises
    ------
    UsageError
        `serve.port`: the port is no port.
    StorageError
        `serve.port-taken`: the operating system does not give this port.
    """
    with open_server(site, port, doors) as server:
        on_ready(server.url)
        with suppress(KeyboardInterrupt):
            server.serve_forever()


def loopback_note(language: Language) -> str:
    """The sentence to show beside the address: only this machine can read it."""
    return text("loopback_only", language)


def open_server(site: Site, port: int, doors: Doors | None = None) -> "LoopbackServer":
    """A bound server that does not answer yet; see `serve_site` for parameters and errors."""
    if not 0 <= port <= 65535:
        raise UsageError(
            "serve.port", f"expected a port from 0 to 65535, came {port}.", next_step="Use 0 for a free one."
        )
    try:
        return LoopbackServer(site, port, doors)
    except OSError as error:
        raise StorageError(
            "serve.port-taken",
            f"port {port} of {LOOPBACK} cannot be opened: {error}.",
            next_step="Choose another port.",
        ) from error


class LoopbackServer(ThreadingHTTPServer):
    """Gives a site's answers to this machine; beyond `AT_ONCE_MAX` at a time a request waits, then is refused.

    So does what is sent beyond `UPLOADS_AT_ONCE_MAX`.
    """

    daemon_threads = True
    request_queue_size = AT_ONCE_MAX  # with fewer, a burst of connections waits a second for the system to try again

    def __init__(self, site: Site, port: int, doors: Doors | None = None) -> None:
        self.site = site
        self.doors = doors
        self.turns = threading.BoundedSemaphore(AT_ONCE_MAX)
        self.upload_turns = threading.BoundedSemaphore(UPLOADS_AT_ONCE_MAX)
        super().__init__((LOOPBACK, port), _Handler)

    @property
    def url(self) -> str:
        """The address of the first page."""
        return f"http://{LOOPBACK}:{self.server_port}/"

    @property
    def origin(self) -> str:
        """The origin of this server's own pages."""
        return self.url.rstrip("/")

    @property
    def hosts(self) -> frozenset[str]:
        """The `Host` headers that are answered."""
        return frozenset({f"{LOOPBACK}:{self.server_port}", f"localhost:{self.server_port}"})

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader that went away is no event worth a traceback; a fault of ours is."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def _languages(header: str) -> tuple[str, ...]:
    """What `Accept-Language` asks for, the dearest first; what cannot be read counts least."""
    asked = []
    for part in header.lower().split(",")[:LANGUAGES_MAX]:
        name, _, weight = part.replace(" ", "").partition(";q=")
        try:
            asked.append((float(weight or 1), name))
        except ValueError:
            asked.append((0.0, name))
    return tuple(name for weight, name in sorted(asked, key=lambda each: -each[0]) if name and weight > 0)


def find_language(asked: Iterable[str]) -> Language | None:
    """The first of the languages asked for that is spoken here.

    >>> find_language(("fr", "zh-cn", "en"))
    'zh'
    """
    names = (name.partition("-")[0] for name in asked)
    return next((language for name in names for language in LANGUAGES if language == name), None)


class _Handler(BaseHTTPRequestHandler):
    server: LoopbackServer
    server_version = "h2corridor"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = _TIMEOUT_SECONDS

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._take()

    def do_POST(self) -> None:
        self._take()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse with the same headers as every answer; a method that is not served is 405."""
        self.close_connection = True
        self._refuse(HTTPStatus.METHOD_NOT_ALLOWED if code == HTTPStatus.NOT_IMPLEMENTED else HTTPStatus(code))

    def _take(self) -> None:
        self.close_connection = True  # what of the body was not read would be taken for the next request
        doors, status = self.server.doors, self._refusal()
        if doors is None or status is not None:
            return self._refuse(status or HTTPStatus.METHOD_NOT_ALLOWED)
        upload = Upload(
            method=self.command,
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            length=int(self.headers["Content-Length"]),
            stream=self.rfile,
        )
        return self._in_turn(self.server.upload_turns, lambda: doors(upload))

    def _refusal(self) -> HTTPStatus | None:
        """Why what is sent is not taken, or None."""
        length = self.headers.get("Content-Length", "")
        is_counted = "Transfer-Encoding" not in self.headers and length.isascii() and length.isdigit()
        reasons = {
            HTTPStatus.MISDIRECTED_REQUEST: self.headers.get("Host") not in self.server.hosts,
            # a browser names the page that sends; programs name none
            HTTPStatus.FORBIDDEN: self.headers.get("Origin", self.server.origin) != self.server.origin,
            HTTPStatus.REQUEST_URI_TOO_LONG: len(self.path) > ADDRESS_MAX,
            HTTPStatus.LENGTH_REQUIRED: not is_counted,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE: len(length) > 12 or (is_counted and int(length) > BODY_BYTES_MAX),
        }
        return next((status for status, holds in reasons.items() if holds), None)

    def _answer(self) -> None:
        if self.headers.get("Host") not in self.server.hosts:
            return self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        if len(self.path) > ADDRESS_MAX:
            return self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG)
        try:
            request = self._request()
        except ValueError:
            return self._refuse(HTTPStatus.BAD_REQUEST)
        return self._in_turn(self.server.turns, lambda: self.server.site(request))

    def _in_turn(self, turns: threading.BoundedSemaphore, give: Callable[[], Answer]) -> None:
        if not turns.acquire(timeout=_WAIT_SECONDS):
            return self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            answer = give()
        except ConnectionError:
            raise
        except TimeoutError:
            return self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        except Exception:
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR)
            raise
        finally:
            turns.release()
        return self._send(answer)

    def _request(self) -> Request:
        """The request as a value; an address or query that cannot be read raises ValueError."""
        address = urlsplit(self.path)
        cookies: SimpleCookie = SimpleCookie()
        with suppress(CookieError):
            cookies.load(self.headers.get("Cookie", ""))
        return Request(
            path=address.path,
            query=dict(parse_qsl(address.query, max_num_fields=20)),
            cookies={name: morsel.value for name, morsel in cookies.items()},
            languages=_languages(self.headers.get("Accept-Language", "")),
        )

    def _refuse(self, status: HTTPStatus) -> None:
        self._send(Answer(status=status, body=_REFUSAL))

    def _send(self, answer: Answer) -> None:
        headers = {
            "Content-Type": answer.content_type,
            "Content-Length": str(len(answer.body)),
            "Content-Security-Policy": f"{answer.policy}; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
            "Allow": "GET, HEAD" if self.server.doors is None else "GET, HEAD, PUT, POST",
            **answer.headers,
        }
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is the base class's)
        """Nothing is logged: a reader's steps are nobody's business."""
