"""Step 17, last part: of the files that are whole, every row that stands has its record, and every record such a row.

An operator who holds every key could otherwise leave a row of a paper out of the records: a day of a station's
electricity, a load of hydrogen of another origin, a leg that shares a truck.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

from h2verify.bundle.raw_received import Received
from h2verify.bundle.raw_rows import CONSIGNMENT, CONSIGNMENTS, SITES
from h2verify.chains.forms import Groups
from h2verify.errors import BundleError
from h2verify.geodesy import great_circle_mm
from h2verify.papers import SOURCES, TABLES, SiteRow, StandingRow, read_standing, read_value

LEGS = "legs.csv"
_ASKED = {
    "site": {
        "hub_operation": "site_id",
        "delivery": "station_id",
        "station_energy": "station_id",
        "station_stock": "station_id",
        "station_fill": "station_id",
    },
    "batch": {"batch": "batch_id", "batch_delivery": "batch_id"},
    "truck": {"truck": "vin", "tank_opening": "vin", "leg": "vin", "fill": "vin"},
    "consignment": {"consignment": "consignment_id", "leg": "consignment_id"},
}
"""By kind of group: the kinds of records that rows of whole files stand behind, and the cell that names the group."""

_HEADS = ("batch", "truck", "consignment")
"""Records that say what something is: exactly the row that stands for it, the first with its name."""

_KEPT = frozenset(
    {
        *(cell for kinds in _ASKED.values() for cell in kinds.values()),
        *(name for table in TABLES.values() for name, _ in table.names),
        *("leg_id", "sequence", "mode", "origin_site", "destination_site", "transport_distance_km"),
    }
)
"""The cells of a row that are looked at here; only these stay in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The rows that a group must have records of a kind of, and those that it has."""

    group: str
    kind: str
    standing: AbstractSet[int]
    recorded: AbstractSet[int]

    @property
    def wrong(self) -> AbstractSet[int]:
        """Rows that no record of the group may or must name as it does."""
        if self.kind in _HEADS:
            return self.recorded ^ self.standing
        return self.recorded - self.standing


def verify_nothing_left_out(
    received: Received, groups: Groups, *, vins: Mapping[str, str], sites: Mapping[str, SiteRow], consignment_id: str
) -> None:
    """Hold records against all rows of the whole files that stand.

    Parameters
    ----------
    received : files and rows, proved, with all that must be there
    groups : the bundle's activity records, each held against its row
    vins : by truck, as opened
    sites : the sites that stand, by id
    consignment_id : what the statement is about

    Raises
    ------
    BundleError
        `papers.row`: a record of a row that does not stand or is about something else, or a distance that legs or
        places do not give. `papers.left-out`: a row without its record.
    """
    tables = _Tables(received, sites.keys())
    own = f"{CONSIGNMENT}{consignment_id}"
    asked = [each for name in groups for each in _asked_of(name, groups, tables, vins, is_own=name == own)]
    for each in asked:
        _require_none(
            each, each.wrong, "papers.row", "does not stand, is about something else, or is not the one named"
        )
    for each in asked:
        _require_none(each, each.standing - each.recorded, "papers.left-out", "has no record in this group")
    _verify_listed_legs(groups, tables)
    _verify_distances(groups, tables, sites)


class _Tables:
    """The rows of whole files that stand, by what a cell says."""

    def __init__(self, received: Received, sites: AbstractSet[str]) -> None:
        whole = [file for file in TABLES if received.is_whole(file)]
        rows = {file: _read(received, file) for file in whole}
        known: dict[str, AbstractSet[str]] = {SITES: sites}
        if CONSIGNMENTS in rows:
            known[CONSIGNMENTS] = {row["consignment_id"] for row in rows[CONSIGNMENTS]}
        self._rows = {file: [row for row in rows[file] if _names_stand(file, row, known)] for file in whole}
        self._by_cell: dict[tuple[str, str], Mapping[str, Sequence[StandingRow]]] = {}

    def is_there(self, file: str) -> bool:
        """Whether a file is whole."""
        return file in self._rows

    def list_about(self, file: str, name: str, value: str) -> Sequence[StandingRow]:
        """The rows of which a cell says this; none where the file is not there."""
        if (file, name) not in self._by_cell:
            found = defaultdict(list)
            for row in self._rows.get(file, ()):
                found[row[name]].append(row)
            self._by_cell[file, name] = found
        return self._by_cell[file, name].get(value, ())


def _read(received: Received, file: str) -> Sequence[StandingRow]:
    rows = read_standing(file, (record for record, _ in received.iterate_records(file)))
    return [StandingRow(row.row, {name: row[name] for name in row.cells.keys() & _KEPT}) for row in rows]


def _names_stand(file: str, row: StandingRow, known: Mapping[str, AbstractSet[str]]) -> bool:
    """Whether what a row names stands, as far as the file named is whole."""
    return all(row[name] in known[target] for name, target in TABLES[file].names if target in known)


def _asked_of(name: str, groups: Groups, tables: _Tables, vins: Mapping[str, str], *, is_own: bool) -> Iterator[_Asked]:
    """What the tables ask of one group, kind by kind; of another consignment, only that its row stands."""
    head, _, about = name.partition("/")
    for kind, cell in _ASKED.get(head, {}).items():
        file = SOURCES[kind].file
        if not tables.is_there(file) or (head == "consignment" and kind == "leg" and not is_own):
            continue
        rows = tables.list_about(file, cell, vins[about] if head == "truck" else about)
        if head == "consignment" and kind == "leg":
            rows = [row for row in rows if row["vin"] not in vins.values()]
        recorded = {record["row"] for record in groups[name] if record["kind"] == kind} - {None}
        yield _Asked(group=name, kind=kind, standing={row.row for row in rows}, recorded=recorded)


def _require_none(asked: _Asked, rows: AbstractSet[int], code: str, fault: str) -> None:
    if rows:
        where = f"{SOURCES[asked.kind].file} row {min(rows)}, {asked.kind} of {asked.group}"
        raise BundleError(code, f"the row {fault}.", where=where)


def _verify_listed_legs(groups: Groups, tables: _Tables) -> None:
    """Hold the list of legs of every consignment against the rows of legs."""
    for name, records in groups.items():
        if name.startswith(CONSIGNMENT):
            rows = tables.list_about(LEGS, "consignment_id", name.removeprefix(CONSIGNMENT))
            legs = sorted(rows, key=lambda row: (Decimal(row["sequence"]), row.row))
            if list(records[0]["legs"]) != [leg["leg_id"] for leg in legs]:
                raise BundleError("papers.left-out", f"these are not the legs of {LEGS}.", where=f"{name}[0].legs")


def _verify_distances(groups: Groups, tables: _Tables, sites: Mapping[str, SiteRow]) -> None:
    """Hold distances against the least that legs state between two sites, and against where the sites lie."""
    least: dict[tuple[str, ...], int] = {}
    for leg in tables.list_about(LEGS, "mode", "road"):
        length_m = _integer(leg, "transport_distance_km")
        if length_m is not None:
            ends = tuple(sorted({leg["origin_site"], leg["destination_site"]}))
            least[ends] = min(least.get(ends, length_m * 1000), length_m * 1000)
    records = [record for record in groups.get("distances", ()) if record["kind"] == "distance"]
    pairs = [tuple(sorted(set(record["sites"]))) for record in records]
    for number, (record, pair) in enumerate(zip(records, pairs, strict=True)):
        if record["transport_mm"] != least.get(pair):
            where = f"distances[{number}].transport_mm"
            raise BundleError("papers.row", f"the legs of {LEGS} give {least.get(pair, 'none')}.", where=where)
        if record["straight_mm"] is not None and record["straight_mm"] != _straight_mm(record["sites"], sites):
            where = f"distances[{number}].straight_mm"
            raise BundleError("papers.row", f"{SITES} gives another distance.", where=where)
    absent = least.keys() - set(pairs)
    if absent:
        where = f"{LEGS}, {' - '.join(min(absent))}"
        raise BundleError("papers.left-out", "the distance between these sites has no record.", where=where)


def _straight_mm(ends: Sequence[str], sites: Mapping[str, SiteRow]) -> int | None:
    """The great circle between two sites, in order of id; None where one of them does not stand."""
    found = [sites.get(site_id) for site_id in sorted(ends)]
    places = [(site.longitude_e6, site.latitude_e6) for site in found if site is not None]
    return great_circle_mm(*places[0], *places[1]) if len(places) == len(ends) == 2 else None


def _integer(row: StandingRow, name: str) -> int | None:
    """What a quantity of a leg says, in the unit of its last place; None where it says nothing."""
    value = read_value(TABLES[LEGS].cells[name].column, row[name])
    return value if isinstance(value, int) else None
