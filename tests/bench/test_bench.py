"""What the benches rest on: a grown trial that is as sound as the packaged one, and counts that are read right."""

import importlib.util
from importlib.resources import as_file, files
from pathlib import Path
from types import ModuleType

import pytest

from h2corridor.app.bootstrap import make_request
from h2corridor.app.trial_run import run_trial

BENCH = Path(__file__).resolve().parents[2] / "bench"


def _bench(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"bench_{name}", BENCH / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_grown_trial_is_as_many_times_the_packaged_one_and_as_clean(tmp_path: Path) -> None:
    with as_file(files("h2corridor") / "demo" / "first-run") as source:
        frames = _bench("grow_trial").grow_trial(source, tmp_path / "dataset", 2)
    report = run_trial(
        make_request(tmp_path / "dataset", tmp_path / "workspace", now_ms=1_772_582_400_000), lambda *_: None
    )

    assert frames == report.totals.frames_used == 2 * 2901
    assert [] == [finding.check for finding in report.findings if finding.severity != "info"]
    assert ["stated"] * 4 == [shipment.status for shipment in report.shipments]


def test_a_trial_is_not_grown_beyond_the_numbers_there_are(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected 1 to 9999 trucks, came 10000"):
        _bench("grow_trial").grow_trial(tmp_path, tmp_path / "dataset", 10_000)


def test_examples_are_counted_by_property_whether_they_pass_or_fail() -> None:
    printed = (
        "tests/a.py::test_b:\n\n  - during generate phase:\n    - 200 passing, 1 failing, and 9 invalid test cases\n"
    )

    assert {"tests/a.py::test_b": 201} == _bench("soak").count_examples(printed)


def test_there_are_properties_to_soak() -> None:
    assert "packages/h2verify/tests/gbt32960/test_fuzz.py" in _bench("soak").list_property_tests()


def test_a_broken_promise_is_reported_with_the_input_that_broke_it() -> None:
    counts = {"name": "gz", "executions": 7, "edges": 5, "corpus": 3, "lines": 2, "lines_in_all": 4}
    sound = _bench("fuzz").format_row({**counts, "status": 0, "fault": "", "crash_hex": ""})
    broken = _bench("fuzz").format_row({**counts, "status": 1, "fault": "KeyError: 1", "crash_hex": "f00d"})

    assert ["gz", "7", "5", "3", "2/4"] == sound.split()
    assert broken.startswith(f"{sound}  KeyError: 1\n")
    assert "input f00d" in broken
