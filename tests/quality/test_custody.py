"""Where hydrogen comes from, and whether papers were valid."""

import msgspec
from made_evidence import HOUR_MS, START_MS, add, change, find, remove
from made_frames import TRUCK


def test_a_truck_without_a_record_of_its_opening_tank_is_found() -> None:
    found = find("custody.opening-missing", remove("tank_openings"))

    assert [("tank_opening.csv", None, TRUCK, {"mass_kg": "50.000"})] == [
        (each.file, each.row, each.vin, each.params) for each in found
    ]


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


def test_a_fill_beyond_what_the_station_held_is_found() -> None:
    found = find("custody.stock-short", change("hydrogen_deliveries", mass_mg=28_000_000))

    assert [("refuellings.csv", 7, {"station_id": "H2", "short_kg": "2.000"})] == [
        (each.file, each.row, each.params) for each in found
    ]


def test_a_fill_before_its_delivery_is_short() -> None:
    assert [7] == [
        each.row
        for each in find("custody.stock-short", change("hydrogen_deliveries", delivered_at_ms=START_MS + HOUR_MS * 2))
    ]


def test_a_shortage_within_the_reading_error_is_none() -> None:
    assert [] == find("custody.stock-short", change("hydrogen_deliveries", mass_mg=29_000_000))


def test_a_day_of_fills_without_electricity_is_found() -> None:
    found = find("station.no-energy-row", change("station_energy", day="2026-03-01"))

    assert [("station_energy.csv", None, {"station_id": "H2", "day": "2026-03-02"})] == [
        (each.file, each.row, each.params) for each in found
    ]


def test_a_fill_on_a_meter_after_its_certificate_names_the_meter_once() -> None:
    meters = change("meters", certificate_valid_until_ms=START_MS).meters
    facts = msgspec.structs.replace(add("refuellings", row=8, refuelling_id="R2"), meters=meters)
    found = find("meter.certificate-expired", facts)

    assert [("meters.csv", 1, "2026-03-02T09:00:00+08:00")] == [(each.file, each.row, each.at) for each in found]
