"""Faults of many kinds and sizes in random rows of a trial's papers, telemetry untouched; each knows where it lies.

Nothing here knows how a check decides; `found_by` names the checks that may find a kind, `entails` those that may speak
of the same truck, station or meter elsewhere.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from h2corridor.quality.containers import expected_check_digit

Row = dict[str, str]
FILLS, LEGS, LOADS, METERS = "refuellings.csv", "legs.csv", "consignments.csv", "meters.csv"
BATCHES, STOCK, HUBS, SEALS = "hydrogen_batches.csv", "station_stock.csv", "hub_operations.csv", "seals.csv"
OPENINGS, DELIVERIES, TRUCKS = "tank_opening.csv", "hydrogen_deliveries.csv", "vehicles.csv"
KEYS = ("vin", "station_id", "meter_id", "consignment_id", "batch_id", "container_no", "site_id")


@dataclass(slots=True)
class Papers:
    """The tables of a trial, and what of them is sound and not yet taken by a fault."""

    tables: dict[str, list[Row]]
    taken: set[int]
    draw: Random

    def take(self, file: str, suits: Callable[[Row], bool] = lambda row: True) -> Row:
        """A random sound row of a table."""
        row = self.draw.choice([each for each in self.tables[file] if id(each) not in self.taken and suits(each)])
        self.taken.add(id(row))
        return row

    def append(self, file: str, row: Row) -> Row:
        """Add a row that is a fault of its own."""
        self.tables[file].append(row)
        self.taken.add(id(row))
        return row

    def has(self, file: str, **values: str) -> bool:
        """Whether a table has a row with these values."""
        return any(all(row[name] == value for name, value in values.items()) for row in self.tables[file])


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of fault; `make` gives the row where it lies, or a row that is no longer there."""

    file: str
    make: Callable[[Papers], Row]
    found_by: frozenset[str]
    entails: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A fault as written: its row, or None where a row is missing, and the names it has to do with."""

    kind: str
    file: str
    row: int | None
    names: frozenset[str]
    found_by: frozenset[str]
    entails: frozenset[str]


def write_faulty_papers(source: Path, target: Path, draw: Random, kinds: Mapping[str, Kind]) -> list[Placed]:
    """Put one fault of every kind into the papers of a trial; give them as they lie."""
    tables = {path.name: _read(path) for path in sorted(source.glob("*.csv"))}
    papers = Papers(tables=tables, taken=_faulty_already(source, tables), draw=draw)
    made = [(name, kinds[name].make(papers)) for name in draw.sample(sorted(kinds), len(kinds))]
    for name, rows in tables.items():
        _write(target / name, rows)
    number = {id(row): n for rows in tables.values() for n, row in enumerate(rows, 1)}
    return [
        Placed(
            kind=name,
            file=kinds[name].file,
            row=number.get(id(row)),
            names=frozenset(row[key] for key in KEYS if row.get(key)),
            found_by=kinds[name].found_by,
            entails=kinds[name].entails,
        )
        for name, row in made
    ]


def _faulty_already(source: Path, tables: Mapping[str, Sequence[Row]]) -> set[int]:
    """Rows that are faulty, and fills and legs of trucks about the time of a fault in fills or legs."""
    faults = [fault for fault in _read(source / "truth" / "faults.csv") if fault["file"] in tables]
    rows = {id(tables[fault["file"]][int(fault["first_row"]) - 1]) for fault in faults if fault["first_row"]}
    moved = [fault for fault in faults if fault["file"] in (FILLS, LEGS)]
    near = {(fault["vin"], fault["at"][:10]) for fault in moved}
    fills = [row for row in tables[FILLS] if (row["vin"], row["started_at"][:10]) in near]
    legs = [row for row in tables[LEGS] if (row["vin"], row["departed_at"][:10]) in near]
    return rows | {id(row) for row in (*fills, *legs)}


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _later(at: str, by: timedelta) -> str:
    return (datetime.fromisoformat(at) + by).isoformat()


def _set(file: str, column: str, value: Callable[[Papers, Row], str], **only: str) -> Callable[[Papers], Row]:
    """Change a cell of a random row; `only` says what else its cells have to be."""

    def make(papers: Papers) -> Row:
        row = papers.take(file, lambda row: all(row[name] == said for name, said in only.items()))
        row[column] = value(papers, row)
        return row

    return make


def _is_road(papers: Papers, row: Row) -> bool:
    return papers.has(LEGS, consignment_id=row["consignment_id"], mode="road")


def _over_payload(papers: Papers) -> Row:
    row = papers.take(LOADS, lambda row: _is_road(papers, row))
    row["mass_kg"] = str(papers.draw.randint(31_000, 60_000))
    return row


def _two_trucks(papers: Papers) -> Row:
    leg = papers.take(LEGS, lambda row: row["mode"] == "road")
    others = [row["vin"] for row in papers.tables[TRUCKS] if row["vin"] != leg["vin"]]
    return papers.append(LEGS, {**leg, "leg_id": "LEG-TWICE", "sequence": "9", "vin": papers.draw.choice(others)})


def _elsewhere(papers: Papers) -> Row:
    leg = papers.take(LEGS, lambda row: row["mode"] == "road" and _lasts_h(row) > 3)
    by = timedelta(minutes=papers.draw.randint(60, 150))
    leg["departed_at"] = _later(leg["departed_at"], by)
    return leg


def _lasts_h(leg: Row) -> float:
    lasts = datetime.fromisoformat(leg["arrived_at"]) - datetime.fromisoformat(leg["departed_at"])
    return lasts.total_seconds() / 3600


def _too_long(papers: Papers) -> Row:
    leg = papers.take(LEGS, lambda row: row["mode"] == "road" and float(row["transport_distance_km"]) > 60)
    leg["transport_distance_km"] = f"{float(leg['transport_distance_km']) * papers.draw.uniform(1.4, 2.5):.1f}"
    return leg


def _other_digit(papers: Papers) -> Row:
    row = papers.take(LOADS, lambda row: expected_check_digit(row["container_no"]) is not None)
    right = expected_check_digit(row["container_no"])
    row["container_no"] = row["container_no"][:-1] + papers.draw.choice([d for d in "0123456789" if d != right])
    return row


def _low_throughput(papers: Papers) -> Row:
    masses = {row["consignment_id"]: float(row["mass_kg"]) / 1000 for row in papers.tables[LOADS]}

    def went_t(row: Row) -> float:
        return sum(
            masses[leg["consignment_id"]]
            for leg in papers.tables[LEGS]
            if (leg["origin_site"], leg["departed_at"][:10]) == (row["site_id"], row["day"])
            and id(leg) not in papers.taken
        )

    row = papers.take(HUBS, lambda row: went_t(row) > 1)
    row["throughput_t"] = f"{went_t(row) * papers.draw.uniform(0, 0.85):.1f}"
    return row


def _station_short(papers: Papers) -> Row:
    def is_sound(row: Row) -> bool:
        return float(row["opening_kg"]) > 20

    row = papers.take(STOCK, is_sound)
    row["opening_kg"] = f"{float(row['opening_kg']) - papers.draw.uniform(3, 20):.2f}"
    return row


def _used_kg(papers: Papers, batch_id: str) -> float:
    rows = (*papers.tables[DELIVERIES], *papers.tables[OPENINGS])
    return sum(float(row["mass_kg"]) for row in rows if row["batch_id"] == batch_id)


def _overdrawn(papers: Papers) -> Row:
    row = papers.take(BATCHES, lambda row: _used_kg(papers, row["batch_id"]) > 20)
    row["mass_kg"] = f"{_used_kg(papers, row['batch_id']) * papers.draw.uniform(0.2, 0.9):.1f}"
    return row


def _expired(papers: Papers) -> Row:
    row = papers.take(BATCHES, lambda row: papers.has(DELIVERIES, batch_id=row["batch_id"]))
    first = min(each["delivered_at"] for each in papers.tables[DELIVERIES] if each["batch_id"] == row["batch_id"])
    row["certificate_valid_until"] = _later(first, -timedelta(hours=papers.draw.randint(1, 2000)))
    return row


def _unknown_origin(papers: Papers) -> Row:
    row = papers.take(OPENINGS, lambda row: not papers.has(OPENINGS, vin=row["vin"], batch_id=""))
    row["batch_id"] = ""
    return row


def _is_of(papers: Papers, row: Row, edition: str) -> bool:
    return papers.has(TRUCKS, vin=row["vin"], protocol=edition)


def _meter_back(papers: Papers) -> Row:
    fill = papers.take(FILLS)
    fill["meter_start_kg"], fill["meter_end_kg"] = fill["meter_end_kg"], fill["meter_start_kg"]
    return fill


def _unbooked(edition: str) -> Callable[[Papers], Row]:
    def make(papers: Papers) -> Row:
        fill = papers.take(FILLS, lambda row: _is_of(papers, row, edition))
        papers.tables[FILLS].remove(fill)
        return fill

    return make


def _phantom(edition: str) -> Callable[[Papers], Row]:
    """Booked one to three hours after another fill of the truck, under way; its meter is not said."""

    def make(papers: Papers) -> Row:
        fill = papers.take(FILLS, lambda row: _is_of(papers, row, edition) and _is_long_under_way(papers, row))
        by = timedelta(minutes=papers.draw.randint(60, 180))
        times = {name: _later(fill[name], by) for name in ("started_at", "ended_at")}
        blank = dict.fromkeys(("meter_id", "meter_start_kg", "meter_end_kg"), "")
        mass = f"{papers.draw.uniform(3, 40):.2f}"
        name = {"refuelling_id": f"PHANTOM-{edition}", "mass_kg": mass}
        return papers.append(FILLS, {**fill, **times, **blank, **name})

    return make


def _is_long_under_way(papers: Papers, fill: Row) -> bool:
    """Whether a leg of the truck goes on for more than three hours after a fill."""
    until = _later(fill["ended_at"], timedelta(hours=3))
    legs = (leg for leg in papers.tables[LEGS] if leg["vin"] == fill["vin"])
    return any(leg["departed_at"] < fill["started_at"] and until < leg["arrived_at"] for leg in legs)


def _mass_off(edition: str) -> Callable[[Papers], Row]:
    """The booking and the meter's last reading are off alike."""

    def make(papers: Papers) -> Row:
        fill = papers.take(FILLS, lambda row: _is_of(papers, row, edition) and float(row["mass_kg"]) > 8)
        mass = float(fill["mass_kg"]) * papers.draw.choice(
            (papers.draw.uniform(0.4, 0.75), papers.draw.uniform(1.25, 2))
        )
        fill["mass_kg"] = f"{mass:.2f}"
        fill["meter_end_kg"] = f"{float(fill['meter_start_kg']) + mass:.2f}"
        return fill

    return make


def _meter(change: Callable[[Papers, Row], None]) -> Callable[[Papers], Row]:
    """A meter on which fills are booked."""

    def make(papers: Papers) -> Row:
        row = papers.take(METERS, lambda row: papers.has(FILLS, meter_id=row["meter_id"]))
        change(papers, row)
        return row

    return make


def _meter_expired(papers: Papers, row: Row) -> None:
    first = min(fill["started_at"] for fill in papers.tables[FILLS] if fill["meter_id"] == row["meter_id"])
    row["certificate_valid_until"] = _later(first, -timedelta(hours=papers.draw.randint(1, 9000)))


def _meter_bare(papers: Papers, row: Row) -> None:
    row[papers.draw.choice(("certificate_id", "certificate_valid_until"))] = ""


def _kind(file: str, make: Callable[[Papers], Row], *found_by: str, entails: Sequence[str] = ()) -> Kind:
    return Kind(file=file, make=make, found_by=frozenset(found_by), entails=frozenset(entails))


OF_STATION = ("station.balance", "custody.stock-short", "station.stock-jump")
OF_FILL = (*OF_STATION, "meter.backwards", "hydrogen.residual", "hydrogen.tank-volume")
KINDS: Mapping[str, Kind] = {
    "over_payload": _kind(LOADS, _over_payload, "freight.over-payload", entails=("hub.throughput",)),
    "mass_not_weighed": _kind(
        LOADS,
        _set(LOADS, "mass_method", lambda papers, row: "declared", mass_method="weighbridge"),
        "freight.mass-declared",
    ),
    "two_trucks": _kind(LEGS, _two_trucks, "leg.two-trucks", entails=("freight.over-payload",)),
    "elsewhere": _kind(LEGS, _elsewhere, "freight.truck-elsewhere", "activity.leg-without-trip"),
    "too_long": _kind(LEGS, _too_long, "leg.longer-than-driven"),
    "seal_broken": _kind(SEALS, _set(SEALS, "event", lambda papers, row: "broken", event="checked"), "seal.broken"),
    "container_digit": _kind(LOADS, _other_digit, "freight.container-check-digit"),
    "low_throughput": _kind(HUBS, _low_throughput, "hub.throughput"),
    "station_short": _kind(STOCK, _station_short, "station.balance", "station.stock-jump", entails=OF_STATION),
    "batch_overdrawn": _kind(BATCHES, _overdrawn, "custody.batch-overdrawn"),
    "certificate_expired": _kind(BATCHES, _expired, "custody.certificate-expired"),
    "claimed_elsewhere": _kind(
        BATCHES, _set(BATCHES, "other_claims", lambda papers, row: "sold to X"), "custody.claimed-elsewhere"
    ),
    "unknown_origin": _kind(OPENINGS, _unknown_origin, "custody.unknown-origin"),
    "meter_back": _kind(FILLS, _meter_back, "meter.backwards"),
    "meter_expired": _kind(METERS, _meter(_meter_expired), "meter.certificate-expired"),
    "meter_bare": _kind(METERS, _meter(_meter_bare), "meter.certificate-missing"),
    **{
        f"{name}_{edition}": _kind(FILLS, make(edition), *found_by, entails=OF_FILL)
        for edition in ("2016", "2025")
        for name, make, found_by in (
            ("unbooked", _unbooked, ["hydrogen.rise-without-fill"]),
            ("phantom", _phantom, ["hydrogen.fill-without-rise"]),
            ("mass_off", _mass_off, ["hydrogen.metered-against-tank"]),
        )
    },
}
