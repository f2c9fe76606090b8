"""What stands between a trial and its sign-off, and the signing."""

import datetime
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from made_runs import NOW_MS, read_files

from h2corridor.app import trial_status
from h2corridor.app.bootstrap import make_record_signer
from h2corridor.app.reporting import document_bytes
from h2corridor.app.trial_consents import TrialDays, add_consent, missing_consents, withdraw_consent
from h2corridor.app.trial_decisions import Selection, decide
from h2corridor.app.trial_plan import plan_template, record_plan
from h2corridor.app.trial_record import read_record
from h2corridor.app.trial_status import TrialStatus, read_status, sign_off
from h2corridor.evidence import LogSigner
from h2corridor.model.errors import UsageError
from h2corridor.model.report import FindingRow, Report, decode_report
from h2corridor.model.trial_record import DataKind
from h2corridor.store.files import Workspace

LogOf = Callable[[Path], LogSigner]
PERIOD = ("2026-03-02T00:00:00+08:00", "2026-03-03T00:00:00+08:00")
DAYS = TrialDays.of(*PERIOD, NOW_MS)
FOUND = FindingRow(
    finding_id="f-0123456789",
    check="time.gap",
    severity="warning",
    file="telemetry/V/2026-03-02.csv.gz",
    row=7,
    last_row=8,
    vin="LTEST000000000001",
    at="2026-03-02T08:00:00+08:00",
    message="Nothing came for 100 s.",
    next_step="Ask.",
)


@pytest.fixture(scope="module")
def log_of(keys_folder: Path) -> LogOf:
    return make_record_signer(keys_folder)


@pytest.fixture
def template(trials_dir: Path) -> str:
    return plan_template(trials_dir / "first-run")


@pytest.fixture
def planned(first_run: tuple[Report, Path], template: str, tmp_path: Path, log_of: LogOf) -> Path:
    workspace = Path(shutil.copytree(first_run[1], tmp_path / "w"))
    _plan(workspace, template, log_of)
    return workspace


@pytest.fixture
def ready(planned: Path, log_of: LogOf) -> Path:
    for party, kinds in missing_consents(read_record(planned), DAYS):
        _consent(planned, party.party_id, kinds, log_of)
    return planned


def _plan(workspace: Path, text: str, log_of: LogOf) -> None:
    file = workspace.parent / "plan.toml"
    file.write_text(text, "utf-8")
    record_plan(workspace, file, now_ms=NOW_MS, log_of=log_of)


def _consent(
    workspace: Path, party_id: str, kinds: tuple[DataKind, ...], log_of: LogOf, days: tuple[str, str] | None = None
) -> None:
    from_day, until_day = days or ("2026-03-02", "2026-03-31")
    words = {"purpose": "trial", "legal_basis": "contract", "given_by": "a person"}
    add_consent(
        workspace, party_id, kinds, **words, from_day=from_day, until_day=until_day, now_ms=NOW_MS, log_of=log_of
    )


def _change(workspace: Path, **fields: Any) -> None:
    path = workspace / "report/report.json"
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(decode_report(path.read_bytes()), **fields)))


def _status(workspace: Path, now_ms: int = NOW_MS) -> TrialStatus:
    return read_status(workspace, now_ms=now_ms, checks_log=False)


def _differences(workspace: Path) -> list[str]:
    return [each.words.en for each in _status(workspace).missing if each.kind == "plan-differs"]


def test_the_template_names_for_every_kind_of_data_who_supplies_it(planned: Path) -> None:
    plan = read_record(planned).find_plan()
    supplies = {party.party_id: set(party.supplies) for party in plan.parties} if plan else {}

    assert {"telemetry", "vehicles"} == supplies["FR-P01"]
    assert {"hubs", "seals"} == supplies["FR-P07"]
    assert {"seals"} == supplies["FR-P06"]
    assert [] == _differences(planned)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('trial = "first-run"', 'trial = "other"', "The plan is of the trial other, the data set is of first-run."),
        (f'period_end = "{PERIOD[1]}"', 'period_end = "2031-01-02T00:00:00+08:00"', "The plan's period is"),
        ('supplies = ["telemetry", "vehicles"]', 'supplies = ["vehicles"]', "FR-P01 has data in the data set"),
        ('role = "carrier"', 'role = "shipper"', "FR-P01 has the role shipper in the plan, carrier in parties.csv."),
        ('party_id = "FR-P02"', 'party_id = "X"', "X of the plan is not in the data set."),
    ],
)
def test_a_plan_that_says_something_else_than_the_data_set_is_named(  # noqa: PLR0917 - fixtures, given by name
    old: str, new: str, said: str, planned: Path, template: str, log_of: LogOf
) -> None:
    assert old in template
    _plan(planned, template.replace(old, new, 1), log_of)

    assert any(each.startswith(said) for each in _differences(planned))


def test_a_plan_with_another_reason_for_a_threshold_asks_for_another_run(
    planned: Path, template: str, log_of: LogOf
) -> None:
    threshold = (
        '\n[[threshold]]\ncheck = "frame.late"\nname = "late_s_min"\nvalue = "40"\n'
        'reason = "{}"\nsource = "minutes"\ndecided_on = "2026-03-01"\n'
    )
    _plan(planned, template + threshold.format("first"), log_of)
    plan = read_record(planned).find_plan()
    used = [
        {**msgspec.to_builtins(each), "instead_of": "30", "unit": "s"} for each in (plan.thresholds if plan else ())
    ]
    report = {**msgspec.to_builtins(decode_report((planned / "report/report.json").read_bytes())), "thresholds": used}
    (planned / "report/report.json").write_bytes(msgspec.json.encode(report))

    assert "thresholds" not in {each.kind for each in _status(planned).missing}
    _plan(planned, template + threshold.format("second"), log_of)

    assert "thresholds" in {each.kind for each in _status(planned).missing}


def test_a_consent_covers_the_days_of_the_period_and_of_signing(planned: Path, log_of: LogOf) -> None:
    def lacks(now: str) -> bool:
        now_ms = int(datetime.datetime.fromisoformat(now).timestamp() * 1000)
        return any(each.kind == "consent" and "FR-P01" in each.words.en for each in _status(planned, now_ms).missing)

    kinds: tuple[DataKind, ...] = ("telemetry", "vehicles")
    _consent(planned, "FR-P01", kinds, log_of, ("2026-04-02", "2026-12-31"))

    assert lacks("2026-04-02T09:00:00+08:00")
    _consent(planned, "FR-P01", kinds, log_of, ("2026-03-01", "2026-03-02"))

    assert lacks("2026-04-01T23:59:00+08:00")
    assert not lacks("2026-04-02T00:01:00+08:00")


def test_a_gap_between_consents_is_found_within_the_period(planned: Path, log_of: LogOf) -> None:
    _change(planned, period_end="2026-03-12T00:00:00+08:00")
    for days in (("2026-03-01", "2026-03-05"), ("2026-03-07", "2026-12-31")):
        _consent(planned, "FR-P01", ("telemetry", "vehicles"), log_of, days)

    assert any("FR-P01" in each.words.en for each in _status(planned).missing)
    _consent(planned, "FR-P01", ("telemetry", "vehicles"), log_of, ("2026-03-06", "2026-03-06"))

    assert not any("FR-P01" in each.words.en for each in _status(planned).missing if each.kind == "consent")


def test_a_printed_command_is_one_for_a_shell_and_leaves_the_outcome_to_who_pastes_it(planned: Path) -> None:
    _change(planned, findings=(FOUND,))
    commands = {each.kind: shlex.split(each.command) for each in _status(planned).missing if each.command}

    assert {"finding", "consent"} == set(commands)
    assert ["--outcome", "...", "--reason", "...", "--decided-by", "..."] == commands["finding"][-6:]
    assert "accepted" not in commands["finding"]


def test_what_is_still_to_be_filled_in_is_not_recorded(planned: Path, log_of: LogOf) -> None:
    _change(planned, findings=(FOUND,))
    words = {"outcome": "accepted", "reason": "...", "decided_by": "a person", "due": None}
    with pytest.raises(UsageError, match=r"trial\.text: reason is still to be filled in"):
        decide(planned, Selection(check="time.gap"), **words, now_ms=NOW_MS, log_of=log_of)


def test_what_was_to_be_corrected_until_a_day_and_was_not_stands_in_the_way(ready: Path, log_of: LogOf) -> None:
    _change(ready, findings=(FOUND,))
    words = {"outcome": "to-correct", "reason": "r", "decided_by": "a person", "due": "2026-03-04"}
    decide(ready, Selection(check="time.gap"), **words, now_ms=NOW_MS, log_of=log_of)

    assert ["overdue"] == [each.kind for each in _status(ready).missing]
    assert [] == list(_status(ready, NOW_MS - 86_400_000).missing)


def test_what_changed_while_it_was_signed_is_not_signed(
    ready: Path, log_of: LogOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sign() -> None:
        sign_off(ready, signed_by="a person", role="verifier", now_ms=NOW_MS, log_of=log_of)

    filing = trial_status.file_trial_report

    def run_meanwhile(*args: Any, **named: Any) -> tuple[str, bytes]:
        _change(ready, findings=(FOUND,))
        return filing(*args, **named)

    def withdraw_meanwhile(*args: Any, **named: Any) -> tuple[str, bytes]:
        filed = filing(*args, **named)
        consent = read_record(ready).list_consents()[0].consent.number
        withdraw_consent(ready, consent, reason="r", withdrawn_by="w", now_ms=NOW_MS, log_of=log_of)
        return filed

    for meanwhile in (run_meanwhile, withdraw_meanwhile):
        monkeypatch.setattr(trial_status, "file_trial_report", meanwhile)
        with pytest.raises(UsageError, match=r"trial\.moved-on"):
            sign()
        _change(ready, findings=())

    assert [] == read_record(ready).list_sign_offs()


def test_data_whose_owner_withdrew_the_consent_are_not_run(
    ready: Path, run_into: Callable[..., Report], trials_dir: Path, log_of: LogOf
) -> None:
    mine = [each.consent for each in read_record(ready).list_consents() if each.consent.party_id == "FR-P01"]
    withdraw_consent(ready, mine[0].number, reason="r", withdrawn_by="w", now_ms=NOW_MS, log_of=log_of)
    before = (ready / "report/report.json").read_bytes()
    with pytest.raises(UsageError, match=r"trial\.consent-withdrawn: .*FR-P01 .*telemetry"):
        run_into(trials_dir / "first-run", ready)

    assert before == (ready / "report/report.json").read_bytes()
    _consent(ready, "FR-P01", ("telemetry", "vehicles"), log_of)

    assert run_into(trials_dir / "first-run", ready)


def test_a_run_on_the_same_data_leaves_the_report_and_its_sign_off_and_a_changed_row_does_not(
    ready: Path, dataset: Path, run_into: Callable[..., Report], log_of: LogOf
) -> None:
    signed = sign_off(ready, signed_by="a person", role="verifier", now_ms=NOW_MS, log_of=log_of)
    before = (ready / "report/report.json").read_bytes()
    logged = Workspace.open(ready).list_entries()
    again = run_into(dataset, ready, now_ms=NOW_MS + 3_600_000)

    assert again.checkpoint is not None
    assert len(logged) > again.checkpoint.size
    assert before == (ready / "report/report.json").read_bytes()
    assert _status(ready).is_signed(signed)
    assert [] == Workspace.open(ready).fsck()
    table = dataset / "station_energy.csv"
    data = table.read_bytes()
    table.write_bytes(data.replace(b",217.7,", b",317.7,"))
    run_into(dataset, ready, now_ms=NOW_MS + 7_200_000)

    assert data != table.read_bytes()
    assert [signed] == _status(ready).record.list_sign_offs()
    assert not _status(ready).is_signed(signed)
    table.write_bytes(data)
    run_into(dataset, ready, now_ms=NOW_MS + 10_800_000)

    assert before == (ready / "report/report.json").read_bytes()
    assert _status(ready).is_signed(signed)


def test_a_workspace_that_was_restored_without_what_can_be_made_again_is_still_signed_off(
    ready: Path, trials_dir: Path, run_into: Callable[..., Report], log_of: LogOf, tmp_path: Path
) -> None:
    signed = sign_off(ready, signed_by="a person", role="verifier", now_ms=NOW_MS, log_of=log_of)
    restored = tmp_path / "restored"
    restored.mkdir()
    for name in ("received", "log", "statements", "trial"):
        shutil.copytree(ready / name, restored / name)
    for name in ("workspace.json", "policy.txt"):
        shutil.copy2(ready / name, restored / name)

    assert [] == Workspace.open(restored).fsck()
    run_into(trials_dir / "first-run", restored, now_ms=NOW_MS + 3_600_000)

    assert _status(restored).is_signed(signed)
    assert [] == list(read_status(restored, now_ms=NOW_MS).missing)
    assert read_files(ready / "report").items() >= read_files(restored / "report").items()


@pytest.mark.parametrize(
    "fields", [{"size": 99}, {"size": 0}, {"root": "0" * 64}, {"root": "no root"}, {"origin": "other.example/log"}]
)
def test_a_report_whose_checkpoint_is_none_of_this_log_is_written_anew(
    fields: dict[str, Any], ready: Path, trials_dir: Path, run_into: Callable[..., Report]
) -> None:
    path = ready / "report/report.json"
    report = decode_report(path.read_bytes())
    assert report.checkpoint is not None
    wrong = msgspec.structs.replace(report, checkpoint=msgspec.structs.replace(report.checkpoint, **fields))
    path.write_bytes(document_bytes(wrong))
    again = run_into(trials_dir / "first-run", ready)

    assert again.checkpoint is not None
    assert len(Workspace.open(ready).list_entries()) == again.checkpoint.size
