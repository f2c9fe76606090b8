"""Bundles of real statements: what is in them at each depth, what is not, and when none is handed out."""

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from h2verify.bundle import verify_bundle
from h2verify.bundle.raw import WHOLE, WHOLE_IF_RECEIVED
from made_runs import NOW_MS, read_files

from h2corridor.app.bootstrap import make_release_signer
from h2corridor.app.export import export_bundle, list_statements
from h2corridor.app.release import record_release
from h2corridor.model.errors import EvidenceError, InputError, UsageError
from h2corridor.model.report import Report
from h2corridor.statements.bundle import DEPTHS, Depth
from h2corridor.statements.release import make_release
from h2corridor.store.files import Workspace

DECISION = {
    "decided_by": "data protection officer of FR-P05",
    "recipient": "an accredited verifier",
    "purpose": "verification of one consignment",
    "basis": "contract 2026-7, article 4",
}


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def _ids(workspace: Path) -> list[str]:
    found = [each.statement_id for each in list_statements(workspace)]

    assert found
    return found


@pytest.fixture(scope="module")
def released(
    first_run: tuple[Report, Path], keys_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """A workspace of the small trial with a decision to release the first statement's raw data."""
    workspace = Path(shutil.copytree(first_run[1], tmp_path_factory.mktemp("released") / "w"))
    statement_id = _ids(workspace)[0]
    log = make_release_signer(workspace, keys_folder)
    record_release(workspace, statement_id, now_ms=NOW_MS, log=log, **DECISION)
    return workspace, statement_id


def test_bundles_without_raw_data_hold_no_vehicle_identity_and_no_position(
    rehearsal: tuple[Report, Path], trials_dir: Path
) -> None:
    tables = trials_dir / "rehearsal"
    secrets = {row[name] for row in _rows(tables / "vehicles.csv") for name in ("vin", "plate", "terminal_id")}
    places = {row[name] for row in _rows(tables / "sites.csv") for name in ("lat", "lon")}
    places |= {str(int(Decimal(place) * 1_000_000)) for place in places}
    parties = {row[name] for row in _rows(tables / "parties.csv") for name in ("legal_id",)}
    secrets = (secrets | places | parties) - {""}

    assert len(secrets) > 40
    for statement_id in _ids(rehearsal[1]):
        for depth in ("figure", "activity"):
            members = _members(export_bundle(rehearsal[1], statement_id, depth))
            everything = b"\n".join(members.values()) + "\n".join(members).encode()
            assert [] == [secret for secret in secrets if secret.encode() in everything], statement_id


def test_a_bundle_is_the_same_every_time_and_holds_under_the_operator_s_policy(first_run: tuple[Report, Path]) -> None:
    workspace = first_run[1]
    before = read_files(workspace)
    for depth in ("figure", "activity"):
        data = export_bundle(workspace, _ids(workspace)[0], depth)
        result = verify_bundle(data, policy=(workspace / "policy.txt").read_bytes())

        assert data == export_bundle(workspace, _ids(workspace)[0], depth)
        assert ("recomputed, matches", depth, "pinned") == (result.verdict, result.depth, result.trust)
    assert before == read_files(workspace)


def test_a_bundle_holds_the_whole_folder_of_every_edition_and_words_for_people(first_run: tuple[Report, Path]) -> None:
    members = _members(export_bundle(first_run[1], _ids(first_run[1])[0], "figure"))
    manifest = json.loads(members["manifest.json"])

    assert {"figure"} == {manifest["depth"]}
    assert set(manifest["members"]) == members.keys() - {"manifest.json"}
    for name in ("rulesets/iso14083/2023.1/rules.py", "comparisons/tailpipe-press/2025.1/parameters.toml"):
        assert name in members
    readme = members["README.txt"].decode()
    assert "h2verify" in readme and "does not show" in readme and "不能证明" in readme
    assert ["log", "issuer"] == [key["role"] for key in json.loads(members["identity.json"])["keys"]]


def test_an_activity_bundle_of_a_grown_log_proves_its_tree_where_the_statement_was_proved(
    released: tuple[Path, str], first_run: tuple[Report, Path]
) -> None:
    workspace, statement_id = released
    grown = Workspace.open(workspace).find_checkpoint()

    assert grown is not None and first_run[0].checkpoint is not None
    assert grown.size == first_run[0].checkpoint.size + 1
    assert export_bundle(first_run[1], statement_id, "activity") == export_bundle(workspace, statement_id, "activity")


def test_a_raw_bundle_opens_the_trucks_and_their_telemetry_and_papers_whole(
    released: tuple[Path, str], trials_dir: Path
) -> None:
    workspace, statement_id = released
    members = _members(export_bundle(workspace, statement_id, "raw"))
    received = _received(members)
    whole = {path for path, each in received.items() if each["bytes"]}
    telemetry = {
        path.relative_to(trials_dir / "first-run").as_posix()
        for path in (trials_dir / "first-run" / "telemetry").rglob("*.gz")
    }

    assert telemetry | {*WHOLE, *WHOLE_IF_RECEIVED} == whole
    assert {"vehicles.csv", "consignments.csv"} == received.keys() - whole
    assert DECISION["recipient"] == json.loads(members["release.json"])["release"]["recipient"]
    assert {"identity", "party", "position"} == {each["class"] for each in json.loads(members["opened.json"])["opened"]}
    for path in whole:
        assert (trials_dir / "first-run" / path).read_bytes() == members[received[path]["bytes"]]


def _received(members: Mapping[str, bytes]) -> dict[str, Any]:
    documents = [json.loads(data) for name, data in members.items() if name.startswith("received/") and ".json" in name]
    return {each["manifest"]["path"]: each for each in documents}


SET_ASIDE = {
    "refuellings.csv": [
        "FR-R8,FR-GANSHUI,,LFHUEZJP1TG000000,2026-03-02T09:02:53+08:00,2026-03-02T09:13:23+08:00,-1,,,,"
    ],
    "station_energy.csv": ["FR-NOWHERE,2026-03-02,9.5,Chongqing", "FR-GANSHUI,2026-03-32,9.5,Chongqing"],
    "station_stock.csv": ["FR-GANSHUI,2026-03-02"],
    "legs.csv": [
        "FR-L8,FR-C8,1,road,LFHUEZJP1TG000000,FR-DRYPORT,FR-ZUNYI,2026-03-02T07:12:00+08:00,2026-03-02T11:21:57+08:00,9,,,,,"
    ],
}


def test_rows_that_were_set_aside_do_not_stand_in_the_way_of_a_raw_bundle(
    dataset: Path, run_into: Callable[..., Report], keys_folder: Path, tmp_path: Path
) -> None:
    for name, rows in SET_ASIDE.items():
        with (dataset / name).open("a") as file:
            file.writelines(f"{row}\n" for row in rows)
    report = run_into(dataset, tmp_path / "w")
    files = {finding.file for finding in report.findings}
    statement_id = _ids(tmp_path / "w")[0]
    log = make_release_signer(tmp_path / "w", keys_folder)
    record_release(tmp_path / "w", statement_id, now_ms=NOW_MS, log=log, **DECISION)
    data = export_bundle(tmp_path / "w", statement_id, "raw")

    assert SET_ASIDE.keys() <= files
    assert "recomputed, matches" == verify_bundle(data, policy=(tmp_path / "w" / "policy.txt").read_bytes()).verdict
    assert _received(_members(data))["consignments.csv"]["bytes"]


def test_every_depth_of_a_raw_bundle_holds(released: tuple[Path, str]) -> None:
    workspace, statement_id = released
    data = export_bundle(workspace, statement_id, "raw")
    for depth in DEPTHS:
        result = verify_bundle(data, depth=depth, policy=(workspace / "policy.txt").read_bytes())

        assert "recomputed, matches" == result.verdict, result.reason


def test_raw_data_without_a_recorded_decision_are_refused_with_the_next_step(released: tuple[Path, str]) -> None:
    workspace, statement_id = released
    other = next(each for each in _ids(workspace) if each != statement_id)
    with pytest.raises(UsageError, match=r"release\.absent") as caught:
        export_bundle(workspace, other, "raw")

    assert "statement release" in caught.value.next_step
    assert 2 == caught.value.exit_status


def test_the_policy_of_the_workspace_pins_the_editions(released: tuple[Path, str]) -> None:
    workspace, statement_id = released
    policy = (workspace / "policy.txt").read_bytes()
    pins = [line for line in policy.splitlines() if line.startswith(b"edition ")]

    assert 3 == len(pins)
    for depth in DEPTHS:
        data = export_bundle(workspace, statement_id, depth)
        result = verify_bundle(data, policy=policy)

        assert ("recomputed, matches", "pinned") == (result.verdict, result.trust)
        for pin in pins:
            other = pin[:-64] + b"0" * 64
            refused = verify_bundle(data, policy=policy.replace(pin, other))

            assert "policy.unknown-edition" == refused.reason_code
            assert pin.split()[1].decode() in refused.reason


def test_the_decision_asked_for_travels_and_otherwise_the_latest(released: tuple[Path, str], keys_folder: Path) -> None:
    workspace, statement_id = Path(shutil.copytree(released[0], released[0].parent / "two")), released[1]
    log = make_release_signer(workspace, keys_folder)
    later = {**DECISION, "recipient": "a customs laboratory"}
    second = record_release(workspace, statement_id, now_ms=NOW_MS + 3_600_000, log=log, **later)
    (listing,) = [each for each in list_statements(workspace) if each.statement_id == statement_id]
    first_id, second_id = listing.release_ids

    assert (2, second["release_id"]) == (listing.releases, second_id)
    for asked, recipient in ((None, later), (second_id, later), (first_id, DECISION)):
        data = export_bundle(workspace, statement_id, "raw", release_id=asked)

        assert recipient["recipient"] == json.loads(_members(data)["release.json"])["release"]["recipient"]
        assert verify_bundle(data, policy=(workspace / "policy.txt").read_bytes()).holds


def test_a_decision_that_is_not_on_record_or_not_needed_is_refused(released: tuple[Path, str]) -> None:
    workspace, statement_id = released
    (release,) = Workspace.open(workspace).statements.list_releases(statement_id)
    with pytest.raises(UsageError, match=r"release\.unknown: .*rel-0000000000000000") as unknown:
        export_bundle(workspace, statement_id, "raw", release_id="rel-0000000000000000")
    with pytest.raises(UsageError, match=r"release\.not-raw: ") as needless:
        export_bundle(workspace, statement_id, release_id=release["release_id"])

    assert release["release_id"] in unknown.value.next_step
    assert "--depth raw" in needless.value.next_step
    assert 2 == unknown.value.exit_status == needless.value.exit_status


def test_a_decision_older_than_the_statement_is_refused_and_leaves_nothing(
    released: tuple[Path, str], keys_folder: Path
) -> None:
    workspace, statement_id = released
    before = read_files(workspace)
    log = make_release_signer(workspace, keys_folder)
    with pytest.raises(UsageError, match=r"release\.too-early: ") as refused:
        record_release(workspace, statement_id, now_ms=NOW_MS - 1_000, log=log, **DECISION)

    assert before == read_files(workspace)
    for said in ("2026-03-05T08:39:59+00:00", "2026-03-05T16:40:00+08:00", statement_id):
        assert said in refused.value.fault
    assert "--now" in refused.value.next_step


def test_an_older_decision_that_is_kept_already_opens_nothing(released: tuple[Path, str], tmp_path: Path) -> None:
    workspace, statement_id = Path(shutil.copytree(released[0], tmp_path / "w")), released[1]
    kept = Workspace.open(workspace).statements
    early = make_release(statement_id, decided_at="2026-03-05T08:39:59+00:00", **DECISION)
    kept.keep_release(early)

    assert export_bundle(workspace, statement_id, "raw")
    with pytest.raises(UsageError, match=r"release\.too-early: ") as refused:
        export_bundle(workspace, statement_id, "raw", release_id=early["release_id"])
    assert early["release_id"] == refused.value.about


def test_a_decision_is_kept_logged_and_checked_and_the_same_one_is_recorded_once(
    released: tuple[Path, str], keys_folder: Path
) -> None:
    workspace, statement_id = released
    before = read_files(workspace)
    log = make_release_signer(workspace, keys_folder)
    release = record_release(workspace, statement_id, now_ms=NOW_MS, log=log, **DECISION)

    assert before == read_files(workspace)
    assert (release,) == Workspace.open(workspace).statements.list_releases(statement_id)
    assert [] == Workspace.open(workspace).fsck()


@pytest.mark.parametrize("name", DECISION)
@pytest.mark.parametrize("text", ["", "  ", "a\nb", "x" * 2001])
def test_a_decision_that_does_not_say_everything_is_refused(
    released: tuple[Path, str], keys_folder: Path, name: str, text: str
) -> None:
    log = make_release_signer(released[0], keys_folder)
    with pytest.raises(UsageError, match=rf"release\.incomplete: {name}"):
        record_release(*released, now_ms=NOW_MS, log=log, **{**DECISION, name: text})


def test_a_decision_needs_the_log_s_own_key(released: tuple[Path, str], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"keys\.unreadable"):
        make_release_signer(released[0], tmp_path)

    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("statement_id", ["st-0000000000000000", "FR-C0001", "../log", ""])
def test_an_unknown_statement_is_said_so(first_run: tuple[Report, Path], statement_id: str) -> None:
    with pytest.raises(UsageError, match=r"statement\.unknown"):
        export_bundle(first_run[1], statement_id)


DAMAGE: dict[str, tuple[str, Depth]] = {
    "the figure's derivation": ("st-*/figures.json", "figure"),
    "the chain": ("st-*/chain.json", "figure"),
    "the signed statement": ("st-*/statement.json", "figure"),
    "the status": ("st-*/status.json", "figure"),
    "an edition": ("editions/*/formulas.json", "figure"),
    "a group": ("activity-*/000011.json", "activity"),
    "the tree": ("activity-*/tree.json", "activity"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_nothing_is_handed_out_that_does_not_hold(first_run: tuple[Report, Path], tmp_path: Path, what: str) -> None:
    workspace = Path(shutil.copytree(first_run[1], tmp_path / "w"))
    pattern, depth = DAMAGE[what]
    statement_id = _ids(workspace)[0]
    for path in (workspace / "statements").glob(pattern):
        data = path.read_bytes()
        path.write_bytes(data.replace(b"0", b"1", 1) if b"0" in data else data[:-1])
    with pytest.raises(EvidenceError):
        export_bundle(workspace, statement_id, depth)


def test_what_an_earlier_issuer_key_signed_is_still_handed_out(
    dataset: Path, run_into: Callable[..., Report], keys_folder: Path, tmp_path: Path
) -> None:
    from h2corridor.app.bootstrap import make_request
    from h2corridor.app.trial_run import run_trial

    run_into(dataset, tmp_path / "w")
    other = tmp_path / "keys"
    other.mkdir()
    shutil.copy(keys_folder / "log.key", other)
    run_trial(
        make_request(dataset, tmp_path / "w", now_ms=NOW_MS, keys=other, salt_seed=keys_folder / "salt.seed"),
        lambda *_: None,
    )

    assert 4 == len(_ids(tmp_path / "w"))
    assert 2 == (tmp_path / "w" / "policy.txt").read_text().count("signer ")
    for statement_id in _ids(tmp_path / "w"):
        assert export_bundle(tmp_path / "w", statement_id)
    assert [] == Workspace.open(tmp_path / "w").fsck()


def test_signatures_of_suppliers_travel_along(
    dataset: Path, run_into: Callable[..., Report], keys_folder: Path, tmp_path: Path
) -> None:
    from h2corridor.app.sign import make_supplier_key, sign_files, sign_fill

    fill = _rows(dataset / "refuellings.csv")[0]
    carrier = _rows(dataset / "vehicles.csv")[0]["carrier_id"]
    signer = make_supplier_key(carrier, tmp_path / "carrier.key", randomness=lambda count: bytes(range(count)))
    (dataset / "signatures").mkdir()
    (dataset / "signatures" / "keys.txt").write_text(f"{carrier} {signer.vkey}\n")
    sign_fill(dataset, fill["refuelling_id"], signer)
    sign_files(dataset, carrier, signer, [])
    run_into(dataset, tmp_path / "w")
    statement_id = _ids(tmp_path / "w")[0]
    record_release(
        tmp_path / "w", statement_id, now_ms=NOW_MS, log=make_release_signer(tmp_path / "w", keys_folder), **DECISION
    )
    plain, raw = (_members(export_bundle(tmp_path / "w", statement_id, depth)) for depth in ("figure", "raw"))
    listed = json.loads(plain["statement.json"])["statement"]["supplier_signatures"]

    assert ["file-manifest", "fill", "telemetry-manifest"] == [each["kind"] for each in listed]
    assert {"signatures/1.note"} == {name for name in plain if name.startswith("signatures/")}
    assert 3 == len([name for name in raw if name.startswith("signatures/")])
    supplier = json.loads(plain["identity.json"])["keys"][2]
    assert ("supplier", carrier, signer.vkey) == (supplier["role"], supplier["party_id"], supplier["key"])
    assert supplier["name_en"]
