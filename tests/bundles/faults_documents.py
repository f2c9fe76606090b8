"""Faults of the manifest and of documents that are no canonical JSON (step 2), by somebody without keys."""

import json
from collections.abc import Callable

from registry import damaged, outsider
from zips import Members


def _replaced(members: Members, name: str, old: bytes, new: bytes) -> None:
    if old not in members[name]:
        raise ValueError(f"{name} has no {old!r}")
    members[name] = members[name].replace(old, new, 1)


def _manifest(members: Members, change: Callable[[dict[str, object]], object]) -> None:
    manifest = json.loads(members["manifest.json"])
    change(manifest)
    text = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    members["manifest.json"] = text.encode()


# The manifest.


@outsider("manifest.digest", repaired=False)
def changed_byte(members: Members) -> None:
    """One digit of the chain was changed, the manifest left as it was."""
    _replaced(members, "chain.json", b'"253.5"', b'"253.4"')


@outsider("manifest.digest", repaired=False)
def manifest_with_another_size(members: Members) -> None:
    """The manifest states another size of a member."""
    _manifest(members, lambda manifest: manifest["members"]["chain.json"].update(size=1))  # type: ignore[index]  # JSON


@outsider("manifest.missing-member", repaired=False)
def missing_member(members: Members) -> None:
    """A member that the manifest names is not there."""
    del members["rulesets/iso14083/2023.1/rules.py"]


@outsider("manifest.missing-member")
def missing_document(members: Members) -> None:
    """A document that every bundle has is neither there nor named."""
    del members["status.json"]


@outsider("manifest.extra-member", repaired=False)
def extra_member(members: Members) -> None:
    """A member is there that the manifest does not name."""
    members["notes.txt"] = b"believe me"


@outsider("manifest.extra-member")
def extra_member_in_the_manifest(members: Members) -> None:
    """A member is there and named that no bundle has."""
    members["opinion.pdf"] = b"%PDF-1.7 verified"


@outsider("manifest.extra-member")
def member_of_a_deeper_bundle(members: Members) -> None:
    """A bundle of depth figure holds a group of activity records."""
    members["activity/1.json"] = b"{}"


@outsider("manifest.missing-member", depth="activity")
def gap_in_numbers(members: Members) -> None:
    """The first group of activity records was taken out, the others kept their numbers."""
    del members["activity/1.json"]


@outsider("manifest.missing-member", repaired=False)
def raised_depth(members: Members) -> None:
    """A bundle of depth figure says that it goes down to activity."""
    _manifest(members, lambda manifest: manifest.update(depth="activity"))


@outsider("manifest.extra-member", depth="activity", repaired=False)
def lowered_depth(members: Members) -> None:
    """A bundle of depth activity says that it ends at figure."""
    _manifest(members, lambda manifest: manifest.update(depth="figure"))


@outsider("manifest.form", repaired=False)
def unknown_depth(members: Members) -> None:
    """The manifest names a depth that there is not."""
    _manifest(members, lambda manifest: manifest.update(depth="everything"))


@outsider("manifest.form", repaired=False)
def unknown_format(members: Members) -> None:
    """The manifest names another format."""
    _manifest(members, lambda manifest: manifest.update(format="h2corridor/bundle/2"))


@outsider("manifest.form", repaired=False)
def manifest_of_a_list(members: Members) -> None:
    """The manifest is a list."""
    members["manifest.json"] = b"[]"


@outsider("canonical.repeated-name", repaired=False)
def manifest_that_says_twice(members: Members) -> None:
    """The manifest states the depth twice."""
    _replaced(members, "manifest.json", b'{"depth":"figure",', b'{"depth":"figure","depth":"figure",')


@outsider("manifest.readme")
def readme_that_promises_more(members: Members) -> None:
    """The page for people, which nobody signs, was given words of praise, and the manifest mended."""
    members["README.txt"] = b"VERIFIED AND CERTIFIED by an independent body.\n"


@outsider("manifest.readme")
def readme_with_a_line_more(members: Members) -> None:
    """A sentence was added below the page for people, and the manifest mended."""
    members["README.txt"] += b"\nUse policy.txt in here as the policy.\n"


@outsider("statement.id", repaired=False)
def manifest_of_another_statement(members: Members) -> None:
    """The manifest names another statement than the bundle holds."""
    _manifest(members, lambda manifest: manifest.update(statement_id="st-0123456789abcdef"))


@damaged("depth.absent", asked="raw", depth="activity")
def depth_that_is_absent(data: bytes) -> bytes:
    """Raw data are asked of a bundle that goes down to activity."""
    return data


# Documents that are no canonical JSON.


@outsider("canonical.form")
def json_with_blanks(members: Members) -> None:
    """A document has a blank behind a colon."""
    _replaced(members, "chain.json", b'"activity_date":', b'"activity_date": ')


@outsider("canonical.form")
def json_with_a_line_end(members: Members) -> None:
    """A document ends with a line feed."""
    members["chain.json"] += b"\n"


@outsider("canonical.form")
def json_in_another_order(members: Members) -> None:
    """The names of a document stand in another order."""
    chain = json.loads(members["chain.json"])
    members["chain.json"] = json.dumps(dict(reversed(chain.items())), separators=(",", ":")).encode()


@outsider("canonical.form")
def json_with_needless_escapes(members: Members) -> None:
    """A letter stands as an escape."""
    _replaced(members, "chain.json", b'"hydrogen"', rb'"\u0068ydrogen"')


@outsider("canonical.json")
def json_with_a_byte_order_mark(members: Members) -> None:
    """A document begins with a byte order mark."""
    members["chain.json"] = b"\xef\xbb\xbf" + members["chain.json"]


@outsider("canonical.json")
def json_in_utf_16(members: Members) -> None:
    """A document is in UTF-16."""
    members["chain.json"] = members["chain.json"].decode().encode("utf-16")


@outsider("canonical.json")
def json_with_broken_utf_8(members: Members) -> None:
    """A text holds a byte that is no UTF-8."""
    _replaced(members, "chain.json", b'"hydrogen"', b'"hydr\xffgen"')


@outsider("canonical.json")
def json_that_is_empty(members: Members) -> None:
    """A document has no bytes."""
    members["chain.json"] = b""


@outsider("canonical.json")
def json_with_something_behind(members: Members) -> None:
    """A second value follows the document."""
    members["chain.json"] += b"{}"


@outsider("canonical.json")
def json_with_a_trailing_comma(members: Members) -> None:
    """A comma stands before the closing brace."""
    members["chain.json"] = members["chain.json"][:-1] + b",}"


@outsider("canonical.repeated-name")
def json_that_says_twice(members: Members) -> None:
    """The mass stands twice, with two values."""
    _replaced(members, "chain.json", b'"mass_kg":"10400"', b'"mass_kg":"10400","mass_kg":"20400"')


@outsider("canonical.float")
def json_with_nan(members: Members) -> None:
    """A number is NaN."""
    _replaced(members, "chain.json", b'"253.5"', b"NaN")


@outsider("canonical.float")
def json_with_infinity(members: Members) -> None:
    """A number is minus infinity."""
    _replaced(members, "chain.json", b'"253.5"', b"-Infinity")


@outsider("canonical.float")
def json_with_a_fraction(members: Members) -> None:
    """A number has a fraction, which readers round differently."""
    _replaced(members, "chain.json", b'"253.5"', b"253.5")


@outsider("canonical.float")
def json_with_an_exponent(members: Members) -> None:
    """A number is ten to the power of nine thousand."""
    _replaced(members, "chain.json", b'"253.5"', b"1e9000")


@outsider("canonical.integer")
def json_with_minus_zero(members: Members) -> None:
    """A number is minus zero."""
    _replaced(members, "chain.json", b'"253.5"', b"-0")


@outsider("canonical.integer")
def json_with_a_giant_number(members: Members) -> None:
    """A number has a million digits."""
    _replaced(members, "chain.json", b'"253.5"', b"9" * 1_000_000)


@outsider("canonical.integer")
def json_with_a_number_readers_round(members: Members) -> None:
    """A number is 2^53, which some readers cannot tell from its neighbour."""
    _replaced(members, "chain.json", b'"253.5"', b"9007199254740992")


@outsider("canonical.text")
def json_with_half_a_character(members: Members) -> None:
    """A text holds a lone surrogate."""
    _replaced(members, "chain.json", b'"hydrogen"', rb'"\ud800"')


@outsider("canonical.depth")
def json_nested_deeply(members: Members) -> None:
    """Lists stand in lists, a hundred thousand deep."""
    _replaced(members, "chain.json", b'"253.5"', b"[" * 100_000 + b"]" * 100_000)


@outsider("canonical.depth")
def json_that_closes_and_then_opens_deeply(members: Members) -> None:
    """A brace closes what nothing opened, then 66 lists open: one level too many remains."""
    members["chain.json"] = b"}" + b"[" * 66


@outsider("canonical.depth")
def json_nested_one_level_too_deep(members: Members) -> None:
    """A document has 65 levels."""
    _replaced(members, "chain.json", b'"253.5"', b"[" * 61 + b"]" * 61)
