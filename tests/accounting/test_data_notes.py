"""What the data of categories are is said with every figure, and why they were taken where they are not primary."""

import pytest
from chain_examples import Document, assessed, carrier, chain_of, decoded, hub_totals, named_chain, road

from h2corridor.accounting.data_notes import list_data_notes
from h2corridor.model.errors import InputError

GIVEN = {"kind": "transport", "source": "list", "intensity": {"per": "tkm", "wtw_kgco2e": "0.1", "ttw_kgco2e": "0"}}


def test_a_category_says_its_data_its_period_and_what_it_covers() -> None:
    period = {"from": "2024-01-01", "until": "2024-12-31"}
    truck = {
        **GIVEN,
        "data": "modelled",
        "justification": "no meter yet",
        "period": period,
        "operations": "there, back",
    }
    (note,) = assessed(chain_of({"truck": truck}, [road("E", "truck", "1")], mass_kg="1000")).data_notes

    assert ("truck", "modelled", "list", "no meter yet") == (note.category, note.data, note.source, note.justification)
    assert ("2024-01-01", "2024-12-31", "there, back") == (note.period_from, note.period_until, note.operations)


@pytest.mark.parametrize(("data", "lacks"), [("primary", False), ("modelled", True), ("default", True)])
def test_data_that_are_not_primary_are_said_to_lack_a_justification_and_not_refused(data: str, lacks: bool) -> None:
    categories = {"truck": {**GIVEN, "data": data}}
    result = assessed(chain_of(categories, [road("E", "truck", "1")], mass_kg="1000"))

    assert [lacks] == [note.lacks_justification for note in result.data_notes]
    assert "0.1" == result.wtw_kgco2e


def test_a_category_that_no_element_belongs_to_has_no_note() -> None:
    categories = {"truck": {**GIVEN, "data": "primary"}, "spare": {**GIVEN, "data": "default"}}
    result = assessed(chain_of(categories, [road("E", "truck", "1")], mass_kg="1000"))

    assert ["truck"] == [note.category for note in result.data_notes]


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    truck = {**GIVEN, "data": "primary", "period": {"from": "2024-02-01", "until": "2024-01-31"}}
    with pytest.raises(InputError, match="ends before it begins"):
        assessed(chain_of({"truck": truck}, [road("E", "truck", "1")], mass_kg="1000"))


DIESEL = {"carrier": "diesel", "unit": "l", "amount": "100"}
POWER = {"carrier": "electricity", "unit": "kWh", "amount": "1", "wtt_kgco2e_per_unit": "0"}
TOTALS = {"kind": "transport", "source": "list", "data": "primary", "transport_activity_tkm": "100"}
GAS = {"name": "R-404A", "refilled_kg": "1", "gwp100": "3922"}
REMARKED: list[tuple[Document, tuple[str, ...]]] = [
    ({**TOTALS, "energy": [DIESEL]}, ()),
    ({**GIVEN, "data": "primary"}, ()),
    ({**TOTALS, "energy": [], "refrigerants": [GAS]}, ("no-energy",)),
    ({**TOTALS, "energy": [{**DIESEL, "amount": "0"}]}, ("zero-energy",)),
    ({**TOTALS, "energy": [{**DIESEL, "amount": "0"}, DIESEL]}, ()),
    (
        {**GIVEN, "data": "primary", "intensity": {"per": "tkm", "wtw_kgco2e": "0", "ttw_kgco2e": "5"}},
        ("operation-above-whole",),
    ),
    (
        {**TOTALS, "energy": [{**DIESEL, "wtt_kgco2e_per_unit": "-1", "ttw_kgco2e_per_unit": "2"}]},
        ("negative-provision",),
    ),
    ({**TOTALS, "energy": [{**POWER, "ttw_kgco2e_per_unit": "0.5"}]}, ("electricity-in-operation",)),
    ({**TOTALS, "energy": [DIESEL], "period": {"from": "1924-01-01", "until": "1924-12-31"}}, ("other-period",)),
]


@pytest.mark.parametrize(("category", "remarks"), REMARKED)
def test_what_is_rarely_meant_is_remarked_and_not_refused(category: Document, remarks: tuple[str, ...]) -> None:
    chain = chain_of({"truck": category}, [road("E", "truck", "1")], mass_kg="1000", activity_date="2026-03-02")
    result = assessed(chain)

    assert remarks == result.data_notes[0].remarks
    assert result.wtw_kgco2e is not None


def test_a_stated_factor_of_electricity_is_said_to_be_as_declared_and_counts_unchanged() -> None:
    power = carrier("electricity", "10", "kWh", "0", "0")
    grid: Document = {"carrier": "electricity", "amount": "10", "unit": "kWh", "grid_region": "China"}
    hub = hub_totals("10", grid, power, carrier("gas", "1", "m3", "1", "0"))
    elements = [{"id": "H", "kind": "hub", "category": "hub"}]
    (note,) = assessed(chain_of({"hub": hub}, elements, mass_kg="1000", activity_date="2024-06-30")).data_notes
    (declared,) = note.declared_electricity

    assert ("$.categories['hub'].energy[1]", "0", None) == (
        declared.where,
        declared.wtt_kgco2e_per_unit,
        declared.factor,
    )
    assert "as declared, level not stated" == declared.says_en
    assert "按申报数值，未说明层级" == declared.says_zh


@pytest.mark.parametrize(("region", "declared"), [("Guizhou", []), (None, ["electricity_residual"])])
def test_a_factor_of_electricity_by_name_is_as_declared_where_it_has_no_region(
    region: str | None, declared: list[str]
) -> None:
    chain = named_chain()
    entry = next(each for each in chain["categories"]["truck"]["energy"] if "factor" in each and "grid_region" in each)
    if region is None:
        del entry["grid_region"], entry["grid_level"]
    notes = {note.category: note for note in list_data_notes(decoded(chain))}

    assert declared == [each.factor for each in notes["truck"].declared_electricity]


def test_an_element_without_a_class_and_a_shipment_beyond_the_operation_are_remarked() -> None:
    classes = [{"name": name, "quantity": "1", "equivalent": "1"} for name in ("cold", "dry")]
    ferry = {**TOTALS, "energy": [DIESEL], "classes": classes}
    van = {**TOTALS, "energy": [DIESEL]}
    elements = [road("1", "ferry", "1"), road("2", "van", "101")]
    result = assessed(chain_of({"ferry": ferry, "van": van}, elements, mass_kg="1000", activity_date="2026-03-02"))

    assert [("no-class",), ("beyond-operation",)] == [each.remarks for each in result.data_notes]
    assert result.wtw_kgco2e is not None
