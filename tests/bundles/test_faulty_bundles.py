"""Bundles with one fault each, and good ones: what h2verify says of them, as a function and as the command."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from corpus import good_bundles, list_faults
from forger import Lie
from h2verify.bundle import Result, verify_bundle
from h2verify.bundle.statement import key_fingerprint
from h2verify.bundle.steps import STEPS
from made_bundles import Good, make_rehearsal
from policies import POLICIES, cosign
from registry import Fault
from signing import repair_manifest
from zips import members_of, pack

MEMORY_KIB_MAX = 256 * 1024
HERE = Path(__file__).parent
FAULTS = list_faults()
LISTED = {
    "mass": ("changed_mass", "changed_mass_in_the_statement", "changed_mass_in_the_chain", "changed_mass_in_a_record"),
    "factor": ("changed_factor", "changed_factor_in_the_edition", "edition_made_by_the_operator"),
    "formula": ("changed_formula", "changed_formula_in_the_edition"),
    "rounding": ("rounded_figure", "rounding_in_between", "rounded_comparison"),
    "rule set": ("rule_set_of_the_right_name_and_another_digest",),
    "frames": ("swapped_frames", "dropped_frame", "repeated_frame", "swapped_frames_committed_to"),
    "root": ("wrong_root",),
    "checkpoint": ("forged_checkpoint", "older_checkpoint", "checkpoint_of_another_log"),
    "signer": ("unknown_signer", "policy_without_signers"),
    "salt": ("disclosed_row_with_another_salt", "disclosed_records_with_another_salt"),
    "members": ("extra_member", "missing_member", "duplicate_member", "duplicate_member_by_case"),
    "hostile": ("path_upwards", "huge_expansion", "json_nested_deeply", "json_with_a_giant_number", "json_with_nan"),
    "documents": ("json_that_says_twice", "cyclic_derivation", "text_file"),
}
"""What the bundles must have among them, whatever else is added or renamed."""


@pytest.fixture(scope="module")
def command_runs(corpus: Path) -> dict[str, dict[str, Any]]:
    """How the command ended on every faulty bundle, by name."""
    jobs = [[str(corpus / fault.file_name), *_options(corpus, fault)] for fault in FAULTS]
    return dict(zip([fault.name for fault in FAULTS], _run_all(jobs), strict=True))


def _options(corpus: Path, fault: Fault) -> Iterator[str]:
    yield "--json"
    if fault.policy != "none":
        yield from ("--policy", str(corpus / f"policy_{fault.policy}.txt"))
    if fault.asked:
        yield from ("--depth", fault.asked)


def _run_all(jobs: list[list[str]]) -> list[dict[str, Any]]:
    runner = [sys.executable, str(HERE / "measured_runs.py")]
    run = subprocess.run(runner, input=json.dumps(jobs), capture_output=True, text=True, check=True, timeout=600)
    results: list[dict[str, Any]] = json.loads(run.stdout)
    return results


def test_every_fault_that_a_verifier_must_know_is_in_the_corpus() -> None:
    names = {fault.name for fault in FAULTS}

    assert [] == [name for each in LISTED.values() for name in each if name not in names]
    assert len(names) >= 60


def test_every_code_of_the_format_s_page_has_a_bundle_or_a_reason_not_to() -> None:
    page = (HERE.parents[1] / "docs" / "reference" / "bundle.md").read_text("utf-8")
    cells = [row.split("|") for row in page.splitlines() if row.startswith("| ")]
    rows = [row for row in cells if row[1].strip().isdigit()]
    stated: set[str] = set()
    for row in rows:
        family = ""
        for code in row[4].split("`")[1::2]:
            family = code.partition(".")[0] or family
            stated.add(code if not code.startswith(".") else family + code)
    without = {"derivation.limit": "no rule of the packaged editions has a guard"}

    assert len(rows) == len(STEPS)
    assert stated - without.keys() - {fault.code for fault in FAULTS} == set()
    assert {fault.code for fault in FAULTS} - stated == set()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_bundle_with_a_fault_is_refused_for_it(fault: Fault, good: Good, corpus: Path) -> None:
    data = (corpus / fault.file_name).read_bytes()
    result = verify_bundle(data, depth=fault.asked, policy=POLICIES[fault.policy](good))

    assert (fault.code, fault.verdict) == (result.reason_code, result.verdict), result.reason
    assert result.reason.startswith(f"{fault.code}: ")
    assert result.figure is None
    _require_one_refused_step(result)


def _require_one_refused_step(result: Result) -> None:
    statuses = [step.status for step in result.steps]
    at = statuses.index("refused")

    assert ["holds"] * at + ["refused"] + ["not reached"] * (len(STEPS) - at - 1) == statuses


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_command_refuses_it_too_within_bounds(fault: Fault, command_runs: dict[str, dict[str, Any]]) -> None:
    run = command_runs[fault.name]

    assert fault.exit_status == run["status"], run["stderr"]
    assert "Traceback" not in run["stdout"] + run["stderr"]
    assert fault.code == json.loads(run["stdout"])["reason_code"]
    assert run["memory_kib"] < MEMORY_KIB_MAX


@pytest.mark.parametrize("family", sorted({fault.code.partition(".")[0] for fault in FAULTS}))
def test_the_command_as_it_is_called_ends_as_its_fork_does(
    family: str, corpus: Path, command_runs: dict[str, dict[str, Any]]
) -> None:
    fault = next(each for each in FAULTS if each.code.startswith(f"{family}."))
    command = [sys.executable, "-m", "h2verify", str(corpus / fault.file_name), *_options(corpus, fault)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    forked = command_runs[fault.name]

    assert (forked["status"], forked["stdout"], forked["stderr"]) == (run.returncode, run.stdout, run.stderr)


def test_a_good_bundle_holds_however_it_was_packed(good: Good) -> None:
    for name, data in good_bundles(good).items():
        pinned, unpinned = verify_bundle(data, policy=good.policy), verify_bundle(data)
        fingerprint = key_fingerprint(good.keys.issuer.key)

        assert ("recomputed, matches", "pinned") == (pinned.verdict, pinned.trust), (name, pinned.reason)
        assert f"consistent; signer not pinned by you: {fingerprint}" == unpinned.verdict
        assert "unpinned" == unpinned.trust


def test_the_command_says_that_a_good_bundle_holds(good: Good, corpus: Path) -> None:
    names = list(good_bundles(good))
    policy = ("--policy", str(corpus / "policy_good.txt"))
    runs = _run_all([[str(corpus / name), "--json", *policy] for name in names])

    assert [(0, "recomputed, matches")] * len(names) == [
        (run["status"], json.loads(run["stdout"])["verdict"]) for run in runs
    ]
    assert max(run["memory_kib"] for run in runs) < MEMORY_KIB_MAX


@pytest.mark.parametrize("depth", ["figure", "activity", "raw"])
def test_what_the_forger_repairs_holds_before_he_lies(good: Good, depth: str) -> None:
    result = verify_bundle(Lie.about(good, depth).bundle(), policy=good.policy)

    assert ("recomputed, matches", depth) == (result.verdict, result.depth), result.reason


def test_a_policy_that_pins_editions_and_witnesses_that_cosigned_are_enough(good: Good) -> None:
    lie = Lie.about(good, "figure")
    lie.at("proof", lambda proof: proof.update(checkpoint=cosign(cosign(proof["checkpoint"], "east"), "north")))
    for data, policy in ((lie.bundle(), "witnessed"), (good.bundles["raw"], "pinned-editions")):
        assert "recomputed, matches" == verify_bundle(data, policy=POLICIES[policy](good)).verdict


def test_an_edition_of_the_operator_s_own_is_caught_only_by_a_pinned_digest(good: Good, corpus: Path) -> None:
    data = (corpus / "bundle_edition_made_by_the_operator.zip").read_bytes()

    assert verify_bundle(data, policy=good.policy).holds
    assert verify_bundle(good.bundles["raw"], policy=good.pinned_policy).holds
    assert "policy.unknown-edition" == verify_bundle(data, policy=POLICIES["pinned-editions"](good)).reason_code


def test_a_policy_inside_a_bundle_changes_nothing(good: Good) -> None:
    lie = Lie.about(good, "figure")
    lie.texts["policy.txt"] = b"log and signer: whoever\n"

    assert "recomputed, matches" == verify_bundle(lie.bundle(), policy=good.policy).verdict


@pytest.mark.parametrize("what", ["a directory", "a file that is absent", "a policy that is absent"])
def test_what_cannot_be_read_is_said_in_a_line(what: str, good: Good, tmp_path: Path) -> None:
    (tmp_path / "good.zip").write_bytes(good.bundles["figure"])
    (tmp_path / "policy.txt").write_bytes(good.policy)
    bundle = {"a directory": ".", "a file that is absent": "absent.zip"}.get(what, "good.zip")
    policy = "absent.txt" if what == "a policy that is absent" else "policy.txt"
    (run,) = _run_all([[str(tmp_path / bundle), "--policy", str(tmp_path / policy)]])

    assert (2, "", 1) == (run["status"], run["stdout"], run["stderr"].count("\n"))
    assert "Traceback" not in run["stderr"]


def test_bundles_of_another_trial_hold_and_an_outsider_s_change_in_each_is_refused(
    trials_dir: Path, tmp_path: Path
) -> None:
    bundles = list(make_rehearsal(trials_dir / "rehearsal", tmp_path))

    assert bundles
    for data in bundles:
        members = members_of(data)
        changed = members["activity/1.json"].replace(b'"row":', b'"row":1', 1)
        refused = verify_bundle(pack(repair_manifest({**members, "activity/1.json": changed})))

        assert verify_bundle(data).holds
        assert "activity.records" == refused.reason_code
