"""Step 17: activity records, the statement and suppliers' manifests held against the rows they speak of."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from h2verify.bundle.raw_left_out import verify_nothing_left_out
from h2verify.bundle.raw_opened import Opened
from h2verify.bundle.raw_received import TELEMETRY, Received, telemetry_paths
from h2verify.bundle.raw_rows import CONSIGNMENT, SITES, TRIAL, TRUCK, HeldRecord, hold_records, require_rows
from h2verify.chains.forms import Groups, Record
from h2verify.errors import BundleError
from h2verify.papers import SOURCES, TABLES, Column, SiteRow, find_instant_ms, is_usable, read_sites, read_trial_header
from h2verify.papers.cells import find_wall_time
from h2verify.supplier_notes import SignedFile

_HOUR_MINUTES = 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,5})?")
_STATED = ("document_no", "goods", "hs_code", "mass_method", "container_no", "seal_no", "declaration_no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What a raw bundle shows beside its records: the VIN of each truck, every site of the trial."""

    vins: Mapping[str, str]
    sites: Mapping[str, SiteRow]


def verify_papers(
    received: Received,
    opened: Opened,
    groups: Groups,
    statement: Mapping[str, Any],
    signed_files: Iterable[SignedFile] = (),
) -> int:
    """Hold every disclosed row against its records, and what else speaks of rows; give the number of records held.

    Parameters
    ----------
    received : files and rows, proved
    opened : identities and positions, proved
    groups : the bundle's activity records, in their form
    statement : the statement, in its form and as the records have it (`verify_stated`)
    signed_files : lines of the suppliers' file manifests

    Raises
    ------
    BundleError
        `received.missing` for a file, a row or a truck's telemetry; `papers.row`, `papers.left-out`,
        `papers.statement`, `signature.file`; `container.limit`.
    """
    require_rows(received, groups)
    papers = read_papers(received, opened, groups)
    for truck, vin in papers.vins.items():
        if not any(received.is_whole(path) for path in telemetry_paths(received, vin)):
            raise BundleError("received.missing", "expected its telemetry files, whole.", where=truck)
    offset_minutes = _verify_trial(received, groups, statement["trial"])
    own = f"{CONSIGNMENT}{statement['consignment']['consignment_id']}"
    count = 0
    for held in hold_records(received, groups):
        count += 1
        _verify_fields(held)
        _verify_opened(held, opened)
        _verify_context(held, papers, offset_minutes)
        if held.group == own:
            _verify_own(held, papers, statement["consignment"])
    _verify_rowless(groups, opened)
    _verify_legs(groups, statement["consignment"]["consignment_id"])
    _verify_fills(groups)
    _verify_sites(groups, papers)
    _verify_signed_files(received, signed_files, papers.vins.values())
    verify_nothing_left_out(
        received,
        groups,
        vins=papers.vins,
        sites=papers.sites,
        consignment_id=statement["consignment"]["consignment_id"],
    )
    return count


def read_papers(received: Received, opened: Opened, groups: Groups) -> Papers:
    """The VIN of each truck, as opened, and the sites of `sites.csv`.

    Raises
    ------
    BundleError
        `papers.row`: no VIN, or a list of sites without a header; `container.limit`.
    """
    return Papers(
        vins={group.removeprefix(TRUCK): _vin(opened, group) for group in groups if group.startswith(TRUCK)},
        sites=read_sites(record for record, _ in received.iterate_records(SITES)),
    )


def _vin(opened: Opened, group: str) -> str:
    vin = opened[group, 0, "identity"].get("vin")
    if not isinstance(vin, str) or not vin:
        raise _fault(group, "expected an opened vin")
    return vin


def _verify_fields(held: HeldRecord) -> None:
    """Hold every field that a cell stands behind against it."""
    for column in held.source.columns:
        _require_same(held, column.field, column, held.record[column.field])


def _verify_opened(held: HeldRecord, opened: Opened) -> None:
    """Hold the opened values of a record against its row."""
    for name, columns in held.source.closed.items():
        values = opened.get((held.group, held.number, name))
        if values is None:
            continue
        if values.keys() != {column.field for column in columns}:
            raise held.fault(name, f"expected the values {', '.join(column.field for column in columns)}")
        for column in columns:
            _require_same(held, f"{name}.{column.field}", column, values[column.field])


def _require_same(held: HeldRecord, field: str, column: Column, said: Any) -> None:
    found = held.value(column)
    if column.kind == "number":
        number = _find_decimal(said) if isinstance(said, str) else None
        is_same = said is found if number is None else number == found
    elif column.kind == "text":
        is_same = (said or None) == found and (said is None or isinstance(said, str))
    else:
        is_same = type(said) is type(found) and said == found
    if not is_same:
        raise held.fault(field, f"the record says {_short(said)}, the row {_short(found)}.")


def _verify_context(held: HeldRecord, papers: Papers, offset_minutes: int) -> None:
    """Hold what follows from the record's group, its truck's VIN and its days against the row."""
    owner = held.source.owner
    about = papers.vins.get(held.about) if owner == "vin" else held.about
    if owner is not None and held.cell(owner) != about:
        raise held.fault(owner, f"the group is about {held.about}, the row about something else.")
    if held.source.file in TABLES and not is_usable(held.source.file, held.cells):
        raise held.fault("row", "a row with a cell that cannot be used stands for nothing.")
    if held.kind == "leg":
        _verify_leg(held, papers, offset_minutes)
    if held.kind == "batch":
        site = papers.sites.get(str(held.record["site_id"]))
        if (held.record["site_grid_region"] or "") != (site.grid_region if site else ""):
            raise held.fault("site_grid_region", f"{SITES} says otherwise.")


def _verify_leg(held: HeldRecord, papers: Papers, offset_minutes: int) -> None:
    truck, vin = held.record["truck"], held.cell("vin")
    if held.group.startswith(TRUCK):
        if truck != held.about or vin != papers.vins[held.about]:
            raise held.fault("truck", "the row is of another truck than the group.")
    elif truck is not None or vin in papers.vins.values():
        raise held.fault("truck", "the row names a truck of the bundle, the group is a consignment's.")
    for end in ("departed", "arrived"):
        _verify_day(held, end, offset_minutes)


def _verify_day(held: HeldRecord, end: str, offset_minutes: int) -> None:
    """Hold a local day against its instant, at the trial's offset, give or take one hour for summer time."""
    said, instant_ms = held.record[f"{end}_day"], held.record[f"{end}_at_ms"]
    offsets = (offset_minutes - _HOUR_MINUTES, offset_minutes, offset_minutes + _HOUR_MINUTES)
    if said not in [_day_of(instant_ms, offset) for offset in offsets]:
        raise held.fault(f"{end}_day", f"{said} is not the day of {held.cell(f'{end}_at')[:40]}.")


def _day_of(instant_ms: int, offset_minutes: int) -> str:
    try:
        return (_EPOCH + timedelta(milliseconds=instant_ms, minutes=offset_minutes)).date().isoformat()
    except OverflowError:
        return ""


def _verify_own(held: HeldRecord, papers: Papers, said: Mapping[str, Any]) -> None:
    """Hold what only the statement's own consignment must fulfil: its row, and that its trucks are in the bundle."""
    if held.kind == "consignment":
        _verify_stated_row(held, papers, said)
    if held.kind == "leg" and held.record["mode"] == "road" and held.cell("vin"):
        raise held.fault("truck", "the row names a truck: the bundle must have its group.")


def _verify_stated_row(held: HeldRecord, papers: Papers, said: Mapping[str, Any]) -> None:
    """Hold what the statement alone says of its consignment against the row and the list of sites."""
    for name in _STATED:
        if (said[name] or "") != held.cell(name):
            fault = f"the statement says {_short(said[name])}, the row {_short(held.cell(name))}."
            raise BundleError("papers.statement", fault, where=f"$.consignment.{name}")
    for end in ("origin_site", "destination_site"):
        site = papers.sites.get(said[end]["site_id"])
        names = (site.name_en, site.name_zh) if site else ("", "")
        if (said[end]["name_en"] or "", said[end]["name_zh"] or "") != names:
            fault = f"{SITES} has other names of this site."
            raise BundleError("papers.statement", fault, where=f"$.consignment.{end}")


def _verify_rowless(groups: Groups, opened: Opened) -> None:
    """Require a record without a row, of something that is only named, to say nothing but the name."""
    for group, records in groups.items():
        for number, record in enumerate(records):
            source = SOURCES.get(record["kind"])
            if source is None or record["row"] is not None:
                continue
            name = f"{record['kind']}_id"
            said = [column.field for column in source.columns if column.field != name and record[column.field]]
            for closed in source.closed:
                said += [field for field, value in opened.get((group, number, closed), {}).items() if value]
            if said:
                raise _fault(f"{group}[{number}].{said[0]}", "expected null without a row that says it")


def _verify_legs(groups: Groups, consignment_id: str) -> None:
    """Hold the consignment's list of legs against the records of legs."""
    legs = sorted(
        (
            record
            for records in groups.values()
            for record in records
            if record["kind"] == "leg" and record["consignment_id"] == consignment_id
        ),
        key=lambda leg: (leg["sequence"], leg["row"]),
    )
    where = f"{CONSIGNMENT}{consignment_id}"
    if groups[where][0]["row"] is None:
        raise _fault(f"{where}[0].row", "expected the row of the consignment")
    if not legs or list(groups[where][0]["legs"]) != [leg["leg_id"] for leg in legs]:
        raise _fault(f"{where}[0].legs", "these are not the legs that records speak of")


def _verify_fills(groups: Groups) -> None:
    """Hold every fill against what its station's group says of it."""
    for group, records in groups.items():
        for number, fill in enumerate(records):
            station = groups.get(f"site/{fill['station_id']}") if fill["kind"] == "fill" else None
            if station is not None and not any(_is_same_fill(fill, each) for each in station):
                raise _fault(f"{group}[{number}]", "the station's records do not have this fill")


def _is_same_fill(fill: Record, other: Record) -> bool:
    names = ("refuelling_id", "started_at_ms", "mass_mg", "row")
    return bool(other["kind"] == "station_fill" and all(fill[name] == other[name] for name in names))


def _verify_sites(groups: Groups, papers: Papers) -> None:
    """Hold every record `site` against the row that stands for this site: none may hide, none may be invented."""
    for group, records in groups.items():
        if group.startswith("site/"):
            site = papers.sites.get(group.removeprefix("site/"))
            if records[0]["row"] != (site.row if site else None):
                raise _fault(f"{group}[0].row", f"expected the row of this site in {SITES}, or null without one")


def _verify_trial(received: Received, groups: Groups, said: Mapping[str, Any]) -> int:
    """Hold what records and statement say of the trial against `trial.toml`; give the offset of local days [min].

    Where the file writes the period in UTC, the offset is the statement's.
    """
    header = read_trial_header(record for record, _ in received.iterate_records(TRIAL))
    written = find_wall_time(said["period_start"] or "")
    if written is None:
        raise BundleError("papers.statement", "expected the beginning of a period.", where="$.trial.period_start")
    expected: Mapping[str, Any] = {
        "trial_id": (said["trial_id"], header.trial_id),
        "title_en": (said["title_en"] or "", header.title_en),
        "title_zh": (said["title_zh"] or "", header.title_zh),
        "period_start": (find_instant_ms(said["period_start"]), header.period_start_ms),
        "period_end": (find_instant_ms(said["period_end"] or ""), header.period_end_ms),
    }
    for name, (stated, found) in expected.items():
        if stated != found:
            raise BundleError("papers.statement", f"{TRIAL} says otherwise.", where=f"$.trial.{name}")
    if written[1] != header.start_offset_min and header.start_offset_min != 0:
        raise BundleError("papers.statement", f"{TRIAL} writes another offset.", where="$.trial.period_start")
    for record in groups.get("trial", ()):
        if (record["trial_id"], record["period_start_ms"]) != (header.trial_id, header.period_start_ms):
            raise _fault("trial[0]", f"{TRIAL} says otherwise")
    return written[1]


def _verify_signed_files(received: Received, signed_files: Iterable[SignedFile], vins: Iterable[str]) -> None:
    """Hold suppliers' lines against the files received; signed telemetry of the bundle's trucks may not lack."""
    folders = tuple(f"{TELEMETRY}{vin}/" for vin in vins)
    for signed in signed_files:
        file = received.files.get(signed.path)
        if file is not None and (file.sha256, file.size) != (signed.sha256, signed.size):
            raise BundleError("signature.file", "its supplier signed for other bytes.", where=signed.path)
        if file is None and folders and signed.path.startswith(folders):
            raise BundleError("received.missing", "its supplier signed for telemetry of a truck.", where=signed.path)


def _find_decimal(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _short(value: Any) -> str:
    return "nothing" if value in (None, "") else f"{value!s:.60}"


def _fault(where: str, fault: str) -> BundleError:
    return BundleError("papers.row", f"{fault}.", where=where)
