"""A small raw bundle made by hand: one truck, one leg with a fill on its way, all rows and every byte of its telemetry.

The records are computed by the plain reference (`run_reference` over `read_row_columns`), not by what is tested.
"""

import base64
import gzip
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from h2verify import canonical
from h2verify.activity import Papers, run_reference
from h2verify.activity.values import RecordedFill, RoadLeg, SitePlace, TruckRegister
from h2verify.chains.measured import service_record, span_record, stand_record, window_record
from h2verify.gbt32960 import read_row_columns, xor_of
from h2verify.merkle import HashTree, inclusion_proof
from h2verify.rows import file_entry, leaf_entry, record_salt, salted_leaf_hash, split_records

Record = dict[str, Any]
Change = Callable[["RawParts"], None]

VIN = "LTESTHYDR0GEN0001"
START = datetime.fromisoformat("2026-03-02T08:00:00+08:00")
TELEMETRY_PATH = f"telemetry/{VIN}/2026-03-02.000000000001.csv.gz"
STATEMENT_ID = "st-0123456789abcdef"
STATED_AT = 1000
"""The statement's place in the log, behind everything received."""
SALT = hashlib.sha256(b"salt").digest()
HUB, STATION, PORT = (106_320_000, 29_600_000), (106_320_000, 29_690_000), (106_320_000, 29_780_000)
STEP_S = 10


def frame(at: datetime, *, speed: int, odometer: int, current: int, pressure: int, place: tuple[int, int]) -> bytes:
    """A real-time frame of edition 2016: vehicle, fuel cell, position."""
    vehicle = bytes((1, 1, 3, 1)) + speed.to_bytes(2) + odometer.to_bytes(4) + (6000).to_bytes(2)
    vehicle += (10_500).to_bytes(2) + bytes((80, 1, 0)) + (2000).to_bytes(2) + bytes((20, 0))
    cell = b"\x03" + (4000).to_bytes(2) + current.to_bytes(2) + bytes(2) + (1).to_bytes(2) + b"\x64"
    cell += (550).to_bytes(2) + bytes((1, 0, 5, 1)) + pressure.to_bytes(2) + bytes((1, 1))
    position = b"\x05\x00" + place[0].to_bytes(4) + place[1].to_bytes(4)
    unit = bytes((at.year - 2000, at.month, at.day, at.hour, at.minute, at.second)) + vehicle + cell + position
    checked = b"\x02\xfe" + VIN.encode() + b"\x01" + len(unit).to_bytes(2) + unit
    return b"##" + checked + bytes((xor_of(checked),))


def drive() -> list[bytes]:
    """The telemetry rows of a morning: 15 minutes at the hub, to the station, a fill there, on to the port."""
    rows, at, odometer, pressure = [b"received_at,frame\n"], START, 100_000, 200
    legs = (
        (HUB, HUB, 90, 0),
        (HUB, STATION, 60, 0),
        (STATION, STATION, 90, 60),
        (STATION, PORT, 60, 0),
        (PORT, PORT, 90, 0),
    )
    for start, end, steps, rise in legs:
        moves = start != end
        for number in range(steps):
            odometer += 1 if moves and number % 6 < 5 else 0
            place = (start[0], start[1] + (end[1] - start[1]) * number // steps)
            state = pressure + rise * number // steps
            data = frame(
                at,
                speed=300 if moves else 0,
                odometer=odometer,
                current=900 if moves else 0,
                pressure=state,
                place=place,
            )
            rows.append(f"{(at + timedelta(seconds=1)).isoformat()},{data.hex()}\n".encode())
            at += timedelta(seconds=STEP_S)
        pressure += rise
    return rows


def tables() -> dict[str, list[bytes]]:
    """The records of every table, header first."""
    texts = {
        "trial.toml": '[trial]\nformat = 1\nid = "made"\ntitle_zh = "演示"\ntitle_en = "Made"  # by hand\n'
        'period_start = "2026-03-02T00:00:00+08:00"\nperiod_end = 2026-03-03T00:00:00+08:00\n'
        '\n[operator]\nparty_id = "P0"\n',
        "sites.csv": "site_id,name_zh,name_en,kind,operator_id,lat,lon,grid_region\n"
        "HUB,枢纽,Hub,hub,,29.60000,106.32,Chongqing\nSTATION,站,Station,station,,29.69,106.32,\nPORT,港,Port,port,,29.78,106.32,\n",
        "vehicles.csv": "vin,plate,carrier_id,protocol,terminal_id,tank_volume_l,stack_count,cells_per_stack,"
        "battery_capacity_kwh,comparable_diesel_l_per_100km,comparable_diesel_source,comparable_diesel_date,"
        "comparable_diesel_method,comparable_diesel_payload_t,comparable_diesel_profile\n"
        f'{VIN},渝A00001D,P1,2016,8986,3080,1,400,,38.20,"fuel book, 2025",2025-06-15,'
        'measured on the same road,28.50,"Chongqing-Guiyang, hills"\n',
        "tank_opening.csv": f"vin,at,mass_kg,batch_id\n{VIN},2026-03-02T07:00:00+08:00,40.5,B1\n",
        "legs.csv": "leg_id,consignment_id,sequence,mode,vin,origin_site,destination_site,departed_at,arrived_at,"
        "transport_distance_km,distance_kind,distance_source,intensity_wtw_kgco2e_per_tkm,intensity_ttw_kgco2e_per_tkm\n"
        f"L1,C1,1,road,{VIN},HUB,PORT,2026-03-02T08:15:00+08:00,2026-03-02T08:50:00+08:00,20.5,sfd,,,\n"
        "L2,C1,2,rail,,PORT,SEA,2026-03-02T20:00:00+08:00,2026-03-02T23:30:00+08:00,300,sfd,map,0.0220,0.01\n",
        "refuellings.csv": "refuelling_id,station_id,meter_id,vin,started_at,ended_at,mass_kg\n"
        f"R0,STATION,M,OTHER,2026-03-02T06:00:00+08:00,2026-03-02T06:10:00+08:00,9\n"
        f"R1,STATION,M,{VIN},2026-03-02T08:26:00+08:00,2026-03-02T08:39:00+08:00,12.25\n",
        "consignments.csv": "consignment_id,document_no,shipper_id,consignee_id,goods,hs_code,mass_kg,mass_method,"
        "origin_site,destination_site,container_no,seal_no,declaration_no\n"
        "C1,D1,P2,P3,steel,7318,10400,weighbridge,HUB,SEA,LHXU1,S1,\n"
        "C2,D2,P4,P5,glass,7005,900,declared,HUB,PORT,LHXU2,S2,\n",
        "hydrogen_batches.csv": "batch_id,site_id,pathway,produced_from,produced_to,mass_kg,intensity_kgco2e_per_kg\n"
        "B1,HUB,smr,2026-02-28T00:00:00+08:00,2026-03-01T00:00:00+08:00,500,9.30\n",
        "hydrogen_deliveries.csv": "delivery_id,batch_id,station_id,delivered_at,mass_kg,trailer_diesel_l,"
        "trailer_compression_kwh\nV1,B1,STATION,2026-03-01T17:00:00+08:00,117.6,101.6,204.8\n",
        "station_energy.csv": "station_id,day,electricity_kwh,grid_region\nSTATION,2026-03-02,217.7,Chongqing\n",
        "station_stock.csv": "station_id,day,opening_kg,closing_kg,vented_kg\nSTATION,2026-03-02,50,,0.54\n",
        "hub_operations.csv": "site_id,day,throughput_t,electricity_kwh,diesel_l\nHUB,2026-03-02,5638.6,8409,\n",
    }
    return {path: list(split_records([text.encode()])) for path, text in texts.items()}


@dataclass(slots=True, kw_only=True)
class RawParts:
    """Everything a raw bundle is made from, to be changed before it is sealed; what is sealed is committed to."""

    rows: list[bytes] = field(default_factory=drive)
    tables: dict[str, list[bytes]] = field(default_factory=tables)
    whole: set[str] = field(default_factory=lambda: set(tables()) - {"vehicles.csv", "consignments.csv"})
    hidden: dict[str, set[int]] = field(default_factory=dict)
    groups: dict[str, list[Record]] = field(default_factory=dict)
    closed: dict[tuple[str, int, str], Record] = field(default_factory=dict)
    statement: Record = field(default_factory=dict)

    def record(self, group: str, kind: str, number: int = 0) -> Record:
        """A record of a group, by kind."""
        return [record for record in self.groups[group] if record["kind"] == kind][number]

    def replace_cell(self, path: str, row: int, old: str, new: str) -> None:
        """Change the text of a row."""
        text = self.tables[path][row].decode()

        assert old in text
        self.tables[path][row] = text.replace(old, new, 1).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBundle:
    """The inputs of the five raw steps."""

    archive: Mapping[str, bytes]
    logged: Mapping[bytes, int]
    groups: Mapping[str, list[Record]]
    statement: Record

    def document(self, name: str) -> Any:
        """A JSON member."""
        return canonical.parse(self.archive[name])

    def member(self, path: str) -> str:
        """The member that speaks of a received file."""
        names = [name for name in self.archive if name.startswith("received/") and name.endswith(".json")]
        return next(name for name in names if self.document(name)["manifest"]["path"] == path)

    def with_member(self, name: str, data: bytes | None) -> "RawBundle":
        """The bundle with one member changed, or left out."""
        kept = {each: value for each, value in self.archive.items() if each != name}
        return replace(self, archive=kept if data is None else kept | {name: data})

    def with_document(self, name: str, change: Callable[[Any], None]) -> "RawBundle":
        """The bundle with one JSON member changed."""
        document = self.document(name)
        change(document)
        return self.with_member(name, canonical.encode(document))


def make_parts() -> RawParts:
    """The parts of a bundle that holds."""
    parts = RawParts()
    parts.groups = _paper_groups()
    parts.closed = _closed()
    parts.groups["truck/truck-1"] += _measured(parts)
    consignment = {
        "consignment_id": "C1",
        "document_no": "D1",
        "goods": "steel",
        "hs_code": "7318",
        "mass_method": "weighbridge",
        "container_no": "LHXU1",
        "seal_no": "S1",
        "declaration_no": None,
        "origin_site": {"site_id": "HUB", "name_en": "Hub", "name_zh": "枢纽"},
        "destination_site": {"site_id": "SEA", "name_en": None, "name_zh": None},
        "modes": ["road", "rail"],
        "departed_at": "2026-03-02T08:15:00+08:00",
        "arrived_at": "2026-03-02T23:30:00+08:00",
    }
    parts.statement = {
        "statement_id": STATEMENT_ID,
        "consignment": consignment,
        "trial": {
            "trial_id": "made",
            "title_en": "Made",
            "title_zh": "演示",
            "period_start": "2026-03-02T00:00:00+08:00",
            "period_end": "2026-03-03T00:00:00+08:00",
        },
    }
    return parts


def seal(parts: RawParts) -> RawBundle:
    """The bundle of these parts, with its hashes and proofs."""
    archive: dict[str, bytes] = {}
    logged: dict[bytes, int] = {}
    content = {TELEMETRY_PATH: gzip.compress(b"".join(parts.rows), mtime=0)}
    content |= {path: b"".join(records) for path, records in parts.tables.items()}
    for number, path in enumerate(sorted(content), start=1):
        records = parts.rows if path == TELEMETRY_PATH else parts.tables[path]
        is_whole = path == TELEMETRY_PATH or path in parts.whole
        hidden = parts.hidden.get(path, set())
        name = f"received/{number}"
        document, leaf = _received(path, content[path], records, f"{name}.bin" if is_whole else None, hidden)
        archive[f"{name}.json"] = canonical.encode(document)
        if is_whole:
            archive[f"{name}.bin"] = content[path]
        logged[leaf] = number
    release = {name: name for name in ("basis", "decided_at", "decided_by", "purpose", "recipient", "release_id")}
    release["statement_id"] = STATEMENT_ID
    archive["release.json"] = canonical.encode({"format": "h2corridor/release/1", "release": release})
    logged[canonical.encode({"digest": canonical.digest_hex(release), "type": "h2corridor/release/1"})] = STATED_AT + 1
    groups = {name: [dict(record, closed={}) for record in records] for name, records in parts.groups.items()}
    opened = []
    for (group, number, name), values in parts.closed.items():
        groups[group][number]["closed"][name] = salted_leaf_hash(SALT, canonical.encode(values)).hex()
        opened.append({"class": name, "group": group, "record": number, "salt": SALT.hex(), "values": values})
    archive["opened.json"] = canonical.encode({"format": "h2corridor/opened/1", "opened": opened})
    return RawBundle(archive=archive, logged=logged, groups=groups, statement=parts.statement)


def _received(
    path: str, content: bytes, records: list[bytes], member: str | None, hidden: set[int]
) -> tuple[Record, bytes]:
    said = {
        "content_complete": True,
        "path": path,
        "received_at_ms": 1_772_700_000_000,
        "records": len(records),
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
    }
    entries = [file_entry(**said), *records]  # type: ignore[arg-type]  # the values are those of the names
    salts = [record_salt(SALT, index) for index in range(len(entries))]
    tree = HashTree(salted_leaf_hash(salt, entry) for salt, entry in zip(salts, entries, strict=True))
    shown = [
        {
            "entry": base64.b64encode(entry).decode(),
            "hashes": [each.hex() for each in inclusion_proof(tree.hash_at, index, tree.size)],
            "index": index,
            "salt": salts[index].hex(),
        }
        for index, entry in enumerate(entries)
        if index - 1 not in hidden
    ]
    document = {
        "bytes": member,
        "file_salt": SALT.hex() if member else None,
        "format": "h2corridor/received/1",
        "manifest": said | {"root": tree.root().hex()},
        "records": [] if member else shown,
    }
    return document, leaf_entry(records=len(records), root=tree.root())


def _ms(text: str) -> int:
    return round(datetime.fromisoformat(f"{text}+08:00").timestamp() * 1000)


def _leg(leg_id: str, truck: str | None, *, sequence: int, mode: str, ends: tuple[str, str], row: int) -> Record:
    times = ("2026-03-02T08:15:00", "2026-03-02T08:50:00") if truck else ("2026-03-02T20:00:00", "2026-03-02T23:30:00")
    return {
        "kind": "leg",
        "leg_id": leg_id,
        "consignment_id": "C1",
        "sequence": sequence,
        "mode": mode,
        "truck": truck,
        "origin_site": ends[0],
        "destination_site": ends[1],
        "departed_at_ms": _ms(times[0]),
        "arrived_at_ms": _ms(times[1]),
        "departed_day": "2026-03-02",
        "arrived_day": "2026-03-02",
        "transport_distance_m": 20_500 if truck else 300_000,
        "distance_kind": "sfd",
        "distance_source": None if truck else "map",
        "intensity_wtw_kgco2e_per_tkm": None if truck else "0.022",
        "intensity_ttw_kgco2e_per_tkm": None if truck else "0.01",
        "intensity_method": None,
        "row": row,
    }


def _site(site_id: str, kind: str | None, row: int | None, region: str | None = None) -> Record:
    return {"kind": "site", "site_id": site_id, "site_kind": kind, "grid_region": region, "row": row}


def _paper_groups() -> dict[str, list[Record]]:
    day, fill = (
        "2026-03-02",
        {"refuelling_id": "R1", "started_at_ms": _ms("2026-03-02T08:26:00"), "mass_mg": 12_250_000},
    )
    other = {"refuelling_id": "R0", "started_at_ms": _ms("2026-03-02T06:00:00"), "mass_mg": 9_000_000}
    batch = {"batch_id": "B1", "site_id": "HUB", "site_grid_region": "Chongqing", "pathway": "smr"}
    load = {"delivered_at_ms": _ms("2026-03-01T17:00:00"), "mass_mg": 117_600_000}
    return {
        "trial": [{"kind": "trial", "trial_id": "made", "period_start_ms": _ms("2026-03-02T00:00:00")}],
        "consignment/C1": [
            {
                "kind": "consignment",
                "consignment_id": "C1",
                "mass_g": 10_400_000,
                "origin_site": "HUB",
                "destination_site": "SEA",
                "legs": ["L1", "L2"],
                "row": 1,
            },
            _leg("L2", None, sequence=2, mode="rail", ends=("PORT", "SEA"), row=2),
        ],
        "truck/truck-1": [
            {
                "kind": "truck",
                "truck": "truck-1",
                "edition": 2016,
                "stack_count": 1,
                "cells_per_stack": 400,
                "tank_volume_ml": 3_080_000,
                "battery_capacity_wh": None,
                "comparable_diesel_l_per_100km": "38.2",
                "comparable_diesel_source": "fuel book, 2025",
                "comparable_diesel_date": "2025-06-15",
                "comparable_diesel_method": "measured on the same road",
                "comparable_diesel_payload_t": "28.5",
                "comparable_diesel_profile": "Chongqing-Guiyang, hills",
                "row": 1,
            },
            {
                "kind": "tank_opening",
                "at_ms": _ms("2026-03-02T07:00:00"),
                "mass_mg": 40_500_000,
                "batch_id": "B1",
                "row": 1,
            },
            _leg("L1", "truck-1", sequence=1, mode="road", ends=("HUB", "PORT"), row=1),
            {"kind": "fill", "station_id": "STATION", "ended_at_ms": _ms("2026-03-02T08:39:00"), **fill, "row": 2},
        ],
        "site/HUB": [
            _site("HUB", "hub", 1, "Chongqing"),
            {
                "kind": "hub_operation",
                "day": day,
                "throughput_kg": 5_638_600,
                "electricity_wh": 8_409_000,
                "diesel_ml": None,
                "row": 1,
            },
        ],
        "site/PORT": [_site("PORT", "port", 3)],
        "site/SEA": [_site("SEA", None, None)],
        "site/STATION": [
            _site("STATION", "station", 2),
            {
                "kind": "delivery",
                "delivery_id": "V1",
                "batch_id": "B1",
                **load,
                "trailer_diesel_ml": 101_600,
                "trailer_compression_wh": 204_800,
                "row": 1,
            },
            {"kind": "station_energy", "day": day, "electricity_wh": 217_700, "grid_region": "Chongqing", "row": 1},
            {"kind": "station_stock", "day": day, "opening_mg": 50_000_000, "vented_mg": 540_000, "row": 1},
            {"kind": "station_fill", **other, "row": 1},
            {"kind": "station_fill", **fill, "row": 2},
        ],
        "distances": [
            {
                "kind": "distance",
                "sites": ["HUB", "PORT"],
                "transport_mm": 20_500_000,
                "driven_mm": 10_000_000,
                "straight_mm": None,
            }
        ],
        "batch/B1": [
            {"kind": "batch", **batch, "intensity_kgco2e_per_kg": "9.3", "row": 1},
            {"kind": "batch_delivery", "station_id": "STATION", "mass_mg": 117_600_000, "row": 1},
        ],
    }


def _closed() -> dict[tuple[str, int, str], Record]:
    places = {"HUB": HUB, "STATION": STATION, "PORT": PORT, "SEA": (None, None)}
    party = {"document_no": "D1", "shipper_id": "P2", "consignee_id": "P3", "goods": "steel", "hs_code": "7318"}
    return {
        ("truck/truck-1", 0, "identity"): {"vin": VIN, "plate": "渝A00001D", "terminal_id": "8986"},
        ("truck/truck-1", 0, "party"): {"carrier_id": "P1"},
        ("consignment/C1", 0, "party"): {**party, "container_no": "LHXU1", "seal_no": "S1", "declaration_no": None},
        **{
            (f"site/{site}", 0, "position"): {"longitude_e6": place[0], "latitude_e6": place[1]}
            for site, place in places.items()
        },
    }


def _measured(parts: RawParts) -> list[Record]:
    """What the plain reference makes of the rows, as records; the places of stands are closed parts."""
    frames = []
    for number, row in enumerate(parts.rows[1:], start=1):
        at, _, digits = row.decode().strip().partition(",")
        at_ms = round(datetime.fromisoformat(at).timestamp() * 1000)
        place = {"file": TELEMETRY_PATH, "row": number, "folder_vin": VIN, "received_at_ms": at_ms}
        frames.append(place | {"received_at_s": at_ms // 1000} | read_row_columns(bytes.fromhex(digits)))
    _, made, outcome = run_reference(frames, _papers())
    first = len(parts.groups["truck/truck-1"])
    for number, stand in enumerate(made.stands):
        place = {"longitude_e6": stand.longitude_e6, "latitude_e6": stand.latitude_e6}
        parts.closed["truck/truck-1", first + number, "position"] = place
    return [
        *(stand_record(stand) for stand in made.stands),
        *(window_record(window) for window in made.windows),
        *(span_record(sums) for sums in outcome.sums),
        *(service_record(service) for service in outcome.services),
    ]


def _papers() -> Papers:
    sites = (("HUB", HUB), ("STATION", STATION), ("PORT", PORT))
    seconds = {at: _ms(f"2026-03-02T{at}:00") // 1000 for at in ("08:15", "08:50", "08:26", "08:39")}
    return Papers(
        trucks={VIN: TruckRegister(vin=VIN, edition=2016, stack_count=1, cells=400, tank_volume_ml=3_080_000)},
        sites=[
            SitePlace(site_id=name, is_station=name == "STATION", longitude_e6=place[0], latitude_e6=place[1])
            for name, place in sites
        ],
        legs=[
            RoadLeg(
                leg_id="L1",
                vin=VIN,
                origin_site="HUB",
                destination_site="PORT",
                departed_at_s=seconds["08:15"],
                arrived_at_s=seconds["08:50"],
            )
        ],
        fills=[
            RecordedFill(
                refuelling_id="R1",
                vin=VIN,
                station_id="STATION",
                started_at_s=seconds["08:26"],
                ended_at_s=seconds["08:39"],
                mass_mg=12_250_000,
            )
        ],
        deliveries=(),
        opening_stock_mg={},
        tank_opening={},
        period_start_s=_ms("2026-03-02T00:00:00") // 1000,
        period_end_s=_ms("2026-03-03T00:00:00") // 1000,
    )
