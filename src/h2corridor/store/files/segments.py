"""The frame log as files: append-only segments, one `fdatasync` for all that collected while the last one ran.

    gateway/<12 digits>.open      the segment being written, or what a killed process left of it
    gateway/<12 digits>.segment   a finished one: no byte changes any more
    gateway/<12 digits>.torn      what stood behind the first record that does not hold, where records follow it
    gateway/next                  the number of the next segment: no number is ever used twice

A segment is `H2CSEG1` and a line feed, then records: length and CRC-32 of the payload (4 bytes each, big-endian),
then the payload: received_at_ms (8), length of the VIN (1, zero: none), of the source (1), VIN, source, the bytes
received.

A process that is killed leaves a tail that may be cut or torn; nothing in it was acknowledged. It is cut at the first
record that does not hold, and what stands before it is a finished segment. Where a record that holds follows, this is
no torn tail but damage, and what follows may have been acknowledged: it is kept, and named until somebody has looked at
it. It is not read by itself, for a frame may hold bytes that look like a record. In a finished segment a record that
does not hold is an error.
"""

import asyncio
import os
import re
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import chain
from pathlib import Path

from h2corridor.model.errors import EvidenceError, StorageError, WorkspaceError
from h2corridor.model.received_frames import ReceivedFrame
from h2corridor.store.files import durable, layout

SEGMENT_BYTES_MAX = 64 * 1024 * 1024
RECORD_BYTES_MAX = 1 << 20
MAGIC = b"H2CSEG1\n"
OPEN, FINISHED, TORN, NEXT = ".open", ".segment", ".torn", "next"
_NUMBER = "[0-9]" * 12
_NUMBERS_END = 500_000_000_000
"""Greater numbers are those of logs that are no files."""
_PART = re.compile(rf"\.({_NUMBER})\.csv\.gz")
_HEAD = struct.Struct(">II")
_PAYLOAD = struct.Struct(">qBB")


class SegmentLog:
    """The segments of one workspace, written by one process; a port of `intake.gateway.FrameLog`.

    Parameters
    ----------
    folder
        `gateway/` of the workspace; made if it is absent.
    list_parts
        Gives the paths of the telemetry parts that were ever sealed, where `next` is lost.

    Raises
    ------
    WorkspaceError
        `gateway.busy`: another process receives here.
    StorageError
        When the disk is full or refuses.
    """

    def __init__(
        self,
        folder: Path,
        *,
        segment_bytes_max: int = SEGMENT_BYTES_MAX,
        list_parts: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._folder = folder
        self._list_parts = list_parts
        self._segment_bytes_max = segment_bytes_max
        self._lock: int | None = lock_gateway(folder)
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="segments")
        self._descriptor: int | None = None
        self._number = 0
        self._size = 0
        self._pending: list[bytes] = []
        self._batch: asyncio.Future[None] | None = None
        self._committing: asyncio.Task[None] | None = None
        try:
            durable.sweep_parts(folder)
            self._finish_left_open()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Finish the segment being written where the disk allows it, and let another process receive here."""
        if self._lock is None:
            return
        self._writer.shutdown()
        try:
            self._end_segment()
        finally:
            os.close(self._lock)
            self._lock = None

    async def append(self, frames: Sequence[ReceivedFrame]) -> None:
        """Return when all of them are durable; all that is appended meanwhile shares the next `fdatasync`."""
        self._pending += [_encode(frame) for frame in frames]
        if self._batch is None:
            self._batch = asyncio.get_running_loop().create_future()
        batch = self._batch
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit())
        await asyncio.shield(batch)

    def finish(self) -> None:
        """End the segment that is being written, if it holds anything."""
        self._writer.submit(self._finish).result()

    def list_finished(self) -> Sequence[int]:
        """The numbers of the segments that can be sealed, in order."""
        with durable.storage_errors(self._folder):
            return sorted(int(path.stem) for path in self._folder.glob(f"{_NUMBER}{FINISHED}"))

    def list_faults(self) -> Sequence[str]:
        """What somebody has to look at: bytes kept from damaged segments."""
        with durable.storage_errors(self._folder):
            torn = sorted(self._folder.glob(f"{_NUMBER}{TORN}"))
            return [_torn_fault(path).message for path in torn]

    def read(self, number: int) -> Iterator[ReceivedFrame]:
        """The frames of a finished segment.

        Raises
        ------
        EvidenceError
            `segment.damaged`: a record does not hold.
        """
        path = self._path(number, FINISHED)
        with durable.storage_errors(path):
            data = path.read_bytes()
        end = len(MAGIC) if data.startswith(MAGIC) else 0
        for payload, end in _payloads(data):  # noqa: B007 - where the last one that holds ends
            yield _decode(payload)
        if end != len(data):
            raise EvidenceError(
                "segment.damaged",
                f"the record at byte {end} does not hold; {len(data) - end} bytes from there on were not read.",
                about=str(path),
                next_step="Restore this file from a copy; what was received before and after it is not touched.",
            )

    def remove(self, number: int) -> None:
        """Forget a finished segment, durably."""
        durable.remove_file(self._path(number, FINISHED))

    async def _commit(self) -> None:
        loop = asyncio.get_running_loop()
        while self._batch is not None:
            records, batch = self._pending, self._batch
            self._pending, self._batch = [], None
            try:
                await loop.run_in_executor(self._writer, self._write, b"".join(records))
            except Exception as error:  # whatever it is: nobody may wait for ever, or be told that it is durable
                known = error if isinstance(error, StorageError) else _write_fault(self._folder, error)
                batch.set_exception(known)
                batch.exception()  # whoever appended may have gone away meanwhile
            else:
                batch.set_result(None)
        self._committing = None

    def _write(self, data: bytes) -> None:
        """Make records durable; where the disk refuses, the segment ends before them."""
        with durable.storage_errors(self._folder):
            try:
                descriptor = self._begin_segment() if self._descriptor is None else self._descriptor
                rest = memoryview(data if self._size else MAGIC + data)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
                os.fdatasync(descriptor)
            except OSError:
                self._abandon()
                raise
        self._size += len(data) + (0 if self._size else len(MAGIC))
        if self._size >= self._segment_bytes_max:
            # the records are durable whatever happens now: they are acknowledged
            with suppress(StorageError):
                self._end_segment()

    def _begin_segment(self) -> int:
        self._finish_left_open()
        number = self._next_number()
        durable.write_file(self._folder / NEXT, b"%d\n" % (number + 1))
        self._number, self._size = number, 0
        self._descriptor = os.open(self._path(number, OPEN), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        durable.sync_folder(self._folder)
        return self._descriptor

    def _finish(self) -> None:
        self._end_segment()
        self._finish_left_open()

    def _end_segment(self) -> None:
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        path = self._path(self._number, OPEN)
        with durable.storage_errors(path):
            os.close(descriptor)
            path.rename(path.with_suffix(FINISHED))
            durable.sync_folder(self._folder)

    def _abandon(self) -> None:
        """Leave the segment to be cut where the last durable record ends, before another one begins."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            try:
                os.ftruncate(descriptor, self._size)
            except OSError:
                return  # what is left behind it is cut, or kept as received though not acknowledged
            finally:
                os.close(descriptor)

    def _finish_left_open(self) -> None:
        """Cut what is torn from segments that were not ended, and finish them; one without a record goes."""
        for path in sorted(self._folder.glob(f"{_NUMBER}{OPEN}")):
            with durable.storage_errors(path):
                data = path.read_bytes()
                end = max((end for _, end in _payloads(data)), default=0)
                if _holds_a_record(data, end):
                    durable.write_file(path.with_suffix(TORN), data[end:])
                if end == 0:
                    durable.remove_file(path)
                    continue
                with path.open("r+b") as file:
                    file.truncate(end)
                    os.fsync(file.fileno())
                path.rename(path.with_suffix(FINISHED))
                durable.sync_folder(self._folder)

    def _next_number(self) -> int:
        path = self._folder / NEXT
        if not path.exists():
            here = (int(each.stem) for each in self._folder.glob(f"{_NUMBER}.*"))
            sealed = (int(found[1]) for each in self._list_parts() if (found := _PART.search(each)))
            return 1 + max((number for number in chain(here, sealed) if number < _NUMBERS_END), default=0)
        text = path.read_bytes().strip()
        if not text.isdigit():
            fault = "expected the number of the next segment."
            next_step = "Write a number into it that is greater than that of every telemetry part in the inbox."
            raise StorageError("segment.no-number", fault, about=str(path), next_step=next_step)
        return int(text)

    def _path(self, number: int, suffix: str) -> Path:
        return self._folder / f"{number:012d}{suffix}"


def lock_gateway(folder: Path) -> int | None:
    """Make the folder, and let nobody else receive for its workspace until the descriptor is closed or we end.

    Raises
    ------
    WorkspaceError
        `gateway.busy`: another process receives here.
    """
    durable.make_folder(folder)
    try:
        return layout.lock_folder(folder, exclusive=True)
    except WorkspaceError as error:
        if error.code != "workspace.busy":
            raise
        next_step = "Look at it with `h2corridor serve --no-gateway`, or end the other process."
        fault = "another process receives frames here."
        raise WorkspaceError("gateway.busy", fault, about=str(folder), next_step=next_step) from error


def _encode(frame: ReceivedFrame) -> bytes:
    vin, source = (frame.vin or "").encode(), frame.source.encode()[:255]
    payload = _PAYLOAD.pack(frame.received_at_ms, len(vin), len(source)) + vin + source + frame.data
    return _HEAD.pack(len(payload), zlib.crc32(payload)) + payload


def _decode(payload: bytes) -> ReceivedFrame:
    received_at_ms, vin_length, source_length = _PAYLOAD.unpack_from(payload)
    source_at = _PAYLOAD.size + vin_length
    data_at = source_at + source_length
    return ReceivedFrame(
        received_at_ms=received_at_ms,
        source=payload[source_at:data_at].decode("utf-8", "replace"),
        vin=payload[_PAYLOAD.size : source_at].decode("ascii", "replace") or None,
        data=payload[data_at:],
    )


def _write_fault(folder: Path, error: Exception) -> StorageError:
    next_step = "Report it with what the gateway logged; senders keep what was not acknowledged."
    return StorageError(
        "segment.not-written", f"frames were not written: {error!r}.", about=str(folder), next_step=next_step
    )


def _torn_fault(path: Path) -> EvidenceError:
    return EvidenceError(
        "segment.torn",
        f"{path.stat().st_size} bytes stood behind a record that does not hold; among them are records that do.",
        about=str(path),
        next_step="Frames in it may have been acknowledged: compare it with a copy of the disk, let the trucks send "
        "these minutes again, then move the file away.",
    )


def _holds_a_record(data: bytes, begin: int) -> bool:
    """Whether a record that holds begins anywhere behind the first byte of what does not."""
    last = len(data) - _HEAD.size - _PAYLOAD.size
    for at in range(begin + 1, last + 1):
        length, checksum = _HEAD.unpack_from(data, at)
        end = at + _HEAD.size + length
        is_possible = _PAYLOAD.size <= length <= RECORD_BYTES_MAX and end <= len(data)
        if is_possible and zlib.crc32(memoryview(data)[at + _HEAD.size : end]) == checksum:
            return True
    return False


def _payloads(data: bytes) -> Iterator[tuple[bytes, int]]:
    """The payloads that hold, each with where it ends, up to the first that does not."""
    at = len(MAGIC)
    if not data.startswith(MAGIC):
        return
    while len(data) - at >= _HEAD.size:
        length, checksum = _HEAD.unpack_from(data, at)
        begin, at = at + _HEAD.size, at + _HEAD.size + length
        payload = data[begin:at]
        if not _PAYLOAD.size <= length <= RECORD_BYTES_MAX or len(payload) < length or zlib.crc32(payload) != checksum:
            return
        yield payload, at
