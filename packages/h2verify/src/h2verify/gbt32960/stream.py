"""Finds frames in a byte stream: editions mixed, junk between them, chunks of any size.

Only length and check byte delimit a frame: a start mark may occur inside data, and in junk. A start mark is believed
when the header after it is plausible. When its check byte is then wrong, or its end never comes, the bytes inside are
searched for a whole frame with a right check byte; where there is one the false start was junk.

Invariants: the segments are the stream, in order, without a gap; they do not depend on how it was cut into chunks; the
buffer holds at most a run of junk, two frames of the greatest length and the piece just fed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from operator import xor
from typing import Literal

from .commands import DATA_LENGTH_MAX, FRAME_OVERHEAD
from .frame import HEADER_SIZE, xor_of
from .tables import EDITION_BY_MARK, EDITIONS

JUNK_MAX = 65_536
"""A longer run of junk is given in pieces of this many bytes."""
_PIECE = 65_536
_MARK = re.compile(rb"##|\$\$")
_FIRST_BYTES = frozenset(mark[0] for mark in EDITION_BY_MARK)
_RESPONSES = frozenset(code for edition in EDITIONS.values() for code in edition.responses)
_ENCRYPTIONS = frozenset(code for edition in EDITIONS.values() for code in edition.encryptions)
_VIN_BYTES = frozenset({0, *range(0x20, 0x7F)})

SegmentKind = Literal["frame", "junk", "partial"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of the stream: one whole frame (its check byte may be wrong), junk, or a frame cut by the end."""

    kind: SegmentKind
    offset: int
    """Where it begins in the stream.  [bytes]"""
    data: bytes
    bcc_ok: bool | None = None


def is_plausible_header(data: bytes | bytearray, at: int = 0) -> bool:
    """Whether the bytes from `at` on, as far as they go, could be the header of a frame.

    The command is not judged: a frame with an unknown one is named, not lost.
    """
    if len(data) - at >= 2 and bytes(data[at : at + 2]) not in EDITION_BY_MARK:
        return False
    header = data[at + 3 : at + HEADER_SIZE]
    return (
        (len(header) < 1 or header[0] in _RESPONSES)
        and _VIN_BYTES.issuperset(header[1:18])
        and (len(header) < 19 or header[18] in _ENCRYPTIONS)
        and (len(header) < 21 or int.from_bytes(header[19:21]) <= DATA_LENGTH_MAX)
    )


class Framer:
    """Takes chunks, gives segments as soon as they are certain."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._offset = 0
        self._junk = 0
        self._wanted = 0
        self._doubted = (-1, 0)
        """A doubtful frame, and up to where no frame begins inside it: nothing is looked at again as bytes arrive.
        Both from the beginning of the stream.  [bytes]"""
        self._xors = bytearray()
        """For the first bytes of the buffer, as far as they were asked for, the exclusive or of each and all before it
        in the stream: with it every start mark in a doubtful frame costs the same, however long it says it is."""

    def feed(self, chunk: bytes) -> list[Segment]:
        """The segments that `chunk` completes."""
        segments: list[Segment] = []
        for start in range(0, len(chunk), _PIECE):
            self._buffer += chunk[start : start + _PIECE]
            if len(self._buffer) >= self._wanted:
                segments += self._scan(final=False)
        return segments

    def close(self) -> list[Segment]:
        """The segments left when no more bytes will come."""
        return self._scan(final=True)

    def _scan(self, *, final: bool) -> list[Segment]:
        segments: list[Segment] = []
        self._wanted = 0
        while self._wanted == 0:
            self._find_mark()
            segments += self._cut_long_junk()
            if self._junk == len(self._buffer):
                break
            length, bcc_ok = self._weigh(final=final)
            if length:
                segments += self._cut("junk", self._junk)
                kind: SegmentKind = "frame" if bcc_ok is not None else "partial"
                segments += self._cut(kind, length, bcc_ok)
        if final:
            segments += self._cut("junk", self._junk)
        return segments

    def _find_mark(self) -> None:
        """Moves the end of the junk to the next start mark, or to a last byte that may begin one."""
        buffer = self._buffer
        while True:
            match = _MARK.search(buffer, self._junk)
            if match is None:
                may_begin = len(buffer) > self._junk and buffer[-1] in _FIRST_BYTES
                self._junk = len(buffer) - 1 if may_begin else len(buffer)
                return
            self._junk = match.start()
            if is_plausible_header(buffer, self._junk):
                return
            self._junk += 1

    def _weigh(self, *, final: bool) -> tuple[int, bool | None]:
        """Length and state of the segment at the start mark; 0 when more bytes are wanted or the mark was false."""
        begin, available = self._junk, len(self._buffer)
        end = begin + self._length_at(begin)
        if end > available and not final:
            self._wanted = end
            return 0, None
        if end <= available and self._doubted[0] != self._offset + begin and self._is_checked(begin, end):
            return end - begin, True
        inner = self._find_inner(begin, min(end, available), final=final)
        if self._wanted:
            return 0, None
        if inner is not None:
            self._junk = inner
            return 0, None
        return (end - begin, False) if end <= available else (available - begin, None)

    def _find_inner(self, begin: int, end: int, *, final: bool) -> int | None:
        """Where a whole frame with a right check byte begins inside a doubtful one."""
        if self._doubted[0] != self._offset + begin:
            self._doubted = (self._offset + begin, self._offset + begin)
        start = self._doubted[1] - self._offset
        while match := _MARK.search(self._buffer, start + 1, end + 1):
            self._doubted = (self._offset + begin, self._offset + start)
            start = match.start()
            if is_plausible_header(self._buffer, start):
                stop = start + self._length_at(start)
                if stop <= len(self._buffer):
                    if self._xor_up_to(stop) == self._xor_up_to(start + 2):
                        return start
                elif not final:
                    self._wanted = stop
                    return None
        return None

    def _length_at(self, start: int) -> int:
        """The length of the frame that begins at `start`; of its header, while that is not whole."""
        if len(self._buffer) - start < HEADER_SIZE:
            return FRAME_OVERHEAD
        return FRAME_OVERHEAD + int.from_bytes(self._buffer[start + 22 : start + HEADER_SIZE])

    def _is_checked(self, start: int, stop: int) -> bool:
        return xor_of(bytes(self._buffer[start + 2 : stop])) == 0

    def _xor_up_to(self, end: int) -> int:
        """The exclusive or of the stream up to a place in the buffer behind its first byte, but for a constant."""
        known = len(self._xors)
        if known < end:
            before = self._xors[-1:] or b"\0"
            self._xors += bytes(accumulate(before + self._buffer[known:end], xor))[1:]
        return self._xors[end - 1]

    def _cut_long_junk(self) -> list[Segment]:
        segments = []
        while self._junk >= JUNK_MAX:
            segments += self._cut("junk", JUNK_MAX)
        return segments

    def _cut(self, kind: SegmentKind, length: int, bcc_ok: bool | None = None) -> list[Segment]:
        if length == 0:
            return []
        segment = Segment(kind=kind, offset=self._offset, data=bytes(self._buffer[:length]), bcc_ok=bcc_ok)
        del self._buffer[:length]
        del self._xors[:length]
        self._offset += length
        self._junk = max(0, self._junk - length)
        return [segment]


def split_stream(chunks: Iterable[bytes]) -> Iterator[Segment]:
    """The segments of a stream that arrives in `chunks`: frames, junk between them, and a partial frame at the end."""
    framer = Framer()
    for chunk in chunks:
        yield from framer.feed(chunk)
    yield from framer.close()
