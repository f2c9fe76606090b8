"""Step 9: every number that the statement shows is the one the derivation ends with.

Shown numbers are rounded in one way, to one text; a number that is right but written otherwise is refused as well,
since two readers could take it for two numbers.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal, localcontext
from typing import Any

from h2verify import canonical
from h2verify.bundle.forms import Document
from h2verify.derivation import decimal_text, published
from h2verify.errors import BundleError
from h2verify.support import list_lacking, list_unusable

ROUNDING_BELOW = Decimal("0.000001")
"""Closer than this, a wrong number is called a wrong rounding."""

FIGURE_ID_DIGITS = 16

_PLAIN = re.compile(r"-?[0-9]{1,200}(\.[0-9]{1,200})?")
_EXACT = Context(prec=500)
_DIGITS_MAX = 100
_ALWAYS = {
    "wtw_kgco2e": "wtw_kgco2e[chain]",
    "ttw_kgco2e": "ttw_kgco2e[chain]",
}
_ZERO_IF_ABSENT = {
    "transport_activity_tkm": "transport_activity_tkm[chain]",
    "hub_activity_t": "hub_activity_t[chain]",
}
_NULL_IF_ABSENT = {
    "intensity_wtw_kgco2e_per_tkm": "chain_intensity_wtw_kgco2e_per_tkm[chain]",
    "intensity_ttw_kgco2e_per_tkm": "chain_intensity_ttw_kgco2e_per_tkm[chain]",
}
_SHARES = {
    "primary_by_wtw_emissions": "primary_share_by_emissions[chain]",
    "primary_by_transport_activity": "primary_share_by_activity[chain]",
}


Supports = Mapping[str, Mapping[str, Sequence[str]]]
"""By method what supports a baseline, by kind."""


def verify_shown(statement: Document, figures: Document, chain: Document, supports: Supports) -> int:
    """How many shown numbers were compared, all equal.

    Parameters
    ----------
    figures : dict
        The document of a derivation that was recomputed: its steps' values hold.
    chain : dict
        The chain behind it: it says whether the diesel figures of comparisons are supported.
    supports : mapping
        By method what its edition asks of a baseline.

    Raises
    ------
    BundleError
        `figure.rounding`, `figure.number`, `figure.id`, `comparison.rounding`, `comparison.number`,
        `comparison.method`, `comparison.status`, `derivation.missing`.
    """
    values = _values(figures["steps"])
    expected = _figure(values)
    for name, text in expected.items():
        shown = statement["figure"][name] if name in statement["figure"] else statement["data_shares"][name]
        _require_shown(shown, text, code="figure", where=name)
    figure_id = f"fig-{canonical.digest_hex(figures['steps'])[:FIGURE_ID_DIGITS]}"
    if statement["figure"]["figure_id"] != figure_id:
        raise BundleError("figure.id", f"the derivation gives {figure_id}, stated is another", where="figure_id")
    count = len(expected) + _require_comparisons(statement["comparisons"], figures["comparisons"], values)
    _require_status(statement["comparisons"], chain, supports)
    return count


def _values(steps: Sequence[Mapping[str, Any]]) -> dict[str, Decimal]:
    """Values by step id; one that nobody could print as a figure is left out, and so is missing where it is shown."""
    return {step["id"]: Decimal(step["value"]) for step in steps if len(step["value"]) <= _DIGITS_MAX}


def _figure(values: Mapping[str, Decimal]) -> dict[str, str | None]:
    expected: dict[str, str | None] = {name: published(_value(values, step)) for name, step in _ALWAYS.items()}
    expected["wtt_kgco2e"] = _difference(expected["wtw_kgco2e"], expected["ttw_kgco2e"])
    for name, step in _ZERO_IF_ABSENT.items():
        expected[name] = published(values.get(step, Decimal(0)))
    for name, step in {**_NULL_IF_ABSENT, **_SHARES}.items():
        expected[name] = published(values[step]) if step in values else None
    return expected


def _require_comparisons(stated: Sequence[Document], derived: Sequence[Document], values: Mapping[str, Decimal]) -> int:
    methods = [each["method"] for each in stated if each["status"] != "withheld"]
    found = [each["method"] for each in derived]
    if methods != found:
        raise BundleError("comparison.method", f"the statement compares by {methods}, derived are {found}")
    count = 0
    with_numbers = [each for each in stated if each["status"] != "withheld"]
    for comparison, derivation in zip(with_numbers, derived, strict=True):
        own = {**values, **_values(derivation["steps"])}
        baseline = published(_value(own, "baseline_kgco2e[chain]"))
        project = published(_value(own, "project_kgco2e[chain]"))
        numbers = {
            "baseline_kgco2e": baseline,
            "project_kgco2e": project,
            "difference_kgco2e": _difference(baseline, project),
        }
        for name, text in numbers.items():
            where = f"{comparison['method']}: {name}"
            _require_shown(comparison[name], text, code="comparison", where=where)
        count += len(numbers)
    return count


def _require_status(stated: Sequence[Document], chain: Document, supports: Supports) -> None:
    """Refuse a comparison called supported whose baseline lacks what its method asks for or states what supports
    nothing, and the other way round."""
    used = {element["category"] for element in chain["elements"]}
    diesel = [category.get("comparison") for name, category in chain["categories"].items() if name in used]
    for comparison in stated:
        lacking = [list_lacking(each, supports[comparison["method"]]) for each in diesel if each]
        unusable = [list_unusable(each, chain.get("activity_date")) for each in diesel if each]
        expected = "unsupported" if any(lacking) or any(unusable) else "stated"
        if comparison["status"] not in ("withheld", expected):
            fault = f"stated as {comparison['status']}, by the chain it is {expected}"
            raise BundleError("comparison.status", fault, where=comparison["method"])


def _value(values: Mapping[str, Decimal], step: str) -> Decimal:
    if step not in values:
        raise BundleError("derivation.missing", "the derivation has no step for a shown number", where=step)
    return values[step]


def _difference(minuend: str | None, subtrahend: str | None) -> str:
    with localcontext(_EXACT):
        return decimal_text(Decimal(minuend or 0) - Decimal(subtrahend or 0))


def _require_shown(shown: str | None, expected: str | None, *, code: str, where: str) -> None:
    if shown == expected:
        return
    fault = f"shown {shown}, the derivation gives {expected}"
    if shown is None or expected is None or not _PLAIN.fullmatch(shown):
        raise BundleError(f"{code}.number", fault, where=where)
    with localcontext(_EXACT):
        is_close = abs(Decimal(shown) - Decimal(expected)) < ROUNDING_BELOW
    raise BundleError(f"{code}.rounding" if is_close else f"{code}.number", fault, where=where)
