"""What a run states: once, in the log before it is signed, and healed after a run that was cut off."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from h2verify import note
from made_runs import DAY_MS, NOW_MS, read_files

from h2corridor.app.export import list_statements
from h2corridor.evidence.salts import disclosed_finding_id
from h2corridor.model.errors import WorkspaceError
from h2corridor.model.report import FindingRow, Report
from h2corridor.statements.statement import Statement, editions_of, read_statement, statement_entry
from h2corridor.store.files import Workspace

SALT_SEED = bytes(range(32, 64))


def _statements(workspace: Path) -> dict[str, Statement]:
    kept = Workspace.open(workspace).statements
    found = {name: read_statement(kept.get(name, "statement.json"), about=name)[0] for name in kept.list_ids()}

    assert found
    return found


def test_every_stated_shipment_has_its_statement_and_no_withheld_one_has(rehearsal: tuple[Report, Path]) -> None:
    statements = _statements(rehearsal[1])
    stated = {each.statement_id: each for each in rehearsal[0].shipments if each.status == "stated"}

    assert set(stated) == set(statements)
    assert {None} == {each.statement_id for each in rehearsal[0].shipments if each.status == "withheld"}
    for name, statement in statements.items():
        shipment = stated[name]
        figure = statement["figure"]
        assert shipment.consignment_id == statement["consignment"]["consignment_id"]
        assert (shipment.wtw_kgco2e, shipment.ttw_kgco2e) == (figure["wtw_kgco2e"], figure["ttw_kgco2e"])
        assert shipment.figure_id == figure["figure_id"]
        assert [each.method for each in shipment.comparisons] == [
            each["method"].partition("/")[0] for each in statement["comparisons"]
        ]
        assert list(shipment.not_covered) == [each["en"] for each in statement["not_covered"]]


def _disclosed(finding: FindingRow) -> str:
    return disclosed_finding_id(SALT_SEED, finding.finding_id)


def test_an_id_of_a_finding_in_a_statement_is_none_of_the_report(rehearsal: tuple[Report, Path]) -> None:
    told = {each["finding_id"] for statement in _statements(rehearsal[1]).values() for each in statement["findings"]}

    assert told
    assert told.isdisjoint(each.finding_id for each in rehearsal[0].findings)


def test_findings_that_bear_on_a_consignment_are_named_and_no_others(rehearsal: tuple[Report, Path]) -> None:
    rows = {_disclosed(each): each for each in rehearsal[0].findings}
    named = {
        statement["consignment"]["consignment_id"]: {each["finding_id"] for each in statement["findings"]}
        for statement in _statements(rehearsal[1]).values()
    }
    meters = {name for name, each in rows.items() if each.check == "meter.certificate-expired"}
    elsewhere = {name for name, each in rows.items() if each.vin == "LRHYVVLNXTX900025"}

    assert any(named.values())
    assert set().union(*named.values()) <= rows.keys()
    assert "blocking" not in {rows[name].severity for found in named.values() for name in found}
    assert meters
    assert set().union(*named.values()).isdisjoint(meters | elsewhere)


def test_a_hub_without_a_row_is_named_where_the_consignment_passed_it_only(rehearsal: tuple[Report, Path]) -> None:
    absent = {
        _disclosed(each): each.message.partition(" ")[0] for each in rehearsal[0].findings if each.check == "hub.no-row"
    }
    kept, seen = Workspace.open(rehearsal[1]).statements, 0
    for name, statement in _statements(rehearsal[1]).items():
        sites = {absent[each["finding_id"]] for each in statement["findings"] if each["check"] == "hub.no-row"}
        text = kept.get(name, "chain.json").decode() + json.dumps(statement["not_covered"])
        seen += len(sites)

        assert [] == [site for site in sites if site not in text]
    assert 0 < seen < len(absent) * len(kept.list_ids())


def test_a_statement_says_when_by_whom_and_what_it_does_not_show(first_run: tuple[Report, Path]) -> None:
    statement = next(iter(_statements(first_run[1]).values()))

    assert {
        "stated_at": "2026-03-05T16:40:00+08:00",
        "valid_from": "2026-03-05T16:40:00+08:00",
        "valid_until": "2029-03-03T00:00:00+08:00",
    } == statement["validity"]
    assert statement["issuer"]["key"].startswith("test.example/corridor/issuer+")
    assert statement["issuer"]["name_en"] and statement["issuer"]["name_zh"]
    assert "does not show" in statement["does_not_show_en"]
    assert ["road"] == statement["consignment"]["modes"]
    assert None is not statement["consignment"]["document_no"]


def test_the_log_has_files_then_the_tree_then_the_digests_of_statements(first_run: tuple[Report, Path]) -> None:
    workspace = Workspace.open(first_run[1])
    entries = workspace.list_entries()
    kinds = [json.loads(entry)["type"].split("/")[1] for entry in entries]
    logged = {statement_entry(each) for each in _statements(first_run[1]).values()}

    assert ["received-file"] * (len(entries) - 3) + ["activity", "statement", "statement"] == kinds
    assert logged == set(entries[-2:])
    assert first_run[0].checkpoint is not None
    assert len(entries) == first_run[0].checkpoint.size


def test_the_policy_names_both_keys_and_the_issuer_has_its_own(
    first_run: tuple[Report, Path], keys_folder: Path
) -> None:
    log, issuer, *_, quorum = (first_run[1] / "policy.txt").read_text().splitlines()

    assert f"log {(keys_folder / 'log.vkey').read_text().strip()}" == log
    assert f"signer {(keys_folder / 'issuer.vkey').read_text().strip()}" == issuer
    assert "quorum none" == quorum
    keys = [note.parse_verifier_key(line.split()[1]) for line in (log, issuer)]
    assert keys[0].public_key != keys[1].public_key
    assert 0o600 == (keys_folder / "issuer.key").stat().st_mode & 0o777


def test_the_policy_names_every_edition_that_a_statement_was_made_by_once(first_run: tuple[Report, Path]) -> None:
    lines = [line for line in (first_run[1] / "policy.txt").read_text().splitlines() if line.startswith("edition ")]
    used = {name: digest for each in _statements(first_run[1]).values() for name, digest in editions_of(each)}

    assert ["iso14083/2023.1", "same-service-diesel/2025.1", "tailpipe-press/2025.1"] == sorted(used)
    assert [f"edition {name} {used[name]}" for name in sorted(used)] == lines


def test_what_an_operator_adds_to_the_policy_stays(
    trials_dir: Path, run_into: Callable[..., Report], first_run: tuple[Report, Path], tmp_path: Path
) -> None:
    workspace = Path(shutil.copytree(first_run[1], tmp_path / "w"))
    policy = workspace / "policy.txt"
    own = policy.read_text()
    pin = f"edition iso14083/2019.1 {'0' * 64}"
    first_edition = own.index("edition")
    policy.write_text(f"# 出口部门\n{own[:first_edition]}{pin}\nquorum none\n")
    run_into(trials_dir / "first-run", workspace)

    assert f"# 出口部门\n{own[:first_edition]}{pin}\n{own[first_edition:]}" == policy.read_text()
    assert [] == Workspace.open(workspace).fsck()


def test_a_policy_that_an_operator_spoiled_stops_the_run_before_the_log_and_stays(
    trials_dir: Path, run_into: Callable[..., Report], first_run: tuple[Report, Path], tmp_path: Path
) -> None:
    workspace = Path(shutil.copytree(first_run[1], tmp_path / "w"))
    spoiled = (workspace / "policy.txt").read_bytes() + b"witnes w\n"
    (workspace / "policy.txt").write_bytes(spoiled)
    checkpoint = (workspace / "log" / "checkpoint").read_bytes()
    with pytest.raises(WorkspaceError, match=r"workspace\.policy: .*line \d+") as refused:
        run_into(trials_dir / "first-run", workspace)

    assert "next run writes a new one" in refused.value.next_step
    assert spoiled == (workspace / "policy.txt").read_bytes()
    assert checkpoint == (workspace / "log" / "checkpoint").read_bytes()


def test_a_policy_of_before_editions_were_named_gets_those_of_earlier_statements(
    dataset: Path, run_into: Callable[..., Report], tmp_path: Path
) -> None:
    run_into(dataset, tmp_path / "w")
    policy = tmp_path / "w" / "policy.txt"
    own = policy.read_text()
    policy.write_text(own[: own.index("edition")] + "quorum none\n")
    consignments = dataset / "consignments.csv"
    consignments.write_bytes(consignments.read_bytes().splitlines(keepends=True)[0])
    run_into(dataset, tmp_path / "w")

    assert own == policy.read_text()


def test_a_damaged_statement_names_no_edition(dataset: Path, run_into: Callable[..., Report], tmp_path: Path) -> None:
    run_into(dataset, tmp_path / "w")
    own = (tmp_path / "w" / "policy.txt").read_text()
    for path in (tmp_path / "w" / "statements").glob("st-*/statement.json"):
        path.write_bytes(path.read_bytes().replace(b'"iso14083/2023.1"', b'"iso14083 2023.1"'))
    legs = dataset / "legs.csv"
    legs.write_bytes(legs.read_bytes().replace(b"253.5", b"253.6"))
    run_into(dataset, tmp_path / "w")

    assert own == (tmp_path / "w" / "policy.txt").read_text()


def test_what_holds_salts_or_vins_is_for_the_operator_only(first_run: tuple[Report, Path]) -> None:
    kept = first_run[1] / "statements"
    secret = [*kept.glob("activity-*/*"), *kept.glob("st-*/sources.json")]

    assert len(secret) > 10
    assert {0o600} == {path.stat().st_mode & 0o777 for path in secret}
    assert {0o700} == {path.stat().st_mode & 0o777 for path in kept.glob("activity-*")}


def test_the_same_trial_on_a_later_day_states_nothing_again(
    trials_dir: Path, run_into: Callable[..., Report], first_run: tuple[Report, Path], tmp_path: Path
) -> None:
    run_into(trials_dir / "first-run", tmp_path)
    before = read_files(tmp_path)
    report = run_into(trials_dir / "first-run", tmp_path, now_ms=NOW_MS + 400 * DAY_MS)

    assert before == read_files(tmp_path)
    assert first_run[0] == report


def test_a_corrected_figure_is_another_statement_and_the_first_stays(
    dataset: Path, run_into: Callable[..., Report], tmp_path: Path
) -> None:
    first = run_into(dataset, tmp_path / "w")
    legs = dataset / "legs.csv"
    legs.write_bytes(legs.read_bytes().replace(b"253.5", b"253.6"))
    second = run_into(dataset, tmp_path / "w", now_ms=NOW_MS + DAY_MS)
    ids = [{each.statement_id for each in report.shipments} for report in (first, second)]

    assert ids[0].isdisjoint(ids[1])
    assert ids[0] | ids[1] == {each.statement_id for each in list_statements(tmp_path / "w")}
    assert 2 == len(list((tmp_path / "w" / "statements").glob("activity-*")))
    assert [] == Workspace.open(tmp_path / "w").fsck()


KILLING = """
import os, signal, sys
import h2corridor.app.trial_run as run

state, name = run.state_figures, sys.argv.pop()

def state_and_die(*arguments):
    replace = os.replace

    def deadly(source, target):
        if str(target).endswith(name):
            os.kill(os.getpid(), signal.SIGKILL)
        return replace(source, target)

    os.replace = deadly
    return state(*arguments)

run.state_figures = state_and_die
from h2corridor.cli import main

main()
"""
"""A run that kills itself, while it states figures, just before a file of some name is put in place."""


Finish = Callable[[Path], Report]


@pytest.fixture
def finish(run_into: Callable[..., Report], trials_dir: Path) -> Finish:
    return lambda workspace: run_into(trials_dir / "first-run", workspace)


@pytest.fixture
def killed_run(trials_dir: Path, keys_folder: Path, tmp_path: Path) -> Callable[[str], Path]:
    def run(name: str) -> Path:
        arguments = ["trial", "run", str(trials_dir / "first-run"), "--workspace", str(tmp_path / "w")]
        arguments += ["--keys", str(keys_folder), "--salt-seed", str(keys_folder / "salt.seed")]
        arguments += ["--now", "2026-03-05T16:40:00+08:00", name]
        killed = subprocess.run([sys.executable, "-c", KILLING, *arguments], capture_output=True, check=False)

        assert -9 == killed.returncode, killed.stderr
        return tmp_path / "w"

    return run


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("/000003.json", {"fsck.unfinished"}),
        ("/tree.json", {"fsck.unfinished"}),
        ("/figures.json", {"fsck.unfinished"}),
        ("/draft.json", {"fsck.unfinished"}),
        ("/log/checkpoint", {"fsck.not-logged", "fsck.unfinished", "fsck.half-written"}),
        ("/policy.txt", {"fsck.unfinished"}),
        ("/statement.json", {"fsck.unfinished"}),
        ("/status.json", {"fsck.unfinished", "fsck.half-written", "fsck.missing"}),
    ],
)
def test_a_run_killed_while_it_states_is_healed_by_the_next(
    first_run: tuple[Report, Path], killed_run: Callable[[str], Path], finish: Finish, name: str, found: set[str]
) -> None:
    workspace = killed_run(name)

    assert found == {fault.code for fault in Workspace.open(workspace).fsck()}
    finish(workspace)
    assert read_files(first_run[1]) == read_files(workspace)
    assert [] == Workspace.open(workspace).fsck()


def test_what_was_logged_before_a_run_was_cut_off_is_signed_by_a_later_one_with_the_time_it_had(
    dataset: Path, run_into: Callable[..., Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("h2corridor.app.statements.sign_draft", cut_off)
        with pytest.raises(KeyboardInterrupt):
            run_into(dataset, tmp_path / "w")
    legs = dataset / "legs.csv"
    legs.write_bytes(legs.read_bytes().replace(b"253.5", b"253.6"))
    run_into(dataset, tmp_path / "w", now_ms=NOW_MS + DAY_MS)
    days = sorted(each.stated_at[:10] for each in list_statements(tmp_path / "w"))

    assert ["2026-03-05", "2026-03-05", "2026-03-06", "2026-03-06"] == days
    assert [] == Workspace.open(tmp_path / "w").fsck()


def test_drafts_that_never_reached_the_log_go_with_the_next_run(
    dataset: Path, run_into: Callable[..., Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    run_into(dataset, tmp_path / "whole")
    with monkeypatch.context() as patch:
        patch.setattr("h2corridor.store.files.Workspace.append_entries", cut_off)
        with pytest.raises(KeyboardInterrupt):
            run_into(dataset, tmp_path / "w")
    assert not list((tmp_path / "w" / "statements").glob("*"))
    run_into(dataset, tmp_path / "w")

    assert read_files(tmp_path / "whole") == read_files(tmp_path / "w")


def test_a_run_without_anything_to_state_logs_its_files_only(
    dataset: Path, run_into: Callable[..., Report], tmp_path: Path
) -> None:
    consignments = dataset / "consignments.csv"
    consignments.write_bytes(consignments.read_bytes().splitlines(keepends=True)[0])
    report = run_into(dataset, tmp_path / "w")

    assert () == report.shipments
    assert not list((tmp_path / "w" / "statements").glob("*"))
    assert [] == Workspace.open(tmp_path / "w").fsck()
