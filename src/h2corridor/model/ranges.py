"""Ranges of the facts of a derivation, format `ranges/1`: how far a number may be from the truth, and who says so.

A fact is the id of a step that was handed in, `hydrogen_kg[category:truck/energy:1]`, or a pattern in which `*` stands
for any characters, `hydrogen_kg[*]`. A half width is that of a 95 % interval.
"""

from collections import Counter
from typing import Annotated, Literal

import msgspec

from h2corridor.model.errors import InputError
from h2corridor.model.repeated_keys import RepeatedKeyError, refuse_repeated_keys

RANGES_FORMAT = "ranges/1"
RANGES_MAX = 10_000
_Width = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,15}(\.[0-9]{1,18})?(?!\n)$")]
_Line = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")]


class FactRange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The range of one fact, or of all that fit a pattern; exactly one of the two half widths is there.

    `half_width` is in the fact's own unit, `half_width_pct` in percent of its value. Facts of one `correlation` err
    together; without it each errs alone, or with those of the same name that rest on the same references.
    """

    fact: _Line
    half_width: _Width | None = None
    half_width_pct: _Width | None = None
    correlation: _Line | None = None
    source: _Line


class Ranges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The document."""

    format: Literal["ranges/1"]
    ranges: Annotated[tuple[FactRange, ...], msgspec.Meta(max_length=RANGES_MAX)]


def decode_ranges(data: bytes, *, about: str = "ranges") -> Ranges:
    """The ranges in a JSON document, refused unless it is whole.

    Raises
    ------
    InputError
        `ranges.form`: no JSON, a key that stands twice, a field unknown, missing or of another kind, both or neither
        of the half widths, a fact that stands twice, or two correlations that differ in case, spaces or punctuation.
    """
    next_step = "Correct the document; its schema ships as accounting/schemas/ranges-1.json."
    try:
        ranges = msgspec.json.decode(data, type=Ranges)
        refuse_repeated_keys(data)
    except msgspec.ValidationError as error:
        fault, _, where = str(error).partition(" - at ")
        raise InputError(
            "ranges.form", f"{fault}.", about=about, where=where.strip("`"), next_step=next_step
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, RepeatedKeyError) as error:
        raise InputError("ranges.form", f"{error}.", about=about, next_step=next_step) from error
    named = Counter(each.fact for each in ranges.ranges)
    for number, each in enumerate(ranges.ranges):
        where = f"$.ranges[{number}]"
        if (each.half_width is None) == (each.half_width_pct is None):
            fault = "expected one of half_width and half_width_pct."
            raise InputError("ranges.form", fault, about=about, where=where, next_step=next_step)
        if named[each.fact] > 1:
            fault = f"{each.fact} stands twice."
            raise InputError("ranges.form", fault, about=about, where=where, next_step=next_step)
    _refuse_spellings(ranges, about)
    return ranges


def _refuse_spellings(ranges: Ranges, about: str) -> None:
    """Refuse two spellings of what is surely one correlation; apart, they would not err together."""
    spelt: dict[str, str] = {}
    for number, each in enumerate(ranges.ranges):
        if each.correlation is None:
            continue
        letters = "".join(sign for sign in each.correlation.casefold() if sign.isalnum()) or each.correlation
        first = spelt.setdefault(letters, each.correlation)
        if first != each.correlation:
            fault = f"the correlations {first!r} and {each.correlation!r} differ in case, spaces or punctuation alone."
            where = f"$.ranges[{number}].correlation"
            raise InputError("ranges.form", fault, about=about, where=where, next_step="Spell both in one way.")
