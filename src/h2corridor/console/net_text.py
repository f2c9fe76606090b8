"""The net of a period for a terminal: rows that sum, then every truck's kilometres."""

from typing import IO

from rich import box
from rich.console import Console
from rich.table import Table

from h2corridor.accounting.net import Gap, Net
from h2corridor.app.net import TrialNet
from h2corridor.console.texts import Language, choose, text

WIDTH = 120


def print_net(found: TrialNet, language: Language, file: IO[str]) -> None:
    """Write the net figure with its standing, what every shipment and trip counts, and the kilometres of trucks."""
    console = Console(file=file, width=None if file.isatty() else WIDTH, highlight=False, markup=False)
    period = {"start": found.period_start or "-", "end": found.period_end or "-"}
    head = {"trial": found.trial, "rule_set": found.rule_set, "method": found.method, **period}
    console.print(text("net_head", language, **head))
    console.print(text(f"net-{found.net.status}", language, net=found.net.net_kgco2e or "-"))
    console.print(_rows(found.net, language))
    console.print(_trucks(found.net, language))
    for truck in found.net.trucks:
        for gap in truck.gaps:
            console.print(_gap(truck.vin, gap, language))
    console.print(_unexplained(found.net, language))
    console.print(text("net_rule", language))


def _rows(net: Net, language: Language) -> Table:
    table = Table(box=box.SIMPLE)
    table.add_column(text("net_row", language), overflow="fold")
    table.add_column(text("net_computed", language), justify="right", overflow="fold")
    table.add_column(text("net_counted", language), justify="right", overflow="fold")
    table.add_column(text("net_why", language), overflow="fold")
    for each in net.shipments:
        said = text(f"net-{each.counted}", language)
        why = choose(each.why_zh, each.why_en, language)
        reason = f"{said}{text('colon', language)}{why}" if why else said
        table.add_row(each.consignment_id, each.computed_kgco2e or "-", each.counted_kgco2e or "-", reason)
    for trip in net.trips:
        why = text("net_trip_unknown" if trip.counted_kgco2e is None else "net_served_nobody", language)
        table.add_row(trip.trip_id, "-", trip.counted_kgco2e or "-", why)
    return table


def _trucks(net: Net, language: Language) -> Table:
    table = Table(box=box.SIMPLE)
    table.add_column(text("net_truck", language), overflow="fold")
    for key in ("net_odometer", "net_trips", "net_unexplained", "net_resolution"):
        table.add_column(text(key, language), justify="right", overflow="fold")
    for each in net.trucks:
        kilometres = (each.odometer_km, each.trips_km, each.unexplained_km, each.resolution_km)
        table.add_row(each.vin, *(km or "-" for km in kilometres))
    return table


def _unexplained(net: Net, language: Language) -> str:
    if not net.trucks:
        return text("net_no_truck", language)
    if net.unexplained_km is None:
        return text("net_sum_unknown", language)
    return text("net_sum", language, km=net.unexplained_km)


def _gap(vin: str, gap: Gap, language: Language) -> str:
    where = text(f"net-{gap.kind}", language, trip=gap.trip_id or "-")
    key = "net_gap" if gap.km is not None else "net_silent"
    return text(key, language, vin=vin, where=where, km=gap.km or "-")
