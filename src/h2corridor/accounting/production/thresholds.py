"""Published values that an intensity is compared with: dated, sourced, each with the boundary it speaks of."""

import datetime
import tomllib
from functools import cache
from importlib import resources
from typing import Annotated, Literal

import msgspec

RESULT_ZH = "仅比较数值，不构成等级认定"
RESULT_EN = "value compared only, no status"

_Text = Annotated[str, msgspec.Meta(min_length=1)]


class Threshold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value of `thresholds.toml`; it holds from a day, perhaps until one."""

    id: _Text
    title_zh: _Text
    title_en: _Text
    value: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,6}(\.[0-9]{1,6})?(?!\n)$")]
    unit: Literal["kgCO2e/kg", "gCO2e/MJ"]
    boundary: Literal["gate", "nozzle"]
    from_: datetime.date = msgspec.field(name="from")
    until: datetime.date | None = None
    note_zh: _Text
    note_en: _Text
    source: _Text
    page: _Text
    checked_on: datetime.date


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    threshold: tuple[Threshold, ...]


@cache
def all_thresholds() -> tuple[Threshold, ...]:
    """Every value of the package's own file, in its order."""
    data = resources.files("h2corridor.accounting.production").joinpath("thresholds.toml").read_bytes()
    return msgspec.convert(tomllib.loads(data.decode("utf-8")), _File).threshold


def list_thresholds(on: datetime.date) -> tuple[Threshold, ...]:
    """The values that hold on a day."""
    return tuple(each for each in all_thresholds() if each.from_ <= on and (each.until is None or on <= each.until))
