"""Faults of a truck of edition 2025, put into the rehearsal: each is found at its rows, and nothing new beside it."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from faults_in_frames import POSITION, VEHICLE, in_gcj02
from faulty_trials import read_rows, value_of, with_items, write_rows
from h2verify.gbt32960 import decode_frame

from h2corridor.model.findings import Finding
from h2corridor.quality.catalogue import severity_of

FILE = "telemetry/LRHMLCBF9TM016274/2026-03-10.csv.gz"
FUEL_CELL, PACKS, STACKS = 0x03, 0x07, 0x30
ROWS = 30


def one_stack_gone(frame: bytes) -> bytes:
    return with_items(frame, {STACKS: {"count_raw": 1, "stacks": _stacks(frame)[:1]}})


def one_stack_abnormal(frame: bytes) -> bytes:
    first, second = _stacks(frame)
    return with_items(frame, {STACKS: {"stacks": (first, {**second, "current_a": 0xFFFE})}})


def stacks_missing(frame: bytes) -> bytes:
    return with_items(frame, {}, without=frozenset({STACKS}))


def fuel_cell_missing(frame: bytes) -> bytes:
    return with_items(frame, {}, without=frozenset({FUEL_CELL}))


def packs_missing(frame: bytes) -> bytes:
    return with_items(frame, {}, without=frozenset({PACKS}))


def speed_sentinel(frame: bytes) -> bytes:
    return with_items(frame, {VEHICLE: {"speed_kmh": 0xFFFF}})


def said_to_be_gcj02(frame: bytes) -> bytes:
    return with_items(frame, {POSITION: {"coordinate_system_raw": 2}})


def displaced(frame: bytes) -> bytes:
    return with_items(frame, {POSITION: {"latitude": value_of(frame, POSITION, "latitude") + 9_009}})


KINDS: Mapping[str, tuple[int, Callable[[bytes], bytes], str]] = {
    "one-stack-gone": (201, one_stack_gone, "sensor.stack-count"),
    "one-stack-abnormal": (301, one_stack_abnormal, "sensor.sentinel"),
    "stacks-missing": (401, stacks_missing, "sensor.item-missing"),
    "fuel-cell-missing": (501, fuel_cell_missing, "sensor.item-missing"),
    "packs-missing": (601, packs_missing, "sensor.item-missing"),
    "speed-sentinel": (1001, speed_sentinel, "sensor.sentinel"),
    "displaced": (1101, displaced, "position.jump"),
    "gcj02-unsaid": (1201, in_gcj02, "position.datum"),
    "gcj02-wrongly-said": (1301, said_to_be_gcj02, "position.datum"),
}


@pytest.fixture(scope="module")
def raised(
    trials_dir: Path, rehearsal: Any, find_in_trial: Any, tmp_path_factory: pytest.TempPathFactory
) -> list[Finding]:
    """What is found above info in the rehearsal with these faults and was not without them."""
    root = tmp_path_factory.mktemp("edition-2025") / "rehearsal"
    shutil.copytree(trials_dir / "rehearsal", root, copy_function=shutil.copyfile)
    rows = read_rows(root / FILE)
    for first, change, _ in KINDS.values():
        for row in rows[first - 1 : first - 1 + ROWS]:
            row.frame = change(row.frame)
    write_rows(root / FILE, rows)
    return [
        each for each in find_in_trial(root).findings if each not in rehearsal.findings and severity_of(each) != "info"
    ]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_fault_of_edition_2025_is_found_at_its_rows(raised: list[Finding], kind: str) -> None:
    first, _, code = KINDS[kind]

    assert (code, first, first + ROWS - 1) in [(each.check, each.row, each.last_row) for each in raised]


def test_nothing_lies_beside_the_faults_of_edition_2025(raised: list[Finding]) -> None:
    places = [(first, first + ROWS - 1) for first, _, _ in KINDS.values()]

    assert [] == [
        each
        for each in raised
        if each.file != FILE
        or each.row is None
        or not any(first <= each.row <= (each.last_row or each.row) <= last for first, last in places)
    ]


def _stacks(frame: bytes) -> Any:
    item = decode_frame(frame).find_item(STACKS)

    assert item is not None
    return item.raw["stacks"]
