"""Steps 14 to 18 of a bundle: received bytes, opened values, papers and frames, as an operator may change them."""

import copy
import sys
from functools import cache
from typing import Any

from h2verify import canonical
from h2verify.bundle import raw, raw_frames, raw_left_out, raw_opened, raw_papers, raw_received, raw_rows
from h2verify.chains import check_forms
from h2verify.errors import CanonicalError, VerifyError
from h2verify.gbt32960 import xor_of
from h2verify.rows import split_records
from target import ROOT, Drawn, Target, edited, json_bytes, require

sys.path.append(str(ROOT / "packages" / "h2verify" / "tests" / "bundle"))
from made_raw import STATED_AT, STATEMENT_ID, RawBundle, RawParts, make_parts, seal


@cache
def _good() -> RawParts:
    return make_parts()


@cache
def _sealed() -> RawBundle:
    return seal(_good())


def check_raw(data: bytes) -> None:
    """What was received, and what is said of it, changed and committed to again: it holds, or a VerifyError."""
    drawn = Drawn(data)
    act = drawn.below(4)
    if act == 3:
        _verify(_with_document(drawn))
        return
    parts = copy.deepcopy(_good())
    if act == 0:
        path = sorted(parts.tables)[drawn.below(len(parts.tables))]
        parts.tables[path] = [*split_records([_changed(b"".join(parts.tables[path]), drawn)])] or [b"\n"]
    elif act == 1:
        _change_rows(parts, drawn)
    else:
        name = sorted(parts.groups)[drawn.below(len(parts.groups))]
        parts.groups[name] = [each for each in edited(parts.groups[name], drawn) if isinstance(each, dict)]
    try:
        bundle = seal(parts)
    except (CanonicalError, KeyError, IndexError, TypeError, AttributeError):
        return  # what is left cannot be committed to
    _verify(bundle)


def _with_document(drawn: Drawn) -> RawBundle:
    bundle = _sealed()
    names = sorted(name for name in bundle.archive if name.endswith(".json"))
    name = names[drawn.below(len(names))]
    document = edited(bundle.document(name), drawn)
    try:
        return bundle.with_member(name, canonical.encode(document))
    except CanonicalError:
        return bundle.with_member(name, json_bytes(document))


def _change_rows(parts: RawParts, drawn: Drawn) -> None:
    """Rows of telemetry with other bytes in their frames, whose check bytes are right, or in their text."""
    while drawn:
        at = drawn.word() % len(parts.rows)
        row = parts.rows[at]
        if drawn.below(2) and b"," in row:
            time, _, digits = row.rstrip(b"\n").partition(b",")
            frame = bytearray(bytes.fromhex(digits.decode()))
            frame[2 + drawn.byte() % (len(frame) - 3)] = drawn.byte()
            frame[-1] = xor_of(bytes(frame[2:-1]))
            parts.rows[at] = time + b"," + frame.hex().encode() + b"\n"
        else:
            parts.rows[:] = split_records([b"".join([*parts.rows[:at], _changed(row, drawn), *parts.rows[at + 1 :]])])
            return


def _changed(content: bytes, drawn: Drawn) -> bytes:
    """Bytes cut out and put in at a few places."""
    for _ in range(4):
        at, cut, put = drawn.word(), drawn.below(40), drawn.take(drawn.below(24))
        at %= len(content) + 1
        content = content[:at] + put + content[at + cut :]
    return content


def _verify(bundle: RawBundle) -> None:
    groups: Any = bundle.groups
    try:
        check_forms({name: [_without_trips(each) for each in records] for name, records in groups.items()})
        raw.verify_release(bundle.document("release.json"), STATEMENT_ID, bundle.logged)
        received = raw.verify_received(bundle.archive, bundle.logged, STATED_AT)
        opened = raw.verify_opened(bundle.document("opened.json"), groups)
        raw.verify_papers(received, opened, groups, bundle.statement, ())
        raw.verify_frames(received, opened, groups)
    except VerifyError as error:
        require(len(error.message) < 3_000, "a message is short")


def _without_trips(record: dict[str, Any]) -> dict[str, Any]:
    """A record as it is, but for the trips of a service: the small bundle has no records of trips."""
    return {**record, "trips": []} if record.get("kind") == "service" else record


def _seeds() -> list[bytes]:
    tables = [bytes((0, number, 0, 90, 1, 2)) + b"7," for number in range(0, len(_good().tables), 3)]
    rows = [bytes((1, 0, 9, 1, 40, 7)), bytes((1, 0, 99, 1, 30, 200, 1, 0, 1, 1, 9)), b"\1\0\3\0\0\4\1\1x"]
    groups = [bytes((2, number)) + b"\0\5\5\7" for number in range(len(_good().groups))]
    documents = [bytes((3, number)) + b"\0\5\5\7" for number in range(0, 9, 3)]
    return [*tables, *rows, *groups, *documents]


TARGETS = (
    Target(
        name="raw",
        modules=(raw_frames, raw_left_out, raw_opened, raw_papers, raw_received, raw_rows),
        seeds=_seeds,
        check=check_raw,
        runs=40,
    ),
)
