"""Faults of the signed statement, its signers and its status (step 3)."""

import json
from typing import Any

from forger import Lie
from h2verify import canonical
from h2verify.bundle.statement import NOT_IN_ID
from made_bundles import KEYS
from registry import operator, outsider
from signing import STATUS, Document, prove, reference, sign_document, sign_statement
from zips import Members


def _edit(members: Members, name: str, old: str, new: str) -> None:
    if old not in members[name].decode():
        raise ValueError(f"{name} has no {old}")
    members[name] = members[name].decode().replace(old, new).encode()


def _no_longer_there(document: Document, name: str) -> None:
    del document[name]


# By somebody without keys.


@outsider("statement.signature")
def changed_mass_in_the_statement(members: Members) -> None:
    """The statement says another mass than the issuer signed."""
    _edit(members, "statement.json", '"mass_kg":"10400"', '"mass_kg":"20400"')


@outsider("statement.signature")
def changed_figure_in_the_statement(members: Members) -> None:
    """The statement says another figure than the issuer signed."""
    _edit(members, "statement.json", '"wtw_kgco2e":"202.888193212564"', '"wtw_kgco2e":"102.888193212564"')


@outsider("statement.signature")
def changed_sentence_on_what_it_does_not_show(members: Members) -> None:
    """The sentence on what the statement does not show was taken out."""
    signed = json.loads(members["statement.json"])
    signed["statement"]["does_not_show_en"] = ""
    members["statement.json"] = canonical.encode(signed)


@outsider("statement.signature")
def lengthened_validity(members: Members) -> None:
    """The statement is said to be valid for ten years more."""
    _edit(members, "statement.json", '"valid_until":"2029', '"valid_until":"2039')


@outsider("statement.signature")
def damaged_signature(members: Members) -> None:
    """Letters of the issuer's signature were changed."""
    signed = json.loads(members["statement.json"])
    value = signed["signature"]["value"]
    signed["signature"]["value"] = ("B" if value[0] == "A" else "A") + value[1:]
    members["statement.json"] = canonical.encode(signed)


@outsider("statement.signature")
def unsigned_statement(members: Members) -> None:
    """The issuer's signature is empty."""
    signed = json.loads(members["statement.json"])
    signed["signature"]["value"] = ""
    members["statement.json"] = canonical.encode(signed)


@outsider("statement.signature")
def checkpoint_changed_under_the_signature(members: Members) -> None:
    """The place in the log that the issuer signed was replaced."""
    signed = json.loads(members["statement.json"])
    signed["log_proof"]["index"] -= 1
    members["statement.json"] = canonical.encode(signed)


@outsider("statement.signature")
def issuer_replaced_beside_the_statement(members: Members) -> None:
    """Another key stands as the issuer's in identity.json."""
    _edit(members, "identity.json", KEYS.issuer.vkey, KEYS.stranger.vkey)


@outsider("status.signature")
def status_changed(members: Members) -> None:
    """The status is said to be of a later day than the issuer signed."""
    _edit(members, "status.json", '"as_of":"2026', '"as_of":"2027')


@outsider("status.form")
def status_of_another_statement(members: Members) -> None:
    """The status speaks of another statement."""
    status = json.loads(members["status.json"])
    status["statement_id"] = "st-0123456789abcdef"
    members["status.json"] = canonical.encode(status)


@outsider("policy.unknown-log", policy="good")
def signed_by_a_stranger(members: Members) -> None:
    """A stranger signed log, statement and status with a key of his own, and says so; the reader pins others."""
    _resign(members, log=True)


@outsider("policy.unknown-signer", policy="good")
def issued_by_a_stranger(members: Members) -> None:
    """A stranger who shares the log signed statement and status; the reader pins the issuer."""
    _resign(members, log=False)


def _resign(members: Members, *, log: bool) -> None:
    """Let a stranger state the same; the log takes the new statement as its only entry."""
    signed = json.loads(members["statement.json"])
    statement, stranger = signed["statement"], KEYS.stranger
    statement["issuer"]["key"] = reference(stranger)
    said = {name: value for name, value in statement.items() if name not in NOT_IN_ID}
    statement["statement_id"] = f"st-{canonical.digest_hex(said)[:16]}"
    entry = canonical.encode({"digest": canonical.digest_hex(statement), "type": "h2corridor/statement/1"})
    proof = prove([entry], 0, stranger if log else KEYS.log)
    members["statement.json"] = canonical.encode(sign_statement(statement, proof, stranger))
    _edit(members, "identity.json", KEYS.issuer.vkey, stranger.vkey)
    if log:
        _edit(members, "identity.json", KEYS.log.vkey, stranger.vkey)
    at, named = "2026-03-05T16:40:00+08:00", statement["statement_id"]
    status = {"as_of": at, "by": None, "reason": None, "statement_id": named, "status": "in_force"}
    document = {"format": STATUS, **status, "signature": sign_document(STATUS, status, stranger)}
    members["status.json"] = canonical.encode(document)
    manifest = json.loads(members["manifest.json"])
    members["manifest.json"] = canonical.encode({**manifest, "statement_id": statement["statement_id"]})


# By an operator who holds all keys.


@operator("statement.form")
def statement_without_a_field(lie: Lie) -> None:
    """The statement does not say what is not covered."""
    lie.at("statement", lambda statement: _no_longer_there(statement, "not_covered"))


@operator("statement.form")
def statement_with_a_foreign_field(lie: Lie) -> None:
    """The statement claims to be verified by a body."""
    lie.statement["verified_by"] = "an accredited body"


@operator("statement.form")
def figure_as_a_number(lie: Lie) -> None:
    """A figure is a number instead of a text."""
    lie.at("statement", lambda statement: statement["figure"].update(wtw_kgco2e=202))


@operator("statement.form")
def withheld_comparison_with_numbers(lie: Lie) -> None:
    """A comparison is withheld and yet shows its numbers."""
    lie.statement["comparisons"][0].update(status="withheld", why="the baseline is not known")


@operator("statement.form")
def comparison_of_one_method_twice(lie: Lie) -> None:
    """A comparison stands twice."""
    lie.at("statement", lambda statement: statement["comparisons"].append(statement["comparisons"][0]))


@operator("statement.form")
def instant_without_offset(lie: Lie) -> None:
    """The time of departure is in nobody's time zone."""
    lie.statement["consignment"]["departed_at"] = "2026-03-02T07:12:00"


@operator("statement.form")
def validity_until_a_day_that_is_none(lie: Lie) -> None:
    """The statement is valid until the 41st of the 13th month."""
    lie.statement["validity"]["valid_until"] = "2026-13-41T25:61:61+99:99"


@operator("statement.validity")
def validity_that_ends_before_it_begins(lie: Lie) -> None:
    """The statement is valid from the end of its validity on, and to its beginning."""
    validity = lie.statement["validity"]
    validity["valid_from"], validity["valid_until"] = validity["valid_until"], validity["valid_from"]


@operator("statement.validity")
def stated_after_its_validity(lie: Lie) -> None:
    """The statement was stated a second after it was no longer valid."""
    lie.statement["validity"].update(
        stated_at="2026-03-05T16:40:00+08:00",
        valid_from="2026-03-05T00:00:00+08:00",
        valid_until="2026-03-05T08:39:59Z",
    )


@operator("statement.words")
def sentence_that_promises_more(lie: Lie) -> None:
    """The statement says that it shows more than a statement can."""
    lie.statement["shows_en"] = "Verified and certified."


@operator("statement.words")
def silence_on_what_it_does_not_show(lie: Lie) -> None:
    """The statement is silent, in Chinese, on what it does not show."""
    lie.statement["does_not_show_zh"] = ""


@operator("statement.id")
def another_statement_id(lie: Lie) -> None:
    """The statement bears the id of another content."""

    def change(signed: Document) -> Document:
        statement = {**signed["statement"], "statement_id": "st-0123456789abcdef"}
        return sign_statement(statement, signed["log_proof"], lie.keys.issuer)

    lie.at("signed", change)


@operator("statement.signature")
def statement_signed_by_the_log(lie: Lie) -> None:
    """The log's key signed instead of the issuer's."""
    lie.at("signed", lambda signed: sign_statement(signed["statement"], signed["log_proof"], lie.keys.log))


@operator("statement.signature")
def statement_that_names_another_issuer(lie: Lie) -> None:
    """The statement names a key that did not sign it."""
    lie.statement["issuer"]["key"] = reference(lie.keys.stranger)


@operator("statement.signature")
def signature_for_another_purpose(lie: Lie) -> None:
    """The issuer's signature was given for a status, not for a statement."""

    def change(signed: Document) -> None:
        said = {name: signed[name] for name in ("log_proof", "statement")}
        signed["signature"] = sign_document(STATUS, said, lie.keys.issuer)

    lie.at("signed", change)


@operator("status.not-in-force")
def status_withdrawn(lie: Lie) -> None:
    """The issuer withdrew the statement."""
    lie.status["status"] = "withdrawn"


@operator("status.form")
def status_superseded_by_nothing(lie: Lie) -> None:
    """The issuer replaced the statement and does not say by which."""
    lie.status["status"] = "superseded"


@operator("status.form")
def status_as_of_a_day_that_is_none(lie: Lie) -> None:
    """The status is of the 30th of February."""
    lie.status["as_of"] = "2026-02-30T16:40:00+08:00"


@operator("status.signature")
def status_signed_by_the_log(lie: Lie) -> None:
    """The log's key signed the status instead of the issuer's."""

    def change(status: Document) -> None:
        said = {name: status[name] for name in ("as_of", "statement_id", "status")}
        status["signature"] = sign_document(STATUS, said, lie.keys.log)

    lie.at("status", change)


def _keys(lie: Lie) -> list[dict[str, Any]]:
    return list(lie.identity["keys"])


@operator("identity.form")
def identity_with_two_logs(lie: Lie) -> None:
    """Two keys stand as the log's."""
    lie.identity["keys"] = [*_keys(lie), {**_keys(lie)[0], "key": lie.keys.stranger.vkey}]


@operator("identity.form")
def identity_without_issuer(lie: Lie) -> None:
    """No key stands as the issuer's."""
    lie.identity["keys"] = [each for each in _keys(lie) if each["role"] != "issuer"]


@operator("identity.form")
def identity_that_names_the_issuer_otherwise(lie: Lie) -> None:
    """The issuer's key is said to be another party's than in the statement."""
    lie.identity["keys"][1]["name_en"] = "Ministry of Transport"


@operator("identity.form")
def identity_with_a_damaged_key(lie: Lie) -> None:
    """The id of the issuer's key does not follow from it."""
    name, key_id, rest = lie.identity["keys"][1]["key"].split("+", 2)
    lie.identity["keys"][1]["key"] = f"{name}+{int(key_id, 16) ^ 1:08x}+{rest}"
