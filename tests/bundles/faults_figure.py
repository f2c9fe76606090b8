"""Faults of editions, binding, derivation and shown numbers (steps 6 to 9).

An outsider changes bytes; an operator changes one thing and recomputes, binds, logs and signs everything anew.
"""

import json
from decimal import Decimal

from forger import Lie
from h2verify.derivation import arithmetic, decimal_text
from h2verify.formula import operands
from registry import operator, outsider
from signing import Document
from zips import Members

RULES = "rulesets/iso14083/2023.1/"
PRESS = "comparisons/tailpipe-press/2025.1/"
TRUCK = "category:hydrogen-truck-1-round-1"
HUB = "category:hub-FR-DRYPORT-2026-03-02"


def _swap(members: Members, name: str, old: str, new: str) -> None:
    text = members[name].decode()
    if old not in text:
        raise ValueError(f"{name} has no {old}")
    members[name] = text.replace(old, new, 1).encode()


# Step 6: editions.


@outsider("edition.digest")
def changed_factor_in_the_edition(members: Members) -> None:
    """A factor of the published edition was made smaller."""
    _swap(members, RULES + "parameters.json", '"value":"0.5777"', '"value":"0.3777"')


@outsider("edition.digest")
def changed_formula_in_the_edition(members: Members) -> None:
    """A formula of the published edition leaves out the station."""
    _swap(members, RULES + "formulas.json", " + hydrogen_station_kgco2e_per_kg", "")


@outsider("edition.digest")
def changed_rules_of_the_edition(members: Members) -> None:
    """The published source of the rules has a line more."""
    members[RULES + "rules.py"] += b"\n# approved\n"


@outsider("edition.digest")
def extra_file_in_an_edition(members: Members) -> None:
    """A file was put into the folder of an edition."""
    members[RULES + "cases/another.json"] = b"{}"


@outsider("edition.digest")
def missing_file_of_an_edition(members: Members) -> None:
    """A file of the edition's folder was left out."""
    del members[RULES + "rules_sources.py"]


@outsider("edition.missing")
def missing_edition(members: Members) -> None:
    """The folder of a comparison method was left out."""
    for name in [name for name in members if name.startswith(PRESS)]:
        del members[name]


@outsider("edition.extra")
def extra_edition(members: Members) -> None:
    """The folder of an edition is there that the statement does not name."""
    members["rulesets/iso14083/2024.1/formulas.json"] = members[RULES + "formulas.json"]


@operator("edition.digest")
def rule_set_of_the_right_name_and_another_digest(lie: Lie) -> None:
    """The statement names the rule set by its right name and states another digest."""
    lie.at("statement", lambda statement: statement["rule_set"].update(digest="00" * 32))


@operator("edition.form")
def edition_without_formulas(lie: Lie) -> None:
    """The edition publishes no formulas."""
    del lie.editions[RULES + "formulas.json"]


@operator("edition.form")
def edition_with_unreadable_parameters(lie: Lie) -> None:
    """The edition's parameters lack the unit of a value."""
    parameters = json.loads(lie.editions[RULES + "parameters.json"])
    del parameters["constants"][0]["unit"]
    lie.editions[RULES + "parameters.json"] = _canonical(parameters)


@operator("edition.form")
def edition_of_another_name_in_the_folder(lie: Lie) -> None:
    """The tables in the folder are those of another edition."""
    _swap(lie.editions, RULES + "formulas.json", '"iso14083/2023.1"', '"iso14083/2024.1"')


def _canonical(document: Document) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


@operator("edition.words")
def draft_called_published(lie: Lie) -> None:
    """The statement calls a draft of a rule set published."""
    lie.statement["rule_set"]["status"] = "published"


@operator("edition.words")
def comparison_without_its_caveat(lie: Lie) -> None:
    """The statement leaves out what the comparison method says against itself."""
    lie.statement["comparisons"][1].update(caveat_en=None, caveat_zh=None)


@operator("policy.unknown-edition", policy="pinned-editions")
def edition_made_by_the_operator(lie: Lie) -> None:
    """An edition with a smaller factor stands under a known name, consistent everywhere; the reader pins the known."""
    publish_smaller_factor(lie)


def publish_smaller_factor(lie: Lie) -> None:
    """Make the grid factor 0.3777 in the edition and in every leaf that states it, and recompute."""
    for name in ("parameters.json", "parameters.toml"):
        lie.editions[RULES + name] = lie.editions[RULES + name].replace(b'"0.5777"', b'"0.3777"')
    for step in lie.steps():
        if step["value"] == "0.5777":
            step["value"] = "0.3777"
    lie.recompute()


# Step 7: binding.


@outsider("binding.chain")
def changed_mass_in_the_chain(members: Members) -> None:
    """The chain moves another mass than the one the statement binds."""
    _swap(members, "chain.json", '"mass_kg":"10400"', '"mass_kg":"20400"')


@outsider("binding.figures")
def changed_factor_in_the_derivation(members: Members) -> None:
    """A factor in the derivation was made smaller."""
    _swap(members, "figures.json", '"value":"0.5777"', '"value":"0.3777"')


@outsider("binding.figures")
def derivation_that_is_empty(members: Members) -> None:
    """The derivation was replaced by one without steps."""
    members["figures.json"] = _canonical({**json.loads(members["figures.json"]), "steps": []})


@operator("binding.chain")
def chain_of_another_consignment(lie: Lie) -> None:
    """The statement binds another chain than the bundle holds."""
    lie.at("statement", lambda statement: statement["binds"].update(chain="00" * 32))


@operator("binding.consignment")
def changed_mass_against_the_chain(lie: Lie) -> None:
    """The statement says a larger mass than the chain moves."""
    lie.statement["consignment"]["mass_kg"] = "20400"


@operator("binding.consignment")
def statement_on_another_consignment(lie: Lie) -> None:
    """The statement names another consignment than the chain."""
    lie.statement["consignment"]["consignment_id"] = "FR-C0002"


@operator("chain.form")
def chain_with_a_foreign_field(lie: Lie) -> None:
    """The chain has a field that a chain has not."""
    lie.chain["discount"] = "0.5"


@operator("chain.form")
def chain_with_a_negative_mass(lie: Lie) -> None:
    """The chain moves less than nothing."""
    lie.change_fact("mass_kg[chain]", "-10400")
    lie.statement["consignment"]["mass_kg"] = "-10400"


@operator("figures.form")
def derivation_by_another_rule_set(lie: Lie) -> None:
    """The derivation says that it is by another edition than the statement."""
    lie.figures["rule_set"] = "iso14083/2024.1"


# Step 8: the derivation.


def _leaf(lie: Lie, step_id: str, value: str) -> None:
    """Let a leaf state another value, and every later step follow from it."""
    lie.step(step_id)["value"] = value
    lie.recompute()


@operator("derivation.factor")
def changed_factor(lie: Lie) -> None:
    """A factor in the derivation is smaller than the edition's; everything was recomputed from it."""
    _leaf(lie, f"electricity_wtt_kgco2e_per_kwh[{HUB}/energy:1]", "0.3777")


@operator("derivation.factor")
def changed_constant(lie: Lie) -> None:
    """A tonne has two thousand kilograms."""
    _leaf(lie, "kg_per_t[iso14083/2023.1]", "2000")


@operator("derivation.factor")
def factor_of_another_year(lie: Lie) -> None:
    """A factor says that it holds from another day than the edition's."""
    lie.step("diesel_wtt_gco2e_per_mj[iso14083/2023.1]")["from"]["holds_from"] = "2025-01-01"


@operator("derivation.factor")
def factor_whose_age_is_hidden(lie: Lie) -> None:
    """A factor that ended a year before is said to hold on the day of the activity."""
    lie.step(f"electricity_wtt_kgco2e_per_kwh[{HUB}/energy:1]")["from"]["age_years"] = 0


@operator("derivation.factor")
def factor_of_another_region(lie: Lie) -> None:
    """A factor of the whole country is said to be the province's own."""
    origin = lie.step(f"electricity_wtt_kgco2e_per_kwh[{HUB}/energy:1]")["from"]
    origin["region"] = origin.pop("region_asked")


@operator("derivation.input")
def changed_amount_of_hydrogen(lie: Lie) -> None:
    """The derivation uses less hydrogen than the chain says; everything was recomputed from it."""
    _leaf(lie, f"hydrogen_kg[{TRUCK}/energy:1]", "25.305997")


@operator("derivation.input")
def changed_mass_in_the_derivation(lie: Lie) -> None:
    """The derivation moves another mass than the chain."""
    _leaf(lie, "mass_kg[chain]", "20400")


@operator("derivation.input")
def fact_with_another_unit(lie: Lie) -> None:
    """A fact of the chain stands in grams."""
    lie.step("mass_kg[chain]")["unit"] = "g"


@operator("derivation.input")
def fact_with_another_label(lie: Lie) -> None:
    """A fact of the chain is called something else."""
    lie.step("mass_kg[chain]")["label_en"] = "mass, verified"


@operator("derivation.mismatch")
def changed_value_in_between(lie: Lie) -> None:
    """A computed step states another value than its formula gives; later steps follow the formula."""
    step = lie.step(f"hydrogen_nozzle_kgco2e_per_kg[{TRUCK}/energy:1]")
    step["value"] = step["value"].replace("8.5", "8.4")


@operator("derivation.mismatch")
def rounding_in_between(lie: Lie) -> None:
    """A step in between was rounded to six decimals."""
    step = lie.step(f"hydrogen_loss_factor[{TRUCK}/energy:1]")
    step["value"] = f"{float(step['value']):.6f}"


@operator("derivation.mismatch")
def last_digit_of_34(lie: Lie) -> None:
    """The last of 34 digits of a quotient was cut off instead of rounded."""
    step = next(step for step in lie.steps() if len(step["value"]) > 34)
    step["value"] = step["value"][:-1] + str((int(step["value"][-1]) + 3) % 9 + 1)


def _formula(lie: Lie, step_id: str, formula: str) -> None:
    lie.step(step_id).update(formula=formula, inputs=operands(formula))
    lie.recompute()


def _swap_formula(lie: Lie, step_id: str, old: str, new: str) -> None:
    _formula(lie, step_id, lie.step(step_id)["formula"].replace(old, new, 1))


@operator("derivation.foreign-formula")
def changed_formula(lie: Lie) -> None:
    """The step at the nozzle leaves out the station, and later steps follow."""
    place = f"[{TRUCK}/energy:1]"
    step = f"hydrogen_nozzle_kgco2e_per_kg{place}"
    _swap_formula(lie, step, f" + hydrogen_station_kgco2e_per_kg{place}", "")


@operator("derivation.foreign-formula")
def formula_with_another_sign(lie: Lie) -> None:
    """Emissions of energy provision are subtracted instead of added."""
    _swap_formula(lie, f"category_wtw_kgco2e[{TRUCK}]", " + ", " - ")


@operator("derivation.foreign-formula")
def negative_clipped_to_zero(lie: Lie) -> None:
    """A difference is never below zero."""
    step = lie.figures["comparisons"][0]["steps"][-1]
    zero = "hydrogen_ttw_kgco2e_per_kg[iso14083/2023.1]"
    _formula(lie, step["id"], f"max({step['formula']}, {zero})")


@operator("derivation.foreign-formula")
def comparison_with_its_sign_turned_in_the_formula(lie: Lie) -> None:
    """The project is subtracted from nothing but itself: baseline and project changed places in the formula."""
    step = lie.figures["comparisons"][0]["steps"][-1]
    minuend, subtrahend = step["inputs"]
    step.update(formula=f"{subtrahend} - {minuend}", inputs=[subtrahend, minuend])
    own = lie.figures["comparisons"][0]["steps"]
    values = {each["id"]: each["value"] for each in own}
    step["value"] = _minus(values[subtrahend], values[minuend])


def _minus(minuend: str, subtrahend: str) -> str:
    return decimal_text(arithmetic().subtract(Decimal(minuend), Decimal(subtrahend)))


@operator("derivation.foreign-formula")
def rule_of_another_edition(lie: Lie) -> None:
    """A step says that another edition gives its rule."""
    lie.step("mass_t[chain]")["edition"] = "iso14083/2024.1"


@operator("derivation.foreign-formula")
def clause_that_is_invented(lie: Lie) -> None:
    """A step names a clause that the edition does not."""
    lie.step("wtw_kgco2e[chain]")["clause"] = "ISO 14083:2023, 6.3.2"


@operator("derivation.sum")
def sum_that_leaves_out_an_element(lie: Lie) -> None:
    """The hub at the destination is missing in both sums, and the figure follows."""
    for kind in ("wtw", "ttw"):
        _swap_formula(lie, f"{kind}_kgco2e[chain]", f" + element_{kind}_kgco2e[element:H3-FR-ZUNYI]", "")


@operator("derivation.foreign-formula")
def sum_that_counts_an_element_twice(lie: Lie) -> None:
    """Hub activity counts one hub twice and leaves out the other."""
    _swap_formula(lie, "hub_activity_t[chain]", "element:H3-FR-ZUNYI", "element:H1-FR-DRYPORT")


@operator("derivation.argument")
def argument_of_another_place(lie: Lie) -> None:
    """A hub is charged with the intensity of another hub."""
    step = "element_wtw_kgco2e[element:H1-FR-DRYPORT]"
    other = "intensity_wtw_kgco2e_per_t[category:hub-FR-ZUNYI-2026-03-02]"
    formula = f"element_hub_activity_t[element:H1-FR-DRYPORT] * {other}"
    steps = lie.figures["steps"]
    moved = lie.step(step)
    steps.remove(moved)
    steps.insert(next(at for at, each in enumerate(steps) if each["id"] == other) + 1, moved)
    _formula(lie, step, formula)
    _in_order(lie)


def _in_order(lie: Lie) -> None:
    """Let each step of the figure stand behind those it uses."""
    waiting, done, steps = list(lie.figures["steps"]), set[str](), []
    while waiting:
        ready = next(step for step in waiting if set(step["inputs"]) <= done)
        waiting.remove(ready)
        steps.append(ready)
        done.add(ready["id"])
    lie.figures["steps"] = steps


@operator("derivation.cycle")
def cyclic_derivation(lie: Lie) -> None:
    """Two steps rest on each other."""
    wtw, ttw = lie.step("wtw_kgco2e[chain]"), lie.step("ttw_kgco2e[chain]")
    wtw.update(formula="(ttw_kgco2e[chain])", inputs=["ttw_kgco2e[chain]"])
    ttw.update(formula="(wtw_kgco2e[chain])", inputs=["wtw_kgco2e[chain]"])


@operator("derivation.cycle")
def step_that_rests_on_itself(lie: Lie) -> None:
    """A step is its own argument."""
    step = lie.step("wtw_kgco2e[chain]")
    step.update(formula="(wtw_kgco2e[chain])", inputs=["wtw_kgco2e[chain]"])


@operator("derivation.duplicate")
def step_twice(lie: Lie) -> None:
    """A step stands twice in the derivation."""
    lie.figures["steps"].append(dict(lie.figures["steps"][-1]))


@operator("derivation.order")
def step_before_what_it_uses(lie: Lie) -> None:
    """A step stands before its arguments."""
    steps = lie.figures["steps"]
    steps.insert(0, steps.pop(next(at for at, step in enumerate(steps) if step["id"] == "mass_t[chain]")))


@operator("derivation.unknown-id")
def step_that_is_missing(lie: Lie) -> None:
    """A step is used that is not there."""
    steps = lie.figures["steps"]
    steps.remove(lie.step("kg_per_t[iso14083/2023.1]"))


@operator("derivation.missing")
def goal_that_is_missing(lie: Lie) -> None:
    """The derivation does not give hub activity."""
    lie.figures["steps"].remove(lie.step("hub_activity_t[chain]"))


@operator("derivation.unused")
def step_nobody_uses(lie: Lie) -> None:
    """The derivation states a constant of the edition that nothing rests on."""
    edition = lie.figures["rule_set"]
    used = {each["id"] for each in lie.steps()}
    constants = json.loads(lie.editions[RULES + "parameters.json"])["constants"]
    constant = next(each for each in constants if f"{each['name']}[{edition}]" not in used)
    origin = {name: constant[name] for name in ("checked_on", "name", "page", "source")}
    step = {
        "id": f"{constant['name']}[{edition}]",
        "value": constant["value"],
        "unit": constant["unit"],
        "label_en": constant["title_en"],
        "label_zh": constant["title_zh"],
        "inputs": [],
        "from": {**origin, "edition": edition, "kind": "parameter"},
    }
    lie.figures["steps"].append(step)


@operator("derivation.shape")
def step_without_a_label(lie: Lie) -> None:
    """A step lacks its label."""
    del lie.figures["steps"][0]["label_zh"]


@operator("derivation.shape")
def inputs_that_are_not_the_formula_s(lie: Lie) -> None:
    """A step states other inputs than its formula has."""
    lie.step("mass_t[chain]")["inputs"].reverse()


@operator("derivation.formula")
def formula_that_cannot_be_read(lie: Lie) -> None:
    """A formula has a power in it."""
    lie.step("mass_t[chain]")["formula"] = "mass_kg[chain] / kg_per_t[iso14083/2023.1] ** kg_per_t[iso14083/2023.1]"


@operator("derivation.formula")
def formula_nested_deeply(lie: Lie) -> None:
    """A formula stands in ten thousand parentheses."""
    step = lie.step("mass_t[chain]")
    step["formula"] = "(" * 10_000 + step["formula"] + ")" * 10_000


@operator("derivation.too-long")
def formula_of_two_hundred_thousand_terms(lie: Lie) -> None:
    """A formula adds one term again and again."""
    step = lie.step("transport_activity_tkm[chain]")
    step["formula"] = "+".join(step["inputs"] * 30_000)
    lie.step("hub_activity_t[chain]")["formula"] = "+".join(["mass_t[chain]"] * 180_000)


@operator("derivation.value")
def giant_number_in_a_leaf(lie: Lie) -> None:
    """A leaf is ten to the power of 999,999."""
    lie.step("kg_per_t[iso14083/2023.1]")["value"] = "1e999999"


@operator("derivation.value")
def leaf_that_is_not_a_number(lie: Lie) -> None:
    """A leaf is NaN."""
    lie.step("kg_per_t[iso14083/2023.1]")["value"] = "NaN"


@operator("derivation.value")
def leaf_of_minus_zero(lie: Lie) -> None:
    """A leaf is minus zero."""
    lie.step("kg_per_t[iso14083/2023.1]")["value"] = "-0"


@operator("derivation.arithmetic")
def division_by_zero(lie: Lie) -> None:
    """A tonne has no kilograms."""
    lie.step("kg_per_t[iso14083/2023.1]")["value"] = "0"


@operator("derivation.arithmetic")
def number_beyond_all_limits(lie: Lie) -> None:
    """A product has more digits than a value may have."""
    lie.step("mass_kg[chain]")["value"] = "9" * 150
    lie.step("distance_km[element:FR-L0001]")["value"] = "9" * 150


# Step 9: what is shown.


@operator("figure.rounding")
def rounded_figure(lie: Lie) -> None:
    """The figure is shown with eleven decimals."""
    lie.at("statement", lambda statement: _round(statement["figure"], "wtw_kgco2e", 11))


@operator("figure.rounding")
def figure_with_zeros_behind(lie: Lie) -> None:
    """The figure is the right number in another text."""
    lie.at("statement", lambda statement: statement["figure"].update(hub_activity_t="20.800"))


def _round(numbers: Document, name: str, decimals: int) -> None:
    numbers[name] = str(round(Decimal(numbers[name]), decimals))


@operator("figure.number")
def changed_figure(lie: Lie) -> None:
    """The figure shown is half of what the derivation gives."""
    lie.at("statement", lambda statement: statement["figure"].update(wtw_kgco2e="101.444096606282"))


@operator("figure.number")
def figure_with_an_exponent(lie: Lie) -> None:
    """The figure is shown with an exponent."""
    lie.at("statement", lambda statement: statement["figure"].update(wtw_kgco2e="2.02888193212564e2"))


@operator("figure.number")
def energy_provision_left_out(lie: Lie) -> None:
    """Energy provision is shown as zero beside the right sum."""
    lie.at("statement", lambda statement: statement["figure"].update(wtt_kgco2e="0"))


@operator("figure.number")
def primary_share_made_up(lie: Lie) -> None:
    """The share of primary data is not known, though the derivation gives it."""
    lie.at("statement", lambda statement: statement["data_shares"].update(primary_by_wtw_emissions=None))


@operator("figure.id")
def another_figure_id(lie: Lie) -> None:
    """The statement bears the id of another derivation."""
    lie.at("statement", lambda statement: statement["figure"].update(figure_id="fig-0123456789abcdef"))


@operator("comparison.number")
def comparison_with_its_sign_turned(lie: Lie) -> None:
    """A saving is shown as a cost."""

    def change(statement: Document) -> None:
        comparison = statement["comparisons"][0]
        comparison["difference_kgco2e"] = f"-{comparison['difference_kgco2e']}"

    lie.at("statement", change)


@operator("comparison.number")
def larger_baseline(lie: Lie) -> None:
    """The baseline shown is larger than the derivation's, and the difference with it."""

    def change(statement: Document) -> None:
        comparison = statement["comparisons"][0]
        comparison.update(baseline_kgco2e="438.472064389889", difference_kgco2e="235.583871177325")

    lie.at("statement", change)


@operator("comparison.rounding")
def rounded_comparison(lie: Lie) -> None:
    """A baseline is shown with eight decimals."""
    lie.at("statement", lambda statement: _round(statement["comparisons"][0], "baseline_kgco2e", 8))


@operator("comparison.status")
def comparison_called_unsupported(lie: Lie) -> None:
    """A comparison is called unsupported, though the chain says where its diesel truck is from."""
    lie.statement["comparisons"][0]["status"] = "unsupported"


@operator("comparison.status")
def baseline_without_source(lie: Lie) -> None:
    """Nobody knows where the diesel truck's consumption is from, and the comparison is stated all the same."""
    for category in lie.chain["categories"].values():
        category.get("comparison", {}).pop("source", None)
    lie.assess()


@operator("comparison.method")
def comparison_without_derivation(lie: Lie) -> None:
    """A comparison is shown whose derivation is not there."""
    del lie.figures["comparisons"][1]


@operator("comparison.method")
def derivation_of_a_withheld_comparison(lie: Lie) -> None:
    """A comparison is withheld, its derivation is there all the same."""
    numbers = dict.fromkeys(("baseline_kgco2e", "project_kgco2e", "difference_kgco2e"))
    said = {"status": "withheld", "why": "the baseline is not known", **numbers}
    lie.at("statement", lambda statement: statement["comparisons"][0].update(said))
