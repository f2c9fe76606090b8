"""Ratings of data by a dated scheme: each criterion names one known fact about a datum and the rating it earns."""

import datetime
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext
from typing import Annotated, Any, Literal

import msgspec
from h2verify.derivation import arithmetic, published

from h2corridor.model.emission_report import DIMENSIONS, Dimension, MeanRating, Rating, Ratings
from h2corridor.model.errors import RuleError

Known = Literal[
    "age-0",
    "age-1",
    "age-2",
    "age-3",
    "age-4-or-more",
    "region-exact",
    "region-wider",
    "boundary-as-wanted",
    "boundary-other",
    "data-primary",
    "data-modelled",
    "data-default",
    "page-seen",
    "page-unseen",
    "own-decision",
]
"""What may be known about a datum."""

_AGE_MAX = 3
_OWN = "own decision"
_NO_PAGE = "none"
"""The page of a definition, which has none."""

_Text = Annotated[str, msgspec.Meta(min_length=1)]


class Criterion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fact and the rating it earns in one dimension."""

    dimension: Dimension
    when: Known
    rating: Rating
    reason_zh: _Text
    reason_en: _Text


class SchemeHeader(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a scheme says about itself."""

    id: _Text
    edition: _Text
    from_: datetime.date = msgspec.field(name="from")
    reason_zh: _Text
    reason_en: _Text


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    scheme: SchemeHeader
    criterion: Annotated[tuple[Criterion, ...], msgspec.Meta(min_length=1)]


class QualityScheme(msgspec.Struct, frozen=True, kw_only=True):
    """A scheme, read; `digest` is the SHA-256 of its file."""

    header: SchemeHeader
    criteria: tuple[Criterion, ...]
    digest: str

    @property
    def name(self) -> str:
        """`ID@EDITION`."""
        return f"{self.header.id}@{self.header.edition}"

    def rate(self, known: Iterable[Known]) -> Ratings:
        """The ratings that what is known earns; a dimension that no criterion fits is not rated."""
        facts = set(known)
        found = dict.fromkeys(DIMENSIONS) | {
            each.dimension: each.rating for each in self.criteria if each.when in facts
        }
        return Ratings(**found)


def read_scheme(data: bytes, *, about: str) -> QualityScheme:
    """The scheme in a TOML file, refused unless it is whole.

    Raises
    ------
    RuleError
        `report.bad-scheme`: not TOML, a field missing or unknown, or one fact rated twice in one dimension.
    """
    next_step = "Correct the scheme."
    try:
        file = msgspec.convert(tomllib.loads(data.decode()), _File)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise RuleError("report.bad-scheme", f"{error}.", about=about, next_step=next_step) from error
    rated = [(each.dimension, each.when) for each in file.criterion]
    for dimension, when in rated:
        if rated.count((dimension, when)) > 1:
            fault = f"{when} is rated twice."
            raise RuleError("report.bad-scheme", fault, about=about, where=dimension, next_step=next_step)
    return QualityScheme(header=file.scheme, criteria=file.criterion, digest=hashlib.sha256(data).hexdigest())


def known_of_origin(origin: Mapping[str, Any], *, gap: bool) -> list[Known]:
    """What a leaf's origin in a derivation says about a value of an edition; nothing about one that a chain states.

    Parameters
    ----------
    gap : bool
        Whether its boundary is another than the figure's.
    """
    if origin["kind"] != "parameter":
        return []
    known: list[Known] = []
    if "holds_from" in origin:
        known.append(_age(int(origin.get("age_years", 0))))
    if "region" in origin:
        known.append("region-wider" if "region_asked" in origin else "region-exact")
    if "boundary" in origin:
        known.append("boundary-other" if gap else "boundary-as-wanted")
    if origin["source"].startswith(_OWN):
        return [*known, "own-decision"]
    if origin["page"] == _NO_PAGE:
        return known
    return [*known, "page-unseen" if origin["page"] == "unseen" else "page-seen"]


def known_of_data(data: Literal["primary", "modelled", "default"]) -> list[Known]:
    """What the declared class of a category's data says."""
    words: dict[str, Known] = {"primary": "data-primary", "modelled": "data-modelled", "default": "data-default"}
    return [words[data]]


def mean_ratings(weighted: Iterable[tuple[Decimal, Ratings]]) -> tuple[MeanRating, ...]:
    """The mean of each dimension, weighted by the size of emissions, over what is rated in it."""
    data = [(abs(weight), ratings) for weight, ratings in weighted]
    with localcontext(arithmetic()):
        whole = sum((weight for weight, _ in data), Decimal(0))
        return tuple(_mean(dimension, data, whole) for dimension in DIMENSIONS)


def _mean(dimension: Dimension, data: list[tuple[Decimal, Ratings]], whole: Decimal) -> MeanRating:
    rated = [(weight, rating) for weight, each in data if (rating := getattr(each, dimension)) is not None]
    weight = sum((weight for weight, _ in rated), Decimal(0))
    mean = sum((part * rating for part, rating in rated), Decimal(0)) / weight if weight else None
    return MeanRating(
        dimension=dimension,
        mean=None if mean is None else published(mean),
        rated_share=published(weight / whole) if whole else None,
    )


def _age(years: int) -> Known:
    ages: tuple[Known, ...] = ("age-0", "age-1", "age-2", "age-3")
    return ages[years] if years <= _AGE_MAX else "age-4-or-more"
