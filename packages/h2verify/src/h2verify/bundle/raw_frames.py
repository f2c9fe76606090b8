"""Step 18: frames decoded again, time cut again, and the result held against the records of each truck."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from h2verify import activity
from h2verify.activity.legs import serve_legs
from h2verify.activity.readings import add_steps, readings_of
from h2verify.activity.rows import Reading
from h2verify.activity.spans import trips_of
from h2verify.activity.standings import silences_of, standing_runs, sum_spans, truck_ends
from h2verify.activity.uses import RE_ISSUE, REAL_TIME, frame_uses
from h2verify.activity.values import RecordedFill, RoadLeg, SitePlace, TruckRegister
from h2verify.bundle.raw_opened import Opened
from h2verify.bundle.raw_papers import read_papers
from h2verify.bundle.raw_received import Received, telemetry_paths
from h2verify.bundle.raw_rows import TRIAL, TRUCK
from h2verify.canonical import encode
from h2verify.chains.forms import Groups, Record
from h2verify.chains.measured import service_record, span_record, stand_record, window_record
from h2verify.errors import BundleError
from h2verify.gbt32960 import EDITION_2016, EDITION_BY_MARK, FRAME_OVERHEAD, RowDecoder
from h2verify.papers import read_telemetry, read_trial_header

COMPARISONS_MAX = 20_000_000
"""Standings times what each is compared with (sites, legs, fills)."""

LOOSE_BYTES_MAX = 2 << 20
"""Rows of all trucks that are no single frame, together: to search one takes time that grows with its square."""

STATION = "station"


@dataclass(slots=True, eq=False, kw_only=True)
class FrameRow(Mapping[str, Any]):
    """Of a row of the `frames` table what a reading is made from, and nothing else: there are many."""

    file: str
    row: int
    folder_vin: str
    received_at_ms: int | None
    received_at_s: int | None
    outcome: str
    edition: int
    command: int
    vin: str
    data_unit_digest: bytes
    device_time_s: int
    speed_raw: int | None
    odometer_raw: int | None
    soc_raw: int | None
    stacks_reported: int | None
    stack_current_raw: int | None
    stack_voltage_raw: int | None
    h2_pressure_raw: int | None
    h2_temperature_raw: int | None
    position_status: int | None
    longitude_raw: int | None
    latitude_raw: int | None
    coordinate_system: int | None

    def __getitem__(self, column: str) -> Any:
        return getattr(self, column)

    def __iter__(self) -> Iterator[str]:
        return iter(_COLUMNS)

    def __len__(self) -> int:
        return len(_COLUMNS)


_COLUMNS = tuple(FrameRow.__dataclass_fields__)
_ITEM_COLUMNS = _COLUMNS[_COLUMNS.index("speed_raw") :]


class LooseRows:
    """The rows of a bundle that are no single frame and are searched for one: how many bytes there were so far."""

    def __init__(self) -> None:
        self._bytes = 0

    def count(self, data: bytes, path: str) -> None:
        """Count a row that is none; refuse with `container.limit` what is more than can be searched in time."""
        if not _is_one_frame(data):
            self._bytes += len(data)
        if self._bytes > LOOSE_BYTES_MAX:
            fault = f"rows that are no single frame hold more than {LOOSE_BYTES_MAX} bytes."
            raise BundleError("container.limit", fault, where=path)


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckCounts:
    """What was recomputed of one truck, for the reader of the result."""

    files: int
    readings: int
    stands: int
    windows: int
    spans: int


def verify_frames(received: Received, opened: Opened, groups: Groups) -> Mapping[str, TruckCounts]:
    """Decode the frames of every truck of the bundle, cut its time anew, and require its records.

    Parameters
    ----------
    received : files and rows, proved
    opened : identities and positions, proved
    groups : the bundle's activity records, held against their rows

    Returns
    -------
    by truck, how much was recomputed

    Raises
    ------
    BundleError
        `frames.stands`, `frames.windows`, `frames.spans`, `frames.services`; `container.limit`.
    """
    papers = read_papers(received, opened, groups)
    sites = [
        SitePlace(
            site_id=site.site_id,
            is_station=site.kind == STATION,
            longitude_e6=site.longitude_e6,
            latitude_e6=site.latitude_e6,
        )
        for site in papers.sites.values()
    ]
    loose = LooseRows()
    return {
        truck: _verify_truck(received, opened, groups[f"{TRUCK}{truck}"], sites, truck=truck, vin=vin, loose=loose)
        for truck, vin in papers.vins.items()
    }


def frame_rows(received: Received, truck: str, vin: str, loose: LooseRows) -> Iterator[FrameRow]:
    """The frames in a truck's files that may carry a reading of it; the truck's name stands in the place of its VIN.

    Rows that are no single frame are counted in `loose`, which is one for all trucks of a bundle.
    """
    decoder = RowDecoder()
    for path in telemetry_paths(received, vin):
        for row in read_telemetry(received.iterate_records(path)):
            loose.count(row.frame, path)
            columns = decoder.read_row_columns(row.frame)
            if columns["outcome"] == "ok" and columns["vin"] == vin and columns["command"] in (REAL_TIME, RE_ISSUE):
                yield _frame_row(path, row.row, row.received_at_ms, truck, columns)


def _is_one_frame(data: bytes) -> bool:
    return data[:2] in EDITION_BY_MARK and len(data) == FRAME_OVERHEAD + int.from_bytes(data[22:24])


def _frame_row(path: str, row: int, received_at_ms: int | None, truck: str, columns: Mapping[str, Any]) -> FrameRow:
    return FrameRow(
        file=path,
        row=row,
        folder_vin=truck,
        received_at_ms=received_at_ms,
        received_at_s=None if received_at_ms is None else received_at_ms // 1000,
        outcome="ok",
        edition=columns["edition"],
        command=columns["command"],
        vin=truck,
        data_unit_digest=bytes.fromhex(columns["data_unit_digest"]),
        device_time_s=columns["device_time_s"],
        **{name: columns[name] for name in _ITEM_COLUMNS},
    )


def _readings(frames: Iterable[FrameRow], papers: activity.Papers) -> list[Reading]:
    uses = frame_uses(frames, papers.trucks, papers.period_s)
    return add_steps(readings_of(uses, papers.trucks))


def _verify_truck(
    received: Received,
    opened: Opened,
    records: Sequence[Record],
    sites: Sequence[SitePlace],
    *,
    truck: str,
    vin: str,
    loose: LooseRows,
) -> TruckCounts:
    papers = _papers(truck, records, sites, _period_s(received))
    steps = _readings(frame_rows(received, truck, vin, loose), papers)
    runs, silences = standing_runs(steps), silences_of(steps)
    standings = len(runs) + len(silences)
    if standings * (len(sites) + len(papers.legs) + len(papers.fills)) > COMPARISONS_MAX:
        raise BundleError("container.limit", f"{standings} standings are too many to compare.", where=truck)
    made = activity.cut(runs, silences, truck_ends(steps), papers)
    stands = sorted(made.stands, key=lambda stand: (stand.split_at_s, stand.started_at_s))
    sums = sum_spans(steps, made.spans)
    services = serve_legs(papers.legs, trips_of(sums, made.stands), made.stands, papers.sites, silences)
    places = [{"latitude_e6": stand.latitude_e6, "longitude_e6": stand.longitude_e6} for stand in stands]
    _require_equal("frames.stands", truck, records, [stand_record(stand) for stand in stands])
    _require_places(truck, records, opened, places)
    _require_equal("frames.windows", truck, records, [window_record(window) for window in made.windows])
    _require_equal("frames.spans", truck, records, [span_record(entry) for entry in sums])
    _require_equal("frames.services", truck, records, [service_record(service) for service in services])
    return TruckCounts(
        files=len(telemetry_paths(received, vin)),
        readings=len(steps),
        stands=len(made.stands),
        windows=len(made.windows),
        spans=len(sums),
    )


def _period_s(received: Received) -> tuple[int, int]:
    header = read_trial_header(record for record, _ in received.iterate_records(TRIAL))
    return header.period_start_ms // 1000, header.period_end_ms // 1000


def _papers(
    truck: str, records: Sequence[Record], sites: Sequence[SitePlace], period_s: tuple[int, int]
) -> activity.Papers:
    """What cutting time needs of the papers; stock, deliveries and opening tanks count nothing there."""
    return activity.Papers(
        trucks={truck: _register(truck, records[0])},
        sites=sites,
        legs=[
            RoadLeg(
                leg_id=leg["leg_id"],
                vin=truck,
                origin_site=leg["origin_site"],
                destination_site=leg["destination_site"],
                departed_at_s=leg["departed_at_ms"] // 1000,
                arrived_at_s=leg["arrived_at_ms"] // 1000,
            )
            for leg in records
            if leg["kind"] == "leg"
        ],
        fills=[
            RecordedFill(
                refuelling_id=fill["refuelling_id"],
                vin=truck,
                station_id=fill["station_id"],
                started_at_s=fill["started_at_ms"] // 1000,
                ended_at_s=fill["ended_at_ms"] // 1000,
                mass_mg=fill["mass_mg"],
            )
            for fill in records
            if fill["kind"] == "fill"
        ],
        deliveries=(),
        opening_stock_mg={},
        tank_opening={},
        period_start_s=period_s[0],
        period_end_s=period_s[1],
    )


def _register(truck: str, record: Record) -> TruckRegister:
    """One reported ampere flows through all stacks of a 2016 truck; a 2025 truck reports each stack."""
    cells, stacks = record["cells_per_stack"], record["stack_count"]
    if record["edition"] == EDITION_2016.year and cells is not None:
        cells = None if stacks is None else cells * stacks
    return TruckRegister(
        vin=truck,
        edition=record["edition"],
        stack_count=stacks,
        cells=cells,
        tank_volume_ml=record["tank_volume_ml"],
    )


def _require_equal(code: str, truck: str, records: Sequence[Record], made: Sequence[Mapping[str, Any]]) -> None:
    """Require the records of one kind to be those that were made, as many, in this order."""
    kind = code.removeprefix("frames.").removesuffix("s")
    said = [(number, record) for number, record in enumerate(records) if record["kind"] == kind]
    if len(said) != len(made):
        fault = f"the frames give {len(made)} records {kind}, the bundle has {len(said)}."
        raise BundleError(code, fault, where=f"{TRUCK}{truck}")
    for (number, record), expected in zip(said, made, strict=True):
        found = {name: value for name, value in record.items() if name != "closed"}
        if encode(found) != encode(dict(expected)):
            name = next(name for name in sorted(expected) if encode(found.get(name)) != encode(expected[name]))
            fault = f"the frames give {_short(expected[name])}, the record says {_short(found.get(name))}."
            raise BundleError(code, fault, where=f"{TRUCK}{truck}[{number}].{name}")


def _require_places(
    truck: str, records: Sequence[Record], opened: Opened, places: Sequence[Mapping[str, int | None]]
) -> None:
    stands = [number for number, record in enumerate(records) if record["kind"] == "stand"]
    for number, place in zip(stands, places, strict=True):
        values = opened[f"{TRUCK}{truck}", number, "position"]
        if encode(dict(values)) != encode(dict(place)):
            fault = "the frames give another place than the opened one."
            raise BundleError("frames.stands", fault, where=f"{TRUCK}{truck}[{number}].position")


def _short(value: Any) -> str:
    return f"{value!s:.80}"
