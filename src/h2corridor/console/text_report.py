"""The report for a terminal: tables when someone looks, plain lines of a fixed width when it is piped."""

import io
from collections.abc import Iterable
from decimal import Decimal
from shlex import quote
from typing import IO

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from h2corridor.console.bars import outcome
from h2corridor.console.display import MINUS, percent, rounded, time_span
from h2corridor.console.texts import Language, choose, clean, text
from h2corridor.console.views import (
    CheckGroup,
    Words,
    find_why,
    finding_groups,
    method_name,
    place_of,
    report_title,
    shipment_views,
    signing_note,
    site_name,
    site_names,
)
from h2corridor.model.report import Comparison, Figures, FindingRow, Report, Totals, Tracks

PIPED_WIDTH = 120
ANY_WORKSPACE = "DIR"
"""What stands in a command for the folder of a workspace that is not known."""
_STYLES = {"blocking": "bold red", "warning": "yellow", "info": "", "costs": "red", "saves": "green"}


def render_text(
    report: Report,
    tracks: Tracks | None,
    language: Language,
    width: int = PIPED_WIDTH,
    *,
    workspace: str = ANY_WORKSPACE,
) -> str:
    """The report as plain text without colours, `width` columns wide; sites are named when tracks are given, commands
    are those for the folder `workspace`."""
    console = Console(file=io.StringIO(), width=width, color_system=None, force_terminal=False, legacy_windows=False)
    with console.capture() as capture:
        console.print(text_report(report, tracks, language))
    shown = "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"
    return shown + _check_command(report, workspace)


def print_text(
    report: Report, tracks: Tracks | None, language: Language, file: IO[str], *, workspace: str = ANY_WORKSPACE
) -> None:
    """Write the report to a stream: in the terminal's width and colours, or plain when the stream is no terminal."""
    if file.isatty():
        Console(file=file).print(text_report(report, tracks, language))
        file.write(_check_command(report, workspace))
    else:
        file.write(render_text(report, tracks, language, workspace=workspace))


def text_report(report: Report, tracks: Tracks | None, language: Language) -> RenderableType:
    """The whole report as one thing that a rich console can print; the command it ends with follows apart."""
    writer = _Writer(report, tracks, language)
    return Group(
        *writer.header(), *writer.totals(), *writer.trips(), *writer.shipments(), *writer.findings(), *writer.evidence()
    )


def _check_command(report: Report, workspace: str) -> str:
    """The line that checks the workspace, whole however wide the terminal is, so that it runs as it is printed."""
    return f"  h2corridor log fsck --workspace {quote(workspace)}\n" if report.checkpoint else ""


class _Writer:
    """The sections of one report in one language; each is a list of things to print."""

    def __init__(self, report: Report, tracks: Tracks | None, language: Language) -> None:
        self._report = report
        self._language: Language = language
        self._names = site_names(tracks)

    def header(self) -> list[RenderableType]:
        report = self._report
        lines: list[RenderableType] = [
            Text(f"{self._t('product')} · {self._t('kind')}", style="dim"),
            Text(self._choose(report_title(report)), style="bold"),
        ]
        if report.period_start or report.period_end:
            lines.append(Text(f"{self._t('period')}: {time_span(report.period_start, report.period_end)}"))
        lines.append(Text(f"{self._t('run_by')}: {clean(report.software)} · {clean(report.engine)}"))
        note = signing_note(report)
        if note:
            lines.append(Text(self._t(note), style="yellow"))
        return lines

    def totals(self) -> list[RenderableType]:
        totals = self._report.totals
        table = self._table("", ">")
        for key, value, unit, places in _total_rows(totals):
            table.add_row(Text(self._t(key)), self._number(value, places, unit))
        parts = totals.frames_used + totals.frames_repeated + totals.frames_unused
        sentence = "frames_sum" if totals.frames_received == parts else "frames_gap"
        return [*self._heading("totals"), table, Text(self._t(sentence), style="dim")]

    def trips(self) -> list[RenderableType]:
        if not self._report.trips:
            return [*self._heading("trips"), Text(self._t("no_trips"))]
        table = self._table(
            *(self._t(key) for key in ("trip", "from_to", "load")),
            *(">km", ">H2 kg", self._t("method"), f">{self._t('residual')} %", ">WTW kg", ">TTW kg"),
        )
        for trip in self._report.trips:
            route = f"{self._site(trip.origin_site)} → {self._site(trip.destination_site)}"
            table.add_row(
                Text(clean(trip.trip_id)),
                Text(f"{route}\n{clean(trip.vin)}\n{time_span(trip.started_at, trip.ended_at)}"),
                Text(self._t("loaded" if trip.loaded else "empty")),
                self._number(trip.distance_km, 1),
                self._number(trip.hydrogen_used_kg, 2),
                Text(self._t(f"method_{trip.hydrogen_method}")),
                self._number(trip.residual_pct, 1),
                self._number(trip.wtw_kgco2e, 2),
                self._number(trip.ttw_kgco2e, 2),
            )
        return [*self._heading("trips"), table]

    def shipments(self) -> list[RenderableType]:
        views = shipment_views(self._report, Figures())
        if not views:
            return [*self._heading("shipments"), Text(self._t("no_shipments"))]
        units = (">WTW kg CO2e", ">TTW kg", ">WTT kg", ">kg CO2e/(t·km)", ">t·km")
        table = self._table("", "", *units, f">{self._t('primary_share')}", self._t("rule_set"))
        for view in views:
            shipment = view.shipment
            table.add_row(
                Text(clean(shipment.consignment_id)),
                Text(self._t(shipment.status), style="green" if shipment.status == "stated" else "red"),
                self._number(shipment.wtw_kgco2e, 2),
                self._number(shipment.ttw_kgco2e, 2),
                self._number(view.wtt_kgco2e, 2),
                self._number(shipment.intensity_wtw_kgco2e_per_tkm, 4),
                self._number(shipment.transport_activity_tkm, 1),
                Text(percent(shipment.primary_data_share) or "—"),
                Text(clean(shipment.rule_set)),
            )
        reasons = [
            Text(f"{clean(view.shipment.consignment_id)}: {self._t(key)}: {self._joined(sentences)}")
            for view in views
            for key, sentences in (("why_withheld", view.why), ("not_covered", view.not_covered))
            if sentences
        ]
        shown = [view.shipment for view in views]
        named = [
            *self._ids("statement_ids", [(each.consignment_id, each.statement_id) for each in shown]),
            *self._ids("figure_ids", [(each.consignment_id, each.figure_id) for each in shown]),
        ]
        return [*self._heading("shipments"), table, *named, *reasons, *self._comparisons()]

    def _ids(self, key: str, ids: Iterable[tuple[str, str | None]]) -> list[RenderableType]:
        known = "  ".join(f"{clean(consignment_id)} {clean(each)}" for consignment_id, each in ids if each)
        return [Text(f"{self._t(key)}: {known}", style="dim")] if known else []

    def _joined(self, sentences: Iterable[Words]) -> str:
        """Sentences as clauses of one line, each without its full stop."""
        return ("；" if self._language == "zh" else "; ").join(self._choose(each).rstrip("。.") for each in sentences)

    def _comparisons(self) -> list[RenderableType]:
        shipments = self._report.shipments
        methods = list(
            dict.fromkeys(comparison.method for shipment in shipments for comparison in shipment.comparisons)
        )
        if not methods:
            return [*self._heading("comparisons"), Text(self._t("no_comparisons"))]
        table = self._table("", *(self._choose(method_name(method)) for method in methods))
        for shipment in shipments:
            by_method = {comparison.method: comparison for comparison in shipment.comparisons}
            cells = [self._comparison(by_method.get(method)) for method in methods]
            table.add_row(Text(clean(shipment.consignment_id)), *cells)
        return [*self._heading("comparisons"), table, Text(self._t("comparison_note"), style="dim")]

    def _comparison(self, comparison: Comparison | None) -> Text:
        if comparison is None:
            return Text("—")
        cell = Text()
        for key, value in (("baseline", comparison.baseline_kgco2e), ("project", comparison.project_kgco2e)):
            cell.append(f"{self._t(key)} {rounded(value, 2) or '—'} kg\n")
        what = outcome(comparison)
        cell.append(f"{self._t('difference')} {rounded(comparison.difference_kgco2e, 2) or '—'} kg")
        if what != "unknown":
            cell.append(f"\n{self._t(what)}", style=_STYLES.get(what, ""))
        why = find_why(comparison)
        if comparison.status == "withheld" and why is not None:
            cell.append(f"\n{self._t('withheld')}: {self._choose(why)}")
        return cell

    def findings(self) -> list[RenderableType]:
        groups = finding_groups(self._report.findings)
        if not groups:
            return [*self._heading("findings"), Text(self._t("no_findings"))]
        parts = self._heading("findings")
        for group in groups:
            parts.append(
                Text(f"{self._t('severity-' + group.severity)} ({group.count})", style=_STYLES[group.severity])
            )
            table = self._table(self._t("check"), self._t("place"), self._t("message"))
            for check in group.checks:
                self._add_findings(table, check)
            parts.append(table)
        return [*parts, *self._next_steps(check for group in groups for check in group.checks)]

    def _add_findings(self, table: Table, check: CheckGroup) -> None:
        for finding in check.findings:
            truck = f"\n{clean(finding.vin)}" if finding.vin else ""
            table.add_row(
                Text(f"{clean(finding.check)}\n{clean(finding.finding_id)}"),
                Text(place_of(finding, self._language) + truck),
                Text(choose(finding.message_zh, finding.message, self._language)),
            )
        if check.more:
            table.add_row(Text(clean(check.check)), Text(""), Text(self._t("more", count=check.more)))

    def _next_steps(self, checks: Iterable[CheckGroup]) -> list[RenderableType]:
        """Each next step once, in the order of gravity, with how often it is called for."""
        counts: dict[tuple[str, str], int] = {}
        for check in checks:
            for finding in check.findings:
                key = (finding.check, self._next_step(finding))
                counts[key] = counts.get(key, 0) + 1
        table = self._table("", ">", "")
        for (name, step), count in counts.items():
            table.add_row(Text(clean(name)), Text(self._t("times", count=count)), Text(step))
        return [*self._heading("next_steps"), table]

    def _next_step(self, finding: FindingRow) -> str:
        return choose(finding.next_step_zh, finding.next_step, self._language)

    def evidence(self) -> list[RenderableType]:
        checkpoint = self._report.checkpoint
        lines = [self._t("no_checkpoint"), self._t("shows_not")]
        if checkpoint:
            lines = [
                f"{self._t('log_origin')}: {clean(checkpoint.origin)}",
                f"{self._t('log_size')}: {checkpoint.size}",
                f"{self._t('log_root')}: {clean(checkpoint.root)}",
                self._t("shows"),
                self._t("shows_not"),
                self._t("check_it"),
            ]
        return [*self._heading("evidence"), *map(Text, lines)]

    def _heading(self, key: str) -> list[RenderableType]:
        return [Text(""), Text(self._t(key), style="bold")]

    def _table(self, *columns: str) -> Table:
        """A table without outer lines; a heading that starts with `>` marks a column of numbers."""
        table = Table(box=box.SIMPLE_HEAD, show_header=any(name.strip(">") for name in columns), pad_edge=False)
        for name in columns:
            right = name.startswith(">")
            table.add_column(Text(name.removeprefix(">")), justify="right" if right else "left", overflow="fold")
        return table

    def _number(self, value: str | Decimal | None, places: int, unit: str = "") -> Text:
        shown = rounded(value, places)
        style = "red" if shown and shown.startswith(MINUS) else ""
        return Text("—" if shown is None else f"{shown} {unit}".rstrip(), style=style)

    def _site(self, site_id: str | None) -> str:
        return self._choose(site_name(site_id, self._names))

    def _choose(self, words: Words) -> str:
        return words.zh if self._language == "zh" else words.en

    def _t(self, key: str, **params: object) -> str:
        return text(key, self._language, **params)


def _total_rows(totals: Totals) -> list[tuple[str, str | None, str, int]]:
    return [
        ("distance", totals.distance_km, "km", 1),
        ("hydrogen_metered", totals.hydrogen_metered_kg, "kg", 2),
        ("hydrogen_used", totals.hydrogen_used_kg, "kg", 2),
        ("frames_received", str(totals.frames_received), "", 0),
        ("frames_used", str(totals.frames_used), "", 0),
        ("frames_repeated", str(totals.frames_repeated), "", 0),
        ("frames_unused", str(totals.frames_unused), "", 0),
    ]
