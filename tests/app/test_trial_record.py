"""The trial as a record: plan, consents, decisions, sign-off, all kept and logged."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from made_runs import NOW_MS

from h2corridor.app.bootstrap import make_record_signer
from h2corridor.app.trial_consents import TrialDays, add_consent, missing_consents, withdraw_consent
from h2corridor.app.trial_decisions import Selection, decide, list_findings, stale_decisions
from h2corridor.app.trial_plan import plan_template, record_plan
from h2corridor.app.trial_record import read_record
from h2corridor.app.trial_report import check_trial_report, file_trial_report
from h2corridor.app.trial_status import read_status, sign_off
from h2corridor.evidence import LogSigner
from h2corridor.model.errors import CorridorError, InputError, UsageError
from h2corridor.model.report import FindingRow, Report, decode_report
from h2corridor.store.files import Workspace

LogOf = Callable[[Path], LogSigner]
DAYS = TrialDays.of("2026-03-02T00:00:00+08:00", "2026-03-03T00:00:00+08:00", NOW_MS)
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
    params={"gap_s": "100"},
    next_step="Ask.",
)


@pytest.fixture(scope="session")
def log_of(keys_folder: Path) -> LogOf:
    return make_record_signer(keys_folder)


@pytest.fixture(scope="session")
def plan_file(trials_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("plan") / "plan.toml"
    file.write_text(plan_template(trials_dir / "first-run"), "utf-8")
    return file


@pytest.fixture
def workspace(first_run: tuple[Report, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(first_run[1], tmp_path / "w"))


@pytest.fixture
def planned(workspace: Path, plan_file: Path, log_of: LogOf) -> Path:
    record_plan(workspace, plan_file, now_ms=NOW_MS, log_of=log_of)
    return workspace


def _finds(workspace: Path, *findings: FindingRow) -> None:
    path = workspace / "report" / "report.json"
    report = msgspec.structs.replace(decode_report(path.read_bytes()), findings=findings)
    path.write_bytes(msgspec.json.encode(report))


def _consent_of_all(workspace: Path, log_of: LogOf) -> None:
    for party, kinds in missing_consents(read_record(workspace), DAYS):
        add_consent(
            workspace,
            party.party_id,
            kinds,
            purpose="trial",
            legal_basis="contract",
            given_by="a person",
            from_day="2026-03-01",
            until_day="2026-12-31",
            now_ms=NOW_MS,
            log_of=log_of,
        )


def _decide(workspace: Path, log_of: LogOf, outcome: str = "accepted", **more: str) -> None:
    words = {"reason": "seen", "decided_by": "a person", "due": None, **more}
    decide(workspace, Selection(check="time.gap"), outcome=outcome, now_ms=NOW_MS, log_of=log_of, **words)


def _faults(workspace: Path) -> set[tuple[str, str]]:
    return {(fault.code, fault.path) for fault in Workspace.open(workspace).fsck()}


def test_the_template_of_a_data_set_is_a_plan(planned: Path) -> None:
    plan = read_record(planned).find_plan()

    assert plan is not None
    assert "First run: Chongqing Dry Port to Zunyi and back" == plan.title_en
    assert {"carrier", "verifier"} <= {party.role for party in plan.parties}


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("title_en = ", "titel_en = ", "titel_en"),
        ('role = "carrier"', 'role = "driver"', r"party\[0\]\.role"),
        ("period_end = ", 'period_end = "soon" # ', r"plan\.period_end"),
        ("tested = [", "tested = [1,", r"tested\[0\]"),
        ('party_id = "FR-P02"', 'party_id = "FR-P01"', "stands twice"),
    ],
)
def test_a_plan_with_a_fault_is_refused_with_its_key(  # noqa: PLR0917 - fixtures, given by name
    old: str, new: str, named: str, workspace: Path, plan_file: Path, tmp_path: Path, log_of: LogOf
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(plan_file.read_text("utf-8").replace(old, new, 1), "utf-8")

    with pytest.raises(InputError, match=rf"trial\.plan: .*{named}.*--template"):
        record_plan(workspace, bad, now_ms=NOW_MS, log_of=log_of)

    assert not (workspace / "trial").exists()


def test_whatever_of_a_record_is_changed_lost_or_added_fsck_names_it(planned: Path, log_of: LogOf) -> None:
    _finds(planned, FOUND)
    _decide(planned, log_of)
    digest, _ = file_trial_report(planned, now_ms=NOW_MS, log_of=log_of)
    first, report = planned / "trial/000001.json", planned / f"trial/reports/{digest}.json"

    assert set() == _faults(planned)
    for path in (first, report):
        data = path.read_bytes()
        path.write_bytes(data.replace(b"First run", b"Worst run"))

        assert path.relative_to(planned).as_posix() in {about for _, about in _faults(planned)} or any(
            code == "fsck.no-receipt" for code, _ in _faults(planned)
        )
        path.unlink()

        assert _faults(planned)
        path.write_bytes(data)
    (planned / "trial/note.txt").write_text("x")

    assert {("fsck.stray", "trial/note.txt")} == _faults(planned)


def test_a_document_that_a_cut_off_command_has_kept_only_is_logged_by_the_next_one(
    workspace: Path, plan_file: Path, log_of: LogOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Workspace, "append_entries", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            record_plan(workspace, plan_file, now_ms=NOW_MS, log_of=log_of)

    assert {("fsck.not-logged", "trial/000001.json")} == _faults(workspace)
    record_plan(workspace, plan_file, now_ms=NOW_MS, log_of=log_of)

    assert set() == _faults(workspace)
    assert 1 == len(read_record(workspace).documents)


def test_a_decision_holds_for_what_the_finding_says_and_no_longer(planned: Path, log_of: LogOf) -> None:
    before = (planned / "report/figures.json").read_bytes()
    _finds(planned, FOUND)
    _decide(planned, log_of)

    assert [False] == [each.undecided for each in list_findings(planned, Selection())]
    _finds(planned, msgspec.structs.replace(FOUND, message="For 100 s nothing came.", next_step="Ask them."))

    assert [False] == [each.undecided for each in list_findings(planned, Selection())]
    changed = msgspec.structs.replace(FOUND, params={"gap_s": "900"})
    _finds(planned, changed)

    assert [True] == [each.undecided for each in list_findings(planned, Selection())]
    assert ["says-otherwise"] == [each.state for each in stale_decisions([changed], read_record(planned))]
    assert ["not-found"] == [each.state for each in stale_decisions([], read_record(planned))]
    assert before == (planned / "report/figures.json").read_bytes()


def test_what_is_still_found_is_not_corrected_and_what_is_gone_is(planned: Path, log_of: LogOf) -> None:
    _finds(planned, FOUND)
    _decide(planned, log_of, "to-correct", due="2026-03-20")
    with pytest.raises(UsageError, match=r"trial\.still-found"):
        _decide(planned, log_of, "corrected")
    _finds(planned)
    _decide(planned, log_of, "corrected")

    assert ["to-correct", "corrected"] == [each.outcome for each in read_record(planned).list_decisions()]
    assert [] == stale_decisions([], read_record(planned))
    _finds(planned, FOUND)

    assert [(True, None)] == [(each.undecided, each.decision) for each in list_findings(planned, Selection())]


@pytest.mark.parametrize(
    ("outcome", "more", "code"),
    [
        ("forgiven", {}, r"trial\.outcome"),
        ("to-correct", {}, r"trial\.due"),
        ("accepted", {"due": "2026-03-20"}, r"trial\.due"),
        ("to-correct", {"due": "soon"}, r"trial\.day"),
        ("accepted", {"reason": " "}, r"trial\.text"),
        ("accepted", {"decided_by": "a\x1b[2J"}, r"trial\.text"),
    ],
)
def test_a_decision_that_says_too_little_is_refused(
    outcome: str, more: dict[str, str], code: str, workspace: Path, log_of: LogOf
) -> None:
    _finds(workspace, FOUND)
    with pytest.raises(UsageError, match=code):
        _decide(workspace, log_of, outcome, **more)


def test_signing_off_is_refused_until_nothing_is_missing(
    workspace: Path, plan_file: Path, log_of: LogOf, tmp_path: Path
) -> None:
    def missing() -> set[str]:
        return {each.kind for each in read_status(workspace, now_ms=NOW_MS).missing}

    def sign(role: str = "verifier") -> None:
        sign_off(workspace, signed_by="a person", role=role, now_ms=NOW_MS, log_of=log_of)

    _finds(workspace, FOUND)

    assert {"plan", "finding"} == missing()
    record_plan(workspace, plan_file, now_ms=NOW_MS, log_of=log_of)

    assert {"consent", "finding"} == missing()
    _consent_of_all(workspace, log_of)

    assert {"finding"} == missing()
    with pytest.raises(UsageError, match=r"(?s)trial\.not-ready: .*time\.gap \(warning\) are undecided"):
        sign()
    _decide(workspace, log_of)
    stray = workspace / "trial/stray"
    stray.touch()

    assert {"log"} == missing()
    stray.unlink()
    with pytest.raises(UsageError, match=r"trial\.role"):
        sign("driver")
    sign()
    status = read_status(workspace, now_ms=NOW_MS)

    assert [True] == [status.is_signed(each) for each in status.record.list_sign_offs()]
    consent = status.record.list_consents()[0].consent.number
    withdraw_consent(workspace, consent, reason="no", withdrawn_by="a person", now_ms=NOW_MS, log_of=log_of)
    status = read_status(workspace, now_ms=NOW_MS)

    assert ({"consent"}, [False]) == (
        {each.kind for each in status.missing},
        [status.is_signed(each) for each in status.record.list_sign_offs()],
    )


def test_a_plan_is_not_met_by_a_run_with_other_thresholds_and_met_after_the_next(  # noqa: PLR0917 - fixtures, by name
    trials_dir: Path, workspace: Path, plan_file: Path, run_into: Callable[..., Report], log_of: LogOf, tmp_path: Path
) -> None:
    other = tmp_path / "other.toml"
    threshold = (
        '\n[[threshold]]\ncheck = "hydrogen.consumption"\nname = "used_kg_per_100km_max"\nvalue = "3"\n'
        'reason = "light loads only"\nsource = "minutes"\ndecided_on = "2026-03-01"\n'
    )
    other.write_text(plan_file.read_text("utf-8") + threshold, "utf-8")
    record_plan(workspace, other, now_ms=NOW_MS, log_of=log_of)

    assert "thresholds" in {each.kind for each in read_status(workspace, now_ms=NOW_MS, checks_log=False).missing}
    report = run_into(trials_dir / "first-run", workspace)

    assert [("3", "25")] == [(each.value, each.instead_of) for each in report.thresholds]
    assert {"hydrogen.consumption"} == {each.check for each in report.findings}
    assert "thresholds" not in {each.kind for each in read_status(workspace, now_ms=NOW_MS, checks_log=False).missing}


def test_a_filed_report_is_found_in_the_log_and_a_changed_one_is_not(
    planned: Path, log_of: LogOf, tmp_path: Path
) -> None:
    digest, data = file_trial_report(planned, now_ms=NOW_MS, log_of=log_of)
    size = Workspace.open(planned).find_checkpoint().size  # type: ignore[union-attr]  # there is one
    again, same = file_trial_report(planned, now_ms=NOW_MS + 1000, log_of=log_of)

    assert (digest, data, size) == (again, same, Workspace.open(planned).find_checkpoint().size)  # type: ignore[union-attr]
    file = tmp_path / "trial-report.json"
    file.write_bytes(data)

    assert size - 1 == check_trial_report(planned, file)["index"]
    file.write_bytes(data.replace(b"First run", b"Worst run"))
    with pytest.raises(CorridorError, match=r"evidence\.not-logged: .*was never filed here"):
        check_trial_report(planned, file)
