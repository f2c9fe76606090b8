"""The reference decoder: the bytes of one frame in, one frozen value out.

Invariants: only DecodeError leaves `decode_frame`, whatever the bytes; raw integers stay as received; a frame whose
check byte is wrong, or that is not whole, has its header and nothing else; nothing that was not understood is dropped.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from h2verify.errors import DecodeError

from .commands import COMMAND, FRAME_OVERHEAD, PLAIN
from .instant import TIME_SIZE, find_instant, text_of, utc_seconds
from .parts import CommandLayout, Edition, RawValues
from .ranges import find_out_of_range
from .reader import ItemReading, Overrun, Reader, Tail, read_items
from .tables import EDITION_BY_MARK, EDITIONS

Verdict = Literal["accept", "accept-with-finding", "reject", "incomplete"]

HEADER_SIZE = 24
SIGNATURE_NAME = "signature"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The first 24 bytes of a frame."""

    edition: int
    command: int
    response: int
    vin: str
    encryption: int
    data_length: int

    @property
    def frame_length(self) -> int:
        """The length of the whole frame.  [bytes]"""
        return FRAME_OVERHEAD + self.data_length


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedBytes:
    """What a signature item covers: the data unit before the item (whether the header is covered was not seen)."""

    start: int
    """In the data unit.  [bytes]"""
    end: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame as received and as read.

    `items` is None where the command has none or they could not be read; `body` holds what other commands carry;
    `instant` is None where the frame has no time or an impossible one, whose bytes are then still in `time_raw`.
    """

    header: Header
    verdict: Verdict
    data: bytes
    bcc_in_frame: int | None = None
    bcc_computed: int | None = None
    bytes_missing: int = 0
    time_raw: bytes | None = None
    items: tuple[ItemReading, ...] | None = None
    body: RawValues | None = None
    tail: Tail | None = None
    range_findings: tuple[str, ...] = ()

    @property
    def command_layout(self) -> CommandLayout | None:
        """What the field table says of the command, or None where it does not know it."""
        return EDITIONS[self.header.edition].commands.get(self.header.command)

    @property
    def data_unit(self) -> bytes:
        """The data unit as received (of an incomplete frame, what arrived)."""
        return self.data[HEADER_SIZE : HEADER_SIZE + self.header.data_length]

    @property
    def instant(self) -> datetime | None:
        """The device time, UTC+8."""
        return None if self.time_raw is None else find_instant(self.time_raw)

    @property
    def time_s(self) -> int | None:
        """The device time since 1970-01-01 UTC.  [s]"""
        instant = self.instant
        return None if instant is None else utc_seconds(instant)

    @property
    def signed(self) -> SignedBytes | None:
        """The exact bytes that a signature item covers, or None where there is none or it is empty."""
        for item in self.items or ():
            if item.layout.name == SIGNATURE_NAME and (item.raw["r_hex"] or item.raw["s_hex"]):
                return SignedBytes(start=0, end=item.offset, data=self.data_unit[: item.offset])
        return None

    def find_item(self, item_type: int) -> ItemReading | None:
        """The first item of a type, or None."""
        return next((item for item in self.items or () if item.type == item_type), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    time_raw: bytes | None = None
    items: tuple[ItemReading, ...] | None = None
    body: RawValues | None = None
    tail: Tail | None = None
    range_findings: tuple[str, ...] = ()

    def is_clean(self, layout: CommandLayout | None) -> bool:
        if self.tail is not None:
            return False
        return (
            layout is None
            or not layout.timed
            or (self.time_raw is not None and find_instant(self.time_raw) is not None)
        )


def xor_of(data: bytes) -> int:
    """The exclusive or of all bytes, folded by halves so that long frames cost little."""
    width = len(data)
    folded = int.from_bytes(data)
    while width > 1:
        width = (width + 1) // 2
        folded = (folded >> 8 * width) ^ (folded & ((1 << 8 * width) - 1))
    return folded


def read_header(data: bytes) -> Header:
    """The header that `data` begins with.

    Raises
    ------
    DecodeError
        `gbt32960.no-start-mark`: no `##` or `$$` at the beginning. `gbt32960.header-cut`: fewer than 24 bytes.
    """
    edition = EDITION_BY_MARK.get(bytes(data[:2]))
    if edition is None:
        raise DecodeError(
            "gbt32960.no-start-mark",
            f"expected 2323 or 2424, found {bytes(data[:2]).hex() or 'nothing'}.",
            where="byte 0",
            next_step="Use split_stream to find frames in a stream.",
        )
    if len(data) < HEADER_SIZE:
        raise DecodeError(
            "gbt32960.header-cut",
            f"expected {HEADER_SIZE} bytes of header, found {len(data)}.",
            where=f"byte {len(data)}",
            next_step="Wait for more bytes.",
        )
    return Header(
        edition=edition.year,
        command=data[2],
        response=data[3],
        vin=text_of(data[4:21]),
        encryption=data[21],
        data_length=int.from_bytes(data[22:24]),
    )


def decode_frame(data: bytes) -> Frame:
    """Exactly one frame, or the beginning of one, as a value.

    Parameters
    ----------
    data
        The bytes from the start mark to the check byte; fewer give a frame whose verdict is `incomplete`.

    Raises
    ------
    DecodeError
        As `read_header`; `gbt32960.surplus-bytes`: more bytes than the one frame.
    """
    data = bytes(data)
    header = read_header(data)
    length = header.frame_length
    if len(data) > length:
        raise DecodeError(
            "gbt32960.surplus-bytes",
            f"expected {length} bytes of one frame, found {len(data)}.",
            where=f"byte {length}",
            next_step="Use split_stream to separate frames.",
        )
    if len(data) < length:
        return Frame(header=header, verdict="incomplete", data=data, bytes_missing=length - len(data))
    bcc_in_frame, bcc_computed = data[-1], xor_of(data[2:-1])
    if bcc_in_frame != bcc_computed:
        return Frame(header=header, verdict="reject", data=data, bcc_in_frame=bcc_in_frame, bcc_computed=bcc_computed)
    content = _read_content(header, data[HEADER_SIZE:-1])
    layout = EDITIONS[header.edition].commands.get(header.command)
    return Frame(
        header=header,
        verdict="accept" if content.is_clean(layout) else "accept-with-finding",
        data=data,
        bcc_in_frame=bcc_in_frame,
        bcc_computed=bcc_computed,
        time_raw=content.time_raw,
        items=content.items,
        body=content.body,
        tail=content.tail,
        range_findings=content.range_findings,
    )


def _read_content(header: Header, data_unit: bytes) -> _Content:
    edition = EDITIONS[header.edition]
    layout = edition.commands.get(header.command)
    if header.encryption != PLAIN or layout is None or layout.parts is None:
        return _undecoded(data_unit, _closed_reason(header, edition, layout))
    is_reply = header.response != COMMAND
    timed = layout.timed or (is_reply and len(data_unit) == TIME_SIZE)
    if timed and len(data_unit) < TIME_SIZE:
        return _undecoded(data_unit, f"time shorter than {TIME_SIZE} bytes")
    time_raw = data_unit[:TIME_SIZE] if timed else None
    at = TIME_SIZE if timed else 0
    if layout.items:
        return _read_realtime(edition, data_unit, time_raw)
    if is_reply and at == len(data_unit):
        return _Content(time_raw=time_raw)
    return _read_body(layout, data_unit, at, time_raw)


def _closed_reason(header: Header, edition: Edition, layout: CommandLayout | None) -> str:
    if header.encryption != PLAIN:
        name = edition.encryptions.get(header.encryption, "unknown")
        return f"encryption {header.encryption} ({name}): check BCC first, then decrypt"
    if layout is None:
        return f"unknown command 0x{header.command:02x}"
    return f"{layout.name}: the data unit of this command is not decoded"


def _undecoded(data_unit: bytes, reason: str) -> _Content:
    return _Content(tail=Tail(offset=0, data=data_unit, reason=reason))


def _read_body(layout: CommandLayout, data_unit: bytes, at: int, time_raw: bytes | None) -> _Content:
    reader = Reader(data_unit, at)
    try:
        body = reader.parts(layout.parts or ())
    except Overrun:
        tail = Tail(offset=at, data=data_unit[at:], reason=f"{layout.name} longer than the data unit")
        return _Content(time_raw=time_raw, tail=tail)
    tail_or_none = None
    if reader.at < len(data_unit):
        tail_or_none = Tail(
            offset=reader.at, data=data_unit[reader.at :], reason=f"bytes after the end of {layout.name}"
        )
    return _Content(time_raw=time_raw, body=body, tail=tail_or_none)


def _read_realtime(edition: Edition, data_unit: bytes, time_raw: bytes | None) -> _Content:
    items, tail = read_items(edition, data_unit, TIME_SIZE)
    findings = find_out_of_range(items)
    other = _find_other_layout(edition, data_unit) if tail is not None else None
    if other is None:
        return _Content(time_raw=time_raw, items=items, tail=tail, range_findings=findings)
    # Read along the wrong edition every value is misaligned: only the first impossible one says something.
    tail = Tail(offset=TIME_SIZE, data=data_unit[TIME_SIZE:], reason=f"{other.year} layout")
    return _Content(time_raw=time_raw, tail=tail, range_findings=findings[:1])


def _find_other_layout(edition: Edition, data_unit: bytes) -> Edition | None:
    """The other edition, where its layouts read the whole data unit without a remainder or an impossible value."""
    for other in EDITIONS.values():
        if other is not edition:
            items, tail = read_items(other, data_unit, TIME_SIZE)
            if tail is None and not find_out_of_range(items):
                return other
    return None
