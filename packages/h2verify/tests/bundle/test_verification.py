"""The steps in their order: a good bundle holds, and each fault is refused at its step with its code."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from h2verify import canonical, note
from h2verify.bundle import verification, verify_bundle
from h2verify.bundle.steps import STEPS, find_step
from h2verify.report_text import format_result
from hypothesis import given, settings
from hypothesis import strategies as st
from made_bundle import (
    ISSUING,
    LOG,
    POLICY,
    Signer,
    make_bundle,
    make_members,
    make_proof,
    pack,
    with_manifest,
)
from made_figure import METHOD, RULE_SET

OTHER = Signer("other.example/log")
RULES = ("rulesets", RULE_SET)
DIESEL = ("comparisons", METHOD)


def _set(path: str, value: Any) -> Callable[[Any], None]:
    """A change that puts a value at a dotted path."""

    def change(document: Any) -> None:
        *above, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        for part in above:
            document = document[part]
        document[last] = value

    return change


def _drop(path: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        *above, last = path.split(".")
        for part in above:
            document = document[part]
        del document[last]

    return change


def _without(name: str, *, under: Any = None) -> Callable[[Any], None]:
    """A change that takes a name away, whatever characters it has."""

    def change(document: Any) -> None:
        del (document if under is None else document[under])[name]

    return change


def _refuses(change: dict[str, Any], code: str, step: str) -> None:
    result = verify_bundle(make_bundle(change))
    refused = [each.words.id for each in result.steps if each.status == "refused"]

    assert (code, [step], "refused", None) == (result.reason_code, refused, result.verdict, result.figure)
    assert result.reason.startswith(f"{code}: ")


def test_a_good_bundle_holds_unpinned_without_a_policy_and_pinned_with_one() -> None:
    unpinned = verify_bundle(make_bundle())
    pinned = verify_bundle(make_bundle(), policy=POLICY)
    fingerprint = hashlib.sha256(b"log.example/small/issuer\n\x01" + ISSUING.key.public_key).hexdigest()

    assert f"consistent; signer not pinned by you: {fingerprint}" == unpinned.verdict
    assert ("unpinned", None, 0, "figure") == (
        unpinned.trust,
        unpinned.reason_code,
        unpinned.exit_status,
        unpinned.depth,
    )
    assert ("recomputed, matches", "pinned", 0) == (pinned.verdict, pinned.trust, pinned.exit_status)
    assert ["holds"] * 10 + ["not reached"] * 8 == [step.status for step in pinned.steps]
    assert pinned.figure is not None
    assert "60" == pinned.figure["figure"]["wtw_kgco2e"]


def test_the_result_says_every_step_in_both_languages() -> None:
    steps = verify_bundle(make_bundle()).as_json()["steps"]

    assert [*range(1, 19)] == [step["number"] for step in steps]
    assert all(step["says_en"] and step["says_zh"] and "{" not in step["says_en"] for step in steps[:10])
    assert {"steps": 24, "comparisons": 1} == steps[7]["details"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_drop("depth"), "manifest.form"),
        (_set("depth", "deep"), "manifest.form"),
        (_set("format", "h2corridor/bundle/2"), "manifest.form"),
        (_set("members", []), "manifest.form"),
        (_set("extra", 1), "manifest.form"),
        (_set("statement_id", "st-1"), "manifest.form"),
        (lambda manifest: manifest["members"]["chain.json"].update(size=-1), "manifest.form"),
        (lambda manifest: manifest["members"]["chain.json"].update(size=1), "manifest.digest"),
        (lambda manifest: manifest["members"]["chain.json"].update(sha256="00" * 32), "manifest.digest"),
        (_without("chain.json", under="members"), "manifest.extra-member"),
        (lambda manifest: manifest["members"].update(more={"sha256": "00" * 32, "size": 0}), "manifest.missing-member"),
        (_set("depth", "activity"), "manifest.missing-member"),
        (lambda _: [], "manifest.form"),
    ],
)
def test_a_manifest_with_a_fault_is_refused(change: Any, code: str) -> None:
    _refuses({"manifest": change}, code, "manifest")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_without("README.txt"), "manifest.missing-member"),
        (lambda members: members.update({"README.txt": b"verified and certified"}), "manifest.readme"),
        (lambda members: members.update({"README.txt": members["README.txt"] + b"\n"}), "manifest.readme"),
        (lambda members: members.update({"notes.txt": b""}), "manifest.extra-member"),
        (lambda members: members.update({"proofs.json": b"{}"}), "manifest.extra-member"),
        (lambda members: members.update({"received/1.bin": b""}), "manifest.extra-member"),
        (lambda members: members.update({"rulesets/loose.txt": b""}), "manifest.extra-member"),
        (lambda members: members.update({"signatures/2.note": b""}), "manifest.missing-member"),
        (lambda members: members.update({"signatures/01.note": b""}), "manifest.extra-member"),
        (lambda members: members.update({"chain.json": b'{"a":1,"a":2}'}), "canonical.repeated-name"),
        (lambda members: members.update({"chain.json": b'{"a":NaN}'}), "canonical.float"),
        (lambda members: members.update({"chain.json": b'{"a":1e9}'}), "canonical.float"),
        (lambda members: members.update({"chain.json": b"9" * 100_000}), "canonical.integer"),
        (lambda members: members.update({"chain.json": b"[" * 100_000}), "canonical.depth"),
        (lambda members: members.update({"chain.json": b"[" * 100_000 + b"]" * 100_000}), "canonical.depth"),
        (lambda members: members.update({"chain.json": b'"\\ud800"'}), "canonical.text"),
        (lambda members: members.update({"chain.json": b"{} "}), "canonical.form"),
        (lambda members: members.update({"chain.json": b"\xef\xbb\xbf{}"}), "canonical.json"),
        (lambda members: members.update({"chain.json": b"\xff"}), "canonical.json"),
        (lambda members: members.update({"chain.json": b""}), "canonical.json"),
    ],
)
def test_members_that_are_missing_extra_or_ambiguous_are_refused(change: Any, code: str) -> None:
    _refuses({"members": change}, code, "manifest")


@pytest.mark.parametrize(
    ("stage", "change", "code"),
    [
        ("statement", _drop("findings"), "statement.form"),
        ("statement", _set("more", None), "statement.form"),
        ("statement", _set("figure.wtw_kgco2e", 60), "statement.form"),
        ("statement", _set("figure.wtw_kgco2e", None), "statement.form"),
        ("statement", _set("type", "h2corridor/statement/2"), "statement.form"),
        ("statement", _set("validity.stated_at", "yesterday"), "statement.form"),
        ("statement", _set("validity.valid_until", "2026-13-41T25:61:61+99:99"), "statement.form"),
        ("statement", _set("validity.valid_until", "2027-02-29T00:00:00+08:00"), "statement.form"),
        ("statement", _set("validity.valid_until", "2029-03-31T23:59:59+14:01"), "statement.form"),
        ("statement", _set("trial.period_end", "2026-03-31T24:00:00+08:00"), "statement.form"),
        ("statement", _set("validity.valid_until", "2026-04-01T09:59:59+08:00"), "statement.validity"),
        ("statement", _set("validity.valid_until", "2026-04-01T10:00:00+08:01"), "statement.validity"),
        ("statement", _set("validity.valid_from", "2029-04-01T00:00:00+08:00"), "statement.validity"),
        ("statement", _set("validity.stated_at", "2029-03-31T16:00:00Z"), "statement.validity"),
        ("statement", _set("comparisons.0.baseline_kgco2e", None), "statement.form"),
        ("statement", _set("comparisons.0.status", "withheld"), "statement.form"),
        ("statement", _set("comparisons.0.method", RULE_SET), "statement.form"),
        ("proof", _set("index", True), "statement.form"),
        ("proof", _set("hashes", ["00"]), "statement.form"),
        ("signed", _set("more", 1), "statement.form"),
        ("signed", _set("signature.value", "AA=="), "statement.signature"),
        ("signed", _set("signature.value", "A"), "statement.signature"),
        ("signed", _set("signature.key", OTHER.reference), "statement.signature"),
        ("signed", _set("statement.consignment.mass_kg", "9000"), "statement.signature"),
        ("signed", _set("log_proof.index", 0), "statement.signature"),
        ("statement", _set("issuer.key", OTHER.reference), "statement.signature"),
        ("statement", _set("statement_id", "st-0123456789abcdef"), "statement.id"),
        ("manifest", _set("statement_id", "st-0123456789abcdef"), "statement.id"),
        ("identity", _set("keys.0.role", "issuer"), "identity.form"),
        ("identity", _set("keys.0.key", "nonsense"), "identity.form"),
        ("identity", _set("keys.0.key", Signer("w", note.COSIGNATURE_ED25519).vkey), "identity.form"),
        ("identity", _set("keys.1.name_en", "Somebody Else"), "identity.form"),
        ("identity", _set("keys.1.key", OTHER.vkey), "statement.signature"),
        ("status", _set("more", 1), "status.form"),
        ("status", _set("statement_id", "st-0123456789abcdef"), "status.form"),
        ("status", _set("as_of", "2027-04-01T10:00:00+08:00"), "status.signature"),
        ("status", _set("as_of", "2027-04-31T10:00:00+08:00"), "status.form"),
        ("status", _set("status", "withdrawn"), "status.signature"),
    ],
)
def test_a_statement_identity_or_status_with_a_fault_is_refused(stage: str, change: Any, code: str) -> None:
    _refuses({stage: change}, code, "statement")


def _sign_status(document: Any, /, **says: str | None) -> None:
    said = {name: document[name] for name in ("as_of", "by", "reason", "statement_id", "status")} | says
    document.update(said, signature=ISSUING.sign_document("h2corridor/status/1", said))


def test_a_superseded_statement_holds_and_says_by_which_it_was() -> None:
    later = "st-0123456789abcdef"
    result = verify_bundle(make_bundle({"status": lambda each: _sign_status(each, status="superseded", by=later)}))

    assert (True, later) == (result.holds, (result.status or {}).get("by"))
    assert f"SUPERSEDED: as of 2026-04-01T10:00:00+08:00 the statement {later}" in format_result(result, "en")
    assert later in format_result(result, "zh")


@pytest.mark.parametrize("says", [{"status": "superseded"}, {"by": "st-0123456789abcdef"}])
def test_a_status_that_does_not_fit_the_statement_it_names_is_refused(says: dict[str, str]) -> None:
    _refuses({"status": lambda status: _sign_status(status, **says)}, "status.form", "statement")


def test_a_statement_that_its_issuer_withdrew_is_refused() -> None:
    def withdrawn(status: Any) -> None:
        _sign_status(status, status="withdrawn", reason="withheld")

    _refuses({"status": withdrawn}, "status.not-in-force", "statement")


def _checkpoint(origin: str, signer: Signer) -> Callable[[Any], None]:
    def change(proof: Any) -> None:
        found = note.parse_checkpoint(note.parse_note(proof["checkpoint"].encode()).text)
        text = note.format_checkpoint(note.Checkpoint(origin=origin, size=found.size, root=found.root))
        proof["checkpoint"] = note.format_note(text, [signer.sign_note(text)]).decode()

    return change


@pytest.mark.parametrize(
    ("stage", "change", "code"),
    [
        ("proof", _set("checkpoint", "nonsense"), "log.checkpoint"),
        ("proof", _checkpoint(OTHER.key.name, OTHER), "log.checkpoint"),
        ("proof", _checkpoint(LOG.key.name, Signer("forger")), "log.checkpoint"),
        (
            "proof",
            lambda proof: proof.update(checkpoint=proof["checkpoint"].replace("\n3\n", "\n4\n")),
            "log.checkpoint",
        ),
        ("proof", _checkpoint("log.example/another", LOG), "log.origin"),
        ("proof", _set("index", 3), "log.older-checkpoint"),
        ("proof", _set("index", 2), "log.inclusion"),
        ("proof", _set("hashes", []), "log.inclusion"),
        ("proof", lambda proof: proof["hashes"].reverse(), "log.inclusion"),
        ("log", _set("1", b"{}"), "log.inclusion"),
        ("proof", lambda _: make_proof([b"older"], 0, LOG) | {"index": 1}, "log.older-checkpoint"),
        ("proof", lambda _: make_proof([b"a", b"b", b"c"], 1, LOG), "log.inclusion"),
    ],
)
def test_a_proof_that_does_not_lead_into_the_log_is_refused(stage: str, change: Any, code: str) -> None:
    _refuses({stage: change}, code, "log")


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        (b"", "policy.form"),
        (b"\xff\xfe", "policy.form"),
        (f"signer {ISSUING.vkey}\nquorum none\n".encode(), "policy.no-log"),
        (f"log {LOG.vkey}\nquorum none\n".encode(), "policy.no-signers"),
        (f"log {OTHER.vkey}\nsigner {ISSUING.vkey}\nquorum none\n".encode(), "policy.unknown-log"),
        (f"log {LOG.vkey}\nsigner {OTHER.vkey}\nquorum none\n".encode(), "policy.unknown-signer"),
        (
            f"{POLICY.decode().replace('quorum none', '')}witness w {Signer('w', note.COSIGNATURE_ED25519).vkey}\n"
            "quorum w\n".encode(),
            "policy.quorum",
        ),
    ],
)
def test_signers_and_logs_outside_the_readers_policy_are_refused(policy: bytes, code: str) -> None:
    result = verify_bundle(make_bundle(), policy=policy)

    assert (code, "unpinned", 1) == (result.reason_code, result.trust, result.exit_status)


def test_a_quorum_of_witnesses_is_reached_by_their_cosignatures() -> None:
    witness = Signer("w", note.COSIGNATURE_ED25519)

    def cosigned(proof: Any) -> None:
        parsed = note.parse_note(proof["checkpoint"].encode())
        lines = [*parsed.signatures, witness.cosign(parsed.text)]
        proof["checkpoint"] = note.format_note(parsed.text, lines).decode()

    policy = f"{POLICY.decode().replace('quorum none', '')}witness w {witness.vkey}\nquorum w\n".encode()
    result = verify_bundle(make_bundle({"proof": cosigned}), policy=policy)

    assert ("recomputed, matches", 1) == (result.verdict, result.steps[4].details["witnesses"])


@pytest.mark.parametrize(
    ("stage", "change", "code"),
    [
        ("statement", _set("rule_set.digest", "00" * 32), "edition.digest"),
        ("statement", _set("comparisons.0.digest", "00" * 32), "edition.digest"),
        ("statement", _set("rule_set.edition", "iso14083/2023.1"), "edition.missing"),
        ("statement", _set("comparisons", []), "edition.extra"),
        ("members", lambda members: members.update({f"rulesets/{RULE_SET}/more.txt": b""}), "edition.digest"),
        ("members", _without(f"rulesets/{RULE_SET}/rules.py"), "edition.digest"),
        ("members", lambda members: members.update({"rulesets/small/2026.1/a": b""}), "edition.extra"),
        ("editions", _without("formulas.json", under=RULES), "edition.form"),
        ("editions", lambda editions: editions[RULES].update({"formulas.json": b"[]"}), "edition.form"),
        ("editions", lambda editions: editions[DIESEL].update({"parameters.json": b"{"}), "edition.form"),
    ],
)
def test_rules_with_the_right_name_and_another_content_are_refused(stage: str, change: Any, code: str) -> None:
    _refuses({stage: change}, code, "editions")


@pytest.mark.parametrize(
    ("stage", "change", "code"),
    [
        ("statement", _set("binds.chain", "00" * 32), "binding.chain"),
        ("statement", _set("binds.figures", "00" * 32), "binding.figures"),
        ("statement", _set("consignment.mass_kg", "9000"), "binding.consignment"),
        ("statement", _set("consignment.mass_kg", "10000.0"), "binding.consignment"),
        ("statement", _set("consignment.consignment_id", "C2"), "binding.consignment"),
        ("chain", _set("format", "transport-chain/2"), "chain.form"),
        ("figures", _set("rule_set", "small/2026.1"), "figures.form"),
        ("figures", _set("comparisons", None), "figures.form"),
        ("figures", _set("more", 1), "figures.form"),
    ],
)
def test_another_chain_or_derivation_than_the_statements_is_refused(stage: str, change: Any, code: str) -> None:
    def unbound(document: Any) -> None:
        change(document)

    change_at = {stage: unbound}
    if stage == "figures":
        change_at["statement"] = _set("figure.figure_id", "fig-0123456789abcdef")
    _refuses(change_at, code, "binding")


@pytest.mark.parametrize(
    ("stage", "change", "code"),
    [
        ("chain", _set("shipment.mass_kg", "9000"), "derivation.input"),
        ("chain", _set("elements.0.distance.km", "121"), "derivation.input"),
        ("figures", _set("steps.0.value", "9000"), "derivation.mismatch"),
        ("figures", _set("steps.17.formula", ""), "derivation.shape"),
        ("figures", lambda figures: figures["steps"][17].update(formula=" ", inputs=[]), "derivation.formula"),
    ],
)
def test_a_derivation_that_does_not_follow_is_refused(stage: str, change: Any, code: str) -> None:
    _refuses({stage: change}, code, "derivation")


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("figure.wtw_kgco2e", "60.0000001", "figure.rounding"),
        ("figure.wtw_kgco2e", "60.0", "figure.rounding"),
        ("figure.wtw_kgco2e", "060", "figure.rounding"),
        ("figure.wtw_kgco2e", "60.000001", "figure.number"),
        ("figure.wtw_kgco2e", "59", "figure.number"),
        ("figure.wtw_kgco2e", "6E1", "figure.number"),
        ("figure.wtw_kgco2e", "NaN", "figure.number"),
        ("figure.ttw_kgco2e", "-0", "figure.rounding"),
        ("figure.wtt_kgco2e", "0", "figure.number"),
        ("figure.hub_activity_t", "1", "figure.number"),
        ("figure.intensity_wtw_kgco2e_per_tkm", None, "figure.number"),
        ("figure.transport_activity_tkm", "1201", "figure.number"),
        ("data_shares.primary_by_wtw_emissions", "0.9", "figure.number"),
        ("figure.figure_id", "fig-0123456789abcdef", "figure.id"),
        ("comparisons.0.baseline_kgco2e", "85", "comparison.number"),
        ("comparisons.0.difference_kgco2e", "-24", "comparison.number"),
        ("comparisons.0.project_kgco2e", "60.0000000001", "comparison.rounding"),
    ],
)
def test_a_shown_number_that_was_not_calculated_is_refused(path: str, value: str | None, code: str) -> None:
    _refuses({"statement": _set(path, value)}, code, "figure")


def test_a_comparison_that_is_derived_and_not_stated_is_refused() -> None:
    def withheld(statement: Any) -> None:
        nothing = dict.fromkeys(("baseline_kgco2e", "difference_kgco2e", "project_kgco2e"))
        statement["comparisons"][0].update(nothing, status="withheld", why="no source")

    _refuses({"statement": withheld}, "comparison.method", "figure")


def test_a_withheld_comparison_without_steps_holds() -> None:
    def withheld(statement: Any) -> None:
        nothing = dict.fromkeys(("baseline_kgco2e", "difference_kgco2e", "project_kgco2e"))
        statement["comparisons"][0].update(nothing, status="withheld", why="no source")

    result = verify_bundle(make_bundle({"statement": withheld, "figures": _set("comparisons", [])}))

    assert result.holds, result.reason


def test_a_depth_that_the_bundle_has_not_is_no_refusal_of_the_bundle() -> None:
    result = verify_bundle(make_bundle(), depth="activity")

    assert ("depth.absent", 2, None) == (result.reason_code, result.exit_status, result.depth)
    with pytest.raises(ValueError, match="depth is one of"):
        verify_bundle(make_bundle(), depth="deepest")


def test_what_is_no_bundle_is_said_to_be_none() -> None:
    for data in (b"", b"hello", pack({"a.txt": b""})):
        result = verify_bundle(data)

        assert ("not a bundle", 2, None) == (result.verdict, result.exit_status, result.figure)


def test_a_fault_of_this_program_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    for fault in (KeyError("x"), RecursionError(), MemoryError(), ZeroDivisionError()):

        def broken(*_: object, fault: Exception = fault, **__: object) -> None:
            raise fault

        monkeypatch.setattr(verification, "read_statement", broken)
        result = verify_bundle(make_bundle())

        assert ("internal", "refused", 1) == (result.reason_code, result.verdict, result.exit_status)
        assert type(fault).__name__ in result.reason


def test_a_code_belongs_to_the_step_that_lists_it() -> None:
    assert 6 == find_step("edition.form", 8)
    assert 11 == find_step("log.checkpoint", 11)
    assert 4 == find_step("log.checkpoint", 4)
    assert 12 == find_step("activity.group-missing", 13)
    assert 13 == find_step("container.limit", 13)
    assert 9 == find_step("something.else", 9)
    assert len(STEPS) == len({step.id for step in STEPS}) == 18


def test_a_bundle_signed_anew_by_a_stranger_is_consistent_and_refused_under_a_policy() -> None:
    data = pack(make_members(log=Signer("log.example/small"), issuer=Signer("forger.example/issuer")))

    assert verify_bundle(data).holds
    assert "policy.unknown-signer" == verify_bundle(data, policy=POLICY).reason_code


JSON_MEMBERS = ("statement.json", "chain.json", "figures.json", "identity.json", "status.json")


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [path, *(leaf for name in value for leaf in _leaves(value[name], (*path, name)))]
    if isinstance(value, list):
        return [path, *(leaf for at in range(len(value)) for leaf in _leaves(value[at], (*path, at)))]
    return [path]


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_any_value_anywhere_gives_a_result_and_never_a_figure_that_moved(draws: st.DataObject) -> None:
    members = make_members()
    name = draws.draw(st.sampled_from(JSON_MEMBERS))
    document: Any = canonical.parse(members[name])
    path = draws.draw(st.sampled_from(_leaves(document)[1:]))
    values = st.none() | st.booleans() | st.integers(-3, 2**53 - 1) | st.text(max_size=5) | st.just([]) | st.just({})
    value = draws.draw(values | st.sampled_from(["-1", "0", "1e9", "a" * 5000]))
    holder = document
    for part in path[:-1]:
        holder = holder[part]
    changed = holder[path[-1]] != value or type(holder[path[-1]]) is not type(value)
    holder[path[-1]] = value
    members[name] = canonical.encode(document)
    stated_id = canonical.parse(members.pop("manifest.json"))["statement_id"]
    result = verify_bundle(pack(with_manifest(members, stated_id)))

    assert "internal" != result.reason_code, result.reason
    if changed and name != "identity.json":
        assert not result.holds, (name, path, value)


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_a_forger_with_every_key_provokes_no_internal_fault(draws: st.DataObject) -> None:
    stage = draws.draw(st.sampled_from(["chain", "figures", "statement"]))
    value = draws.draw(st.none() | st.integers(-3, 3) | st.text(max_size=3) | st.just([]) | st.just({}))

    def change(document: Any) -> None:
        path = draws.draw(st.sampled_from(_leaves(document)[1:]))
        for part in path[:-1]:
            document = document[part]
        document[path[-1]] = value

    try:
        data = make_bundle({stage: change})
    except (KeyError, TypeError, AttributeError, IndexError):
        return  # the builder itself could not follow
    result = verify_bundle(data)

    assert "internal" != result.reason_code, result.reason
