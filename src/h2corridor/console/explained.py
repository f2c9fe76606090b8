"""A derivation written out as a person would by hand: in words, then in numbers, then the result.

Steps stand in the order in which somebody would do them: what is given about the shipment, each category, each
element, and at the end the chain. Every number that a line uses stands on a line above it, or is said to be given.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import IO, Any

from h2verify.derivation import decimal_text
from h2verify.formula import operands, tokens
from h2verify.scope_facts import CHAIN

from h2corridor.console.texts import Language, text

DECIMALS = 6
_ABOUT = "≈"
_SIGNS = {"*": "×", "/": "÷", "-": "−"}
Step = Mapping[str, Any]


def write_explanation(
    steps: Sequence[Step],
    language: Language,
    file: IO[str],
    *,
    known: Sequence[Step] = (),
    start: str = "explained_start",
) -> None:
    """Write a derivation, section by section.

    Parameters
    ----------
    steps : sequence of mapping
        Steps as `Assessment.derivation` has them.
    known : sequence of mapping, optional
        Steps written out before, which these go on from.
    start : str, optional
        The words over what belongs to no category, element or chain.
    """
    by_id = {step["id"]: step for step in (*known, *steps)}
    for heading, own in _sections(steps, language, start):
        file.write(f"\n## {heading}\n\n")
        for number, step in enumerate(own, 1):
            lines = _given(step, language) if "from" in step else _computed(step, by_id, language)
            file.write(f"{number}. " + "\n   ".join(lines) + "\n")


def rounded(value: str) -> str:
    """A number for the eye: at most six decimals, with a sign of approximation where some were cut.

    >>> rounded("0.1500"), rounded("0.66666666666"), rounded("0.00000012345678")
    ('0.15', '≈ 0.666667', '≈ 0.000000123457')
    """
    exact = Decimal(value)
    places = max(DECIMALS, DECIMALS - 1 - exact.adjusted()) if exact else DECIMALS
    cut = round(exact, places)
    return decimal_text(cut) if cut == exact else f"{_ABOUT} {decimal_text(cut)}"


def _sections(steps: Sequence[Step], language: Language, start: str) -> Iterable[tuple[str, list[Step]]]:
    late = _resting_on_elements(steps)
    sections: dict[tuple[int, str], list[Step]] = {}
    for step in steps:
        place = _place(step)
        head = place.partition("/")[0]
        if head == CHAIN:
            key = (3, "") if step["id"] in late else (0, "")
        elif head.startswith("element:"):
            key = (2, head.removeprefix("element:"))
        elif head.startswith("category:"):
            key = (1, head.removeprefix("category:"))
        else:
            key = (0, "")
        sections.setdefault(key, []).append(step)
    names = (start, "explained_category", "explained_element", "explained_chain")
    for rank, name in sorted(sections, key=lambda key: key[0]):
        yield text(names[rank], language, name=name), sections[rank, name]


def _resting_on_elements(steps: Sequence[Step]) -> set[str]:
    late: set[str] = set()
    for step in steps:
        if _place(step).startswith("element:") or any(used in late for used in step["inputs"]):
            late.add(step["id"])
    return late


def _place(step: Step) -> str:
    return str(step["id"]).removesuffix("]").partition("[")[2]


def _given(step: Step, language: Language) -> list[str]:
    origin = step["from"]
    value = f"{_label(step, language)} = {_amount(step)}"
    if origin["kind"] != "parameter":
        where = origin.get("path", "")
        source = f"; {origin['source']}" if origin.get("source") else ""
        return [f"{value}  ({text('explained_given', language)}: {where}{source})"]
    lines = [f"{value}  ({text('explained_factor', language)} {origin['edition']}: {origin['source']})"]
    if origin.get("age_years"):
        lines.append(text("explained_age", language, years=origin["age_years"], until=origin["holds_until"]))
    if origin.get("boundary") == "direct":
        lines.append(text("explained_direct", language))
    return lines


def _computed(step: Step, by_id: Mapping[str, Step], language: Language) -> list[str]:
    used = {name: by_id[name] for name in operands(step["formula"]) if name in by_id}
    words = {name: _named(each, _place(step), language) for name, each in used.items()}
    numbers = {name: f"{rounded(each['value'])} {_unit(each['unit'])}".rstrip() for name, each in used.items()}
    clause = step["clause"]
    lines = [f"{_label(step, language)} = {_written(step['formula'], words)}"]
    if len(used) > 1:
        lines.append(f"= {_written(step['formula'], numbers)}")
    amount = _amount(step)
    equals = "" if amount.startswith(_ABOUT) else "= "
    lines.append(f"{equals}{amount}   [{step['edition']}, {text('explained_clause', language)} {clause}]")
    if "guard" in step:
        held = [by_id[step["guard"][key]] for key in ("quantity", "at_most")]
        first, limit = (f"{_label(each, language)} ({_amount(each)})" for each in held)
        lines.append(text("explained_guard", language, quantity=first, limit=limit))
    return lines


def _written(formula: str, words: Mapping[str, str]) -> str:
    parts = [words.get(token, _SIGNS.get(token, token)) for token in tokens(formula)]
    return (
        " ".join(parts)
        .replace("( ", "(")
        .replace(" )", ")")
        .replace(" ,", ",")
        .replace("min (", "min(")
        .replace("max (", "max(")
    )


def _label(step: Step, language: Language) -> str:
    return str(step["label_zh" if language == "zh" else "label_en"])


def _named(step: Step, beside: str, language: Language) -> str:
    """What an operand is called, with the name of where it stands unless that is here, or the chain as a whole."""
    place = _place(step)
    if place in (beside, CHAIN) or ":" not in place:
        return _label(step, language)
    return f"{_label(step, language)} ({place.partition(':')[2]})"


def _amount(step: Step) -> str:
    return f"{rounded(step['value'])} {_unit(step['unit'])}".rstrip()


def _unit(unit: str) -> str:
    return "" if unit == "1" else unit
