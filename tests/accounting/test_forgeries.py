"""A forger who holds the signing key changes one thing in a derivation, and repairs what follows from it: refused.

What an honest assessment makes is accepted as it is; every forgery below is refused for its own reason.
"""

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from chain_examples import METHODS, assessed, freight_chain, hydrogen_chain, road
from h2verify.bundle.derivations import FORMAT, verify_figures
from h2verify.derivation import compute, decimal_text, operands, recompute
from h2verify.errors import VerifyError

from h2corridor.accounting.publishing import published_files
from h2corridor.app.rules import get_comparison, get_rule_set

Document = dict[str, Any]
RULES = "iso14083/2023.1"
DIESEL = "same-service-diesel/2025.1"
TRUCK = "category:truck-h2"
FIRST = f"{TRUCK}/energy:1"


def a_chain() -> Document:
    """Hydrogen of known and unknown origin, two roads, a round, classes, a rail leg and a hub."""
    chain = hydrogen_chain()
    round_stops = [
        {"id": f"stop {n}", "distance": {"kind": "sfd", "km": str(10 * n)}, "mass_kg": "25000"} for n in (1, 2)
    ]
    classes = [
        {"name": n, "quantity": q, "equivalent": "2", "transport_activity_tkm": tkm}
        for n, q, tkm in (("car", "30", "250"), ("lorry", "10", "500"))
    ]
    given = {"per": "tkm", "wtw_kgco2e": "0.018", "ttw_kgco2e": "0.002"}
    chain["categories"] |= {
        "rail": {"kind": "transport", "data": "default", "source": "operator", "intensity": given, "refs": ["legs#2"]},
        "van": {
            "kind": "transport",
            "data": "modelled",
            "source": "own",
            "energy": [{"carrier": "diesel", "amount": "4.50", "unit": "l"}],
            "round": {"stops": round_stops},
        },
        "ferry": {
            "kind": "transport",
            "data": "modelled",
            "source": "own",
            "energy": [{"carrier": "diesel", "amount": "3.20", "unit": "l"}],
            "transport_activity_tkm": "750",
            "classes": classes,
        },
    }
    rail = {**road("rail", "rail", "640"), "mode": "rail"}
    ferry = {**road("ferry", "ferry", "20"), "class": "lorry"}
    chain["elements"] += [rail, road("road 2", "truck-h2", "80"), ferry, road("last", "van", "20")]
    return chain


class Bundle:
    """What a verifier is handed of a figure; a test changes it."""

    def __init__(self, chain: Document, *methods: str) -> None:
        result = assessed(chain, *methods)
        editions = [get_rule_set("iso14083@2023.1"), *(get_comparison(method) for method in methods)]
        compared = [
            {"method": edition.label, "steps": list(each.derivation)}
            for edition, each in zip(editions[1:], result.comparisons, strict=True)
        ]
        figures = {"format": FORMAT, "rule_set": RULES, "steps": list(result.derivation), "comparisons": compared}
        self.chain = copy.deepcopy(chain)
        self.figures: Document = copy.deepcopy(figures)
        self.editions = {edition.label: published_files(edition) for edition in editions}

    def verify(self) -> Any:
        return verify_figures(self.chain, self.figures, self.editions)

    def lists(self) -> list[list[Document]]:
        return [self.figures["steps"], *(each["steps"] for each in self.figures["comparisons"])]

    def step(self, step_id: str) -> Document:
        return next(step for steps in self.lists() for step in steps if step["id"] == step_id)

    def rewrite(self, step_id: str, before: str, after: str) -> None:
        step = self.step(step_id)

        assert before in step["formula"], step["formula"]
        step["formula"] = step["formula"].replace(before, after)
        step["inputs"] = operands(step["formula"])

    def drop(self, *step_ids: str) -> None:
        for steps in self.lists():
            steps[:] = [step for step in steps if step["id"] not in step_ids]

    def repair(self) -> None:
        """Make every value follow from the leaves again, as a careful forger would."""
        figure = self.figures["steps"]
        known = recompute(figure)
        for steps in self.lists():
            values = known if steps is figure else compute({step["id"]: step for step in steps}, known)
            for step in steps:
                step["value"] = decimal_text(values[step["id"]])

    def republish(self, label: str, name: str, change: Callable[[Document], None]) -> None:
        document = json.loads(self.editions[label][name])
        change(document)
        data = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        self.editions[label] = {**self.editions[label], name: data}


def refusal(bundle: Bundle) -> str:
    with pytest.raises(VerifyError) as caught:
        bundle.verify()
    return caught.value.code


@pytest.fixture
def bundle() -> Bundle:
    return Bundle(a_chain(), *METHODS)


def test_what_an_assessment_makes_is_accepted_and_its_values_are_given(bundle: Bundle) -> None:
    values = bundle.verify()

    assert Decimal(bundle.step("wtw_kgco2e[chain]")["value"]) == values.figure["wtw_kgco2e[chain]"]
    assert {method.replace("@", "/") for method in METHODS} == values.comparisons.keys()
    assert "baseline_kgco2e[chain]" in values.comparisons[DIESEL]


def test_a_chain_without_hydrogen_is_accepted_without_comparisons() -> None:
    Bundle(freight_chain()).verify()


def test_null_and_empty_fields_of_a_repaired_bundle_change_nothing(bundle: Bundle) -> None:
    bundle.repair()
    bundle.verify()


def leaf(step_id: str, **changes: str) -> Callable[[Bundle], None]:
    def forge(bundle: Bundle) -> None:
        bundle.step(step_id).update(changes)

    return forge


def origin(step_id: str, **changes: Any) -> Callable[[Bundle], None]:
    def forge(bundle: Bundle) -> None:
        bundle.step(step_id)["from"].update(changes)

    return forge


def formula(step_id: str, before: str, after: str) -> Callable[[Bundle], None]:
    return lambda bundle: bundle.rewrite(step_id, before, after)


def an_old_factor(bundle: Bundle) -> None:
    """The value of 2023, honestly labelled as such, for a run of 2026."""
    step = bundle.step(f"station_electricity_kgco2e_per_kwh[{FIRST}]")
    step["value"] = "0.6205"
    step["from"].update(holds_from="2023-01-01", holds_until="2023-12-31", age_years=3)


def a_direct_factor(bundle: Bundle) -> None:
    step = bundle.step(f"station_electricity_kgco2e_per_kwh[{FIRST}]")
    step["value"] = "0.5366"
    step["from"].update(boundary="direct", holds_from="2022-01-01", holds_until="2022-12-31")


def an_element_left_out(bundle: Bundle) -> None:
    for total, part in (
        ("wtw_kgco2e[chain]", "element_wtw_kgco2e[element:road 2]"),
        ("primary_wtw_kgco2e[chain]", "element_primary_wtw_kgco2e[element:road 2]"),
    ):
        bundle.rewrite(total, f" + {part}", "")


def an_element_counted_twice(bundle: Bundle) -> None:
    part = "element_wtw_kgco2e[element:rail]"
    bundle.rewrite("wtw_kgco2e[chain]", f" + {part}", f" + {part} + {part}")


def sums_in_another_order(bundle: Bundle) -> None:
    step = bundle.step("wtw_kgco2e[chain]")
    step["formula"] = " + ".join(step["inputs"][::-1])
    step["inputs"] = step["inputs"][::-1]


def a_number_stated_instead_of_computed(bundle: Bundle) -> None:
    step = bundle.step(f"hydrogen_trailer_kgco2e_per_kg[{FIRST}]")
    for key in ("formula", "clause", "edition", "rule"):
        del step[key]
    step |= {"inputs": [], "value": "0.1", "from": {"kind": "input", "path": "$.shipment.mass_kg"}}
    used = {each for other in bundle.figures["steps"] for each in other["inputs"]}
    unused = [s["id"] for s in bundle.figures["steps"] if s["id"] not in used and "trailer" in s["id"]]
    bundle.drop(*(each for each in unused if each != step["id"]))


def a_fact_computed_instead_of_stated(bundle: Bundle) -> None:
    step = bundle.step("distance_km[element:rail]")
    del step["from"]
    rest = {
        "clause": "own",
        "edition": RULES,
        "rule": "mass_t",
        "formula": "mass_kg[chain]",
        "inputs": ["mass_kg[chain]"],
    }
    step |= rest


def a_constant_of_another_edition(bundle: Bundle) -> None:
    """`km_per_100km` of the other comparison's edition in the place of one's own."""
    steps = bundle.figures["comparisons"][0]["steps"]
    step = next(step for step in steps if step["id"].startswith("km_per_100km"))
    before, after = step["id"], "km_per_100km[tailpipe-press/2025.1]"
    step["id"] = after
    step["from"]["edition"] = "tailpipe-press/2025.1"
    for other in steps:
        if before in other["inputs"]:
            other["formula"] = other["formula"].replace(before, after)
            other["inputs"] = operands(other["formula"])


def another_category(bundle: Bundle) -> None:
    for kind in ("wtw", "ttw"):
        before = f"intensity_{kind}_kgco2e_per_tkm[{TRUCK}]"
        bundle.rewrite(f"element_{kind}_kgco2e[element:road 2]", before, before.replace(TRUCK, "category:rail"))


def the_guard_taken_off(bundle: Bundle) -> None:
    del bundle.step(f"source_wtt_kgco2e[{TRUCK}/energy:2]")["guard"]


def the_guard_on_another_limit(bundle: Bundle) -> None:
    guard = bundle.step(f"source_wtt_kgco2e[{TRUCK}/energy:2]")["guard"]
    guard["at_most"] = f"pct_per_whole[{RULES}]"


def a_rule_of_another_kind(bundle: Bundle) -> None:
    step = bundle.step(f"source_ttw_kgco2e[{FIRST}]")
    step["rule"] = "diesel_ttw_kgco2e"


def a_rule_of_no_edition(bundle: Bundle) -> None:
    bundle.step("mass_t[chain]")["edition"] = "iso14083/2023.2"


def a_goal_removed(bundle: Bundle) -> None:
    bundle.drop("hub_activity_t[chain]")


def a_comparison_without_its_difference(bundle: Bundle) -> None:
    bundle.drop("difference_kgco2e[chain]")


def a_step_before_its_operands(bundle: Bundle) -> None:
    steps = bundle.figures["steps"]
    steps.insert(0, steps.pop())


def a_field_more(bundle: Bundle) -> None:
    bundle.step("mass_kg[chain]")["note"] = "checked"


FORGERIES: list[tuple[str, Callable[[Bundle], None], str]] = [
    ("one leaf", leaf("distance_km[element:rail]", value="64"), "derivation.input"),
    ("another unit of a leaf", leaf("mass_kg[chain]", unit="t"), "derivation.input"),
    ("another label of a leaf", leaf("mass_kg[chain]", label_en="half the mass"), "derivation.input"),
    ("another place of a leaf", origin("mass_kg[chain]", path="$.shipment.mass"), "derivation.input"),
    ("a leaf that rests on nothing", origin("mass_kg[chain]", refs=["invented#1"]), "derivation.input"),
    ("data called primary", leaf("is_primary[element:rail]", value="1"), "derivation.input"),
    ("one factor", leaf(f"diesel_density_kg_per_l[{RULES}]", value="0.8"), "derivation.factor"),
    ("one constant", leaf(f"kg_per_t[{RULES}]", value="1016"), "derivation.factor"),
    ("a factor's source", origin(f"diesel_density_kg_per_l[{RULES}]", page="12"), "derivation.factor"),
    ("a factor's age", origin(f"station_electricity_kgco2e_per_kwh[{FIRST}]", age_years=0), "derivation.factor"),
    ("truth instead of one", origin(f"diesel_density_kg_per_l[{RULES}]", age_years=False), "derivation.factor"),
    ("a factor of another year", an_old_factor, "derivation.factor"),
    ("a factor of another boundary", a_direct_factor, "derivation.factor"),
    ("a fact called a parameter", origin("distance_km[element:rail]", kind="parameter"), "derivation.input"),
    ("a constant of another edition", a_constant_of_another_edition, "derivation.factor"),
    ("one formula", formula("mass_t[chain]", " / ", " * "), "derivation.foreign-formula"),
    ("one unit", leaf("mass_t[chain]", unit="kg"), "derivation.foreign-formula"),
    ("one clause", leaf("mass_t[chain]", clause="7.1"), "derivation.foreign-formula"),
    ("one title", leaf("mass_t[chain]", label_en="mass"), "derivation.foreign-formula"),
    ("a rule of another kind", a_rule_of_another_kind, "derivation.foreign-formula"),
    ("a rule of no edition", a_rule_of_no_edition, "derivation.foreign-formula"),
    ("a fact computed", a_fact_computed_instead_of_stated, "derivation.foreign-formula"),
    ("a number stated", a_number_stated_instead_of_computed, "derivation.input"),
    ("an element left out", an_element_left_out, "derivation.sum"),
    ("an element counted twice", an_element_counted_twice, "derivation.foreign-formula"),
    ("a sum in another order", sums_in_another_order, "derivation.sum"),
    ("another category", another_category, "derivation.argument"),
    ("the guard taken off", the_guard_taken_off, "derivation.foreign-formula"),
    ("the guard on another limit", the_guard_on_another_limit, "derivation.argument"),
    ("a shown number without a step", a_goal_removed, "derivation.missing"),
    ("a comparison without its difference", a_comparison_without_its_difference, "derivation.missing"),
    ("a step before its operands", a_step_before_its_operands, "derivation.order"),
    ("a field more", a_field_more, "derivation.shape"),
]


@pytest.mark.parametrize(("forge", "code"), [entry[1:] for entry in FORGERIES], ids=[entry[0] for entry in FORGERIES])
def test_one_change_with_all_values_repaired_is_refused(
    bundle: Bundle, forge: Callable[[Bundle], None], code: str
) -> None:
    forge(bundle)
    bundle.repair()

    assert code == refusal(bundle)


def test_every_rounding_in_the_middle_is_refused(bundle: Bundle) -> None:
    """Each value in turn is cut down to six decimals; a value that is not changed by it is left alone."""
    tried = 0
    for steps in bundle.lists():
        for step in steps:
            before = step["value"]
            step["value"] = decimal_text(round(Decimal(before), 6))
            if step["value"] != before:
                tried += 1
                expected = {"derivation.mismatch"} if "formula" in step else {"derivation.mismatch", "derivation.input"}

                assert refusal(bundle) in expected
            step["value"] = before

    assert tried > 20


def test_every_single_leaf_that_is_changed_and_repaired_is_refused(bundle: Bundle) -> None:
    leaves = [step["id"] for steps in bundle.lists() for step in steps if "from" in step]

    assert len(leaves) > 40
    for step_id in leaves:
        forged = Bundle.__new__(Bundle)
        forged.__dict__ = copy.deepcopy(bundle.__dict__)
        step = forged.step(step_id)
        step["value"] = decimal_text(Decimal(step["value"]) + Decimal("0.001"))
        try:
            forged.repair()
        except VerifyError:
            continue

        assert refusal(forged) in {"derivation.input", "derivation.factor", "derivation.limit"}


def test_an_honest_step_that_nothing_rests_on_is_refused(bundle: Bundle) -> None:
    constant = bundle.step(f"refrigerant_wtt_kgco2e_per_kg[{RULES}]")
    chain = hydrogen_chain()
    del chain["categories"]["truck-h2"]["refrigerants"]
    for steps in (0, 1):
        without = Bundle(chain, *METHODS)
        without.verify()
        without.lists()[steps].append(constant)

        assert "derivation.unused" == refusal(without)


def test_an_edition_that_is_not_asked_gives_no_step(bundle: Bundle) -> None:
    constant = bundle.step("km_per_100km[same-service-diesel/2025.1]")
    bundle.drop(constant["id"])
    bundle.figures["steps"].append(constant)

    assert "derivation.factor" == refusal(bundle)


def test_a_chain_changed_under_its_figure_is_refused(bundle: Bundle) -> None:
    bundle.chain["elements"][2]["distance"]["km"] = "641"

    assert "derivation.input" == refusal(bundle)


def test_an_element_added_to_the_chain_is_missed_in_the_sums(bundle: Bundle) -> None:
    bundle.chain["elements"].append(road("forgotten", "truck-h2", "5"))

    assert "derivation.sum" == refusal(bundle)


def test_a_date_that_other_factors_belong_to_is_refused(bundle: Bundle) -> None:
    bundle.chain["activity_date"] = "2023-06-01"

    assert "derivation.factor" == refusal(bundle)
    del bundle.chain["activity_date"]

    assert "derivation.factor" == refusal(bundle)


def test_another_region_for_the_same_electricity_is_refused(bundle: Bundle) -> None:
    bundle.chain["categories"]["terminal"]["energy"][0]["grid_region"] = "Guangxi"

    assert "derivation.factor" == refusal(bundle)


def test_a_parameter_changed_in_the_edition_is_seen_in_the_step(bundle: Bundle) -> None:
    def change(document: Document) -> None:
        density = next(each for each in document["parameters"] if each["name"] == "diesel_density_kg_per_l")
        density["value"] = "0.833"

    bundle.republish(RULES, "parameters.json", change)

    assert "derivation.factor" == refusal(bundle)


@pytest.mark.parametrize("name", ["formulas.json", "parameters.json"])
def test_an_edition_without_one_of_its_tables_is_refused(bundle: Bundle, name: str) -> None:
    bundle.editions[RULES] = {key: data for key, data in bundle.editions[RULES].items() if key != name}

    assert "edition.form" == refusal(bundle)


def test_an_edition_that_is_not_there_is_refused(bundle: Bundle) -> None:
    del bundle.editions[DIESEL]

    assert "edition.missing" == refusal(bundle)


def test_a_comparison_may_not_stand_twice(bundle: Bundle) -> None:
    bundle.figures["comparisons"].append(bundle.figures["comparisons"][0])

    assert "figures.form" == refusal(bundle)


def test_a_withheld_comparison_has_no_place_in_the_figures(bundle: Bundle) -> None:
    bundle.figures["comparisons"][0]["steps"] = []

    assert "derivation.shape" == refusal(bundle)
