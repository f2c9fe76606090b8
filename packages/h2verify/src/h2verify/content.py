"""What a received file says once unpacked: the bytes its records are cut from.

For a path that ends in `.gz` that is the content of its gzip members (RFC 1952), otherwise the bytes themselves. A cut
or damaged member is no error: the content is every byte that inflates before the fault, fed one input byte at a time
(so that all readers agree where it ends), and `complete` turns False.
"""

import zlib
from collections.abc import Iterable, Iterator

MAX_PIECE_BYTES = 1 << 20
_GZIP_WINDOW = 31
_CHECK_FAULTS = ("incorrect data check", "incorrect length check", "incorrect header check")
"""What zlib says of a whole content whose check sum or length is wrong, and of bytes after it that are no member."""


class FileContent:
    """The content of a received file, in pieces of at most 1 MiB for gzip, as received otherwise."""

    def __init__(self, path: str, chunks: Iterable[bytes]) -> None:
        self.complete = True
        """Whether everything could be unpacked; meaningful once the pieces have been read to their end."""
        self.is_cut = False
        """Whether the content ends inside packed data, so that its last record may be a part of one; as `complete`."""
        self._packed = path.endswith(".gz")
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return self._unpack() if self._packed else (chunk for chunk in self._chunks if chunk)

    def _unpack(self) -> Iterator[bytes]:
        member = None
        members = 0
        for chunk in self._chunks:
            rest = chunk
            while rest:
                if member is None:
                    rest = rest.lstrip(b"\x00") if members else rest
                    if not rest:
                        break
                    member = zlib.decompressobj(_GZIP_WINDOW)
                before = member.copy()
                try:
                    piece = member.decompress(rest, MAX_PIECE_BYTES)
                except zlib.error as error:
                    self.complete = False
                    self.is_cut = not any(fault in str(error) for fault in _CHECK_FAULTS)
                    yield from _inflate_up_to_fault(before, rest)
                    return
                if piece:
                    yield piece
                rest = member.unused_data if member.eof else member.unconsumed_tail
                if member.eof:
                    member, members = None, members + 1
        if member is not None:
            piece = member.flush()
            if piece:
                yield piece
        self.is_cut = member is not None
        self.complete = member is None and members > 0


def _inflate_up_to_fault(member: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    inflated = bytearray()
    try:
        for at in range(len(data)):
            inflated += member.decompress(data[at : at + 1])
            if len(inflated) >= MAX_PIECE_BYTES:
                yield bytes(inflated)
                inflated.clear()
    except zlib.error:
        pass
    if inflated:
        yield bytes(inflated)
