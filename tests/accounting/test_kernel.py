"""The kernel reads a rule twice, resolves what a goal needs, and refuses whatever is missing."""

import datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from h2verify.derivation import verify_derivation, verify_formulas

from h2corridor.accounting.kernel import (
    Absence,
    Dated,
    Edition,
    Given,
    Many,
    Quantity,
    Resolver,
    Rule,
    Scope,
    Scopes,
    edition_digest,
    formula_table,
    greatest,
    least,
    read_parameters,
    rule,
    total,
)
from h2corridor.accounting.kernel.parameters import stated_entry
from h2corridor.accounting.units import list_unit_faults
from h2corridor.model.errors import RuleError

DAY = datetime.date(2024, 12, 31)
HEADER = """
[edition]
id = "tried"
edition = "2023.1"
status = "draft"
standard = "none"
title_zh = "试"
title_en = "tried"
"""
ENTRY = """
[[parameter]]
name = "hydrogen_wtt_factor"
title_zh = "因子"
title_en = "factor"
unit = "kgCO2e/kg"
boundary = "life_cycle"
from = 2023-01-01
until = 2023-12-31
value = "9.5"
source = "a notice"
page = "3"
checked_on = 2024-02-01
"""


@rule(at="chain", unit="kgCO2e", clause="unseen", title_zh="排放", title_en="emissions")
def well_to_wheel_emissions(hydrogen_kg: Quantity, hydrogen_wtt_factor: Quantity) -> Quantity:
    return hydrogen_kg * hydrogen_wtt_factor


@rule(at="chain", unit="kg", clause="unseen", title_zh="合计", title_en="all parts", over="part")
def all_kg(part_kg: Many) -> Quantity:
    return total(part_kg)


@rule(at="chain", unit="kg", clause="unseen", title_zh="极差", title_en="spread")
def spread_kg(all_kg: Quantity, hydrogen_kg: Quantity) -> Quantity:
    return greatest(all_kg, hydrogen_kg) - least(all_kg, hydrogen_kg)


@rule(at="chain", unit="1", clause="unseen", title_zh="环", title_en="a circle")
def egg(hen: Quantity) -> Quantity:
    return hen


@rule(at="chain", unit="1", clause="unseen", title_zh="环", title_en="a circle")
def hen(egg: Quantity) -> Quantity:
    return egg


@rule(at="chain", unit="kg", clause="own", title_zh="限", title_en="guarded", within=("all_kg", "limit_kg"))
def guarded_kg(hydrogen_kg: Quantity) -> Quantity:
    return hydrogen_kg


RULES = (well_to_wheel_emissions, all_kg, spread_kg, egg, hen, guarded_kg)


def edition(parameters: str = HEADER + ENTRY, rules: tuple[Rule, ...] = RULES) -> Edition:
    return Edition(files={"parameters.toml": parameters.encode()}, rules=rules, about="tried")


def given(value: str | None) -> Given:
    amount = None if value is None else Decimal(value)
    return Given(value=amount, unit="kg", label_zh="氢", label_en="hydrogen", origin={"kind": "input", "path": "$.x"})


def resolver(*, on: datetime.date | None = DAY, partial: bool = False, amount: str | None = "2") -> Resolver:
    facts: dict[str, Given | Dated] = {"hydrogen_kg": given(amount), "limit_kg": given("5")}
    parts = [Scope(kind="part", path=f"part:{n}", facts={"part_kg": given(str(n))}, above=("chain",)) for n in (1, 3)]
    scopes = Scopes([Scope(kind="chain", path="chain", facts=facts), *parts])
    return Resolver(scopes, [edition()], on=on, partial=partial)


def test_a_factor_without_a_value_on_the_date_refuses_in_the_words_of_the_house() -> None:
    with pytest.raises(RuleError) as caught:
        resolver().resolve("well_to_wheel_emissions", "chain")
    expected = (
        "rule.no-factor: tried/2023.1: hydrogen_wtt_factor has no value on 2024-12-31 "
        "(needed by well_to_wheel_emissions, clause unseen). Add a dated value or choose another factor set."
    )

    assert expected == caught.value.message


def test_a_factor_counts_on_its_last_day_and_not_on_the_next() -> None:
    assert Decimal(19) == resolver(on=datetime.date(2023, 12, 31)).value("well_to_wheel_emissions", "chain")
    with pytest.raises(RuleError):
        resolver(on=datetime.date(2024, 1, 1)).resolve("well_to_wheel_emissions", "chain")


def test_the_latest_value_may_be_used_up_to_the_stated_age_and_the_step_shows_it() -> None:
    aged = edition(HEADER + ENTRY + "max_age_years = 2\n")
    scopes = Scopes([Scope(kind="chain", path="chain", facts={"hydrogen_kg": given("2")})])
    one = Resolver(scopes, [aged], on=datetime.date(2025, 6, 1))
    one.resolve("well_to_wheel_emissions", "chain")
    origin = one.steps[1]["from"]

    assert (2, "2023-01-01", "2023-12-31") == (origin["age_years"], origin["holds_from"], origin["holds_until"])
    with pytest.raises(RuleError):
        Resolver(scopes, [aged], on=datetime.date(2026, 1, 1)).resolve("well_to_wheel_emissions", "chain")


@pytest.mark.parametrize(
    ("code", "changes", "goal"),
    [
        ("rule.no-date", {"on": None}, "well_to_wheel_emissions"),
        ("rule.missing-input", {"amount": None}, "well_to_wheel_emissions"),
        ("rule.no-rule", {}, "something_else"),
        ("rule.cycle", {}, "egg"),
    ],
)
def test_what_is_missing_refuses_with_its_code(code: str, changes: dict[str, Any], goal: str) -> None:
    with pytest.raises(RuleError) as caught:
        resolver(**changes).resolve(goal, "chain")

    assert code == caught.value.code


def test_a_partial_resolution_lists_what_is_missing_once_and_computes_the_rest() -> None:
    partial = resolver(partial=True)
    outcomes = [partial.resolve("well_to_wheel_emissions", "chain") for _ in range(2)]

    assert all(isinstance(outcome, Absence) for outcome in outcomes)
    assert ["rule.no-factor"] == [absence.code for absence in partial.absences]
    assert Decimal(4) == partial.value("all_kg", "chain")


def test_a_missing_number_is_never_a_zero() -> None:
    assert Decimal(0) == resolver(amount="0", on=datetime.date(2023, 6, 1)).value("well_to_wheel_emissions", "chain")
    assert resolver(amount=None, partial=True).value("well_to_wheel_emissions", "chain") is None


def test_both_readings_agree_and_the_published_formula_is_the_template() -> None:
    one = resolver()
    one.resolve("spread_kg", "chain")
    verify_derivation(one.steps)
    verify_formulas(one.steps, {"tried/2023.1": formula_table(RULES)})
    last = one.steps[-1]

    assert "max(all_kg[chain], hydrogen_kg[chain]) - min(all_kg[chain], hydrogen_kg[chain])" == last["formula"]
    assert "part_kg[part:1] + part_kg[part:3]" == one.steps[-3]["formula"]
    assert "2" == last["value"]
    assert [] == list_unit_faults(one.steps)


def test_a_guard_is_a_part_of_the_step_and_refuses_above_its_limit() -> None:
    one = resolver()
    one.resolve("guarded_kg", "chain")

    assert {"quantity": "all_kg[chain]", "at_most": "limit_kg[chain]"} == one.steps[-1]["guard"]
    scopes = Scopes(
        [
            Scope(kind="chain", path="chain", facts={"hydrogen_kg": given("2"), "limit_kg": given("3.9")}),
            Scope(kind="part", path="p", facts={"part_kg": given("4")}, above=("chain",)),
        ]
    )
    with pytest.raises(RuleError) as caught:
        Resolver(scopes, [edition()], on=DAY).resolve("guarded_kg", "chain")

    assert "rule.beyond-limit" == caught.value.code


def declare(function: Any, **changes: Any) -> None:
    rule(**{"at": "chain", "unit": "1", "clause": "own", "title_zh": "试", "title_en": "t", **changes})(function)


@pytest.mark.parametrize(
    "function",
    [
        lambda a: a * 2,
        lambda a: 2 * a,
        lambda a, b: a if a else b,
        lambda a, b: a if a > b else b,
        lambda a: Decimal(1),
        lambda a: a**a,
        lambda a: -a,
        lambda a, b: abs(a) + b,
        lambda a, b: min(a, b) + a,
    ],
)
def test_a_function_that_is_not_plain_arithmetic_is_no_rule(function: Any) -> None:
    with pytest.raises(RuleError) as caught:
        declare(function)

    assert "rule.bad-rule" == caught.value.code


@pytest.mark.parametrize("missing", ["unit", "clause", "title_zh", "title_en"])
def test_a_rule_without_unit_clause_or_title_is_no_rule(missing: str) -> None:
    with pytest.raises(RuleError):
        declare(lambda a: a, **{missing: ""})


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("(a + b) * c", lambda a, b, c: (a + b) * c),
        ("a - (b - c)", lambda a, b, c: a - (b - c)),
        ("a - b - c", lambda a, b, c: a - b - c),
        ("a / (b * c)", lambda a, b, c: a / (b * c)),
        ("a / b * c", lambda a, b, c: a / b * c),
        ("a + (b + c)", lambda a, b, c: a + (b + c)),
        ("a * (b * c)", lambda a, b, c: a * (b * c)),
    ],
)
def test_the_formula_keeps_the_order_in_which_a_rule_computes(text: str, function: Any) -> None:
    made = rule(at="chain", unit="1", clause="own", title_zh="试", title_en="t")(function)

    assert text == made.formula


@pytest.mark.parametrize(
    "lines",
    [
        'range_pct = "5"',
        'range_source = "own"',
        'range_pct = "-5"\nrange_source = "own"',
        'range_pct = 5\nrange_source = "own"',
        'range_pct = "5"\nrange_source = ""',
    ],
)
def test_a_range_that_is_not_whole_is_refused(lines: str) -> None:
    with pytest.raises(RuleError) as caught:
        read_parameters(f"{HEADER}{ENTRY}\n{lines}\n", about="tried")

    assert "rule.bad-parameter" == caught.value.code


def test_a_stated_range_is_published_with_its_source() -> None:
    lines = 'range_pct = "7.5"\nrange_source = "own, page 3"'
    found = stated_entry(read_parameters(f"{HEADER}{ENTRY}\n{lines}\n", about="tried").parameter[0])

    assert ("7.5", "own, page 3") == (found["range_pct"], found["range_source"])


@pytest.mark.parametrize("line", [line for line in ENTRY.strip().splitlines()[1:] if not line.startswith("until")])
def test_a_parameter_without_any_one_of_its_fields_is_refused(line: str) -> None:
    with pytest.raises(RuleError) as caught:
        read_parameters(HEADER + ENTRY.replace(line + "\n", ""), about="tried")

    assert "rule.bad-parameter" == caught.value.code


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('value = "9.5"', "value = 9.5"),
        ('value = "9.5"', 'value = "9,5"'),
        ("until = 2023-12-31", "until = 2022-12-31"),
        ("until = 2023-12-31", "max_age_years = 1"),
        ('source = "a notice"', 'source = ""'),
        ('page = "3"', 'page = "3"\ncolour = "red"'),
        ('boundary = "life_cycle"', 'boundary = "well"'),
        ("[[parameter]]", "[[parametre]]"),
        ("checked_on = 2024-02-01", 'checked_on = "lately"'),
    ],
)
def test_a_parameter_with_one_fault_is_refused(before: str, after: str) -> None:
    with pytest.raises(RuleError):
        read_parameters((HEADER + ENTRY).replace(before, after), about="tried")


def test_two_values_that_hold_at_once_are_refused() -> None:
    with pytest.raises(RuleError) as caught:
        read_parameters(HEADER + ENTRY + ENTRY.replace("2023-01-01", "2023-06-01"), about="tried")

    assert "two values hold" in caught.value.message


def test_two_rules_for_one_quantity_and_kind_or_of_one_name_are_refused() -> None:
    twice = msgspec.structs.replace(all_kg, name="another")
    namesake = msgspec.structs.replace(all_kg, gives="another")
    for other in (twice, namesake):
        with pytest.raises(RuleError) as caught:
            edition(rules=(all_kg, other))

        assert "rule.bad-rule" == caught.value.code


def test_the_digest_covers_names_and_content_of_every_file() -> None:
    files = {"rules.py": b"a", "cases/one.json": b"b"}
    changed = [{**files, "rules.py": b"A"}, {"rules.py": b"a", "cases/two.json": b"b"}, {**files, "more": b""}]

    assert 4 == len({edition_digest(each) for each in (files, *changed)})


def test_adding_unlike_units_is_found() -> None:
    steps = [
        {"id": "a", "unit": "kg", "formula": None},
        {"id": "b", "unit": "km", "formula": None},
        {"id": "c", "unit": "kg", "formula": "a + b"},
        {"id": "d", "unit": "tkm", "formula": "a * b"},
    ]

    assert ["c", "d"] == [fault.partition(":")[0] for fault in list_unit_faults(steps)]
