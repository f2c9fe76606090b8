"""The doors on the HTTP side: an upload that may be repeated, positions passed on, nothing from a page elsewhere."""

import base64
import contextlib
import hashlib
import http.client
import io
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from h2corridor.console import serve
from h2corridor.console.doors import HttpDoors
from h2corridor.console.serve import (
    AT_ONCE_MAX,
    BYTES_A_SECOND_MIN,
    UPLOADS_AT_ONCE_MAX,
    Answer,
    Upload,
    open_server,
)
from h2corridor.model.errors import StorageError
from h2corridor.store.files import Inbox

VIN = "LTESTHYDR0GEN0001"
FRAME = "232302fe" + VIN.encode().hex() + "01" + "0000" + "00"


class _Receiver:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inbox = Inbox(folder)
        self.received: list[tuple[bytes, str, str | None]] = []
        self.is_full = False

    def receive(self, data: bytes, source: str, vin: str | None) -> None:
        if self.is_full:
            raise StorageError("gateway.not-kept", "the disk refused.")
        self.received.append((data, source, vin))


@contextmanager
def _open(receiver: _Receiver | None) -> Iterator[int]:
    with open_server(lambda _: Answer(), 0, HttpDoors(receiver) if receiver else None) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def _send(port: int, method: str, path: str, body: bytes, **headers: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    return answer.status, json.loads(said) if answer.headers["Content-Type"] == "application/json" else said


def _digest(data: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


@pytest.fixture
def receiver(tmp_path: Path) -> _Receiver:
    return _Receiver(tmp_path / "inbox")


def test_an_upload_is_kept_and_the_same_again_is_answered_the_same(tmp_path: Path, receiver: _Receiver) -> None:
    data = b"leg_id\n" * 100_000
    with _open(receiver) as port:
        answers = [_send(port, "PUT", "/inbox/legs.csv", data, Content_Digest=_digest(data)) for _ in range(2)]

    kept = {"path": "legs.csv", "sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "counts": True}
    assert [(200, kept)] * 2 == answers
    assert data == (tmp_path / "inbox" / "legs.csv").read_bytes()


def test_earlier_bytes_count_again_where_if_match_names_those_that_count(receiver: _Receiver) -> None:
    named = {"If_Match": f'"{hashlib.sha256(b"two").hexdigest()}"'}
    with _open(receiver) as port:
        answers = [
            _send(port, "PUT", "/inbox/legs.csv", data, Content_Digest=_digest(data), **headers)
            for data, headers in ((b"one", {}), (b"two", {}), (b"one", {}), (b"one", named), (b"three", named))
        ]
        odd = _send(port, "PUT", "/inbox/legs.csv", b"one", Content_Digest=_digest(b"one"), If_Match="*")

    assert [200, 200, 200, 200, 412] == [status for status, _ in answers]
    assert [True, True, False, True] == [said["counts"] for _, said in answers[:4]]
    assert hashlib.sha256(b"two").hexdigest() == answers[2][1]["counting"]
    assert ["inbox.other-counts", "inbox.if-match"] == [
        said["error"].partition(":")[0] for _, said in (answers[4], odd)
    ]


@pytest.mark.parametrize(
    ("path", "digest", "code"),
    [
        ("/inbox/legs.csv", "", "inbox.no-digest"),
        ("/inbox/legs.csv", "sha-512=:AAAA:", "inbox.no-digest"),
        ("/inbox/legs.csv", _digest(b"other"), "inbox.digest"),
        ("/inbox/../policy.txt", _digest(b"x"), "inbox.path"),
        ("/inbox/%2e%2e/policy.txt", _digest(b"x"), "inbox.path"),
        ("/inbox/.superseded/x", _digest(b"x"), "inbox.path"),
        ("/inbox/legs.csv?v=2", _digest(b"x"), "inbox.address"),
        ("/inbox/%ff.csv", _digest(b"x"), "inbox.address"),
        ("/elsewhere", _digest(b"x"), "serve.unknown"),
    ],
)
def test_an_upload_that_is_refused_leaves_nothing(
    tmp_path: Path, receiver: _Receiver, path: str, digest: str, code: str
) -> None:
    with _open(receiver) as port:
        status, said = _send(port, "PUT", path, b"x", **({"Content_Digest": digest} if digest else {}))

    assert (400, code) == (status, said["error"].partition(":")[0])
    assert [] == list((tmp_path / "inbox").rglob("*"))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "elsewhere.example"}, 421),
        ({"Content-Length": "999999999999999"}, 413),
        ({"Content-Length": "-1"}, 411),
        ({"Transfer-Encoding": "chunked"}, 411),
    ],
)
def test_a_page_elsewhere_and_a_body_without_bound_are_refused_before_it_is_read(
    tmp_path: Path, receiver: _Receiver, headers: dict[str, str], status: int
) -> None:
    with _open(receiver) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.putrequest("PUT", "/inbox/legs.csv", skip_host="Host" in headers)
        for name, value in {"Content-Digest": _digest(b""), "Content-Length": "0", **headers}.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse().status
        connection.close()

    assert status == answer
    assert [] == list((tmp_path / "inbox").rglob("*"))


def test_a_body_that_ends_early_leaves_nothing(tmp_path: Path, receiver: _Receiver) -> None:
    with _open(receiver) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.putrequest("PUT", "/inbox/legs.csv")
        connection.putheader("Content-Digest", _digest(b"half"))
        connection.putheader("Content-Length", "8")
        connection.endheaders(b"half")
        connection.close()
        _send(port, "PUT", "/inbox/sites.csv", b"x", Content_Digest=_digest(b"x"))

    assert not (tmp_path / "inbox" / "legs.csv").exists()


def test_pages_are_shown_while_slow_uploads_hold_every_turn(receiver: _Receiver) -> None:
    with _open(receiver) as port:
        slow = []
        for _ in range(AT_ONCE_MAX):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.putrequest("PUT", "/inbox/legs.csv")
            connection.putheader("Content-Digest", _digest(b"half"))
            connection.putheader("Content-Length", "8")
            connection.endheaders(b"half")
            slow.append(connection)
        while len(list(receiver.folder.glob(".incoming-*"))) < UPLOADS_AT_ONCE_MAX:
            time.sleep(0.01)
        status, _ = _send(port, "GET", "/", b"")
        still = len(list(receiver.folder.glob(".incoming-*")))
        for connection in slow:
            connection.close()

    assert (200, UPLOADS_AT_ONCE_MAX) == (status, still)


@pytest.mark.parametrize(("seconds_a_chunk", "is_taken"), [(0.9, True), (1.1, False), (60.0, False)])
def test_a_sender_that_is_too_slow_loses_its_turn(seconds_a_chunk: float, is_taken: bool) -> None:
    """A chunk of the least bytes a second takes a little less, or a little more, than a second to come."""
    now = 0.0
    chunk = b"x" * BYTES_A_SECOND_MIN

    class Slow(io.BytesIO):
        def read1(self, size: int | None = -1) -> bytes:
            nonlocal now
            now += seconds_a_chunk
            return super().read1(min(size or 0, len(chunk)))

    body = Slow(chunk * 200)
    upload = Upload(method="PUT", path="/", headers={}, length=200 * len(chunk), stream=body, clock=lambda: now)
    taken = 0
    with contextlib.suppress(TimeoutError):
        for each in upload.chunks():
            now += 3600  # the disk is slow, which is not the sender's fault
            taken += len(each)

    assert is_taken == (taken == upload.length)


def test_a_sender_that_is_too_slow_is_told_so(receiver: _Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "SLOW_SECONDS_MAX", -1.0)
    with _open(receiver) as port:
        status, _ = _send(port, "PUT", "/inbox/legs.csv", b"x", Content_Digest=_digest(b"x"))

    assert 408 == status
    assert [] == list(receiver.folder.iterdir())


def test_without_doors_nothing_is_taken(tmp_path: Path) -> None:
    with _open(None) as port:
        status, _ = _send(port, "PUT", "/inbox/legs.csv", b"x", Content_Digest=_digest(b"x"))

    assert 405 == status


def test_a_position_with_the_bytes_of_the_device_is_received_as_a_frame(receiver: _Receiver) -> None:
    body = json.dumps({"position": {"attributes": {"raw": FRAME}}, "device": {"uniqueId": VIN}}).encode()
    with _open(receiver) as port:
        answer = _send(port, "POST", "/forward/traccar", body)

    assert (200, {"received": "frame"}) == answer
    assert [(bytes.fromhex(FRAME), "traccar", VIN)] == receiver.received


@pytest.mark.parametrize("raw", [None, "zz", "2323", "78780d01", 7])
def test_any_other_position_is_kept_as_it_came(receiver: _Receiver, raw: object) -> None:
    body = json.dumps(
        {"position": {"latitude": 29.5, "attributes": {"raw": raw}}, "device": {"uniqueId": "x"}}
    ).encode()
    with _open(receiver) as port:
        answer = _send(port, "POST", "/forward/traccar", body)

    assert (200, {"received": "position"}) == answer
    assert [(body, "traccar", None)] == receiver.received


@pytest.mark.parametrize(("body", "code"), [(b"[]", "forward.not-json"), (b"id=1", "forward.not-json"),
                                            (b" " * 300_000, "forward.too-large")])  # fmt: skip
def test_what_is_no_position_is_refused(receiver: _Receiver, body: bytes, code: str) -> None:
    with _open(receiver) as port:
        status, said = _send(port, "POST", "/forward/traccar", body)

    assert (400, code) == (status, said["error"].partition(":")[0])


def test_a_position_that_cannot_be_kept_is_to_be_sent_again(receiver: _Receiver) -> None:
    receiver.is_full = True
    with _open(receiver) as port:
        status, _ = _send(port, "POST", "/forward/traccar", b"{}")

    assert 507 == status


@pytest.mark.parametrize(
    ("asked", "begins"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "inbox.no-digest  上传未附摘要。"),
        ("en;q=0.9,zh;q=0.1", "inbox.no-digest: expected Content-Digest"),
        ("fr", "inbox.no-digest: expected Content-Digest"),
    ],
)
def test_a_refusal_is_said_in_the_language_that_the_sender_asks_for(
    receiver: _Receiver, asked: str, begins: str
) -> None:
    with _open(receiver) as port:
        _, said = _send(port, "PUT", "/inbox/legs.csv", b"x", Accept_Language=asked)

    assert said["error"].startswith(begins)
