"""A segment as telemetry files."""

import gzip
from pathlib import Path

from h2corridor.intake import TelemetryReader, list_telemetry_paths
from h2corridor.intake.gateway import telemetry_parts
from h2corridor.model.received_frames import NO_VIN, ReceivedFrame

VIN = "LTESTHYDR0GEN0001"
EVENING_MS = 1_772_467_199_999
"""2026-03-02T23:59:59.999+08:00."""


def _frame(received_at_ms: int, vin: str | None, data: bytes) -> ReceivedFrame:
    return ReceivedFrame(received_at_ms=received_at_ms, source="peer", vin=vin, data=data)


FRAMES = [
    _frame(EVENING_MS, VIN, b"##a"),
    _frame(EVENING_MS, None, b"noise"),
    _frame(EVENING_MS + 1, VIN, b"##b"),
    _frame(EVENING_MS + 2, VIN, b"##c"),
]


def test_there_is_one_file_for_each_truck_and_day_of_receipt() -> None:
    parts = telemetry_parts(FRAMES, 7)

    assert {
        f"telemetry/{VIN}/2026-03-02.000000000007.csv.gz": (
            b"received_at,frame\n2026-03-02T23:59:59.999+08:00,232361\n"
        ),
        f"telemetry/{VIN}/2026-03-03.000000000007.csv.gz": (
            b"received_at,frame\n2026-03-03T00:00:00.000+08:00,232362\n2026-03-03T00:00:00.001+08:00,232363\n"
        ),
        f"telemetry/{NO_VIN}/2026-03-02.000000000007.csv.gz": (
            b"received_at,frame\n2026-03-02T23:59:59.999+08:00,6e6f697365\n"
        ),
    } == {path: gzip.decompress(data) for path, data in parts.items()}


def test_frames_of_a_truck_without_a_folder_stand_where_those_before_any_login_do() -> None:
    parts = telemetry_parts(FRAMES, 7, lambda _vin: False)

    assert {f"telemetry/{NO_VIN}/2026-03-0{day}.000000000007.csv.gz" for day in (2, 3)} == set(parts)
    assert 6 == sum(gzip.decompress(data).count(b"\n") for data in parts.values())


def test_the_same_segment_gives_the_same_bytes() -> None:
    assert telemetry_parts(FRAMES, 7) == telemetry_parts(iter(FRAMES), 7)


def test_parts_are_read_as_telemetry(tmp_path: Path) -> None:
    parts = telemetry_parts(FRAMES, 7)
    found, findings = list_telemetry_paths(parts)
    file = tmp_path / "part.csv.gz"
    file.write_bytes(parts[found[2].path])
    with file.open("rb") as stream:
        (batch,) = TelemetryReader(found[2].path, stream)

    assert [(NO_VIN, "2026-03-02"), (VIN, "2026-03-02"), (VIN, "2026-03-03")] == [(e.vin, e.day) for e in found]
    assert ([EVENING_MS + 1, EVENING_MS + 2], b"##b##c") == (batch.received_at_ms.tolist(), batch.frame_bytes)
    assert [] == findings
