"""Segments of received frames: durable when appended, whole after a crash, not acknowledged when the disk refuses."""

import asyncio
import errno
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from h2corridor.model.errors import EvidenceError, StorageError, WorkspaceError
from h2corridor.model.received_frames import ReceivedFrame
from h2corridor.store.files import SegmentLog

CALLS = ("open", "write", "fdatasync", "fsync", "replace", "rename", "ftruncate")


def _frame(number: int) -> ReceivedFrame:
    vin = f"LTESTHYDR0GEN{number % 3:04d}" if number % 4 else None
    return ReceivedFrame(received_at_ms=1000 + number, source=f"peer/{number}", vin=vin, data=b"%d" % number * 9)


FRAMES = [_frame(number) for number in range(12)]


def _append(log: SegmentLog, *batches: Sequence[ReceivedFrame]) -> list[BaseException | None]:
    async def at_once() -> list[BaseException | None]:
        return await asyncio.gather(*(log.append(batch) for batch in batches), return_exceptions=True)

    return asyncio.run(at_once())


def _all(log: SegmentLog) -> list[ReceivedFrame]:
    log.finish()
    return [frame for number in log.list_finished() for frame in log.read(number)]


def test_frames_are_read_as_they_were_appended(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path / "gateway")
    _append(log, FRAMES[:5])
    _append(log, FRAMES[5:])

    assert FRAMES == _all(log)
    log.close()


def test_batches_that_come_together_share_one_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    syncs: list[int] = []
    monkeypatch.setattr(os, "fdatasync", syncs.append)
    log = SegmentLog(tmp_path)
    _append(log, *([frame] for frame in FRAMES))

    assert 1 == len(syncs)
    assert FRAMES == _all(log)
    log.close()


def test_a_segment_that_is_full_is_followed_by_the_next_number(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path, segment_bytes_max=100)
    for frame in FRAMES:
        _append(log, [frame])
    numbers = log.list_finished()
    log.remove(numbers[0])
    log.close()
    again = SegmentLog(tmp_path)
    _append(again, [_frame(99)])
    again.finish()

    assert list(range(1, len(numbers) + 1)) == list(numbers)
    assert again.list_finished()[-1] > numbers[-1]
    assert numbers[0] not in again.list_finished()
    again.close()


def test_nothing_received_makes_no_segment(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    log.finish()

    assert [] == log.list_finished()
    log.close()


def test_two_processes_do_not_receive_in_one_workspace(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    with pytest.raises(WorkspaceError, match=r"gateway\.busy"):
        SegmentLog(tmp_path)
    log.close()
    SegmentLog(tmp_path).close()


@pytest.mark.parametrize("torn", [b"", b"\0" * 40, b"\0\0\0\x30\x01\x02\x03\x04half a rec", b"\xff" * 9])
def test_a_torn_tail_is_cut_after_a_crash(tmp_path: Path, torn: bytes) -> None:
    log = SegmentLog(tmp_path)
    _append(log, FRAMES)
    left = next(tmp_path.glob("*.open")).read_bytes() + torn
    log.close()
    (tmp_path / "000000000007.open").write_bytes(left)
    after = SegmentLog(tmp_path)

    assert FRAMES == list(after.read(7))
    assert [1, 7] == after.list_finished()
    after.close()


@pytest.mark.parametrize("at", [3, 8, 12, 40, 150])
def test_records_behind_damage_are_kept_and_named_until_somebody_looked_at_them(tmp_path: Path, at: int) -> None:
    """A bit turns in a segment that a killed process left: what stood before is read, what stood behind is not lost."""
    log = SegmentLog(tmp_path)
    _append(log, FRAMES)
    left = bytearray(next(tmp_path.glob("*.open")).read_bytes())
    log.close()
    next(tmp_path.glob("*.segment")).unlink()
    left[at] ^= 1
    (tmp_path / "000000000001.open").write_bytes(left)
    after = SegmentLog(tmp_path)
    read = [frame for number in after.list_finished() for frame in after.read(number)]
    torn = (tmp_path / "000000000001.torn").read_bytes()
    (fault,) = after.list_faults()

    assert FRAMES[: len(read)] == read
    assert len(read) < len(FRAMES)
    assert left.endswith(torn)
    assert FRAMES[-1].data in torn
    assert "segment.torn" in fault
    (tmp_path / "000000000001.torn").unlink()

    assert [] == after.list_faults()
    after.close()


def test_whatever_a_write_raises_nobody_waits_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = SegmentLog(tmp_path)
    monkeypatch.setattr(log, "_write", _raise_memory_error)
    (came,) = _append(log, FRAMES)
    monkeypatch.undo()

    assert isinstance(came, StorageError)
    assert "segment.not-written" == came.code
    assert [None] == _append(log, FRAMES)
    assert FRAMES == _all(log)
    log.close()


def _raise_memory_error(_: bytes) -> None:
    raise MemoryError


def test_no_number_is_used_again_where_the_next_one_is_lost(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    _append(log, FRAMES)
    log.close()
    (tmp_path / "next").unlink()
    (tmp_path / "notes.segment").write_bytes(b"")
    after = SegmentLog(tmp_path)
    _append(after, FRAMES)
    after.finish()

    assert [1, 2] == after.list_finished()
    after.close()


def test_no_number_of_a_sealed_part_is_used_again_where_the_next_one_is_lost(tmp_path: Path) -> None:
    """A part of a log that is no file has a number of another kind."""
    parts = [f"telemetry/{'0' * 17}/2026-03-02{number}.csv.gz" for number in ("", ".000000000007", ".500000000009")]
    log = SegmentLog(tmp_path, list_parts=lambda: parts)
    _append(log, FRAMES)
    log.finish()

    assert [8] == log.list_finished()
    log.close()


@pytest.mark.parametrize("left", [b"", b"H2CS", b"H2CSEG1\n", b"H2CSEG1\n\0\0"])
def test_a_segment_without_a_whole_record_goes(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "000000000001.open").write_bytes(left)
    log = SegmentLog(tmp_path)

    assert [] == log.list_finished()
    assert [] == list(tmp_path.glob("*.open"))
    log.close()


def test_damage_in_a_finished_segment_is_an_error_and_no_end(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    _append(log, FRAMES)
    log.finish()
    path = next(tmp_path.glob("*.segment"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)

    with pytest.raises(EvidenceError, match=r"segment\.damaged"):
        list(log.read(1))
    log.close()


def _failing(monkeypatch: pytest.MonkeyPatch, at: int) -> Callable[[], int]:
    """Make the call number `at` among those of `CALLS` fail as on a full disk; gives how many there were."""
    count = 0
    for name in CALLS:
        real = getattr(os, name)

        def called(*arguments: object, real: Callable[..., object] = real, **named: object) -> object:
            nonlocal count
            count += 1
            if count == at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*arguments, **named)

        monkeypatch.setattr(os, name, called)
    return lambda: count


def _receive_all(folder: Path, acknowledged: list[ReceivedFrame]) -> None:
    """Append one after another through small segments, and note those that were acknowledged."""
    log = SegmentLog(folder, segment_bytes_max=200)
    try:
        for frame in FRAMES:
            if _append(log, [frame]) == [None]:
                acknowledged.append(frame)
    finally:
        log.close()


def test_whichever_call_the_disk_refuses_what_was_acknowledged_is_there_once(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        calls = _failing(patch, 0)
        _receive_all(tmp_path / "counted", [])
        counted = calls()

    assert counted > 30
    begun: set[int] = set()
    for at in range(1, counted + 1):
        acknowledged: list[ReceivedFrame] = []
        with pytest.MonkeyPatch.context() as patch:
            _failing(patch, at)
            with suppress(StorageError, WorkspaceError):  # it may be the beginning or the end that fails
                _receive_all(tmp_path / str(at), acknowledged)
                begun.add(at)
        after = SegmentLog(tmp_path / str(at))
        found = _all(after)
        after.close()

        assert len(acknowledged) >= len(FRAMES) - 1 or not acknowledged, f"call {at}: it goes on when space returns"
        assert [frame for frame in found if frame in acknowledged] == acknowledged, f"call {at}"
        assert len(found) - len(acknowledged) in (0, 1), f"call {at}: none is there twice"

    assert len(begun) > counted - 10


def test_a_full_disk_is_told_to_everyone_who_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = SegmentLog(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        _failing(patch, 1)
        refused = _append(log, FRAMES[:1], FRAMES[1:2])
    kept = _append(log, FRAMES[2:])

    assert ["storage.full"] * 2 == [getattr(each, "code", "") for each in refused]
    assert [None] == kept
    assert FRAMES[2:] == _all(log)
    log.close()
