"""Raw parts with one row that has no record, and with one record whose row does not stand."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from made_raw import VIN, RawParts

Change: TypeAlias = Callable[[RawParts], object]

INTENSITY = "intensity_kgco2e_per_kg"
PAPERS = {
    "a day at the hub": ("hub_operations.csv", "HUB,2026-03-03,10,20,\n"),
    "a delivery": ("hydrogen_deliveries.csv", "V2,B1,STATION,2026-03-02T05:00:00+08:00,80,60,90\n"),
    "a delivery of unknown origin": ("hydrogen_deliveries.csv", "V2,,STATION,2026-03-02T05:00:00+08:00,80,60,90\n"),
    "the batch's delivery elsewhere": ("hydrogen_deliveries.csv", "V2,B1,PORT,2026-03-02T05:00:00+08:00,80,60,90\n"),
    "a day of electricity": ("station_energy.csv", "STATION,2026-03-01,400,Chongqing\n"),
    "a day of stock": ("station_stock.csv", "STATION,2026-03-01,50,,3\n"),
    "a fill of others": (
        "refuellings.csv",
        "R2,STATION,M,OTHER,2026-03-02T07:00:00+08:00,2026-03-02T07:10:00+08:00,9\n",
    ),
    "a fill elsewhere": (
        "refuellings.csv",
        f"R2,PORT,M,{VIN},2026-03-02T08:50:00+08:00,2026-03-02T08:51:00+08:00,9\n",
    ),
    "hydrogen on board": ("tank_opening.csv", f"{VIN},2026-03-02T07:00:00+08:00,4,\n"),
    "a leg of the truck": (
        "legs.csv",
        f"L3,C2,1,road,{VIN},HUB,PORT,2026-03-02T08:15:00+08:00,2026-03-02T08:50:00+08:00,20.5,,,,\n",
    ),
    "a leg of the consignment by others": (
        "legs.csv",
        "L3,C1,3,sea,,SEA,FAR,2026-03-03T08:15:00+08:00,2026-03-04T08:50:00+08:00,900,gcd,,0.01,0.01\n",
    ),
    "a distance between two sites": (
        "legs.csv",
        "L3,C9,1,road,X,HUB,FAR,2026-03-02T08:15:00+08:00,2026-03-02T08:50:00+08:00,9.5,,,,\n",
    ),
}
FAULTY = {
    "a mass below zero": ("hydrogen_deliveries.csv", "V2,B1,STATION,2026-03-02T05:00:00+08:00,-80,60,90\n"),
    "a mass finer than a milligram": (
        "hydrogen_deliveries.csv",
        "V2,B1,STATION,2026-03-02T05:00:00+08:00,8.0000001,6,9\n",
    ),
    "an unknown station": ("hydrogen_deliveries.csv", "V2,B1,NOWHERE,2026-03-02T05:00:00+08:00,80,60,90\n"),
    "a time without offset": ("hydrogen_deliveries.csv", "V2,B1,STATION,2026-03-02T05:00:00,80,60,90\n"),
    "a delivery twice": ("hydrogen_deliveries.csv", "V1,B1,STATION,2026-03-02T05:00:00+08:00,80,60,90\n"),
    "a batch twice": ("hydrogen_batches.csv", "B1,,smr,2026-02-28T00:00:00+08:00,2026-03-01T00:00:00+08:00,5,1\n"),
    "a day twice": ("station_energy.csv", "STATION,2026-03-02,400,Chongqing\n"),
    "no such day": ("station_energy.csv", "STATION,2026-02-30,400,Chongqing\n"),
    "a cell too few": ("station_energy.csv", "STATION,2026-03-01,400\n"),
    "a blank row": ("station_energy.csv", "\n"),
    "no station": ("station_stock.csv", ",2026-03-01,50,,3\n"),
    "a fill that ends before it starts": (
        "refuellings.csv",
        "R2,STATION,M,X,2026-03-02T07:00:00+08:00,2026-03-02T06:10:00+08:00,9\n",
    ),
    "a leg with a sequence that is taken": (
        "legs.csv",
        f"L3,C1,1,road,{VIN},HUB,PORT,2026-03-02T08:15:00+08:00,2026-03-02T08:50:00+08:00,2.5,,,,\n",
    ),
    "a number above all": ("hub_operations.csv", "HUB,2026-03-03,999999999999.5,20,\n"),
}


def add(path: str, row: str) -> Change:
    """Append a row to a table."""
    return lambda parts: parts.tables[path].append(row.encode())


def put(group: str, kind: str, **values: Any) -> Change:
    """Change fields of the first record of a kind."""
    return lambda parts: parts.record(group, kind).update(values)


def _taken_twice(parts: RawParts) -> None:
    """The other consignment stands twice, and the lighter, later row is used."""
    parts.tables["consignments.csv"].append(b"C1,D1,P2,P3,steel,7318,9000,weighbridge,HUB,SEA,LHXU1,S1,\n")
    parts.whole.add("consignments.csv")
    put("consignment/C1", "consignment", row=3, mass_g=9_000_000)(parts)


def _second_register(parts: RawParts) -> None:
    """The truck is registered twice, and the later row is used."""
    parts.tables["vehicles.csv"].append(parts.tables["vehicles.csv"][1])
    parts.whole.add("vehicles.csv")
    put("truck/truck-1", "truck", row=2)(parts)


def _straight(straight_mm: int) -> Change:
    record = {"kind": "distance", "sites": ["HUB", "STATION"], "transport_mm": None, "driven_mm": None}
    return lambda parts: parts.groups["distances"].append({**record, "straight_mm": straight_mm})


def _written_in_utc(parts: RawParts) -> None:
    parts.replace_cell("trial.toml", 5, "2026-03-02T00:00:00+08:00", "2026-03-01T16:00:00Z")


STANDLESS: Mapping[str, tuple[str, Change]] = {
    "a row that is not there": ("received.missing", put("site/HUB", "hub_operation", row=2)),
    "a day that was taken": (
        "papers.row",
        lambda parts: parts.tables["station_energy.csv"].insert(1, b"STATION,2026-03-02,1,Chongqing\n"),
    ),
    "a fill that cannot be": ("papers.row", lambda parts: parts.replace_cell("refuellings.csv", 1, "06:10", "05:10")),
    "a consignment's later row": ("papers.row", _taken_twice),
    "a truck's later row": ("papers.row", _second_register),
    "a register's row that cannot be used": (
        "papers.row",
        lambda parts: parts.replace_cell("vehicles.csv", 1, ",2016,8986,3080,", ",2016,8986,3080.5e,"),
    ),
    "a straight line that is none": ("papers.row", _straight(10_000_000)),
    "a shorter distance": ("papers.row", put("distances", "distance", transport_mm=20_400_000)),
    "a distance of no leg": (
        "papers.row",
        lambda parts: parts.groups["distances"].append(
            {"kind": "distance", "sites": ["HUB", "SEA"], "transport_mm": 1, "driven_mm": None, "straight_mm": None}
        ),
    ),
    "a batch hidden": (
        "papers.row",
        put("batch/B1", "batch", row=None, site_id=None, site_grid_region="", pathway=None, **{INTENSITY: None}),
    ),
}
