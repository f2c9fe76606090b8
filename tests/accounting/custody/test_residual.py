"""Hydrogen whose attribute was sold is never better than what was sold, and nothing else of the chain moves."""

import copy
from decimal import Decimal

import pytest
from chain_examples import Document, assessed, decoded, hydrogen_chain
from h2verify.derivation import recompute
from made_custody import KG

from h2corridor.accounting.assessment import assess_chain
from h2corridor.accounting.custody.residual import RESIDUAL, residual_chain
from h2corridor.app.rules import get_rule_set
from h2corridor.model.chain import HydrogenSupply, TransportCategory, TransportChain

LABEL = "iso14083/2023.1"


def _supplied(chain: TransportChain, name: str) -> list[tuple[str, HydrogenSupply]]:
    category = chain.categories[name]

    assert isinstance(category, TransportCategory)
    return [(str(each.amount), each.supply) for each in category.energy if each.supply is not None]


def _chain(*supplies: tuple[str, str, str, str]) -> tuple[Document, str]:
    """A chain whose hydrogen is of these: batch, station, kilograms, intensity at the gate."""
    chain = copy.deepcopy(hydrogen_chain())
    name = next(key for key, each in chain["categories"].items() if "supply" in each.get("energy", [{}])[0])
    first = chain["categories"][name]["energy"][0]
    chain["categories"][name]["energy"] = [
        {
            **first,
            "amount": mass,
            "supply": {
                **first["supply"],
                "batch": batch,
                "station": station,
                "gate_kgco2e_per_kg": gate,
                "refs": ["hydrogen_batches.csv#1", "hydrogen_deliveries.csv#1"],
            },
        }
        for batch, station, mass, gate in supplies
    ]
    return chain, name


def test_a_supply_is_split_and_the_sold_part_takes_the_factor() -> None:
    document, name = _chain(("B1", "S1", "10", "2"))
    chain = residual_chain(decoded(document), {name: {"B1@S1": 4 * KG}}, Decimal(32), label=LABEL)
    kept, sold = _supplied(chain, name)

    assert (("6", "2"), ("4", "32")) == tuple((mass, supply.gate_kgco2e_per_kg) for mass, supply in (kept, sold))
    assert ("hydrogen_batches.csv#1", "hydrogen_deliveries.csv#1") == kept[1].refs
    assert (f"{LABEL}: {RESIDUAL}", "hydrogen_deliveries.csv#1") == sold[1].refs


def test_a_supply_that_was_sold_whole_stays_one() -> None:
    document, name = _chain(("B1", "S1", "10", "2"))
    chain = residual_chain(decoded(document), {name: {"B1@S1": 10 * KG}}, Decimal(32), label=LABEL)

    assert [("10", "32")] == [(mass, supply.gate_kgco2e_per_kg) for mass, supply in _supplied(chain, name)]


def test_a_batch_declared_higher_keeps_its_own_intensity_and_its_row() -> None:
    document, name = _chain(("B1", "S1", "10", "40"))
    chain = residual_chain(decoded(document), {name: {"B1@S1": 10 * KG}}, Decimal(32), label=LABEL)
    ((_, supply),) = _supplied(chain, name)

    assert ("40", "hydrogen_batches.csv#1") == (supply.gate_kgco2e_per_kg, supply.refs[0])


def test_hydrogen_on_board_before_the_period_is_shared_over_its_supplies() -> None:
    document, name = _chain(("B1", "S1", "6", "2"), ("B1", "S2", "2", "2"), ("B2", "S1", "5", "2"))
    chain = residual_chain(decoded(document), {name: {"B1@": 4 * KG, "B1@S1": 2 * KG}}, Decimal(32), label=LABEL)
    sold = [
        (supply.batch, supply.station, Decimal(mass))
        for mass, supply in _supplied(chain, name)
        if supply.gate_kgco2e_per_kg == "32"
    ]

    assert [("B1", "S1", Decimal("4.666667")), ("B1", "S2", Decimal("1.333333"))] == sold


def test_what_was_not_sold_is_the_same_chain() -> None:
    document, _ = _chain(("B1", "S1", "10", "2"))

    assert decoded(document) == residual_chain(decoded(document), {}, Decimal(32), label=LABEL)


def test_the_figure_rises_by_what_the_gate_rises_and_its_derivation_holds() -> None:
    document, name = _chain(("B1", "S1", "10", "2"))
    chain = residual_chain(decoded(document), {name: {"B1@S1": 4 * KG}}, Decimal(32), label=LABEL)
    result, before = assess_chain(chain, get_rule_set("iso14083@2023.1")), assessed(document)

    assert result.ttw_kgco2e == before.ttw_kgco2e
    assert Decimal(result.wtw_kgco2e or 0) > Decimal(before.wtw_kgco2e or 0)
    assert recompute(result.derivation)["wtw_kgco2e[chain]"]


@pytest.mark.parametrize("mass_mg", [11 * KG])
def test_more_cannot_be_residual_than_was_used(mass_mg: int) -> None:
    document, name = _chain(("B1", "S1", "10", "2"))
    with pytest.raises(AssertionError, match="more is residual than was used"):
        residual_chain(decoded(document), {name: {"B1@S1": mass_mg}}, Decimal(32), label=LABEL)
