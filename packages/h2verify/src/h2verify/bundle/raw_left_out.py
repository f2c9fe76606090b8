"""Step 17, last part: of the files that are whole, every row that stands has its record, and no record more.

An operator who holds every key could otherwise leave a row of a paper out of the records: a day of a station's
electricity, a load of hydrogen of another origin, a leg that shares a truck.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from h2verify.bundle.raw_received import Received
from h2verify.bundle.raw_rows import CONSIGNMENT, CONSIGNMENTS, SITES
from h2verify.chains.forms import Groups
from h2verify.errors import BundleError
from h2verify.papers import SOURCES, TABLES, Column, StandingRow, read_standing, read_value

LEGS = "legs.csv"
_KINDS = {
    "site": ("hub_operation", "delivery", "station_energy", "station_stock", "station_fill"),
    "batch": ("batch", "batch_delivery"),
    "truck": ("tank_opening", "leg", "fill"),
    "consignment": ("leg",),
}
"""Kinds of records that rows of whole files stand behind, by kind of group."""

_DISTANCE = next(column for column in SOURCES["leg"].columns if column.field == "transport_distance_m")
_SEQUENCE = next(column for column in SOURCES["leg"].columns if column.field == "sequence")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The rows that a group must have records of a kind of, and those that it has."""

    group: str
    kind: str
    rows: AbstractSet[int]
    said: AbstractSet[int]


def verify_nothing_left_out(
    received: Received, groups: Groups, *, vins: Mapping[str, str], sites: AbstractSet[str], consignment_id: str
) -> None:
    """Hold records against all rows of the whole files that stand.

    Parameters
    ----------
    received : files and rows, proved, with all that must be there
    groups : the bundle's activity records, each held against its row
    vins : by truck, as opened
    sites : ids of the sites that stand
    consignment_id : what the statement is about

    Raises
    ------
    BundleError
        `papers.row`: a record of a row that does not stand or is about something else, or a distance that the legs do
        not give. `papers.left-out`: a row without its record.
    """
    tables = _Tables(received, sites)
    own = f"{CONSIGNMENT}{consignment_id}"
    names = [name for name in groups if not name.startswith(CONSIGNMENT) or name == own]
    asked = [each for name in names for each in _asked_of(name, groups, tables, vins)]
    for each in asked:
        wrong = each.said ^ each.rows if each.kind == "batch" else each.said - each.rows
        _require_none(each, wrong, "papers.row", "does not stand, is about something else, or is not the one named")
    for each in asked:
        _require_none(each, each.rows - each.said, "papers.left-out", "has no record in this group")
    _verify_listed_legs(groups, tables)
    _verify_distances(groups, tables)


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

    def list_rows(self, file: str) -> Sequence[StandingRow]:
        """The rows of a file; none where it was never received."""
        return self._rows.get(file, ())

    def list_about(self, file: str, name: str, value: str) -> Sequence[StandingRow]:
        """The rows of which a cell says this."""
        if (file, name) not in self._by_cell:
            found = defaultdict(list)
            for row in self.list_rows(file):
                found[row[name]].append(row)
            self._by_cell[file, name] = found
        return self._by_cell[file, name].get(value, ())


def _read(received: Received, file: str) -> Sequence[StandingRow]:
    return list(read_standing(file, (record for record, _ in received.iterate_records(file))))


def _names_stand(file: str, row: StandingRow, known: Mapping[str, AbstractSet[str]]) -> bool:
    """Whether what a row names stands, as far as the file named is whole."""
    return all(row[name] in known[target] for name, target in TABLES[file].names if target in known)


def _asked_of(name: str, groups: Groups, tables: _Tables, vins: Mapping[str, str]) -> Iterator[_Asked]:
    """What the tables ask of one group, kind by kind."""
    head, _, about = name.partition("/")
    for kind in _KINDS.get(head, ()):
        file, owner = SOURCES[kind].file, SOURCES[kind].owner
        if head == "truck":
            rows = tables.list_about(file, "vin", vins[about])
        elif head == "consignment":
            trucks = set(vins.values())
            rows = [row for row in tables.list_about(file, "consignment_id", about) if row["vin"] not in trucks]
        else:
            rows = tables.list_about(file, owner or "", about)
        said = {record["row"] for record in groups[name] if record["kind"] == kind}
        yield _Asked(group=name, kind=kind, rows={row.row for row in rows}, said=said - {None})


def _require_none(asked: _Asked, rows: AbstractSet[int], code: str, fault: str) -> None:
    if rows:
        where = f"{SOURCES[asked.kind].file} row {min(rows)}, {asked.kind} of {asked.group}"
        raise BundleError(code, f"the row {fault}.", where=where)


def _verify_listed_legs(groups: Groups, tables: _Tables) -> None:
    """Hold the list of legs of every consignment against the rows of legs."""
    for name, records in groups.items():
        if name.startswith(CONSIGNMENT):
            rows = tables.list_about(LEGS, "consignment_id", name.removeprefix(CONSIGNMENT))
            legs = sorted(rows, key=lambda row: (_whole(row, _SEQUENCE), row.row))
            if list(records[0]["legs"]) != [leg["leg_id"] for leg in legs]:
                raise BundleError("papers.left-out", f"these are not the legs of {LEGS}.", where=f"{name}[0].legs")


def _verify_distances(groups: Groups, tables: _Tables) -> None:
    """Hold the least distance between two sites that legs state against the records."""
    least: dict[tuple[str, ...], int] = {}
    for leg in tables.list_about(LEGS, "mode", "road"):
        if leg[_DISTANCE.name]:
            ends = tuple(sorted({leg["origin_site"], leg["destination_site"]}))
            length_mm = _whole(leg, _DISTANCE) * 1000
            least[ends] = min(least.get(ends, length_mm), length_mm)
    records = [record for record in groups.get("distances", ()) if record["kind"] == "distance"]
    pairs = [tuple(sorted(set(record["sites"]))) for record in records]
    for number, (record, pair) in enumerate(zip(records, pairs, strict=True)):
        if record["transport_mm"] != least.get(pair):
            where = f"distances[{number}].transport_mm"
            raise BundleError("papers.row", f"the legs of {LEGS} give {least.get(pair, 'none')}.", where=where)
    absent = least.keys() - set(pairs)
    if absent:
        where = f"{LEGS}, {' - '.join(min(absent))}"
        raise BundleError("papers.left-out", "the distance between these sites has no record.", where=where)


def _whole(row: StandingRow, column: Column) -> int:
    value = read_value(column, row[column.name])
    return value if isinstance(value, int) else 0
