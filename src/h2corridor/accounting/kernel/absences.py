"""What could not be had, as an error and as a sentence for readers in both languages."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec
from h2verify.derivation import decimal_text

from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.kernel.factor_files import FactorPack
from h2corridor.model.errors import RuleError

_PLACES_MAX = 12
_OWN_FACTORS = (
    "A rule set has factors of its own for diesel in l, electricity in kWh and hydrogen in kg with a supply alone, "
    "written so: correct carrier and unit, name a factor, or state both factors."
)
_HOW = {"wtt_kgco2e_per_unit": _OWN_FACTORS, "ttw_kgco2e_per_unit": _OWN_FACTORS}


class Absence(msgspec.Struct, frozen=True, kw_only=True):
    """Something that could not be had, as the error that a strict resolution raises for it.

    `says_zh` and `says_en` are the same for a reader: what is lacking by its title, not by the name of its quantity.
    """

    code: str
    fault: str
    about: str
    where: str
    next_step: str
    quantity: str
    says_zh: str
    says_en: str

    def error(self) -> RuleError:
        """The absence as an error to raise."""
        return RuleError(self.code, self.fault, about=self.about, where=self.where, next_step=self.next_step)


class Title(msgspec.Struct, frozen=True, kw_only=True):
    """What a quantity is called, with its unit."""

    zh: str
    en: str
    unit: str = ""


def title_of(name: str, editions: Sequence[Edition | FactorPack]) -> Title:
    """The title of a quantity in the first edition that has it; its name where none has."""
    for edition in editions:
        rule = next((each for each in edition.rules if each.gives == name), None)
        found = rule or edition.parameters.find_titled(name)
        if found is not None:
            return Title(zh=found.title_zh, en=found.title_en, unit=found.unit)
    return Title(zh=name, en=name)


def how_to_supply(name: str) -> str:
    """What to do where a fact is not given."""
    return _HOW.get(name, "Supply it; nothing is assumed.")


def not_given(title: Title) -> tuple[str, str]:
    """That nobody supplied it, in zh and en."""
    return f"未提供{title.zh}", f"{title.en} is not given"


def not_dated(title: Title) -> tuple[str, str]:
    """That no value of it can be chosen, in zh and en."""
    return f"运输链没有活动日期，无法选定{title.zh}", f"the chain has no activity date to choose {title.en} by"


def not_published(title: Title) -> tuple[str, str]:
    """That the edition has no value of it for this date and place, in zh and en."""
    return f"规则版本中没有适用的{title.zh}", f"the edition has no {title.en} that holds here"


def in_another_unit(title: Title, asked: str) -> tuple[str, str]:
    """That the edition has it in another unit than it is asked for in, in zh and en."""
    zh = f"{title.zh}的单位为 {title.unit}，与所需的 {asked} 不一致"
    return zh, f"{title.en} is in {title.unit}, not in {asked}"


def not_divisible(title: Title) -> tuple[str, str]:
    """That what it is divided by is zero, in zh and en."""
    return f"{title.zh}的除数为零", f"{title.en} would be divided by zero"


def not_possible(title: Title, value: Decimal, limit: str) -> tuple[str, str]:
    """That it is stated as nothing can be, in zh and en."""
    shown = decimal_text(value)
    return f"{title.zh} {shown} 超出可能的范围（{limit}）", f"the {title.en} of {shown} is beyond what can be ({limit})"


def beyond_limit(title: Title, value: Decimal, limit: Decimal) -> tuple[str, str]:
    """That it exceeds a limit, in zh and en; the value with as few decimals as still show it.

    Examples
    --------
    >>> title = Title(zh="来源不明的氢占比", en="part of unknown origin", unit="%")
    >>> beyond_limit(title, Decimal("7.879"), Decimal(5))[1]
    'the part of unknown origin is 7.9 %, above the limit of 5 %'
    """
    rounded = (round(value, places) for places in range(1, _PLACES_MAX))
    shown, most = decimal_text(next((each for each in rounded if each > limit), value)), decimal_text(limit)
    unit = f" {title.unit}" if title.unit else ""
    zh = f"{title.zh}为 {shown}{unit}，超过限值 {most}{unit}"
    return zh, f"the {title.en} is {shown}{unit}, above the limit of {most}{unit}"
