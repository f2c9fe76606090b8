"""The simulation: 95 % intervals hold the truth 95 times in 100, and averaging shared factors out would not."""

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

LEAST_PCT, MOST_PCT = 93.5, 96.5
"""Of 1600 draws, at least: three binomial standard deviations, 0.545 % each, lie within 1.7 % of 95 %."""


@cache
def _coverage() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "bench" / "coverage.py"
    spec = importlib.util.spec_from_file_location("bench_coverage", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("kind", "trips", "draws"), [("sum", 1, 3000), ("difference", 1, 3000), ("sum", 10, 1600)])
def test_an_interval_holds_the_truth_95_times_in_100(kind: str, trips: int, draws: int) -> None:
    found = _coverage().covered_pct(kind, trips, draws)

    assert LEAST_PCT <= found <= MOST_PCT


def test_averaging_shared_factors_out_fails_the_same_bound() -> None:
    found = _coverage().covered_pct("wrong way", 10, 300)

    assert found < LEAST_PCT - 10
