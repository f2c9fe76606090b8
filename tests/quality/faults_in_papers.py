"""Faults in papers, one function a kind; a cell or a row each, as a supplier would export it."""

from collections.abc import Callable

from faulty_trials import Place, World, every

Make = Callable[[World], Place]


def _cell(file: str, row: int, column: str, value: str) -> Make:
    return lambda world: world.set(file, row, **{column: value})


def certificate_expired(world: World) -> Place:
    return world.set("hydrogen_batches.csv", 1, certificate_valid_until="2026-03-01T00:00:00+08:00")


def batch_overdrawn(world: World) -> Place:
    return world.set("hydrogen_batches.csv", 1, mass_kg="150.0")


def delivery_before_production(world: World) -> Place:
    return world.set("hydrogen_deliveries.csv", 1, delivered_at="2026-02-27T17:07:08+08:00")


def delivery_of_less(world: World) -> Place:
    """The station dispenses more than it had: its first day opens with too little."""
    return world.set("station_stock.csv", 1, opening_kg="40.00")


def stock_jumps(world: World) -> Place:
    world.papers["station_stock.csv"].append(
        {
            "station_id": f"FR-GANSHUI~{world.name}",
            "day": "2026-03-03",
            "opening_kg": "71.64",
            "closing_kg": "71.64",
            "vented_kg": "0",
        }
    )
    return Place.in_papers("station_stock.csv", 2)


def day_without_electricity(world: World) -> Place:
    world.papers["station_energy.csv"].clear()
    return Place.in_papers("station_energy.csv")


def opening_missing(world: World) -> Place:
    world.papers["tank_opening.csv"].clear()
    return Place.in_papers("tank_opening.csv")


def phantom_fill(world: World) -> Place:
    """Booked while the truck drove; meter and stock follow."""
    world.set("station_stock.csv", 1, closing_kg="41.64")
    fill = {**world.papers["refuellings.csv"][1], "refuelling_id": f"FR-R0003~{world.name}", "mass_kg": "20.00"}
    times = {"started_at": "2026-03-02T15:30:00+08:00", "ended_at": "2026-03-02T15:40:00+08:00"}
    readings = {"meter_start_kg": "39181.42", "meter_end_kg": "39201.42"}
    world.papers["refuellings.csv"].append({**fill, **times, **readings})
    return Place.in_papers("refuellings.csv", 3)


def unrecorded_fill(world: World) -> Place:
    """The last fill of the day is not booked; meter and stock did move."""
    del world.papers["refuellings.csv"][1]
    return Place.in_papers("refuellings.csv")


def fill_booked_twice(world: World) -> Place:
    """Under another number; the station's stock does not follow."""
    fills = world.papers["refuellings.csv"]
    fills.append({**fills[1], "refuelling_id": f"FR-R0003~{world.name}"})
    return Place.in_papers("refuellings.csv", 3)


def fill_mass_off(world: World) -> Place:
    """A fifth too much; meter and stock follow."""
    world.set("station_stock.csv", 1, closing_kg="57.12")
    return world.set("refuellings.csv", 2, mass_kg="27.11", meter_end_kg="39185.94")


def meter_mass_differs(world: World) -> Place:
    return world.set("refuellings.csv", 2, meter_end_kg="39180.42")


def meter_backwards(world: World) -> Place:
    return world.set("refuellings.csv", 2, meter_start_kg="39058.83", meter_end_kg="39081.42")


def meter_of_another_station(world: World) -> Place:
    meters = world.papers["meters.csv"]
    meters.append({**meters[0], "meter_id": f"FR-M02~{world.name}", "site_id": f"FR-PLANT-CHANGSHOU~{world.name}"})
    return world.set("refuellings.csv", 2, meter_id=f"FR-M02~{world.name}")


def fill_at_another_truck(world: World) -> Place:
    """A fill of nobody's: its truck is not registered."""
    return world.set("refuellings.csv", 2, vin="LSTRANGER00000001")


def consignment_on_two_trucks(world: World) -> Place:
    """A second leg of the consignment under another truck, which has nothing else to carry."""
    world.set("consignments.csv", 1, mass_kg="4000")
    legs = world.papers["legs.csv"]
    legs.append({**legs[0], "leg_id": f"FR-L0003~{world.name}", "vin": "LFHFLEETTRUCK0001", "sequence": "2"})
    return Place.in_papers("legs.csv", 3)


def leg_twice(world: World) -> Place:
    """The same part of the chain given once more, under another truck."""
    legs = world.papers["legs.csv"]
    legs.append({**legs[0], "leg_id": f"FR-L0003~{world.name}", "vin": "LFHFLEETTRUCK0001"})
    return Place.in_papers("legs.csv", 3)


def fill_an_hour_late(world: World) -> Place:
    """Booked when the truck was on its way again."""
    times = {"started_at": "2026-03-02T10:02:53+08:00", "ended_at": "2026-03-02T10:13:23+08:00"}
    return world.set("refuellings.csv", 1, **times)


def leg_of_another_time(world: World) -> Place:
    return world.set("legs.csv", 1, departed_at="2026-03-02T08:30:00+08:00")


def legs_out_of_order(world: World) -> Place:
    legs = world.papers["legs.csv"]
    times = {"departed_at": "2026-03-02T09:00:00+08:00", "arrived_at": "2026-03-02T20:00:00+08:00"}
    values = {"intensity_wtw_kgco2e_per_tkm": "0.0191", "intensity_ttw_kgco2e_per_tkm": "0.0062"}
    ends = {"origin_site": legs[0]["destination_site"], "destination_site": legs[0]["origin_site"]}
    method = {"intensity_method": "ISO 14083:2023, railway annual average 2024"}
    head = {"leg_id": f"FR-L0003~{world.name}", "sequence": "2", "mode": "rail", "vin": ""}
    legs.append({**legs[0], **head, **ends, **times, **values, **method})
    for event in world.papers["seals.csv"]:
        if event["event"] == "removed":
            event["at"] = "2026-03-02T21:00:00+08:00"
    return Place.in_papers("legs.csv", 3)


def seal_removed_early(world: World) -> Place:
    place = world.set("seals.csv", 5, at="2026-03-02T10:00:00+08:00")
    world.papers["seals.csv"].pop(2)
    return Place.in_papers(place.file, 4)


FAR_PAST = "2026-03-01T00:00:00+08:00"
PAPER_FAULTS = list(
    every(
        {
            "certificate_expired": (certificate_expired, {"custody.certificate-expired"}),
            "certificate_missing": (
                _cell("hydrogen_batches.csv", 1, "certificate_id", ""),
                {"value.missing"},
            ),
            "attribute_claimed_elsewhere": (
                _cell("hydrogen_batches.csv", 1, "other_claims", "green certificate sold to X"),
                {"custody.claimed-elsewhere"},
            ),
            "intensity_missing": (
                _cell("hydrogen_batches.csv", 1, "intensity_kgco2e_per_kg", ""),
                {"value.missing"},
            ),
            "unknown_pathway": (_cell("hydrogen_batches.csv", 1, "pathway", "moonshine"), {"value.unknown"}),
            "batch_overdrawn": (batch_overdrawn, {"custody.batch-overdrawn"}),
            "delivery_before_production": (delivery_before_production, {"custody.before-production"}),
            "delivery_of_an_unknown_batch": (
                _cell("hydrogen_deliveries.csv", 1, "batch_id", "NOBODYS"),
                {"table.unknown-reference"},
            ),
            "station_short": (delivery_of_less, {"station.balance"}, {"custody.stock-short"}),
            "stock_jumps": (stock_jumps, {"station.stock-jump"}),
            "day_does_not_balance": (
                _cell("station_stock.csv", 1, "closing_kg", "66.64"),
                {"station.balance"},
            ),
            "day_without_electricity": (day_without_electricity, {"station.no-energy-row"}),
            "opening_missing": (opening_missing, {"custody.opening-missing"}),
            "opening_of_unknown_origin": (_cell("tank_opening.csv", 1, "batch_id", ""), {"custody.unknown-origin"}),
            "phantom_fill": (phantom_fill, {"hydrogen.fill-without-rise"}),
            "fill_mass_off": (fill_mass_off, {"hydrogen.metered-against-tank"}),
            "fill_of_a_strangers_truck": (
                fill_at_another_truck,
                {"table.unknown-reference"},
                {"hydrogen.rise-without-fill"},
            ),
            "fill_booked_twice": (
                fill_booked_twice,
                {"hydrogen.metered-against-tank"},
                {"hydrogen.metered-against-tank", "hydrogen.residual", "station.balance"},
            ),
            "meter_mass_differs": (meter_mass_differs, {"meter.mass-differs"}),
            "meter_backwards": (meter_backwards, {"meter.backwards"}),
            "meter_of_another_station": (meter_of_another_station, {"meter.other-station"}),
            "meter_certificate_expired": (
                _cell("meters.csv", 1, "certificate_valid_until", FAR_PAST),
                {"meter.certificate-expired"},
            ),
            "meter_certificate_missing": (
                _cell("meters.csv", 1, "certificate_id", ""),
                {"meter.certificate-missing"},
            ),
            "consignment_on_two_trucks": (consignment_on_two_trucks, {"leg.two-trucks"}),
            "leg_twice": (leg_twice, {"table.duplicate-key"}),
            "fill_an_hour_late": (
                fill_an_hour_late,
                {"hydrogen.fill-without-rise"},
                {"hydrogen.rise-without-fill"},
            ),
            "cells_of_half_a_stack": (
                _cell("vehicles.csv", 1, "cells_per_stack", "280"),
                {"hydrogen.purge-out-of-range"},
            ),
            "leg_of_a_strangers_truck": (
                _cell("legs.csv", 1, "vin", "LSTRANGER00000001"),
                {"table.unknown-reference"},
            ),
            "opening_mass_off": (_cell("tank_opening.csv", 1, "mass_kg", "30.00"), {"custody.opening-differs"}),
            "leg_of_another_time": (leg_of_another_time, {"freight.truck-elsewhere"}),
            "legs_out_of_order": (legs_out_of_order, {"leg.before-forerunner"}),
            "distance_15_pct_long": (
                _cell("legs.csv", 1, "transport_distance_km", "291.5"),
                {"leg.longer-than-driven"},
            ),
            "distance_40_pct_short": (_cell("legs.csv", 1, "transport_distance_km", "152.1"), {"leg.detour"}),
            "throughput_below_legs": (_cell("hub_operations.csv", 1, "throughput_t", "5.6"), {"hub.throughput"}),
            "seal_broken": (_cell("seals.csv", 3, "event", "broken"), {"seal.broken"}),
            "seal_removed_early": (seal_removed_early, {"seal.removed-early"}),
            "seal_checked_before_it_was_applied": (
                _cell("seals.csv", 3, "at", "2026-03-02T05:00:00+08:00"),
                {"seal.out-of-order"},
            ),
            "seal_on_another_container": (
                _cell("seals.csv", 3, "container_no", "LHXU1590017"),
                {"seal.other-container"},
            ),
            "mass_declared": (_cell("consignments.csv", 1, "mass_method", "declared"), {"freight.mass-declared"}),
            "mass_over_payload": (_cell("consignments.csv", 1, "mass_kg", "24400"), {"freight.over-payload"}),
            "container_digit": (
                _cell("consignments.csv", 1, "container_no", "LHXU1590013"),
                {"freight.container-check-digit"},
            ),
            "container_no_number": (
                _cell("consignments.csv", 1, "container_no", "LHX-159001"),
                {"freight.container-number"},
            ),
            "tank_volume_fivefold": (
                _cell("vehicles.csv", 1, "tank_volume_l", "15400"),
                {"hydrogen.consumption"},
                {"custody.opening-differs", "hydrogen.metered-against-tank", "hydrogen.residual"},
            ),
            "tank_volume_and_a_half": (
                _cell("vehicles.csv", 1, "tank_volume_l", "4620"),
                {"hydrogen.purge-out-of-range"},
                {"custody.opening-differs", "hydrogen.metered-against-tank", "hydrogen.residual"},
            ),
            "tank_volume_missing": (_cell("vehicles.csv", 1, "tank_volume_l", ""), {"value.missing"}),
        }
    )
)

UNRECORDED_FILL = next(every({"unrecorded_fill": (unrecorded_fill, {"hydrogen.rise-without-fill"})}))
