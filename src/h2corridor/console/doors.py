"""The doors on the HTTP side: an upload that may be repeated, and positions that a tracking server passes on.

    PUT /inbox/<path>        Content-Digest: sha-256=:<base64>:   the file, durable when it is answered
                             If-Match: "<SHA-256>"                where it takes the place of these bytes alone
    POST /forward/traccar    Traccar's `forward.type` json        one position, durable when it is answered

A position shows where a truck was, and never becomes distance or hydrogen. Where Traccar passes on the device's own
bytes (attribute `raw`, hexadecimal) and they are GB/T 32960 they are received as a frame; any other position is a row
that is no frame, and a finding says so.
"""

import base64
import re
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import unquote

import msgspec

from h2corridor.console.error_texts import speak
from h2corridor.console.serve import Answer, Upload, find_language
from h2corridor.model.errors import CorridorError, StorageError, UsageError
from h2corridor.store.files import Inbox

INBOX = "/inbox/"
FORWARD = "/forward/traccar"
FORWARD_BYTES_MAX = 256 * 1024
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")
_ENTITY_TAG = re.compile(r'"([0-9a-f]{64})"')
_VIN = re.compile(r"[A-Z0-9]{17}")
_FRAME = re.compile(r"(?:2323|2424)(?:[0-9a-fA-F]{2}){23,}")
_JSON = "application/json"


class Receiver(Protocol):
    """What takes bytes in beside the TCP port, durably: `app.live.LiveDoors`."""

    @property
    def inbox(self) -> Inbox:
        """Where files go."""

    def receive(self, data: bytes, source: str, vin: str | None) -> None:
        """Keep bytes as a connection of their own would have."""


class HttpDoors:
    """Takes what is sent to a workspace by HTTP; called from several threads at once."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    def __call__(self, upload: Upload) -> Answer:
        """The answer, once what was sent is durable; a refusal is a JSON object that says why, in the language that the
        sender asks for (`Accept-Language`), in English where it asks for none of ours."""
        try:
            if upload.method == "PUT" and upload.path.startswith(INBOX):
                return self._file(upload)
            if upload.method == "POST" and upload.path == FORWARD:
                return self._position(upload)
            raise UsageError("serve.unknown", f"nothing is taken at {upload.path}.", next_step="PUT /inbox/<path>.")
        except StorageError as error:
            return _refused(error, upload, HTTPStatus.INSUFFICIENT_STORAGE)
        except CorridorError as error:
            is_outdated = error.code == "inbox.other-counts"
            status = HTTPStatus.PRECONDITION_FAILED if is_outdated else HTTPStatus.BAD_REQUEST
            return _refused(error, upload, status)

    def _file(self, upload: Upload) -> Answer:
        path = _path_of(upload.path)
        sha256 = _digest_of(upload.headers.get("content-digest", ""))
        replaces = _replaced_by(upload.headers.get("if-match"))
        return _json(self._receiver.inbox.put(path, upload.chunks(), sha256=sha256, replaces=replaces))

    def _position(self, upload: Upload) -> Answer:
        if upload.length > FORWARD_BYTES_MAX:
            fault = f"expected one position of at most {FORWARD_BYTES_MAX} bytes, came {upload.length}."
            raise UsageError("forward.too-large", fault, next_step="Forward one position at a time.")
        body = b"".join(upload.chunks())
        try:
            said = msgspec.json.decode(body, type=dict[str, Any])
        except msgspec.DecodeError as error:
            next_step = "Set forward.type to json."
            raise UsageError("forward.not-json", f"expected a JSON object: {error}.", next_step=next_step) from error
        raw = _inside(said, "position", "attributes", "raw")
        vin = _inside(said, "device", "uniqueId")
        is_frame = isinstance(raw, str) and _FRAME.fullmatch(raw) is not None
        self._receiver.receive(
            bytes.fromhex(raw) if is_frame else body,
            "traccar",
            vin if isinstance(vin, str) and _VIN.fullmatch(vin) else None,
        )
        return _json({"received": "frame" if is_frame else "position"})


def _path_of(address: str) -> str:
    """The path inside the data set that an address names."""
    try:
        if not set("?#") & set(address):
            return unquote(address.removeprefix(INBOX), errors="strict")
    except UnicodeDecodeError:
        pass
    raise UsageError(
        "inbox.address",
        f"expected {INBOX}<path> in percent-encoded UTF-8 without a query, came {address[:200]}.",
        next_step="Leave out what stands after the path.",
    )


def _digest_of(header: str) -> str:
    """The SHA-256 in a Content-Digest (RFC 9530), in hexadecimal."""
    match = _DIGEST.search(header)
    if match is None:
        raise UsageError(
            "inbox.no-digest",
            f"expected Content-Digest: sha-256=:<base64>:, came {header[:80] or 'none'}.",
            next_step="Send the digest: with it the same upload may be sent again.",
        )
    return base64.b64decode(match[1]).hex()


def _replaced_by(header: str | None) -> str | None:
    """The SHA-256 in an If-Match (RFC 9110, section 13.1.1): of the bytes that an upload takes the place of."""
    if header is None:
        return None
    match = _ENTITY_TAG.fullmatch(header)
    if match is None:
        raise UsageError(
            "inbox.if-match",
            f'expected If-Match: "<SHA-256 in hexadecimal>", came {header[:80]}.',
            next_step="Name the bytes that count now; an upload that does not count says which they are.",
        )
    return match[1]


def _inside(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _refused(error: CorridorError, upload: Upload, status: HTTPStatus) -> Answer:
    return _json({"error": speak(error.message, find_language(upload.languages) or "en")}, status)


def _json(value: Any, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    return Answer(status=status, content_type=_JSON, body=msgspec.json.encode(value))
