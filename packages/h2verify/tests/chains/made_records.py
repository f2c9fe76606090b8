"""Activity records made by hand: one truck that carries two consignments out and comes back empty, filled on its way;
a train that goes on with one of them; a station, a batch on board and a batch delivered.
"""

import copy
from typing import Any

from h2verify.activity.spans import cut_spans, trips_of
from h2verify.activity.values import SpanSums, Stand
from h2verify.chains import recompute_truck
from h2verify.chains.forms import FORMS
from h2verify.chains.measured import span_record, stand_record, trip_record
from h2verify.hydrogen import FARADAY_CONSTANT_C_PER_MOL, MOLAR_MASS_G_PER_MOL

Record = dict[str, Any]
Groups = dict[str, list[Record]]

HASH = "00" * 32
KG = 1_000_000
T0 = 1_772_409_600
"""2026-03-02T08:00:00+08:00"""
HOUR = 3600
DAY = "2026-03-02"
TRUCK = "truck/truck-1"
FIRST_S, LOOK_S, LAST_S = T0 - HOUR - 1, T0 + 2 * HOUR - 60, T0 + 11 * HOUR
LEG_MM = 253_500_000


def made_groups() -> Groups:
    """The groups that the chain of consignment C1 rests on; a fresh copy each time."""
    return copy.deepcopy(_GROUPS)


def made_statement() -> Record:
    """What a statement about consignment C1 says that follows from these groups; a fresh copy each time."""
    return {
        "consignment": {
            "arrived_at": "2026-03-02T12:00:00+08:00",
            "consignment_id": "C1",
            "departed_at": "2026-03-02T08:00:00+08:00",
            "destination_site": {"name_en": "City", "name_zh": "城市", "site_id": "CITY"},
            "mass_kg": "20000",
            "modes": ["road", "rail"],
            "origin_site": {"name_en": "Hub", "name_zh": "枢纽", "site_id": "HUB"},
        },
        "not_covered": [
            {"en": "hub PORT has no operations on 2026-03-02", "zh": "枢纽 PORT 当日（2026-03-02）无作业数据"}
        ],
        "trial": {"period_start": "2026-03-02T00:00:00+08:00", "trial_id": "MADE"},
    }


def record_of(groups: Groups, group: str, kind: str, number: int = 0) -> Record:
    """The record of one kind in a group, from 0."""
    return [record for record in groups[group] if record["kind"] == kind][number]


def sealed(kind: str, **values: Any) -> Record:
    """A record with a hash for each of its closed classes; fields that are not given are null."""
    assert values.keys() <= FORMS[kind].fields.keys()
    nothing = dict.fromkeys(FORMS[kind].fields)
    return {"kind": kind, "closed": dict.fromkeys(FORMS[kind].closed, HASH), **nothing, **values}


def settled(groups: Groups) -> Groups:
    """The same groups with trips and hydrogen of the truck as they follow from its other records."""
    again = recompute_truck(groups, "truck-1")
    kept = [record for record in groups[TRUCK] if record["kind"] not in ("trip", "span_hydrogen")]
    made = [{"closed": {}, **record} for record in (*again.trips, *again.span_hydrogen)]
    return {**groups, TRUCK: [*kept, *made]}


def _charge(mass_mg: int) -> int:
    """The charge that converts so much hydrogen, twice the trapezoid's sum."""
    return round(mass_mg * 40 * FARADAY_CONSTANT_C_PER_MOL / (MOLAR_MASS_G_PER_MOL * 1000))


def _leg(number: int, consignment_id: str, **values: Any) -> Record:
    road = {
        "leg_id": f"L{number}",
        "consignment_id": consignment_id,
        "sequence": 1,
        "mode": "road",
        "truck": "truck-1",
        "origin_site": "HUB",
        "destination_site": "PORT",
        "departed_at_ms": T0 * 1000,
        "arrived_at_ms": (T0 + 4 * HOUR) * 1000,
        "departed_day": DAY,
        "arrived_day": DAY,
        "transport_distance_m": LEG_MM // 1000,
        "distance_kind": "sfd",
        "distance_source": "map",
        "row": number,
    }
    return sealed("leg", **(road | values))


def _consignment(row: int, mass_kg: int, legs: list[str]) -> Record:
    return sealed(
        "consignment",
        consignment_id=f"C{row}",
        mass_g=mass_kg * 1000,
        origin_site="HUB",
        destination_site="CITY",
        legs=legs,
        row=row,
    )


def _stand(start: int, end: int, split: int, site: str) -> Stand:
    return Stand(
        vin="truck-1",
        started_at_s=start,
        ended_at_s=end,
        split_at_s=split,
        site_id=site,
        longitude_e6=None,
        latitude_e6=None,
        open_ended=False,
    )


def _sums(number: int, mass_mg: int, active: tuple[int, int] | None, span: Any) -> SpanSums:
    return SpanSums(
        span=span,
        readings=100,
        moving_readings=90 if active else 0,
        distance_ninths_mm=9 * 130_000_000 if active else 0,
        distance_unknown=0,
        charge_twice=_charge(mass_mg),
        energy_twice=number,
        unobserved_s=0,
        first_at_s=span.from_s + 1,
        last_at_s=span.to_s,
        first_active_s=active[0] if active else None,
        last_active_s=active[1] if active else None,
        first_soc_pct=70 - number,
        last_soc_pct=69 - number,
    )


_STANDS = [
    _stand(T0 - HOUR, T0, FIRST_S, "HUB"),
    _stand(T0 + 4 * HOUR, T0 + 6 * HOUR, T0 + 4 * HOUR + 60, "PORT"),
    _stand(T0 + 10 * HOUR, LAST_S, T0 + 10 * HOUR + 60, "HUB"),
]
_LOOK = {"at_s": LOOK_S, "mass_mg": 52 * KG}
_WINDOWS = [
    sealed(
        "window",
        window_no=0,
        from_s=FIRST_S,
        to_s=LOOK_S,
        tank_start={"at_s": FIRST_S + 1, "mass_mg": 60 * KG},
        tank_end=_LOOK,
        unseen=[],
    ),
    sealed(
        "window",
        window_no=1,
        from_s=LOOK_S,
        to_s=LAST_S,
        fill={
            "started_at_s": T0 + 2 * HOUR,
            "ended_at_s": T0 + 2 * HOUR + 600,
            "refuelling_ids": ["F1"],
            "booked_mg": 20 * KG,
            "rise_mg": 19_800_000,
            "before": _LOOK,
            "agreement": "confirmed",
        },
        tank_start=_LOOK,
        tank_end={"at_s": LAST_S, "mass_mg": 54 * KG},
        unseen=[],
    ),
]


def _spans() -> list[SpanSums]:
    ends = {"truck-1": {"first_at_s": FIRST_S + 1, "last_at_s": LAST_S}}
    edges = [type("Edge", (), {"vin": "truck-1", "from_s": window["from_s"]}) for window in _WINDOWS]
    spans = cut_spans(ends, _STANDS, edges)  # type: ignore[arg-type]  # of a window only its start is read
    masses = [7_900_000, 8 * KG, 9_700_000, 100_000]
    active = [(T0, LOOK_S), (LOOK_S + 5, T0 + 4 * HOUR), (T0 + 6 * HOUR, T0 + 10 * HOUR), None]
    return [_sums(number, *parts) for number, parts in enumerate(zip(masses, active, spans, strict=True))]


def _truck_group() -> list[Record]:
    sums = _spans()
    return [
        sealed(
            "truck",
            truck="truck-1",
            edition=2016,
            stack_count=1,
            cells_per_stack=400,
            tank_volume_ml=3_080_000,
            comparable_diesel_l_per_100km="38.2",
            comparable_diesel_source="fuel book",
            comparable_diesel_date="2025-06-15",
            row=1,
        ),
        sealed("tank_opening", at_ms=T0 * 1000, mass_mg=60 * KG, batch_id="B1", row=1),
        _leg(1, "C1"),
        _leg(2, "C2"),
        sealed(
            "fill",
            refuelling_id="F1",
            station_id="STATION",
            started_at_ms=(T0 + 2 * HOUR) * 1000,
            ended_at_ms=(T0 + 2 * HOUR + 600) * 1000,
            mass_mg=20 * KG,
            row=1,
        ),
        *({"closed": {"position": HASH}, **stand_record(stand)} for stand in _STANDS),
        *_WINDOWS,
        *({"closed": {}, **span_record(entry)} for entry in sums),
        sealed("service", leg_id="L1", trips=[1]),
        sealed("service", leg_id="L2", trips=[1]),
        *({"closed": {}, **trip_record(trip)} for trip in trips_of(sums, _STANDS)),
    ]


def _station_group() -> list[Record]:
    return [
        sealed("site", site_id="STATION", site_kind="station", grid_region="Chongqing", row=4),
        *(
            sealed(
                "delivery",
                delivery_id=f"D{row}",
                batch_id=f"B{row}",
                delivered_at_ms=(T0 - 40 * HOUR * row) * 1000,
                mass_mg=mass * KG,
                trailer_diesel_ml=101_600,
                trailer_compression_wh=204_800,
                row=row,
            )
            for row, mass in ((1, 15), (2, 120))
        ),
        sealed("station_energy", day=DAY, electricity_wh=90_000, grid_region="Chongqing", row=1),
        sealed("station_stock", day=DAY, opening_mg=130 * KG, vented_mg=0, row=1),
        sealed("station_fill", refuelling_id="F1", started_at_ms=(T0 + 2 * HOUR) * 1000, mass_mg=20 * KG, row=1),
        sealed("station_fill", refuelling_id="F2", started_at_ms=(T0 + HOUR) * 1000, mass_mg=10 * KG, row=2),
    ]


def _batch_group(number: int, mass_kg: int, intensity: str) -> list[Record]:
    batch = sealed(
        "batch",
        batch_id=f"B{number}",
        site_id="PLANT",
        site_grid_region="Guizhou",
        pathway="chlor_alkali_byproduct",
        intensity_kgco2e_per_kg=intensity,
        row=number,
    )
    return [batch, sealed("batch_delivery", station_id="STATION", mass_mg=mass_kg * KG, row=number)]


_RAIL = {
    "sequence": 2,
    "mode": "rail",
    "truck": None,
    "origin_site": "PORT",
    "destination_site": "CITY",
    "transport_distance_m": 800_000,
    "intensity_wtw_kgco2e_per_tkm": "0.0065",
    "intensity_ttw_kgco2e_per_tkm": "0",
    "intensity_method": "carrier's statement",
}
_GROUPS = settled(
    {
        "trial": [sealed("trial", trial_id="MADE", period_start_ms=(T0 - 8 * HOUR) * 1000)],
        "consignment/C1": [_consignment(1, 20_000, ["L1", "L3"]), _leg(3, "C1", **_RAIL)],
        "consignment/C2": [_consignment(2, 5_000, ["L2"])],
        TRUCK: _truck_group(),
        "site/HUB": [
            sealed("site", site_id="HUB", site_kind="hub", grid_region="Chongqing", row=1),
            sealed(
                "hub_operation", day=DAY, throughput_kg=5_000_000, electricity_wh=9_000_000, diesel_ml=400_000, row=1
            ),
        ],
        "site/PORT": [sealed("site", site_id="PORT", site_kind="port", row=2)],
        "site/CITY": [sealed("site", site_id="CITY", site_kind="city", row=3)],
        "site/STATION": _station_group(),
        "batch/B1": _batch_group(1, 15, "1.98"),
        "batch/B2": _batch_group(2, 120, "6.672"),
        "distances": [
            sealed("distance", sites=["HUB", "PORT"], transport_mm=LEG_MM, driven_mm=130_000_000),
        ],
    }
)
