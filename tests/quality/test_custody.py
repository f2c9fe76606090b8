"""Where hydrogen comes from, and whether papers were valid."""

import msgspec
import pytest
from made_evidence import HOUR_MS, START_MS, add, change, find, remove
from made_frames import START_S, TRUCK

from h2corridor.model.custody import Mixed
from h2corridor.quality import CustodyEvidence
from h2corridor.quality.catalogue import describe


def test_a_truck_without_a_record_of_its_opening_tank_is_found() -> None:
    found = find("custody.opening-missing", remove("tank_openings"))

    assert [("tank_opening.csv", None, TRUCK, {"mass_kg": "50.000"})] == [
        (each.file, each.row, each.vin, each.params) for each in found
    ]


@pytest.mark.parametrize(
    ("mass_mg", "is_found"), [(47_620_000, False), (47_610_000, True), (52_630_000, False), (52_640_000, True)]
)
def test_an_opening_that_the_sensors_do_not_show_is_found(mass_mg: int, is_found: bool) -> None:
    found = find("custody.opening-differs", change("tank_openings", mass_mg=mass_mg))

    assert [("tank_opening.csv", 1, TRUCK, "50.000")] * is_found == [
        (each.file, each.row, each.vin, each.params["seen_kg"]) for each in found
    ]


def test_the_parts_of_an_opening_count_together() -> None:
    facts = add("tank_openings", row=2, mass_mg=20_000_000)

    assert ["70.000"] == [each.params["mass_kg"] for each in find("custody.opening-differs", facts)]


def test_an_opening_recorded_hours_before_the_data_is_not_compared() -> None:
    facts = change("tank_openings", mass_mg=1, at_ms=START_MS - 2 * HOUR_MS)

    assert [] == find("custody.opening-differs", facts)


def test_a_batch_delivered_after_its_certificate_is_found() -> None:
    found = find("custody.certificate-expired", change("hydrogen_batches", certificate_valid_until_ms=START_MS - 1))

    assert [("hydrogen_batches.csv", 1, "2026-03-02T08:00:00+08:00")] == [
        (each.file, each.row, each.at) for each in found
    ]


def test_a_batch_delivered_at_the_end_of_its_certificate_is_good() -> None:
    assert [] == find("custody.certificate-expired", change("hydrogen_batches", certificate_valid_until_ms=START_MS))


def test_an_attribute_sold_elsewhere_is_found() -> None:
    found = find("custody.claimed-elsewhere", change("hydrogen_batches", other_claims="sold to X"))

    assert [(1, {"batch_id": "B1", "claim": "sold to X"})] == [(each.row, each.params) for each in found]


def test_a_batch_of_which_more_was_used_than_produced_is_found() -> None:
    found = find("custody.batch-overdrawn", change("hydrogen_batches", mass_mg=149_499_999))

    assert [("hydrogen_batches.csv", 1, {"batch_id": "B1", "used_kg": "150.000", "produced_kg": "149.500"})] == [
        (each.file, each.row, each.params) for each in found
    ]
    assert [] == find("custody.batch-overdrawn", change("hydrogen_batches", mass_mg=149_500_000))


def test_a_batch_is_drawn_by_deliveries_and_opening_tanks_together() -> None:
    deliveries = add("hydrogen_deliveries", row=2, delivery_id="D2", mass_mg=50_000_000)

    assert [] == find("custody.batch-overdrawn", deliveries)
    more = msgspec.structs.replace(
        deliveries, tank_openings=add("tank_openings", row=2, mass_mg=1_000_000).tank_openings
    )
    assert ["201.000"] == [each.params["used_kg"] for each in find("custody.batch-overdrawn", more)]


def test_a_delivery_before_its_production_is_found() -> None:
    found = find("custody.before-production", change("hydrogen_batches", produced_from_ms=START_MS + 1))
    params = {"delivery_id": "D1", "batch_id": "B1", "produced_from": "2026-03-02T08:00:00+08:00"}

    assert [("hydrogen_deliveries.csv", 1, params)] == [(each.file, each.row, each.params) for each in found]
    assert [] == find("custody.before-production", change("hydrogen_batches", produced_from_ms=START_MS))


REFUSED = CustodyEvidence(refused={"book_and_claim": [("tried@2026.1", "own")], "segregated": []})


def test_a_batch_of_a_model_that_a_rule_set_does_not_allow_is_found_for_that_rule_set() -> None:
    found = find("custody.model-not-allowed", change("hydrogen_batches", custody="book_and_claim"), custody=REFUSED)
    params = {"batch_id": "B1", "custody": "@custody-book_and_claim", "rule_set": "tried@2026.1", "clause": "own"}

    assert [("hydrogen_batches.csv", 1, params)] == [(each.file, each.row, each.params) for each in found]
    assert "Batch B1 is book and claim; tried@2026.1 does not allow it (clause own)." == describe(found[0], "en")[0]
    assert "批次 B1 的监管链模式为登记与声明；tried@2026.1 不允许该模式（条款 own）。" == describe(found[0], "zh")[0]


@pytest.mark.parametrize("custody", ["segregated", "mass_balance", None])
def test_a_batch_of_an_allowed_model_or_of_none_is_not_found(custody: str | None) -> None:
    assert [] == find("custody.model-not-allowed", change("hydrogen_batches", custody=custody), custody=REFUSED)


def test_a_segregated_batch_that_was_mixed_is_found_where_and_when_it_was() -> None:
    mixed = Mixed(batch_id="B1", other_batch_id="B2", store="H2", at_s=START_S)
    found = find("custody.segregated-mixed", custody=CustodyEvidence(mixed=[mixed]))
    params = {"batch_id": "B1", "store": "H2", "other_batch_id": "B2"}

    assert [("hydrogen_batches.csv", 1, "2026-03-02T08:00:00+08:00", params)] == [
        (each.file, each.row, each.at, each.params) for each in found
    ]
