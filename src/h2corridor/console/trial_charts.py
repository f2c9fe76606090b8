"""The charts of a trial report: what is drawn from which of its numbers."""

from collections import defaultdict
from decimal import Decimal

from h2corridor.console.display import find_decimal
from h2corridor.console.map_picture import find_map_picture
from h2corridor.console.print_charts import (
    COLOURS,
    SEVERITY_COLOURS,
    Mark,
    Row,
    bar_charts,
    map_chart,
    number_mark,
)
from h2corridor.console.texts import Language, text
from h2corridor.console.views import method_name
from h2corridor.model.report import Tracks, TripTrack
from h2corridor.model.trial_report import TrialReport

SOURCES = ("metered", "tank", "stack", "reported")
TRUCKS_MAX = len(COLOURS)


def frame_charts(report: TrialReport) -> list[str]:
    """Rows of telemetry by day, a bar a truck; of many trucks their sum."""
    trucks = sorted({each.vin for each in report.frames})
    days: dict[str, dict[str, int]] = defaultdict(dict)
    for each in report.frames:
        days[each.day][each.vin] = each.rows
    if len(trucks) > TRUCKS_MAX:
        rows = [_counted(day, [(sum(of_day.values()), COLOURS[0])]) for day, of_day in sorted(days.items())]
        return bar_charts(rows)
    rows = [
        _counted(day, [(of_day.get(vin, 0), colour) for vin, colour in zip(trucks, COLOURS, strict=False)])
        for day, of_day in sorted(days.items())
    ]
    return bar_charts(rows, [(f"…{vin[-6:]}", colour) for vin, colour in zip(trucks, COLOURS, strict=False)])


def finding_charts(report: TrialReport, language: Language) -> list[str]:
    """Findings by check, in the colour of their severity."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for each in report.findings:
        counts[each.check, each.severity] += 1
    rows = [
        _counted(check, [(count, SEVERITY_COLOURS[severity])]) for (check, severity), count in sorted(counts.items())
    ]
    legend = [(text(f"tr-{name}", language), colour) for name, colour in SEVERITY_COLOURS.items()]
    return bar_charts(rows, legend) if rows else []


def balance_charts(report: TrialReport, language: Language) -> list[str]:
    """The hydrogen of every window between fills by its four sources, with what the tank cannot tell."""
    rows = [
        Row(
            label=f"{each.vin[-6:]} · {each.started_at[5:16].replace('T', ' ')}",
            marks=tuple(
                _mass(getattr(each, f"{source}_kg"), colour, each.uncertainty_kg if source == "metered" else None)
                for source, colour in zip(SOURCES, COLOURS, strict=False)
            ),
        )
        for each in report.balances
    ]
    legend = [(text(f"tr-{source}", language), colour) for source, colour in zip(SOURCES, COLOURS, strict=False)]
    return bar_charts(rows, legend) if rows else []


def difference_charts(report: TrialReport, language: Language) -> list[str]:
    """The difference of every stated figure from each baseline: to the right it saves, to the left it costs."""
    methods = sorted({c.method for each in report.figures for c in each.comparisons if each.status == "stated"})
    rows = []
    for figure in report.figures:
        found = {c.method: find_decimal(c.difference_kgco2e) for c in figure.comparisons if c.status != "withheld"}
        if figure.status == "stated" and any(value is not None for value in found.values()):
            marks = tuple(
                None if (value := found.get(method)) is None else number_mark(value, 1, colour)
                for method, colour in zip(methods, COLOURS, strict=False)
            )
            rows.append(Row(label=figure.consignment_id, marks=marks))
    names = [method_name(method) for method in methods]
    words = [name.zh if language == "zh" else name.en for name in names]
    return bar_charts(rows, [*zip(words, COLOURS, strict=False)]) if rows else []


def trial_map(report: TrialReport, language: Language) -> list[str]:
    """The map of the trips, where there is one."""
    if report.map is None:
        return []
    lines = tuple(TripTrack(trip_id=each.trip_id, loaded=each.loaded, points=each.points) for each in report.map.lines)
    tracks = Tracks(datum=report.map.datum, attribution=report.map.attribution, sites=report.map.sites, trips=lines)
    picture = find_map_picture(tracks)
    return [map_chart(picture, language)] if picture else []


def _counted(label: str, counts: list[tuple[int, str]]) -> Row:
    return Row(
        label=label,
        marks=tuple(Mark(value=Decimal(count), shown=f"{count:,}", colour=colour) for count, colour in counts),
    )


def _mass(kg: str | None, colour: str, uncertainty_kg: str | None) -> Mark | None:
    value = find_decimal(kg)
    return None if value is None else number_mark(value, 2, colour, find_decimal(uncertainty_kg))
