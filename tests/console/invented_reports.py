"""Reports for the tests of the console. All parties, places and numbers in them are invented."""

import math
from pathlib import Path

import msgspec

from h2corridor.model.report import (
    Checkpoint,
    Comparison,
    Figures,
    FindingRow,
    Report,
    Shipment,
    Totals,
    Tracks,
    TrackSite,
    Trip,
    TripShare,
    TripTrack,
    decode_figures,
)

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\u202e\x1b[31m"


def an_empty_report() -> Report:
    """A run in which nothing was found."""
    totals = Totals(
        frames_received=0,
        frames_used=0,
        frames_repeated=0,
        frames_unused=0,
        distance_km=None,
        hydrogen_metered_kg=None,
        hydrogen_used_kg=None,
    )
    return Report(
        trial="nothing",
        format=1,
        software="h2corridor 0.1.0",
        engine="duckdb",
        checkpoint=None,
        trips=(),
        findings=(),
        shipments=(),
        totals=totals,
    )


def a_report() -> Report:
    """Three trips, two stated shipments, one withheld; a saving, a costing and a withheld comparison."""
    return Report(
        trial="invented-run",
        format=1,
        software="h2corridor 0.1.0",
        engine="duckdb 1.4 (2 threads)",
        title_zh="虚构试运行：青岩港至白水园区往返",
        title_en="Invented run: Qingyan Port to Baishui Park and back",
        period_start="2026-03-02T00:00:00+08:00",
        period_end="2026-03-03T00:00:00+08:00",
        checkpoint=Checkpoint(
            origin="log.example/invented-run",
            size=17,
            root="6f1c0a8fd0b1f5b27e1d7a1f0a7be0f4b3a5c9f2f0a9f9d37a2c1b0e4d5f6a7b",
        ),
        trips=_trips(),
        findings=_findings(),
        shipments=_shipments(),
        totals=Totals(
            frames_received=2901,
            frames_used=2874,
            frames_repeated=15,
            frames_unused=12,
            distance_km="508.477",
            hydrogen_metered_kg="55.420",
            hydrogen_used_kg="45.337",
        ),
    )


def a_hostile_report() -> Report:
    """A report in which every text that comes from outside is an attack."""
    report = a_report()
    finding = msgspec.structs.replace(report.findings[0], message=HOSTILE, next_step=HOSTILE, file=HOSTILE, vin=HOSTILE)
    shipment = msgspec.structs.replace(
        report.shipments[0], consignment_id=HOSTILE, why=(HOSTILE,), not_covered=(HOSTILE,), status="withheld"
    )
    trip = msgspec.structs.replace(report.trips[0], trip_id=HOSTILE, vin=HOSTILE, origin_site=HOSTILE)
    return msgspec.structs.replace(
        report, title_zh=HOSTILE, title_en=HOSTILE, findings=(finding,), shipments=(shipment,), trips=(trip,)
    )


def _trips() -> tuple[Trip, ...]:
    def trip(number: int, times: tuple[str, str], sites: tuple[str, str], loaded: bool, *values: str) -> Trip:
        distance_km, hydrogen_used_kg, wtw_kgco2e = values
        return Trip(
            trip_id=f"LXXINVENTED000001-{number}",
            vin="LXXINVENTED000001",
            started_at=f"2026-03-02T{times[0]}:00+08:00",
            ended_at=f"2026-03-02T{times[1]}:57+08:00",
            origin_site=sites[0],
            destination_site=sites[1],
            loaded=loaded,
            distance_km=distance_km,
            hydrogen_used_kg=hydrogen_used_kg,
            hydrogen_method="fill_to_fill" if loaded else "combined",
            residual_pct="1.24" if loaded else None,
            battery_correction_kg="0.112",
            wtw_kgco2e=wtw_kgco2e,
            ttw_kgco2e="0",
        )

    return (
        trip(1, ("07:12", "11:21"), ("QY", "BS"), True, "254.238", "31.5085", "284.5217"),
        trip(2, ("12:38", "14:26"), ("BS", "ST"), False, "130.868", "7.6506", "69.0849"),
        trip(3, ("14:43", "16:30"), ("ST", "QY"), False, "123.371", "6.1777", "55.7846"),
    )


def _findings() -> tuple[FindingRow, ...]:
    telemetry = "telemetry/LXXINVENTED000001/2026-03-02.csv.gz"
    rows = (
        (
            "origin",
            "blocking",
            "hydrogen_batches.csv",
            None,
            None,
            "批次 B-003 无来源。",
            "Batch B-003 has no origin.",
        ),
        ("gap", "warning", telemetry, 412, 413, "两行之间缺 14 分钟。", "14 minutes are missing between two rows."),
        ("gap", "warning", telemetry, 900, 901, "两行之间缺 31 分钟。", "31 minutes are missing between two rows."),
        ("repeated", "info", telemetry, 1200, 1214, "15 行重复。", "15 rows repeat earlier ones."),
    )
    return tuple(
        FindingRow(
            finding_id=f"F{number:04}",
            check=check,
            severity=severity,
            file=file,
            row=row,
            last_row=last_row,
            vin="LXXINVENTED000001",
            at="2026-03-02T09:02:53+08:00",
            message=message,
            next_step=f"Do what {check} asks for.",
            message_zh=message_zh,
            next_step_zh=f"按 {check} 的要求处理。",
        )
        for number, (check, severity, file, row, last_row, message_zh, message) in enumerate(rows, start=1)
    )


def _shipments() -> tuple[Shipment, ...]:
    diesel, press = "same-service-diesel@2026.1", "tailpipe-press@2026.1"

    def comparison(method: str, *values: str | None, why: str | None = None) -> Comparison:
        baseline, project, difference = values
        return Comparison(
            method=method,
            baseline_kgco2e=baseline,
            project_kgco2e=project,
            difference_kgco2e=difference,
            status="withheld" if why else "stated",
            why=why,
        )

    def shipment(number: int, wtw: str | None, intensity: str | None, tkm: str, *comparisons: Comparison) -> Shipment:
        stated = wtw is not None
        return Shipment(
            consignment_id=f"INV-C000{number}",
            rule_set="iso14083@2023.1 (draft)",
            status="stated" if stated else "withheld",
            why=() if stated else ("F0001", "the hydrogen of trip 1 has an unknown origin above the limit of 5 %"),
            transport_activity_tkm=tkm,
            wtw_kgco2e=wtw,
            ttw_kgco2e="0" if stated else None,
            intensity_wtw_kgco2e_per_tkm=intensity,
            primary_data_share="0.9312" if stated else None,
            not_covered=("hub operations at the destination",),
            not_covered_zh=("目的地场站作业",),
            trip_shares=(
                TripShare(trip_id="LXXINVENTED000001-1", hydrogen_used_kg="14.8275"),
                TripShare(trip_id="LXXINVENTED000001-2", hydrogen_used_kg="3.6002"),
            ),
            figure_id=f"FIG-{number}",
            statement_id=None,
            comparisons=comparisons,
        )

    return (
        shipment(
            1, "193.6127", "0.073438", "2636.4", comparison(diesel, "281.9034", "193.6127", "88.2907"),
            comparison(press, "232.7300", "0", "232.7300"),
        ),
        shipment(
            2, "340.4489", "0.114785", "2965.95", comparison(diesel, "317.1413", "340.4489", "-23.3076"),
            comparison(press, "261.8210", "0", "261.8210"),
        ),
        shipment(
            3, None, None, "1204.1", comparison(diesel, "128.7", None, None, why="the project's figure is withheld"),
        ),
    )  # fmt: skip


def some_figures() -> Figures:
    """Derivations of the first two shipments: a shared step, inputs, parameters, facts and a comparison."""
    first = decode_figures(Path(__file__).with_name("invented_figures.json").read_bytes()).figures[0]
    second = msgspec.structs.replace(first, figure_id="FIG-2", consignment_id="INV-C0002")
    return Figures(figures=(first, second))


def some_tracks() -> Tracks:
    """A line of invented positions, there and back, with a station on the way and a port far outside the map."""

    def point(part: float) -> tuple[int, int]:
        bend = 0.07 * math.sin(part * 9) + 0.03 * math.sin(part * 31)
        return round((106.32 + 0.595 * part + bend) * 1e6), round((29.6 - 1.926 * part + bend / 3) * 1e6)

    def site(site_id: str, name_zh: str, name_en: str, kind: str, position: tuple[int, int]) -> TrackSite:
        lon_e6, lat_e6 = position
        return TrackSite(site_id=site_id, name_zh=name_zh, name_en=name_en, kind=kind, lat_e6=lat_e6, lon_e6=lon_e6)

    there = tuple(point(i / 800) for i in range(801))
    return Tracks(
        datum="WGS84",
        attribution="© OpenStreetMap contributors, ODbL 1.0",
        sites=(
            site("QY", "青岩港（虚构）", "Qingyan Port (invented)", "port", there[0]),
            site("QY2", "青岩铁路站（虚构）", "Qingyan Rail (invented)", "rail_terminal", (106_321_200, 29_600_600)),
            site("BS", "白水园区（虚构）", "Baishui Park (invented)", "hub", there[-1]),
            site("ST", "石潭加氢站（虚构）", "Shitan station (invented)", "station", there[415]),
            site("PL", "长岭制氢厂（虚构）", "Changling plant (invented)", "plant", (107_080_000, 29_650_000)),
            site("FAR", "远洋港（虚构）", "Far Port (invented)", "port", (103_820_000, 1_264_000)),
        ),
        trips=(
            TripTrack(trip_id="LXXINVENTED000001-1", loaded=True, points=there),
            TripTrack(trip_id="LXXINVENTED000001-2", loaded=False, points=there[:414:-1]),
            TripTrack(trip_id="LXXINVENTED000001-3", loaded=False, points=there[415::-1]),
        ),
    )  # fmt: skip
