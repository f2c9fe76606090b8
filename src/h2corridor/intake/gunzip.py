"""The content of a gzip stream in bounded pieces, as far as it can be read, and what is wrong with it.

Unlike the standard library's reader it gives every byte before the damage, and it never holds more than a few pieces.
"""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

COMPRESSED_PIECE_BYTES = 512 * 1024
CONTENT_PIECE_BYTES = 2 * 1024 * 1024
CONTENT_BYTES_MAX = 16 * 1024**3
_GZIP = 31
_MAGIC = b"\x1f\x8b"
_CHECKSUM_FAULTS = ("incorrect data check", "incorrect length check")
_HEADER_FAULT = "incorrect header check"


class GzipContent:
    """Iterate once for the content; then `fault` is the code of the check that the stream fails, or None.

    Parameters
    ----------
    stream
        Opened for reading bytes; not closed here.

    Attributes
    ----------
    fault : str or None
        `telemetry.not-gzip`, `telemetry.cut-short`, `telemetry.corrupt`, `telemetry.checksum-wrong`,
        `telemetry.trailing-bytes` or `telemetry.too-large`.
    came : str
        The first bytes in hexadecimal.
    """

    def __init__(self, stream: BinaryIO, content_bytes_max: int = CONTENT_BYTES_MAX) -> None:
        self.fault: str | None = None
        self.came = "0 bytes"
        self._stream = stream
        self._content_bytes_max = content_bytes_max
        self._members = 0
        self._began = b""
        self._inflate: zlib._Decompress | None = None

    def __iter__(self) -> Iterator[bytes]:
        content_bytes = 0
        while self.fault is None and (data := self._stream.read(COMPRESSED_PIECE_BYTES)):
            if not self._began:
                self.came, self._began = f"0x{data[:4].hex()}", data[:2]
            for piece in self._inflate_all(data):
                content_bytes += len(piece)
                if content_bytes > self._content_bytes_max:
                    self.fault = "telemetry.too-large"
                    return
                yield piece
        if self.fault is None and (self._inflate is not None or not self._members):
            self.fault = "telemetry.cut-short" if _MAGIC.startswith(self._began or b"?") else "telemetry.not-gzip"

    def _inflate_all(self, data: bytes) -> Iterator[bytes]:
        """The content of one compressed piece, across the ends of members; zeros between members are padding."""
        more = True
        while more:
            if self._inflate is None:
                data = data.lstrip(b"\0") if self._members else data
                if not data:
                    return
                self._inflate = zlib.decompressobj(_GZIP)
            before = self._inflate.copy()
            try:
                piece = self._inflate.decompress(data, CONTENT_PIECE_BYTES)
            except zlib.error as error:
                self._note(str(error))
                yield _salvage(before, data)
                return
            if piece:
                yield piece
            data = self._inflate.unconsumed_tail
            more = bool(data) or len(piece) == CONTENT_PIECE_BYTES
            if self._inflate.eof:
                data, self._inflate, self._members = self._inflate.unused_data, None, self._members + 1
                more = bool(data)

    def _note(self, error: str) -> None:
        if any(each in error for each in _CHECKSUM_FAULTS):
            self.fault = "telemetry.checksum-wrong"
        elif _HEADER_FAULT in error:
            self.fault = "telemetry.trailing-bytes" if self._members else "telemetry.not-gzip"
        else:
            self.fault = "telemetry.corrupt"


def _salvage(inflate: "zlib._Decompress", data: bytes) -> bytes:
    """What comes out before the error, by feeding single bytes from the last good state."""
    pieces: list[bytes] = []
    try:
        for position in range(len(data)):
            pieces.append(inflate.decompress(data[position : position + 1]))
    except zlib.error:
        pass
    return b"".join(pieces)
