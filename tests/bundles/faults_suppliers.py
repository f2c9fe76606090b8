"""Faults of what suppliers signed (steps 10, 13 and 17)."""

import hashlib

from forger import Lie
from h2verify import note
from made_bundles import CARRIER, KEYS, STATION
from registry import operator, outsider
from signing import Document, sign_note
from zips import Members

FILL, FILES = "fill/1", "file-manifest/1"


def _name(notes: Members, kind: str) -> str:
    found = [name for name, data in notes.items() if name.startswith("signatures/") and kind.encode() in data[:40]]
    return next(name for name in found if b"  telemetry/" not in notes[name])


def _listed(lie: Lie, kind: str) -> list[Document]:
    return [each for each in lie.statement["supplier_signatures"] if each["kind"] == kind]


def _replace_note(lie: Lie, kind: str, text: str, *parties: str) -> None:
    """Put another text under a note, signed anew, and let the statement list it."""
    _exchange(lie, kind, sign_note(text, *(lie.keys.suppliers[party] for party in parties)))


def _exchange(lie: Lie, kind: str, signed: bytes) -> None:
    """Put another note in the place of one, and let the statement list it."""
    name = _name(lie.notes, kind)
    before, now = (hashlib.sha256(each).hexdigest() for each in (lie.notes[name], signed))
    lie.notes[name] = signed
    for each in lie.statement["supplier_signatures"]:
        if each["digest"] == before:
            each["digest"] = now


def _text(lie: Lie, kind: str) -> str:
    return note.parse_note(lie.notes[_name(lie.notes, kind)]).text


@outsider("signature.missing")
def supplier_signature_removed(members: Members) -> None:
    """The fill that carrier and station signed was taken out."""
    del members["signatures/1.note"]


@outsider("signature.missing")
def supplier_text_changed(members: Members) -> None:
    """The signed fill says another mass than its suppliers signed."""
    name = _name(members, FILL)
    members[name] = members[name].replace(b"mass_kg: 32.83", b"mass_kg: 22.83")


@outsider("signature.extra")
def supplier_signature_added(members: Members) -> None:
    """A signed note is there that the statement does not list."""
    members["signatures/2.note"] = sign_note(f"{FILL}\nrefuelling_id: FR-R0002\n", KEYS.suppliers[STATION])


@outsider("signature.extra")
def supplier_note_twice(members: Members) -> None:
    """A signed note is there twice."""
    members["signatures/2.note"] = members["signatures/1.note"]


@operator("signature.invalid")
def supplier_signature_invalid(lie: Lie) -> None:
    """A supplier's signature was replaced by a stranger's under its name."""
    found = note.parse_note(lie.notes[_name(lie.notes, FILL)])
    first, *others = found.signatures
    forged = note.NoteSignature(name=first.name, key_id=first.key_id, signature=KEYS.stranger.sign(found.text.encode()))
    _exchange(lie, FILL, note.format_note(found.text, [forged, *others]))


@operator("signature.invalid")
def one_of_two_supplier_signatures_removed(lie: Lie) -> None:
    """Carrier and station signed the fill; the station's signature was taken out."""
    found = note.parse_note(lie.notes[_name(lie.notes, FILL)])
    _exchange(lie, FILL, note.format_note(found.text, found.signatures[:1]))


@outsider("signature.form")
def supplier_note_that_is_none(members: Members) -> None:
    """A signed note is a text without signatures."""
    members["signatures/1.note"] = b"signed by hand\n"


@operator("signature.unknown-key")
def supplier_without_a_key(lie: Lie) -> None:
    """The station's key stands nowhere in identity.json."""
    lie.identity["keys"] = [each for each in lie.identity["keys"] if each["party_id"] != STATION]


@operator("signature.unknown-key")
def supplier_key_of_another_party(lie: Lie) -> None:
    """The key that signed for the station is another party's in identity.json."""
    for each in lie.identity["keys"]:
        if each["party_id"] == STATION:
            each["party_id"] = "FR-P02"


@operator("signature.extra")
def supplier_signature_not_listed(lie: Lie) -> None:
    """The statement lists only one of two suppliers that signed the fill."""
    lie.statement["supplier_signatures"].remove(_listed(lie, "fill")[0])


@operator("signature.form")
def supplier_note_about_something_else(lie: Lie) -> None:
    """The statement lists a signed fill under another fill's id."""
    for each in _listed(lie, "fill"):
        each["about"] = "FR-R0002"


@operator("signature.form")
def supplier_note_with_too_many_lines(lie: Lie) -> None:
    """A signature of a signed fill stands there a hundred and one times."""
    found = note.parse_note(lie.notes[_name(lie.notes, FILL)])
    _exchange(lie, FILL, note.format_note(found.text, [*found.signatures, *[found.signatures[0]] * 99]))


@operator("signature.form", depth="raw")
def signed_path_that_ends_with_white_space(lie: Lie) -> None:
    """A path in the carrier's manifest ends with a space that nobody sees."""
    _replace_note(lie, FILES, _text(lie, FILES).replace("legs.csv\n", "legs.csv\u00a0\n"), CARRIER)


@operator("signature.form")
def supplier_note_in_unknown_words(lie: Lie) -> None:
    """Suppliers signed a text that means nothing here."""
    _replace_note(lie, FILL, "h2corridor/gift/1\nto: everybody\n", CARRIER, STATION)


@operator("signature.fill", depth="activity")
def signed_fill_of_another_mass(lie: Lie) -> None:
    """Carrier and station signed another mass than the record of the fill has."""
    text = _text(lie, FILL).replace("mass_kg: 32.83", "mass_kg: 22.83")
    _replace_note(lie, FILL, text, CARRIER, STATION)


@operator("signature.fill", depth="activity")
def signed_fill_at_another_time(lie: Lie) -> None:
    """Carrier and station signed another begin than the record of the fill has."""
    text = _text(lie, FILL).replace("started_at: 2026-03-02T09:02:53", "started_at: 2026-03-02T09:02:54")
    _replace_note(lie, FILL, text, CARRIER, STATION)


@operator("signature.fill", depth="activity")
def signed_fill_at_a_time_in_another_form(lie: Lie) -> None:
    """Carrier and station signed the begin in the short form of ISO 8601, which is no instant here."""
    text = _text(lie, FILL).replace("started_at: 2026-03-02T09:02:53+08:00", "started_at: 20260302T090253+0800")
    _replace_note(lie, FILL, text, CARRIER, STATION)


@operator("signature.fill", depth="activity")
def signed_fill_in_a_week(lie: Lie) -> None:
    """Carrier and station signed the begin as a day of a week, which is no instant here."""
    text = _text(lie, FILL).replace("started_at: 2026-03-02T", "started_at: 2026-W10-1T")
    _replace_note(lie, FILL, text, CARRIER, STATION)


@operator("signature.file", depth="raw")
def signed_file_of_other_bytes(lie: Lie) -> None:
    """The carrier signed for other bytes of a file than those received."""
    digest = hashlib.sha256(lie.file("legs.csv").data).hexdigest()
    _replace_note(lie, FILES, _text(lie, FILES).replace(digest, "00" * 32), CARRIER)


@operator("signature.file", depth="raw")
def signed_file_of_another_size(lie: Lie) -> None:
    """The carrier signed for another size of a file than the one received."""
    size = len(lie.file("legs.csv").data)
    _replace_note(lie, FILES, _text(lie, FILES).replace(f"  {size}  legs.csv", f"  {size + 1}  legs.csv"), CARRIER)


@outsider("signature.missing", depth="raw")
def telemetry_signature_removed(members: Members) -> None:
    """The carrier's signature for its telemetry was taken out of a raw bundle."""
    del members["signatures/3.note"]
