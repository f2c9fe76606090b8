"""What stands beside a report's total: electricity by contracts, intervals, and what is said of data and factors."""

import copy
import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from chain_examples import Document, decoded, freight_chain

from h2corridor.accounting.assessment import assess_chain
from h2corridor.accounting.reporting import Asked, AssessedChain, make_report
from h2corridor.accounting.stated_ranges import StatedRanges
from h2corridor.app.emission_report import quality_scheme
from h2corridor.app.examples import example_document
from h2corridor.app.rules import get_rule_set
from h2corridor.model.emission_report import CategoryRow, EmissionReport
from h2corridor.model.errors import RuleError
from h2corridor.model.ranges import FactRange

WAREHOUSE = json.loads(example_document("hub-two-carriers-contract"))
TRUNK = json.loads(example_document("multimodal-hydrogen-trunk"))


def chain(document: Document) -> AssessedChain:
    read = decoded(document)
    return AssessedChain(chain=read, result=assess_chain(read, get_rule_set("iso14083")), carriers={}, lanes={})


def reported(*chains: AssessedChain, ranges: StatedRanges | None = None) -> EmissionReport:
    return make_report(chains, get_rule_set("iso14083"), quality_scheme(), asked=Asked(), ranges=ranges)


def ranged(fact: str, pct: str) -> StatedRanges:
    stated = FactRange(fact=fact, half_width_pct=pct, source="own comparison")
    return StatedRanges([stated], [get_rule_set("iso14083").parameters])


def number(text: str | None) -> Decimal:
    assert text is not None
    return Decimal(text)


def test_a_report_without_contracts_has_no_market_based_reading() -> None:
    assert reported(chain(freight_chain())).market_based is None


def test_shipments_without_a_contract_count_by_their_grid_in_both_readings() -> None:
    contracted, plain = chain(WAREHOUSE), chain(freight_chain())
    market = reported(contracted, plain).market_based
    of_one = contracted.result.market_based

    assert market is not None
    assert of_one is not None
    assert number(of_one.wtw_kgco2e) + number(plain.result.wtw_kgco2e) == number(market.wtw_kgco2e)
    assert number(market.wtt_kgco2e) + number(market.ttw_kgco2e) == number(market.wtw_kgco2e)
    assert number(of_one.wtw_kgco2e) - number(contracted.result.wtw_kgco2e) == number(market.difference_wtw_kgco2e)
    assert 1 == market.shipments


def test_every_contract_is_listed_with_its_validity_and_what_has_none_with_its_grid() -> None:
    market = reported(chain(WAREHOUSE), chain(TRUNK)).market_based

    assert market is not None
    assert [
        ("H-1", "certificate", "0", "2024-01-01", "2024-12-31"),
        ("M-1", "ppa", "0.03", "2024-01-01", "2024-12-31"),
    ] == [
        (each.shipment, each.instrument, each.kgco2e_per_kwh, each.valid_from, each.valid_until)
        for each in market.by_contract
    ]
    assert [("M-1", "China")] == [(each.shipment, each.grid_region) for each in market.by_grid]


def test_one_shipment_that_cannot_be_computed_by_contract_leaves_no_total_by_contract() -> None:
    whole = chain(WAREHOUSE)
    assert whole.result.market_based is not None
    silent = msgspec.structs.replace(whole.result.market_based, wtw_kgco2e=None, ttw_kgco2e=None)
    result = msgspec.structs.replace(whole.result, market_based=silent)
    market = reported(AssessedChain(chain=whole.chain, result=result, carriers={}, lanes={}), chain(TRUNK)).market_based

    assert market is not None
    assert (None, None, None) == (market.wtw_kgco2e, market.intensity_wtw_kgco2e_per_tkm, market.difference_wtw_kgco2e)
    assert ["H-1"] == [each.shipment for each in market.not_computable]


def test_a_shared_factor_errs_together_in_the_interval_of_the_total() -> None:
    other = copy.deepcopy(WAREHOUSE)
    other["shipment"]["id"] = "H-2"
    found = reported(chain(WAREHOUSE), chain(other), ranges=ranged("diesel_density_kg_per_l[*]", "5")).intervals

    assert found is not None
    assert ["H-1", "H-2"] == [each.name for each in found.shipments]
    assert sum(number(each.half_width_kgco2e) for each in found.shipments) == number(found.total.half_width_kgco2e)
    assert 1 == len(found.contributions)
    assert found.unranged


def test_what_errs_alone_grows_with_the_root_of_the_number_of_shipments() -> None:
    other = copy.deepcopy(WAREHOUSE)
    other["shipment"]["id"] = "H-2"
    found = reported(chain(WAREHOUSE), chain(other), ranges=ranged("mass_kg[chain]", "5")).intervals

    assert found is not None
    half = number(found.shipments[0].half_width_kgco2e)
    assert abs(half * Decimal(2).sqrt() - number(found.total.half_width_kgco2e)) < Decimal("1e-9")
    assert number(found.total.low_kgco2e) < number(found.total.wtw_kgco2e) < number(found.total.high_kgco2e)


def test_a_range_of_nothing_is_refused() -> None:
    with pytest.raises(RuleError) as caught:
        reported(chain(WAREHOUSE), ranges=ranged("no_such[*]", "5"))

    assert "ranges.unmatched" == caught.value.code


def test_a_report_without_ranges_has_no_intervals() -> None:
    assert reported(chain(WAREHOUSE)).intervals is None


def row_of(name: str, **stated: Any) -> CategoryRow:
    document = freight_chain()
    document["categories"]["train"].update(stated)
    return next(row for row in reported(chain(document)).secondary.categories if row.name == name)


def test_a_category_says_what_its_data_cover_and_that_nobody_says_why_they_are_not_primary() -> None:
    period = {"from": "2025-01-01", "until": "2025-12-31"}
    row = row_of("train", period=period, operations="all trains of the year")

    assert ("2025-01-01", "2025-12-31", "all trains of the year", None, True) == (
        row.period_from,
        row.period_until,
        row.operations,
        row.justification,
        row.lacks_justification,
    )
    assert not row_of("train", justification="the railway gives no more").lacks_justification


def test_a_dated_factor_says_its_licence_and_its_level_as_the_assessment_does() -> None:
    assessed = chain(WAREHOUSE)
    used = {(each.name, each.value): each for each in assessed.result.factors}
    rows = [row for row in reported(assessed).secondary.factors if row.kind == "dated"]

    assert rows
    for row in rows:
        factor = used[row.name, row.value]

        assert (factor.licence, factor.pack, factor.level, factor.level_asked) == (
            row.licence,
            row.pack,
            row.level,
            row.level_asked,
        )
    assert any(row.licence for row in rows)
