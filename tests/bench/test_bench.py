"""What the benches rest on: a grown trial that is as sound as the packaged one, and counts that are read right."""

import importlib.util
import sys
from importlib.resources import as_file, files
from pathlib import Path
from types import ModuleType

import pytest
from h2verify.gbt32960 import FRAME_COLUMNS, frame_columns_reference

from h2corridor.app.bootstrap import make_request
from h2corridor.app.trial_run import run_trial

BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.fixture(autouse=True)
def _benches_find_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))


def _bench(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"bench_{name}", BENCH / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
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


def test_the_tuned_walk_gives_the_columns_of_the_reference() -> None:
    rows = _bench("mixed_frames").make_frames(600)
    walked = _bench("walk").TunedWalk().read(rows)
    listed = [
        dict(zip(FRAME_COLUMNS, row, strict=True))
        for row in zip(*(walked[name] for name in FRAME_COLUMNS), strict=True)
    ]

    assert {"ok", "bad_check_byte"} <= {row["outcome"] for row in listed}
    assert {2016, 2025} <= {row["edition"] for row in listed}
    assert frame_columns_reference(rows) == listed


def test_the_walk_and_the_arrays_give_the_same_quantities() -> None:
    decode = _bench("decode")
    rows = _bench("mixed_frames").make_frames(600)
    walked = _bench("walk").TunedWalk().read(rows)
    segment = decode.make_segment(rows)
    quantities = decode.quantities_of(decode.ArrayDecoder().decode(segment.buffer, segment.offsets))
    found = {
        f"{name} quantity": [value if here else None for value, here in zip(values.tolist(), known, strict=True)]
        for name, (values, known) in quantities.items()
    }

    assert len(found) > 15
    assert found == {name: list(walked[name]) for name in found}


def test_the_bench_of_the_decoders_runs_on_few_rows() -> None:
    lines = _bench("decode").measure_decoders(200, turns=1)

    assert 4 == len(lines)
    assert [True, True] == [" times " in line for line in lines[1:3]]


def test_shares_of_stages_and_the_hashing_limit_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    stages = _bench("stages")
    costs = [stages.Cost(stage=name, seconds=s, cpu_s=s, peak_mb=9.0) for name, s in (("decode", 1.0), ("test", 3.0))]
    stages.print_costs(costs, 1000, {"as received": (10, 0.1), "as unpacked": (20, 0.4)})
    printed = capsys.readouterr().out

    assert "hashing limit: 2000 frames/s" in printed
    assert ["25.0%", "75.0%", "100.0%"] == [word for word in printed.split() if word.endswith("%")]


def test_what_decoding_takes_is_measured_in_a_process_of_its_own(tmp_path: Path) -> None:
    scaling = _bench("scaling")
    frames = scaling.write_days(tmp_path / "days.csv.gz", 1)
    cpu_s, peak_mb = scaling.measure_in_own_process([tmp_path / "days.csv.gz"], tmp_path / "days.parquet")

    assert 3 * 2901 == frames
    assert cpu_s > 0 and peak_mb > 0


def test_a_broken_promise_is_reported_with_the_input_that_broke_it() -> None:
    counts = {"name": "gz", "executions": 7, "edges": 5, "corpus": 3, "lines": 2, "lines_in_all": 4}
    sound = _bench("fuzz").format_row({**counts, "status": 0, "fault": "", "crash_hex": ""})
    broken = _bench("fuzz").format_row({**counts, "status": 1, "fault": "KeyError: 1", "crash_hex": "f00d"})

    assert ["gz", "7", "5", "3", "2/4"] == sound.split()
    assert broken.startswith(f"{sound}  KeyError: 1\n")
    assert "input f00d" in broken
