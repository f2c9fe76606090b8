"""A hydrogen production is read whole or refused, with the place and the reason."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import h2corridor
from h2corridor.model.errors import InputError
from h2corridor.model.production import decode_production, production_schema
from h2corridor.model.production_values import PATHWAYS

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples" / "production"
CHLOR_ALKALI = json.loads((EXAMPLES / "chlor-alkali.json").read_bytes())
REFORMING = json.loads((EXAMPLES / "reforming-with-storage.json").read_bytes())


def refused(document: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> str:
    altered = json.loads(json.dumps(document))
    change(altered)
    with pytest.raises(InputError) as caught:
        decode_production(json.dumps(altered).encode())
    return str(caught.value)


def test_every_example_is_read() -> None:
    read = {path.name: decode_production(path.read_bytes()).pathway for path in EXAMPLES.glob("*.json")}

    assert len(read) == 5


def test_the_schema_that_ships_is_that_of_the_format() -> None:
    package = Path(h2corridor.__file__).parent

    assert production_schema() == (package / "accounting" / "schemas" / "hydrogen-production-1.json").read_bytes()


def test_an_unknown_pathway_is_refused_with_the_list_of_known_ones() -> None:
    message = refused(CHLOR_ALKALI, lambda d: d.update(pathway="turquoise"))

    assert message.startswith("production.shape: hydrogen production, $.pathway:")
    assert all(pathway in message for pathway in PATHWAYS)


def test_a_number_that_is_no_decimal_string_is_refused() -> None:
    message = refused(CHLOR_ALKALI, lambda d: d["hydrogen"].update(kg=28000))

    assert message.startswith("production.shape: hydrogen production, $.hydrogen.kg:")
    assert message.endswith('Write numbers as decimal strings, for example "10.5".')


def test_a_liquefied_delivery_is_refused() -> None:
    message = refused(CHLOR_ALKALI, lambda d: d["delivery"].update(liquefaction="on_site"))

    assert message.endswith("a chain with liquefaction cannot be stated yet.")


@pytest.mark.parametrize("data", [b"", b"[1", b"\xff", b'{"format": "hydrogen-production/1", "format": "x"}'])
def test_what_is_no_json_document_is_refused(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        decode_production(data)

    assert caught.value.code in {"production.unreadable", "production.shape"}


def test_a_key_that_stands_twice_is_refused() -> None:
    data = json.dumps(CHLOR_ALKALI).replace('"kg": "28000"', '"kg": "28000", "kg": "1"').encode()
    with pytest.raises(InputError, match=r"production.unreadable: .*names 'kg' twice"):
        decode_production(data)


def first_input(**fields: object) -> Callable[[dict[str, Any]], object]:
    return lambda d: d["inventory"]["inputs"][0].update(fields)


def prior_use(value: object) -> Callable[[dict[str, Any]], object]:
    return lambda d: d["inventory"].update(prior_use=value)


def delivery(**fields: object) -> Callable[[dict[str, Any]], object]:
    return lambda d: d["delivery"].update(fields)


def replacement(**fields: object) -> Callable[[dict[str, Any]], object]:
    return lambda d: d["inventory"]["prior_use"]["replacement"].update(fields)


@pytest.mark.parametrize(
    ("change", "where", "fault"),
    [
        (lambda d: d["period"].update(until="2023-01-01"), "$.period", "ends before it begins"),
        (lambda d: d["period"].update(until="2025-01-01"), "$.period", "within one calendar year"),
        (lambda d: d["hydrogen"].update(kg="0.00"), "$.hydrogen.kg", "above zero"),
        (lambda d: d["hydrogen"].update(purity_mol_pct="100.1"), "$.hydrogen.purity_mol_pct", "at most 100"),
        (lambda d: (d.pop("inventory"), d.pop("declared")), "$", "an inventory, a declared intensity, or both"),
        (lambda d: d["inventory"].update(inputs=[]), "$.inventory", "at least one input"),
        (lambda d: d["inventory"].pop("currency"), "$.inventory.currency", "their currency"),
        (first_input(id="brine"), "$.inventory", "'brine' stands twice"),
        (lambda d: d["inventory"]["co_products"][0].update(name="caustic soda"), "$.inventory.co_products", "twice"),
        (first_input(kgco2e_per_unit="1", source="x"), "$.inventory.inputs[0]", "expected one factor"),
        (first_input(unit="MWh"), "$.inventory.inputs[0].unit", "stated in kWh"),
        (first_input(kind="steam", unit="MJ"), "$.inventory.inputs[0]", "are for electricity"),
        (lambda d: d["inventory"]["inputs"][1].pop("source"), "$.inventory.inputs[1].source", "needs its source"),
        (prior_use(None), "$.inventory.prior_use", "vented, heat or power"),
        (lambda d: d["inventory"]["prior_use"].update(use="vented"), "$.inventory.prior_use", "no replacement"),
        (prior_use({"use": "heat"}), "$.inventory.prior_use", "needs what replaces it"),
        (lambda d: d.update(pathway="smr"), "$.inventory.prior_use", "is no by-product pathway"),
        (replacement(serves="all_products"), "$.inventory.prior_use.replacement.serves", "the hydrogen alone"),
        (replacement(source=""), "$.inventory.prior_use.replacement.source", "needs its source"),
        (
            delivery(station_dispensed_kg="19020"),
            "$.delivery",
            "20601 kg were dispensed, vented or left in stock of 20600",
        ),
        (delivery(station_closing_kg=None), "$.delivery", "at the beginning and at the end, or not at all"),
        (
            lambda d: d["inventory"]["co_products"][0].update(lower_heating_value_mj_per_unit="1"),
            "$.inventory.co_products[0].carries_energy",
            "carries some",
        ),
        (
            lambda d: d["inventory"]["co_products"][0].update(unit="MJ"),
            "$.inventory.co_products[0].carries_energy",
            "carries some",
        ),
        (
            lambda d: d["inventory"]["inputs"][0]["contract"].update(valid_from="2024-01-02"),
            "$.inventory.inputs[0].contract",
            "does not hold over the whole period",
        ),
        (
            lambda d: d["delivery"].update(
                station_contract={"instrument": "ppa", "source": "x", "valid_until": "2024-12-30"}
            ),
            "$.delivery.station_contract",
            "does not hold over the whole period",
        ),
        (
            lambda d: d["delivery"].update(station_grid_region=None, station_grid_level="national"),
            "$.delivery.station_grid_level",
            "needs station_grid_region",
        ),
        (
            lambda d: d["inventory"]["inputs"][1].update(grid_level="national"),
            "$.inventory.inputs[1].grid_level",
            "that of a grid region",
        ),
        (first_input(grid_region=None, factor="diesel_b6"), "$.inventory.inputs[0].factor", "from a grid region"),
        (replacement(amount="0.0"), "$.inventory.prior_use.replacement.amount", "an amount above zero"),
        (
            replacement(kgco2e_per_unit="-0.01"),
            "$.inventory.prior_use.replacement.kgco2e_per_unit",
            "takes no emissions away",
        ),
    ],
)
def test_a_production_that_contradicts_itself_is_refused(
    change: Callable[[dict[str, Any]], object], where: str, fault: str
) -> None:
    message = refused(CHLOR_ALKALI, change)

    assert message.startswith(f"production.meaning: hydrogen production, {where}: ")
    assert fault in message


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            lambda d: d["inventory"]["direct_emissions"][0]["captured"][0].update(kg="860001"),
            "of 900000 kg that formed",
        ),
        (lambda d: d["inventory"]["direct_emissions"][0].update(gas="biogenic_co2"), "only fossil CO2 is deducted"),
        (lambda d: d["inventory"]["inputs"][1].update(unit="kg"), "a fuel in l"),
    ],
)
def test_a_reformer_that_contradicts_itself_is_refused(change: Callable[[dict[str, Any]], object], fault: str) -> None:
    message = refused(REFORMING, change)

    assert message.startswith("production.meaning: ")
    assert fault in message


def test_an_electrolysis_without_electricity_is_refused() -> None:
    electrolysis = json.loads((EXAMPLES / "electrolysis-grid.json").read_bytes())
    message = refused(electrolysis, lambda d: d["inventory"].update(inputs=d["inventory"]["inputs"][2:]))

    assert "$.inventory.inputs: an electrolysis takes in electricity." in message


@pytest.mark.parametrize(("unit", "mass"), [("t", "1000"), ("kg", "1000000"), ("g", "1000")])
def test_a_co_product_whose_mass_is_not_its_amount_is_refused(unit: str, mass: str) -> None:
    message = refused(CHLOR_ALKALI, lambda d: d["inventory"]["co_products"][0].update(unit=unit, mass_kg=mass))

    assert message.startswith("production.meaning: hydrogen production, $.inventory.co_products[0].mass_kg: ")
    assert f"the amount is 1000 {unit}, but the mass is {mass} kg" in message


@pytest.mark.parametrize(("unit", "mass"), [("t", "1000000.0"), ("kg", "1000"), ("g", "1"), ("m3", "7")])
def test_a_co_product_whose_mass_can_be_its_amount_is_read(unit: str, mass: str) -> None:
    document = json.loads(json.dumps(CHLOR_ALKALI))
    product = {"name": "lye", "amount": "1000", "unit": unit, "mass_kg": mass}
    document["inventory"]["co_products"] = [product]

    production = decode_production(json.dumps(document).encode())

    assert production.inventory is not None
    assert mass == production.inventory.co_products[0].mass_kg
