"""Whatever a forger makes of a derivation, it is refused for its reason, in bounded time and memory."""

import time
import tracemalloc
from typing import Any

import pytest
from h2verify.bundle.derivations import COMPARISONS_MAX, FORMULA_IDS_MAX, ID_LENGTH_MAX, STEPS_MAX, verify_figures
from h2verify.errors import VerifyError
from hypothesis import given, settings
from hypothesis import strategies as st
from made_chains import a_chain
from made_editions import LABEL, Document, computed, figures, formulas, mass, rule, tables

SECONDS_MAX = 12
"""Several times what the slowest takes on a small machine; the point is that it ends."""

COPY = tables(formulas(a=rule("mass_kg", "chain", gives="a")))
A_COPY = computed("a[chain]", "mass_kg[chain]")
NOTHING = computed("z[chain]", "mass_kg[chain] - mass_kg[chain]", "0")


def refusal(document: Any, folder: dict[str, bytes] = COPY) -> str:
    with pytest.raises(VerifyError) as caught:
        verify_figures(a_chain(), document, {LABEL: folder})

    assert len(caught.value.message) < 3_000
    return caught.value.code


def chained(count: int) -> tuple[list[Document], dict[str, bytes]]:
    """Each step the square of the one before."""
    rules = {"x0": rule("mass_kg * mass_kg", "chain", gives="x0")}
    steps = [mass(), computed("x0[chain]", "mass_kg[chain] * mass_kg[chain]")]
    for n in range(1, count):
        rules[f"x{n}"] = rule(f"x{n - 1} * x{n - 1}", "chain", gives=f"x{n}")
        steps.append(computed(f"x{n}[chain]", f"x{n - 1}[chain] * x{n - 1}[chain]"))
    return steps, tables(formulas(**rules))


def many_arguments() -> tuple[list[Document], dict[str, bytes]]:
    template = " + ".join(f"x{n}" for n in range(1_200))
    kinds = ("element", "category", "source", "chain")
    rules = {f"y{n}": rule(template, *kinds, gives=f"y{n}") for n in range(300)}
    return [mass(), *(computed(f"y{n}[chain]", "mass_kg[chain]") for n in range(300))], tables(formulas(**rules))


HOSTILE: dict[str, tuple[list[Document], dict[str, bytes], str]] = {
    "numbers that square": (*chained(60), "derivation.arithmetic"),
    "rules with a thousand arguments": (*many_arguments(), "derivation.foreign-formula"),
    "rules that are one endless word each": (
        [mass(), A_COPY],
        tables(formulas(**{f"y{n}": rule("a" * 9_990 + "(", "chain", gives=f"y{n}") for n in range(60)})),
        "edition.form",
    ),
    "a megabyte of parentheses": ([mass(), computed("a[chain]", "(" * 999_999)], COPY, "derivation.formula"),
    "more than a megabyte": ([mass(), computed("a[chain]", "a" * 1_000_001)], COPY, "derivation.too-long"),
    "a megabyte of one sum": ([mass(), computed("a[chain]", "+".join(["a"] * 499_000))], COPY, "derivation.too-long"),
    "a sum within the limit": (
        [mass(), computed("a[chain]", "+".join(["mass_kg[chain]"] * 60_000))],
        COPY,
        "derivation.mismatch",
    ),
    "ids at the limit": (
        [mass(), *(computed(f"a{n}[chain]", "/".join(["mass_kg[chain]"] * 19_990), "1") for n in range(10))],
        COPY,
        "derivation.arithmetic",
    ),
    "a circle of thousands": (
        [mass(), *(computed(f"a[{n}]", f"a[{(n + 1) % 9_000}]") for n in range(9_000))],
        COPY,
        "derivation.cycle",
    ),
    "itself": ([mass(), computed("a[chain]", "a[chain]")], COPY, "derivation.cycle"),
    "an endless id": ([computed(f"a[{'x' * ID_LENGTH_MAX}]", "mass_kg[chain]")], COPY, "derivation.shape"),
    "an endless value": ([mass(), {**A_COPY, "value": "9" * 3_000_000}], COPY, "derivation.mismatch"),
    "an endless leaf": ([{**mass(), "value": "9" * 3_000_000}], COPY, "derivation.value"),
    "an exponent": ([{**mass(), "value": "1E999999999"}], COPY, "derivation.value"),
    "not a number": ([{**mass(), "value": "NaN"}], COPY, "derivation.value"),
    "a division by zero": (
        [mass(), NOTHING, computed("d[chain]", "mass_kg[chain] / z[chain]")],
        COPY,
        "derivation.arithmetic",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_derivation_is_refused_within_seconds(name: str) -> None:
    steps, folder, code = HOSTILE[name]
    begun = time.monotonic()

    assert code == refusal(figures(*steps), folder)
    assert time.monotonic() - begun < SECONDS_MAX


def test_a_derivation_of_the_greatest_size_ends_within_seconds_and_little_memory() -> None:
    """As many steps and ids as there may be, all recomputed, and refused only at the very end."""
    rules = {f"x{n}": rule("mass_kg", "chain", gives=f"x{n}") for n in range(2_000)}
    steps = [mass(), *(computed(f"x{n}[chain]", "mass_kg[chain]") for n in range(2_000))]
    unknown = [computed(f"x{n % 2_000}[element:{n}]", "mass_kg[chain]") for n in range(STEPS_MAX - 2_001)]
    tracemalloc.start()
    begun = time.monotonic()

    assert "derivation.foreign-formula" == refusal(figures(*steps, *unknown), tables(formulas(**rules)))
    assert time.monotonic() - begun < SECONDS_MAX
    assert tracemalloc.get_traced_memory()[1] < 100 * 2**20
    tracemalloc.stop()


def test_one_step_or_id_above_the_limit_is_refused() -> None:
    step = computed("a[chain]", "mass_kg[chain]")

    assert "derivation.too-long" == refusal(figures(*[step] * (STEPS_MAX + 1)))
    half = computed("a[chain]", "+".join(["a"] * (FORMULA_IDS_MAX // 2)))

    assert "derivation.too-long" == refusal(figures(half, half, step))


def test_more_comparisons_than_the_limit_are_refused() -> None:
    document = figures(mass())
    document["comparisons"] = [{"method": f"m/{n}.1", "steps": []} for n in range(COMPARISONS_MAX + 1)]

    assert "figures.form" == refusal(document)


@pytest.mark.parametrize(
    "document",
    [None, [], {}, {**figures(), "more": 1}, {**figures(), "format": "figures"}, {**figures(), "steps": {}}]
    + [{**figures(), "comparisons": each} for each in ({}, [1], [{}], [{"method": LABEL, "steps": []}])],
    ids=repr,
)
def test_what_has_not_the_fields_of_figures_is_refused(document: Any) -> None:
    assert "figures.form" == refusal(document)


FIELDS = sorted({*mass(), *computed("a[chain]", "mass_kg[chain]")})


@pytest.mark.parametrize("value", [None, 1, True, [], {}, ["x"], {"x": "y"}, [[]]], ids=repr)
def test_a_field_of_another_type_is_refused_without_a_traceback(value: Any) -> None:
    for number, step in enumerate((mass(), computed("a[chain]", "mass_kg[chain]"))):
        for field in FIELDS:
            steps = [mass(), computed("a[chain]", "mass_kg[chain]")]
            if step.get(field) != value:
                steps[number][field] = value

                assert "derivation." in refusal(figures(*steps))


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(anything, max_size=4))
def test_any_list_is_refused_with_a_code(steps: list[Any]) -> None:
    assert refusal({**figures(), "steps": steps}).startswith("derivation.")


def test_a_step_may_not_be_used_before_it_stands() -> None:
    later = [computed("a[chain]", "mass_kg[chain]"), mass()]

    assert "derivation.order" == refusal(figures(*later))


def test_numbers_beyond_all_limits_are_no_numbers() -> None:
    folder = tables(formulas(a=rule("mass_kg / mass_kg", "chain", gives="a")))
    small = "/".join(["mass_kg[chain]"] * 60)

    assert "derivation.arithmetic" == refusal(figures(mass(), computed("a[chain]", small, "0")), folder)
