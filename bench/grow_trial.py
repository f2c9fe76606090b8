"""Grow the packaged trial to any number of trucks that drive the same day, each under a VIN of its own."""

import csv
import gzip
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path

from h2verify.gbt32960 import decode_frame

from h2corridor.protocols.gbt32960 import encode_frame
from h2corridor.quality.containers import expected_check_digit

Row = dict[str, str]

TRUCKS_MAX = 9999
OWN_TO_A_TRUCK = {
    "vehicles.csv": ("plate",),
    "tank_opening.csv": (),
    "refuellings.csv": ("refuelling_id", "meter_id"),
    "meters.csv": ("meter_id", "certificate_id"),
    "consignments.csv": ("consignment_id", "document_no", "weighbridge_ticket", "seal_no"),
    "legs.csv": ("leg_id", "consignment_id"),
    "seals.csv": ("seal_no",),
}
"""Tables with rows for each truck, and the columns that tell one from another (VIN and container besides)."""

SHARED_BY_TRUCKS = {
    "hydrogen_batches.csv": ("mass_kg",),
    "hydrogen_deliveries.csv": (
        "mass_kg", "returned_heel_kg", "trailer_distance_km", "trailer_diesel_l", "trailer_compression_kwh",
    ),
    "station_energy.csv": ("electricity_kwh",),
    "station_stock.csv": ("opening_kg", "closing_kg", "vented_kg"),
    "hub_operations.csv": ("throughput_t", "electricity_kwh", "diesel_l"),
}  # fmt: skip
"""Tables with rows for all trucks together, and the columns that grow with their number."""


def grow_trial(source: Path, target: Path, trucks: int) -> int:
    """Write a trial with `trucks` copies of the one truck of `source`; gives the number of frames.

    Raises
    ------
    ValueError
        More trucks than there are numbers for.
    """
    if not 1 <= trucks <= TRUCKS_MAX:
        raise ValueError(f"expected 1 to {TRUCKS_MAX} trucks, came {trucks}")
    target.mkdir(parents=True)
    for path in sorted(source.glob("*.*")):
        if path.name in OWN_TO_A_TRUCK:
            _rewrite(path, target / path.name, partial(_copies, OWN_TO_A_TRUCK[path.name], trucks))
        elif path.name in SHARED_BY_TRUCKS:
            _rewrite(path, target / path.name, partial(_grown, SHARED_BY_TRUCKS[path.name], trucks))
        else:
            shutil.copyfile(path, target / path.name)
    frames = 0
    for day in sorted(source.glob("telemetry/*/*.csv.gz")):
        rows = _read_frames(day)
        frames += trucks * len(rows)
        for number in range(trucks):
            vin = _vin(day.parent.name, number)
            _write_frames(target / "telemetry" / vin / day.name, vin, rows)
    return frames


def _vin(vin: str, number: int) -> str:
    return f"{vin[:-4]}{number:04d}"


def _container(container_no: str, number: int) -> str:
    serial = f"{container_no[:4]}{(int(container_no[4:10]) + number) % 1_000_000:06d}"
    return f"{serial}{expected_check_digit(serial + '0')}"


def _copies(own: tuple[str, ...], trucks: int, row: Row) -> Iterator[Row]:
    for number in range(trucks):
        copy = dict(row)
        for name in own:
            copy[name] = f"{row[name]}-{number:04d}"
        if "vin" in row:
            copy["vin"] = _vin(row["vin"], number)
        if "container_no" in row:
            copy["container_no"] = _container(row["container_no"], number)
        yield copy


def _grown(grown: tuple[str, ...], trucks: int, row: Row) -> Iterator[Row]:
    yield {**row, **{name: str(Decimal(row[name]) * trucks) for name in grown if row[name]}}


def _rewrite(source: Path, target: Path, rows_of: Callable[[Row], Iterator[Row]]) -> None:
    with source.open(encoding="utf-8", newline="") as read, target.open("w", encoding="utf-8", newline="") as written:
        reader = csv.DictReader(read)
        writer = csv.DictWriter(written, reader.fieldnames or ())
        writer.writeheader()
        for row in reader:
            writer.writerows(rows_of(row))


def _read_frames(day: Path) -> list[tuple[str, bytes, int, int, int]]:
    """Time of receipt, data unit, edition, command and response of every frame of a day."""
    with gzip.open(day, "rt", encoding="ascii", newline="") as lines:
        read = [(row["received_at"], bytes.fromhex(row["frame"])) for row in csv.DictReader(lines)]
    headers = [decode_frame(data).header for _, data in read]
    return [
        (at, data[24:-1], header.edition, header.command, header.response)
        for (at, data), header in zip(read, headers, strict=True)
    ]


def _write_frames(path: Path, vin: str, rows: list[tuple[str, bytes, int, int, int]]) -> None:
    path.parent.mkdir(parents=True)
    with gzip.open(path, "wb", compresslevel=1) as out:
        out.write(b"received_at,frame\n")
        for at, unit, edition, command, response in rows:
            frame = encode_frame(
                edition=edition, command=command, response=response, vin=vin.encode("ascii"), data_unit=unit
            )
            out.write(f"{at},{frame.hex()}\n".encode("ascii"))
