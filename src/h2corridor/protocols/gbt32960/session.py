"""A platform's side of one connection: bytes in, rows to be kept and replies to be sent once they are. No I/O.

A reply repeats the header of the request with a response flag and carries the time of its data unit, nothing else; it
says that the bytes are kept, and nothing of what they say.
Heartbeat and time synchronisation have no time of their own: they are answered with the platform's, as the gateway of
EMQX does. The clauses of the standard that say so are `unseen`.

Invariants: every byte that is fed comes out in one row, in order; the buffer is bounded as that of
`h2verify.gbt32960.Framer`; nothing raises on received bytes; a frame that is itself a reply gets none.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

from h2verify.gbt32960 import COMMAND, EDITION_BY_MARK, PLAIN, Framer, Segment, decode_frame

from .encoder import encode_frame

SUCCESS, ERROR, VIN_UNKNOWN = 0x01, 0x02, 0x04
LOGIN, REALTIME, REISSUE, LOGOUT, PLATFORM_LOGIN, PLATFORM_LOGOUT, HEARTBEAT, TIME_SYNC = range(0x01, 0x09)
TIMED = frozenset((LOGIN, REALTIME, REISSUE, LOGOUT, PLATFORM_LOGIN, PLATFORM_LOGOUT))
_OF_A_TRUCK = frozenset((LOGIN, REALTIME, REISSUE, LOGOUT))
JUNK_BYTES_MAX = 1 << 20
"""More bytes between two frames than this end the session: no terminal sends that."""
_HEADER_BYTES, _TIME_BYTES = 24, 6
_CHINA = timezone(timedelta(hours=8))
_VIN = re.compile(rb"[A-Z0-9]{17}")

Outcome = Literal["accepted", "not-a-frame", "bad-check-byte", "reply", "refused", "unknown-vin", "unknown-user"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """Received bytes, whose they are, what became of them, and the reply that may be sent when they are durable.

    `refusal` is what is sent instead where they cannot be kept; both are empty where nothing is answered.
    """

    data: bytes
    vin: str | None
    """None where no truck is known, and for a platform that was refused: nobody vouches for what it hands on."""
    outcome: Outcome
    command: int | None = None
    reply: bytes = b""
    refusal: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRules:
    """What a session is judged by: the platform's time, the register of trucks, the users of platforms (None: any).

    A user stands with the SHA-256 of the password.
    """

    now_ms: Callable[[], int]
    is_registered: Callable[[str], bool] = lambda _: True
    users: Mapping[str, bytes] | None = None


class Session:
    """One connection of a truck or a platform; both editions, also by turns.

    Attributes
    ----------
    vin
        The truck that logged in last on this connection, if any did and has not logged out.
    is_exhausted
        Whether more came between frames than any terminal sends: the connection is to be closed.
    """

    def __init__(self, rules: SessionRules) -> None:
        self._rules = rules
        self._framer = Framer()
        self._junk_bytes = 0
        self._is_refused_platform = False
        self.vin: str | None = None

    @property
    def is_exhausted(self) -> bool:
        """Whether more came between frames than any terminal sends."""
        return self._junk_bytes > JUNK_BYTES_MAX

    def feed(self, chunk: bytes) -> list[SessionRow]:
        """The rows that a piece of the stream completes."""
        return [self._row(segment) for segment in self._framer.feed(chunk)]

    def close(self) -> list[SessionRow]:
        """The rows left when no more bytes will come."""
        return [self._row(segment) for segment in self._framer.close()]

    def _row(self, segment: Segment) -> SessionRow:
        data = segment.data
        if segment.kind != "frame":
            self._junk_bytes += len(data)
            return SessionRow(data=data, vin=self.vin, outcome="not-a-frame")
        self._junk_bytes = 0
        command, now_ms = data[2], self._rules.now_ms()
        refusal = b"" if data[3] != COMMAND else reply_to(data, ERROR, now_ms=now_ms)
        if not segment.bcc_ok:
            # the VIN may be what was damaged: the row goes where the connection's others do
            vin = self.vin or _vin_of(data)
            return SessionRow(
                data=data, vin=vin, outcome="bad-check-byte", command=command, reply=refusal, refusal=refusal
            )
        vin = _vin_of(data) or self.vin
        if data[3] != COMMAND:
            return SessionRow(data=data, vin=vin, outcome="reply", command=command)
        outcome, flag = self._judge(data, command, vin)
        if outcome == "unknown-user":
            vin = None
        else:
            self._follow(command, vin)
        reply = reply_to(data, flag, now_ms=now_ms)
        return SessionRow(data=data, vin=vin, outcome=outcome, command=command, reply=reply, refusal=refusal)

    def _judge(self, data: bytes, command: int, vin: str | None) -> tuple[Outcome, int]:
        if command not in range(LOGIN, TIME_SYNC + 1) or (command in TIMED and len(_data_unit(data)) < _TIME_BYTES):
            return "refused", ERROR
        if command == PLATFORM_LOGIN:
            self._is_refused_platform = not self._is_known_user(data)
        if self._is_refused_platform:
            return "unknown-user", ERROR
        if command in _OF_A_TRUCK and not self._rules.is_registered(vin or ""):
            return "unknown-vin", VIN_UNKNOWN if data[:2] == b"$$" else ERROR
        return "accepted", SUCCESS

    def _is_known_user(self, data: bytes) -> bool:
        users = self._rules.users
        if users is None:
            return True
        body = decode_frame(data).body or {}
        name, password = body.get("username"), body.get("password")
        if not isinstance(name, bytes) or not isinstance(password, bytes):
            return False
        # an unknown user costs as long as a wrong password
        wanted = users.get(_text(name), b"\0" * 32)
        return hmac.compare_digest(hashlib.sha256(password.rstrip(b"\0 ")).digest(), wanted)

    def _follow(self, command: int, vin: str | None) -> None:
        if command == LOGIN:
            self.vin = vin
        elif command == LOGOUT and self.vin == vin:
            self.vin = None


def reply_to(frame: bytes, flag: int, *, now_ms: int) -> bytes:
    """The reply to a whole frame.

    Parameters
    ----------
    flag
        The response flag.
    now_ms
        The platform's time, for commands that have none and for frames whose own cannot be read.
    """
    command = frame[2]
    is_told = command in TIMED and frame[21] == PLAIN
    time_raw = _data_unit(frame)[:_TIME_BYTES] if is_told else _time_bytes(now_ms)
    return encode_frame(
        edition=EDITION_BY_MARK[frame[:2]].year,
        command=command,
        vin=frame[4:21],
        data_unit=time_raw if len(time_raw) == _TIME_BYTES else b"",
        response=flag,
        encryption=PLAIN,
    )


def _data_unit(frame: bytes) -> bytes:
    return frame[_HEADER_BYTES:-1]


def _vin_of(frame: bytes) -> str | None:
    vin = frame[4:21]
    return vin.decode() if _VIN.fullmatch(vin) else None


def _text(raw: bytes) -> str:
    return raw.rstrip(b"\0 ").decode("ascii", "replace")


def _time_bytes(now_ms: int) -> bytes:
    now = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(_CHINA)
    return bytes(((now.year - 2000) % 100, now.month, now.day, now.hour, now.minute, now.second))
