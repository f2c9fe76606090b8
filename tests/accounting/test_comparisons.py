"""Comparisons of 2026: kinds of baselines, what supports one, improvement, deduction, life cycle, and why."""

import json
from decimal import Decimal
from typing import Any

import pytest
from chain_examples import Document, assessed, decoded, hydrogen_chain, partly_assessed
from h2verify.bundle.derivations import FORMAT, verify_figures
from h2verify.errors import VerifyError
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.accounting.assessment import Assessment, assess_chain
from h2corridor.accounting.comparing import ComparisonResult
from h2corridor.accounting.kernel import Edition, build_edition
from h2corridor.accounting.publishing import published_files
from h2corridor.app.rules import get_comparison, get_rule_set
from h2corridor.model.errors import InputError, RuleError

DIESEL, LIFE_CYCLE, PRESS = (
    f"{name}@2026.1" for name in ("same-service-diesel", "same-service-life-cycle", "tailpipe-press")
)
SAME_FILES = {
    "rules_baseline.py": (DIESEL, LIFE_CYCLE, PRESS),
    "rules_wtw.py": (DIESEL, LIFE_CYCLE),
    "rules_difference.py": (DIESEL, LIFE_CYCLE),
    "rules_explained.py": (DIESEL, LIFE_CYCLE),
}
AMOUNTS = st.decimals("0.001", "9999", places=3).map(lambda value: format(value, "f"))


def case_chain(method: str, case: str) -> Document:
    files = get_comparison(method).files
    return dict(json.loads(files[f"cases/{case}.json"])["chain"])


def stated_of(document: Document) -> Document:
    stated: Document = document["categories"]["truck"]["comparison"]
    return stated


FACTORS = {"wtt_kgco2e_per_unit": "0.5", "ttw_kgco2e_per_unit": "0"}


def compared(document: Document, method: str = DIESEL) -> ComparisonResult:
    return assessed(document, method).comparisons[0]


def figures_of(result: Assessment, *methods: str) -> Document:
    lists = [
        {"method": method.replace("@", "/"), "steps": list(each.derivation)}
        for method, each in zip(methods, result.comparisons, strict=True)
    ]
    head = {"format": FORMAT, "rule_set": "iso14083/2023.1", "comparisons": lists}
    return {**head, "steps": list(result.derivation)}


def leaked_of(result: ComparisonResult) -> str:
    assert result.explained is not None
    return next(row.kgco2e for row in result.explained.rows if row.step == "explained_leakage_kgco2e")


def held(document: Document, *methods: str) -> None:
    """Hold what an assessment makes against the chain and the editions, as a stranger does."""
    editions = [get_rule_set("iso14083@2023.1"), *map(get_comparison, methods)]
    figures = figures_of(assessed(document, *methods), *methods)
    verify_figures(document, figures, {each.label: published_files(each) for each in editions})


def altered(method: str, before: str, after: str) -> Edition:
    """An edition of one's own, with one thing in its parameters changed."""
    sound = get_comparison(method)
    parameters = sound.files["parameters.toml"].decode()

    assert before in parameters
    files = {**sound.files, "parameters.toml": parameters.replace(before, after, 1).encode()}
    return build_edition(files, {rule.name: rule for rule in sound.rules}, about="altered")


def test_the_corridor_trip_breaks_even_where_the_outside_arithmetic_says() -> None:
    explained = compared(case_chain(DIESEL, "corridor-trip-at-break-even")).explained

    assert explained is not None
    assert "12.466658573474" == explained.break_even_kgco2e_per_kg
    assert "9.591501985684" == explained.break_even_tailpipe_kgco2e_per_kg


def test_hydrogen_of_the_break_even_intensity_makes_no_difference() -> None:
    document = case_chain(DIESEL, "corridor-trip-at-break-even")
    document["categories"]["truck"]["energy"][0]["wtt_kgco2e_per_unit"] = "12.466658573474"
    result = compared(document)

    assert abs(Decimal(str(result.difference_kgco2e))) < Decimal("0.000000001")


@pytest.mark.parametrize("case", ["corridor-trip-at-break-even", "peer-fleet-that-improves", "regulatory-limit"])
def test_what_every_method_makes_holds_for_a_stranger(case: str) -> None:
    held(case_chain(DIESEL, case), DIESEL, PRESS)


def test_a_figure_by_the_old_and_the_new_edition_is_the_same_where_nothing_new_is_stated() -> None:
    old, new = assessed(hydrogen_chain(), "same-service-diesel@2025.1", DIESEL).comparisons

    assert ("computed", "unsupported") == (old.status, new.status)
    assert (old.baseline_kgco2e, old.difference_kgco2e) == (new.baseline_kgco2e, new.difference_kgco2e)


def test_the_explanation_of_an_unsupported_difference_is_not_given() -> None:
    assert compared(hydrogen_chain()).explained is None


@pytest.mark.parametrize(
    ("case", "field"),
    [("corridor-trip-at-break-even", field) for field in ("source", "date", "method", "payload_t", "profile")]
    + [("peer-fleet-that-improves", field) for field in ("period", "peer_vehicles", "peer_distance_km")]
    + [("regulatory-limit", "standard")],
)
def test_a_baseline_that_lacks_what_its_method_asks_for_is_unsupported_but_shown(case: str, field: str) -> None:
    document = case_chain(DIESEL, case)
    stated = stated_of(document)
    if field in {"date", "period"}:
        stated.pop("improvement_pct_per_year", None)
    del stated[field]
    result = compared(document)

    assert "unsupported" == result.status
    assert f"has no {field}" in str(result.why)
    assert "未注明" in str(result.why_zh)
    assert result.difference_kgco2e is not None


@pytest.mark.parametrize(
    ("case", "field", "to", "says", "says_zh"),
    [
        ("corridor-trip-at-break-even", "payload_t", "0.00", "states payload_t as zero", "载质量为零"),
        ("corridor-trip-at-break-even", "baseline_distance_km", "0", "states baseline_distance_km as zero", "里程为零"),
        ("peer-fleet-that-improves", "project_distance_km", "0", "states project_distance_km as zero", "里程为零"),
        ("peer-fleet-that-improves", "peer_vehicles", "0", "states peer_vehicles as zero", "车队车辆数为零"),
        ("peer-fleet-that-improves", "peer_distance_km", "0", "states peer_distance_km as zero", "车队里程为零"),
        ("peer-fleet-that-improves", "date", "2026-03-03", "has a date after the activity", "日期晚于运输活动"),
        (
            "peer-fleet-that-improves",
            "period",
            {"from": "2024-01-01", "until": "2026-12-31"},
            "has a period after the activity",
            "测量时期晚于运输活动",
        ),
    ],
)
def test_a_baseline_of_nothing_or_of_a_later_day_is_unsupported(
    *, case: str, field: str, to: Any, says: str, says_zh: str
) -> None:
    document = case_chain(DIESEL, case)
    stated_of(document)[field] = to
    result = compared(document)

    assert "unsupported" == result.status
    assert says in str(result.why)
    assert says_zh in str(result.why_zh)


def test_a_baseline_of_the_day_of_the_activity_is_supported() -> None:
    document = case_chain(DIESEL, "peer-fleet-that-improves")
    stated_of(document)["date"] = document["activity_date"]

    assert "computed" == compared(document).status


def test_a_life_cycle_asks_for_a_source_of_each_of_its_parts() -> None:
    document = case_chain(LIFE_CYCLE, "comparable-vehicle")
    del stated_of(document)["leakage"]["source"]
    result = compared(document, LIFE_CYCLE)

    assert ("unsupported", "14.829058688") == (result.status, result.difference_kgco2e)
    assert "has no leakage.source" in str(result.why)


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ("life_cycle", "baseline_tyres_kgco2e_per_km"),
        ("life_cycle", "project_vehicle_kgco2e_per_km"),
        ("platform", "transport_activity_tkm"),
        ("leakage", "gwp_kgco2e_per_kg"),
    ],
)
def test_a_life_cycle_is_not_computed_from_what_is_not_stated(part: str, field: str) -> None:
    document = case_chain(LIFE_CYCLE, "comparable-vehicle")
    del stated_of(document)[part][field]
    result = compared(document, LIFE_CYCLE)

    assert ("not_computable", None, None) == (result.status, result.difference_kgco2e, result.explained)
    assert "is not given" in str(result.why_en)


def test_a_life_cycle_without_any_of_its_parts_is_not_computed() -> None:
    result = compared(case_chain(DIESEL, "corridor-trip-at-break-even"), LIFE_CYCLE)

    assert "not_computable" == result.status
    assert "leakage" not in str(result.why_zh)


def test_leaked_hydrogen_is_a_row_of_its_own_and_no_part_of_the_footprint() -> None:
    document = case_chain(LIFE_CYCLE, "comparable-vehicle")
    before = assessed(document, LIFE_CYCLE)
    stated_of(document)["leakage"]["leaked_kg"] = "4"
    after = assessed(document, LIFE_CYCLE)
    rows = [leaked_of(each.comparisons[0]) for each in (before, after)]

    assert before.wtw_kgco2e == after.wtw_kgco2e
    assert ["-5.5", "-11"] == rows


def test_what_the_project_adds_is_shared_through_the_classes_and_sums_to_the_category() -> None:
    document = case_chain(LIFE_CYCLE, "peer-fleet-that-improves")
    cold = document["elements"][0]
    cold["distance"]["km"] = "400"
    dry = {**cold, "id": "dry", "class": "dry", "distance": {"kind": "sfd", "km": "600"}}
    document["elements"].append(dry)
    steps = {step["id"]: Decimal(step["value"]) for step in compared(document, LIFE_CYCLE).derivation}
    added = ("project_vehicles", "overhead", "leakage")
    shares = {each: [steps[f"element_{part}_kgco2e[element:{each}]"] for part in added] for each in ("road", "dry")}

    assert [Decimal(each) for each in ("86.4", "6", "13.2")] == shares["road"]
    assert [Decimal(each) for each in ("57.6", "4", "8.8")] == [round(each, 12) for each in shares["dry"]]


def test_a_method_that_does_not_take_a_kind_says_so() -> None:
    lines = get_comparison(DIESEL).files["parameters.toml"].decode().splitlines()
    edition = altered(DIESEL, next(each for each in lines if each.startswith("regulatory_limit")), "")
    result = assess_chain(
        decoded(case_chain(DIESEL, "regulatory-limit")), get_rule_set("iso14083@2023.1"), comparisons=[edition]
    ).comparisons[0]

    assert "unsupported" == result.status
    assert "takes no baseline of kind regulatory_limit" in str(result.why)
    assert "不在此方法之内" in str(result.why_zh)


@pytest.mark.parametrize(
    ("year", "baseline_l"), [("2026", "0.03"), ("2025", "0.0297"), ("2016", "0.027"), ("1926", "0")]
)
def test_a_baseline_falls_by_its_improvement_with_every_calendar_year(year: str, baseline_l: str) -> None:
    document = case_chain(DIESEL, "peer-fleet-that-improves")
    stated_of(document)["period"] = {"from": "1926-01-01", "until": f"{year}-12-31"}
    steps = {step["id"]: step["value"] for step in compared(document).derivation}

    assert Decimal(baseline_l) == Decimal(steps["baseline_l_per_tkm[category:truck/baseline]"])


def test_a_baseline_cannot_improve_below_nothing() -> None:
    document = case_chain(DIESEL, "peer-fleet-that-improves")
    stated_of(document).update(period={"from": "1926-01-01", "until": "1926-12-31"}, improvement_pct_per_year="1.01")
    result = compared(document)

    assert "not_computable" == result.status
    assert "improved_share is 1.01, above whole 1" in str(result.why)


def test_a_peer_fleet_improves_from_the_end_of_its_measured_period_whatever_its_date() -> None:
    document = case_chain(DIESEL, "peer-fleet-that-improves")
    stated_of(document).update(date="2026-01-01", period={"from": "2015-01-01", "until": "2015-12-31"})
    steps = {step["id"]: step for step in compared(document).derivation}
    age = steps["baseline_age_years[category:truck/baseline]"]

    assert ("11", "$.categories['truck'].comparison.period.until") == (age["value"], age["from"]["path"])


@pytest.mark.parametrize(
    ("case", "change"),
    [
        ("corridor-trip-at-break-even", {"date": "2027-01-01", "improvement_pct_per_year": "1"}),
        ("corridor-trip-at-break-even", {"date": None, "improvement_pct_per_year": "1"}),
        ("peer-fleet-that-improves", {"period": {"from": "2026-01-01", "until": "2027-01-01"}}),
        ("peer-fleet-that-improves", {"period": None}),
    ],
)
def test_an_improvement_needs_a_day_that_is_not_after_the_activity(case: str, change: Document) -> None:
    document = case_chain(DIESEL, case)
    stated_of(document).update(change)
    with pytest.raises(InputError) as caught:
        decoded(document)

    assert ("chain.meaning", '$.categories["truck"].comparison') == (caught.value.code, caught.value.where)


def test_what_is_deducted_is_the_part_of_the_half_width_that_the_edition_names() -> None:
    chain = decoded(case_chain(DIESEL, "peer-fleet-that-improves"))
    half = altered(DIESEL, 'value = "1"\nsource = "own convention', 'value = "0.5"\nsource = "own convention')
    result = assess_chain(chain, get_rule_set("iso14083@2023.1"), comparisons=[half]).comparisons[0]

    assert "46.1149002752" == result.difference_kgco2e


def test_a_text_that_nobody_has_seen_is_said_wherever_the_caveat_stands() -> None:
    unseen = 'status = "draft"\ntext_seen = false'
    with pytest.raises(RuleError) as caught:
        altered(DIESEL, 'status = "draft"', unseen)

    assert ("rule.bad-parameter", "edition") == (caught.value.code, caught.value.where)
    sound = get_comparison(DIESEL)
    text = sound.files["parameters.toml"].decode().replace('status = "draft"', unseen)
    text = text.replace('氢泄漏。"', '氢泄漏。所依据的正式文本未曾见到。"')
    text = text.replace('leaked hydrogen."', 'leaked hydrogen. The official text was not seen."')
    edition = build_edition(
        {**sound.files, "parameters.toml": text.encode()}, {rule.name: rule for rule in sound.rules}, about="unseen"
    )
    chain = decoded(case_chain(DIESEL, "regulatory-limit"))
    result = assess_chain(chain, get_rule_set("iso14083@2023.1"), comparisons=[edition]).comparisons[0]

    assert result.text_seen is False
    assert result.caveat_en.endswith("The official text was not seen.")
    assert b'"text_seen":false' in published_files(edition)["parameters.json"]


@pytest.mark.parametrize(
    "support", ["[support]\n", '[support]\nsailing_ship = ["source"]\n', '[support]\npeer_fleet = ["a b"]\n']
)
def test_a_table_of_support_that_says_nothing_usable_is_refused(support: str) -> None:
    text = get_comparison(DIESEL).files["parameters.toml"].decode()
    table = text[text.index("[support]") : text.index("[[constant]]")]
    with pytest.raises(RuleError) as caught:
        altered(DIESEL, table, support)

    assert "rule.bad-parameter" == caught.value.code


@pytest.mark.parametrize("name", SAME_FILES)
def test_a_file_that_several_methods_share_is_the_same_in_each(name: str) -> None:
    assert 1 == len({get_comparison(method).files[name] for method in SAME_FILES[name]})


def test_hydrogen_from_a_gate_and_of_unknown_origin_is_explained_together() -> None:
    document = hydrogen_chain()
    said = {"method": "tank to tank", "payload_t": "20", "profile": "motorway", "project_distance_km": "520"}
    document["categories"]["truck-h2"]["comparison"].update(said)
    result = compared(document)
    steps = {step["id"]: Decimal(step["value"]) for step in [*assessed(document).derivation, *result.derivation]}
    provision = sum(steps[f"source_wtt_kgco2e[category:truck-h2/energy:{n}]"] for n in (1, 2))

    assert result.explained is not None
    assert round(provision / 102, 12) == round(steps["explained_nozzle_kgco2e_per_kg[chain]"], 12)
    assert Decimal("25.5") == steps["shipment_hydrogen_kg[chain]"]
    assert round(-provision / 4 * 20 / 520, 12) == round(steps["explained_detours_kgco2e[chain]"], 12)
    held(document, DIESEL)


@pytest.mark.parametrize("is_compared", [True, False])
def test_hydrogen_in_a_category_that_nothing_uses_changes_no_break_even(*, is_compared: bool) -> None:
    document = case_chain(DIESEL, "corridor-trip-at-break-even")
    stated_of(document)["project_distance_km"] = "150"
    expected = compared(document)
    spare: Any = {**document["categories"]["truck"]}
    if not is_compared:
        del spare["comparison"]
    document["categories"]["spare"] = spare
    result = compared(document)

    assert result.explained is not None
    assert (expected.explained, expected.derivation) == (result.explained, result.derivation)
    held(document, DIESEL)


def test_hydrogen_that_a_hub_burns_changes_no_break_even() -> None:
    document = case_chain(DIESEL, "corridor-trip-at-break-even")
    expected = compared(document).explained
    burnt = {
        "carrier": "hydrogen",
        "amount": "1",
        "unit": "kg",
        "wtt_kgco2e_per_unit": "5",
        "ttw_kgco2e_per_unit": "0",
    }
    hub = {"kind": "hub", "data": "primary", "source": "meter", "throughput_t": "100", "energy": [burnt]}
    document["categories"]["yard"] = hub
    document["elements"].append({"id": "Y", "kind": "hub", "category": "yard"})
    result = compared(document)

    assert result.explained is not None
    assert expected is not None
    assert expected.break_even_kgco2e_per_kg == result.explained.break_even_kgco2e_per_kg
    held(document, DIESEL)


def test_a_difference_without_hydrogen_says_why_it_is_not_explained() -> None:
    document = case_chain(DIESEL, "corridor-trip-at-break-even")
    document["categories"]["truck"]["energy"] = [{"carrier": "electricity", "amount": "9", "unit": "kWh", **FACTORS}]
    result = compared(document)

    assert ("computed", None) == (result.status, result.explained)
    assert result.not_explained is not None
    assert ("对比各段没有以千克列出的用氢量", "nothing that is compared states hydrogen in kilograms") == (
        result.not_explained.why_zh,
        result.not_explained.why_en,
    )


def test_a_difference_whose_hydrogen_is_nought_says_why_it_is_not_explained() -> None:
    document = case_chain(DIESEL, "corridor-trip-at-break-even")
    document["categories"]["truck"]["energy"][0]["amount"] = "0"
    result = compared(document)

    assert ("computed", None) == (result.status, result.explained)
    assert result.not_explained is not None
    assert "zero" in result.not_explained.why_en or "divide" in result.not_explained.why_en


def test_a_step_that_explains_stands_on_the_chain_and_nowhere_else() -> None:
    document = case_chain(DIESEL, "regulatory-limit")
    figures = figures_of(assessed(document, DIESEL), DIESEL)
    steps = figures["comparisons"][0]["steps"]
    unused = [step for step in steps if step["id"] == "explained_nozzle_kgco2e_per_kg[chain]"]
    figures["comparisons"][0]["steps"] = [step for step in steps if step not in unused]
    editions = [get_rule_set("iso14083@2023.1"), get_comparison(DIESEL)]
    tables = {each.label: published_files(each) for each in editions}
    verify_figures(document, figures, tables)
    leaf = next(step for step in steps if step["id"].startswith("nothing_kgco2e["))
    rows = [s for s in figures["comparisons"][0]["steps"] if not s["id"].startswith("explained_hydrogen_kgco2e")]
    figures["comparisons"][0]["steps"] = rows
    with pytest.raises(VerifyError) as caught:
        verify_figures(document, figures, tables)

    assert ("derivation.unused", leaf["id"]) == (caught.value.code, caught.value.where)


@settings(max_examples=25, deadline=None)
@given(intensity=AMOUNTS, litres=AMOUNTS, driven=AMOUNTS, half_width=AMOUNTS, refilled=AMOUNTS)
def test_the_rows_of_the_bridge_are_the_difference_minus_the_press_figure(
    *, intensity: str, litres: str, driven: str, half_width: str, refilled: str
) -> None:
    document = case_chain(LIFE_CYCLE, "peer-fleet-that-improves")
    stated_of(document).update(peer_diesel_l=litres, project_distance_km=driven)
    document["categories"]["truck"]["energy"][0]["wtt_kgco2e_per_unit"] = intensity
    document["categories"]["truck"]["refrigerants"][0]["refilled_kg"] = refilled
    document["uncertainty"]["half_width_kgco2e"] = half_width
    for result in assessed(document, DIESEL, LIFE_CYCLE).comparisons:
        assert result.explained is not None
        rows = sum((Decimal(row.kgco2e) for row in result.explained.rows), Decimal(0))

        assert Decimal(str(result.difference_kgco2e)) == Decimal(result.explained.press_kgco2e) + rows


@settings(max_examples=25, deadline=None)
@given(first=AMOUNTS, second=AMOUNTS)
def test_a_difference_changes_its_sign_when_both_sides_change_places(first: str, second: str) -> None:
    """The same litres on both sides: hydrogen at what a litre of diesel emits."""
    differences = []
    for project, baseline in ((first, second), (second, first)):
        document = case_chain(DIESEL, "corridor-trip-at-break-even")
        entry = document["categories"]["truck"]["energy"][0]
        entry.update(amount=project, wtt_kgco2e_per_unit="3.483331072")
        stated_of(document).update(diesel_l_per_100km=baseline, baseline_distance_km="100")
        differences.append(Decimal(str(compared(document).difference_kgco2e)))

    assert abs(sum(differences, Decimal(0))) < Decimal("0.00000001")


def test_what_a_partial_assessment_lacks_is_not_explained() -> None:
    document = case_chain(DIESEL, "corridor-trip-at-break-even")
    document["categories"]["truck"]["energy"][0]["amount"] = None
    result = partly_assessed(document, DIESEL).comparisons[0]

    assert ("not_computable", None) == (result.status, result.explained)
