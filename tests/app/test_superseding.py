"""A corrected figure has a new statement; the earlier stays kept, provable, and says what took its place."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from h2verify.bundle import verify_bundle
from h2verify.bundle.result import Result
from made_runs import DAY_MS, NOW_MS, read_files

from h2corridor.app.export import StatementListing, export_bundle, list_statements
from h2corridor.app.superseding import _shown
from h2corridor.model.errors import UsageError
from h2corridor.model.report import Report
from h2corridor.statements.statement import read_statement
from h2corridor.store.files import Workspace

LATER_MS = NOW_MS + DAY_MS
METERED, CORRECTED = b",217.7,", b",317.7,"
"""What compressing at the station took [kWh]: it moves both figures."""

RunInto = Callable[..., Report]


@pytest.fixture
def copied(first_run: tuple[Report, Path], tmp_path: Path) -> Path:
    """A copy of the workspace of the small trial."""
    return shutil.copytree(first_run[1], tmp_path / "workspace")


@pytest.fixture
def correct(dataset: Path, copied: Path, run_into: RunInto) -> Callable[..., Report]:
    """Put other bytes into a table and run the trial again."""

    def corrected(name: str, before: bytes, after: bytes, now_ms: int = LATER_MS) -> Report:
        table = dataset / name
        data = table.read_bytes()

        assert before in data

        table.write_bytes(data.replace(before, after))
        return run_into(dataset, copied, now_ms=now_ms)

    return corrected


def _by_status(workspace: Path) -> dict[str, dict[str, StatementListing]]:
    found: dict[str, dict[str, StatementListing]] = {}
    for each in list_statements(workspace):
        found.setdefault(each.status, {})[each.consignment_id] = each
    return found


def _verified(workspace: Path, statement_id: str, depth: str = "activity") -> Result:
    result = verify_bundle(export_bundle(workspace, statement_id, depth))  # type: ignore[arg-type]

    assert result.holds, result.reason
    return result


def test_a_corrected_figure_has_a_new_statement_and_the_earlier_stays_provable(
    copied: Path, correct: Callable[..., Report], first_run: tuple[Report, Path]
) -> None:
    before = read_files(copied / "received")
    report = correct("station_energy.csv", METERED, CORRECTED)
    found = _by_status(copied)
    earlier, later = found["superseded"], found["in_force"]
    old = _verified(copied, earlier["FR-C0001"].statement_id)
    new = _verified(copied, later["FR-C0001"].statement_id)

    assert ["in_force"] * 2 + ["superseded"] * 2 == [each.status for each in list_statements(copied)]
    assert {each.statement_id for each in first_run[0].shipments} == {each.statement_id for each in earlier.values()}
    assert {each.statement_id for each in report.shipments} == {each.statement_id for each in later.values()}
    assert {"as_of": "2026-03-06T16:40:00+08:00", "by": later["FR-C0001"].statement_id, "status": "superseded"} == (
        old.status
    )
    assert (new.status, new.figure) != (None, None)
    supersedes = (new.figure or {})["supersedes"]
    assert earlier["FR-C0001"].statement_id == supersedes["statement_id"]
    assert ["station_energy.csv"] == [each["file"] for each in supersedes["changed"]]
    assert before.items() <= read_files(copied / "received").items()
    assert [] == Workspace.open(copied).fsck()


def test_the_versions_of_a_changed_file_are_named_by_their_leaves_in_the_log(
    copied: Path, correct: Callable[..., Report]
) -> None:
    from h2verify.merkle import leaf_hash

    correct("station_energy.csv", METERED, CORRECTED)
    name = _by_status(copied)["in_force"]["FR-C0001"].statement_id
    workspace = Workspace.open(copied)
    statement, _ = read_statement(workspace.statements.get(name, "statement.json"), about=name)
    leaves = [leaf_hash(entry).hex() for entry in workspace.list_entries()]
    changed = statement["supersedes"]["changed"][0]

    assert 0 <= leaves.index(changed["before"]) < leaves.index(changed["after"])


def test_a_correction_taken_back_puts_the_first_statement_in_force_again(
    copied: Path, correct: Callable[..., Report], first_run: tuple[Report, Path]
) -> None:
    correct("station_energy.csv", METERED, CORRECTED)
    report = correct("station_energy.csv", CORRECTED, METERED, LATER_MS + DAY_MS)
    found = _by_status(copied)

    assert first_run[0].shipments == report.shipments
    assert {each.statement_id for each in report.shipments} == {
        each.statement_id for each in found["in_force"].values()
    }
    assert {each.superseded_by for each in found["superseded"].values()} == {
        each.statement_id for each in report.shipments
    }


def test_a_statement_whose_figure_is_as_it_was_stands_though_other_files_changed(
    copied: Path, correct: Callable[..., Report], first_run: tuple[Report, Path]
) -> None:
    kept = read_files(copied / "statements")
    report = correct("seals.csv", b"FR-P07", b"FR-P06")

    assert first_run[0].shipments == report.shipments
    assert kept == read_files(copied / "statements")


def test_a_statement_whose_figure_is_withheld_now_is_withdrawn_and_not_handed_out(
    copied: Path, correct: Callable[..., Report]
) -> None:
    report = correct("legs.csv", b"FR-C0001", b"FR-C9999")
    withdrawn = _by_status(copied)["withdrawn"]["FR-C0001"]

    assert ["withheld"] == [each.status for each in report.shipments if each.consignment_id == "FR-C0001"]
    with pytest.raises(UsageError, match=r"statement\.withdrawn: .* \(reason: withheld\)"):
        export_bundle(copied, withdrawn.statement_id)
    assert [] == Workspace.open(copied).fsck()


def test_a_statement_whose_consignment_is_gone_is_not_sent_to_a_report_without_it(
    copied: Path, correct: Callable[..., Report]
) -> None:
    report = correct("consignments.csv", b"FR-C0001", b"FR-C9999")
    withdrawn = _by_status(copied)["withdrawn"]["FR-C0001"]

    assert "FR-C0001" not in {each.consignment_id for each in report.shipments}
    with pytest.raises(UsageError, match=r"\(reason: absent\)") as caught:
        export_bundle(copied, withdrawn.statement_id)

    assert "The consignment is no longer in the data" in caught.value.next_step


def test_two_trials_in_one_workspace_do_not_take_each_others_place(
    dataset: Path, copied: Path, run_into: RunInto
) -> None:
    header = dataset / "trial.toml"
    header.write_text(header.read_text("utf-8").replace('"first-run"', '"second-run"'), "utf-8")
    run_into(dataset, copied, now_ms=LATER_MS)

    assert ["in_force"] * 4 == [each.status for each in list_statements(copied)]


_KILLED = """
import os, sys
count, real = int(sys.argv.pop(1)), os.replace
def replace(*names):
    global count
    count -= 1
    if count < 0:
        os._exit(9)
    return real(*names)
os.replace = replace
from h2corridor.cli import main
main()
"""


@pytest.fixture
def corrected_run(dataset: Path, copied: Path, keys_folder: Path) -> list[str]:
    """The command that runs the trial again after a correction, and dies when it has put so many files in place."""
    table = dataset / "station_energy.csv"
    table.write_bytes(table.read_bytes().replace(METERED, CORRECTED))
    return [
        *("trial", "run", str(dataset), "--workspace", str(copied), "--now", "2026-03-06T16:40:00+08:00"),
        *("--keys", str(keys_folder), "--salt-seed", str(keys_folder / "salt.seed")),
    ]


@pytest.mark.parametrize("count", [5, 17, 26, 36])
def test_a_correction_killed_at_any_moment_and_run_again_ends_the_same(
    count: int, corrected_run: list[str], dataset: Path, copied: Path, run_into: RunInto
) -> None:
    whole = shutil.copytree(copied, copied.with_name("whole"))
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(count), *corrected_run], check=False)
    for workspace in (copied, whole):
        run_into(dataset, workspace, now_ms=LATER_MS)

    assert 9 == killed.returncode
    assert read_files(whole) == read_files(copied)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("legs.csv", "legs.csv"),
        ("trial.toml", "trial.toml"),
        ("telemetry/LTEST000000000001/2026-03-02.csv.gz", "telemetry/*/2026-03-02.csv.gz"),
        ("telemetry/LTEST000000000001/2026-03-02.7.csv.gz", "telemetry/*/2026-03-02.7.csv.gz"),
        ("telemetry/LTEST000000000001/LTEST000000000001.csv.gz", "telemetry/*/*"),
        ("telemetry/LTEST000000000001/2026-03-02.LTEST000000000001.csv.gz", "telemetry/*/*"),
        ("telemetry/LTEST000000000001/渝A12345/2026-03-02.csv.gz", "telemetry/*/2026-03-02.csv.gz"),
        ("LTEST000000000001/2026-03-02.csv.gz", "*"),
        ("notes_of_a_firm.csv", "*"),
        ("渝A12345.csv", "*"),
    ],
)
def test_a_statement_names_a_file_by_no_word_of_its_supplier(path: str, shown: str) -> None:
    assert shown == _shown(path)
