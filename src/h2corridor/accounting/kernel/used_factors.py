"""What a figure rests on, as its result lists it: each dated value, what was asked for and what was taken, and users'
own files."""

import msgspec
from h2verify.parameters import Selected

from h2corridor.accounting.kernel.factor_files import FactorPack
from h2corridor.accounting.kernel.parameters import Level, Parameter, Parameters, value_digest


class UsedFactor(msgspec.Struct, frozen=True, kw_only=True):
    """One dated value at one step; `pack` is the factor file it stands in, `digest` that of its entry.

    `age_years` is how many calendar years before the activity it ended (0: it holds).
    """

    step: str
    name: str
    value: str
    unit: str
    boundary: str | None
    region_asked: str | None
    region: str | None
    level_asked: str | None
    level: Level | None
    holds_from: str
    holds_until: str | None
    age_years: int
    source: str
    page: str
    licence: str | None
    edition: str
    pack: str | None
    digest: str


def used_factor(
    step_id: str,
    selected: Selected[Parameter],
    table: Parameters,
    *,
    region_asked: str | None,
    level_asked: str | None,
) -> UsedFactor:
    """A chosen value as it is listed.

    Parameters
    ----------
    table : Parameters
        Where it was chosen from: an edition's, or a factor file's.
    """
    parameter = selected.parameter
    return UsedFactor(
        step=step_id,
        name=parameter.name,
        value=parameter.value,
        unit=parameter.unit,
        boundary=parameter.boundary,
        region_asked=region_asked,
        region=parameter.region,
        level_asked=level_asked,
        level=table.levels.get(parameter.region) if parameter.region else None,
        holds_from=parameter.from_.isoformat(),
        holds_until=parameter.until.isoformat() if parameter.until else None,
        age_years=selected.age_years,
        source=parameter.source,
        page=parameter.page,
        licence=parameter.licence,
        edition=table.label,
        pack=parameter.pack,
        digest=value_digest(parameter),
    )


class UsedFactorFile(msgspec.Struct, frozen=True, kw_only=True):
    """A user's own factor file that was asked before the rule set, known by the digest of its bytes."""

    label: str
    digest: str
    title_zh: str
    title_en: str
    publisher: str
    licence: str


def used_file(pack: FactorPack) -> UsedFactorFile:
    """A user's factor file as it is listed."""
    header = pack.header
    return UsedFactorFile(
        label=pack.label,
        digest=pack.digest,
        title_zh=header.title_zh,
        title_en=header.title_en,
        publisher=header.publisher,
        licence=header.licence,
    )
