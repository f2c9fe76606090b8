"""The trial report as sections of paragraphs, tables and charts in one language: what HTML and PDF both print."""

from collections.abc import Sequence
from dataclasses import replace

from h2corridor.console.display import find_decimal, instant_order, local_instant, rounded, time_span
from h2corridor.console.printed import Section, Table
from h2corridor.console.texts import Language, choose, clean, listed, text
from h2corridor.console.trial_charts import balance_charts, difference_charts, finding_charts, frame_charts, trial_map
from h2corridor.console.views import find_why, method_name, place_of
from h2corridor.model.report import Comparison
from h2corridor.model.trial_report import ReportedFigure, TrialReport, Words

FINDINGS_MAX = 1000
NONE = "–"


def trial_sections(report: TrialReport, language: Language) -> tuple[Section, ...]:
    """Every section of a report, in order."""
    makers = (
        _parties,
        _plan,
        _received,
        _tested,
        _findings,
        _decisions,
        _balances,
        _custody,
        _trips,
        _figures,
        _not_shown,
        _evidence,
        _sign_off,
        _annex,
    )
    return tuple(make(report, language) for make in makers)


def period_of(report: TrialReport) -> str:
    """The period of a trial."""
    return time_span(report.period_start, report.period_end)


def front_facts(report: TrialReport, language: Language) -> tuple[tuple[str, str], ...]:
    """What the first page says beside title and digest: who runs the trial, until when its record goes, the result."""
    parties = report.plan.parties if report.plan else ()
    operators = [choose(each.name_zh, each.name_en, language) for each in parties if each.role == "platform_operator"]
    documents = (report.plan, *report.consents, *report.withdrawals, *report.decisions)
    recorded = max((each.recorded_at for each in documents if each is not None), key=instant_order, default=None)
    applied = {each.finding_id for each in report.decided if each.state == "applies"}
    counts = {name: sum(each.severity == name for each in report.findings) for name in ("blocking", "warning")}
    stated = sum(each.status == "stated" for each in report.figures)
    result = text(
        "tr-result-line",
        language,
        total=len(report.figures),
        stated=stated,
        withheld=len(report.figures) - stated,
        open=sum(each.severity != "info" and each.finding_id not in applied for each in report.findings),
        **counts,
    )
    return (
        *(((text("tr-operator", language), listed(operators, language)),) if operators else ()),
        *(((text("tr-recorded", language), local_instant(recorded)),) if recorded else ()),
        (text("tr-software", language), clean(report.software)),
        (text("tr-result", language), result),
    )


def _words(words: Words, language: Language) -> str:
    return choose(words.zh, words.en, language)


def _with_day(words: str, day: str | None, language: Language) -> str:
    return text("with_day", language, words=words, day=day) if day else words


def _title(name: str, language: Language) -> str:
    return text(f"tr-{name}", language)


def _table(
    names: Sequence[str], rows: Sequence[Sequence[str | None]], wide: Sequence[int], language: Language
) -> Table:
    return Table(
        head=tuple(text(f"tr-{name}", language) for name in names),
        rows=tuple(tuple(clean(cell) if cell else NONE for cell in row) for row in rows),
        wide=tuple(wide),
    )


def _parties(report: TrialReport, language: Language) -> Section:
    parties = report.plan.parties if report.plan else ()
    withdrawn = {each.consent for each in report.withdrawals}
    rows = [(p.party_id, choose(p.name_zh, p.name_en, language), text(f"role-{p.role}", language)) for p in parties]
    consents = [
        (
            str(each.number),
            each.party_id,
            listed((text(f"data-{kind}", language) for kind in each.data), language),
            each.purpose,
            each.legal_basis,
            f"{each.from_day} – {each.until_day}",
            text("tr-consent-withdrawn" if each.number in withdrawn else "tr-consent-given", language),
        )
        for each in report.consents
    ]
    heads = ("number", "party", "data", "purpose", "basis", "days", "state")
    return Section(
        title=_title("parties", language),
        texts=() if rows else (text("tr-no-plan", language),),
        tables=(
            *((_table(("party", "name", "role"), rows, (2, 6, 3), language),) if rows else ()),
            *((_table(heads, consents, (1, 2, 3, 3, 3, 4, 2), language),) if consents else ()),
        ),
    )


def _plan(report: TrialReport, language: Language) -> Section:
    tested = report.plan.tested if report.plan else ()
    rows = [
        (
            f"{t.check} {t.name}",
            f"{t.value} {t.unit}",
            f"{t.instead_of} {t.unit}",
            t.reason,
            f"{t.source}, {t.decided_on}",
        )
        for t in report.thresholds
    ]
    heads = ("threshold", "value", "catalogue", "reason", "source")
    return Section(
        title=_title("plan", language),
        texts=(*tested, text("tr-thresholds-differ" if rows else "tr-thresholds-same", language, count=len(rows))),
        tables=(_table(heads, rows, (4, 2, 2, 4, 3), language),) if rows else (),
    )


def _received(report: TrialReport, language: Language) -> Section:
    totals = report.totals
    counts = {
        "files": report.received_files,
        "received": totals.frames_received,
        "used": totals.frames_used,
        "repeated": totals.frames_repeated,
        "unused": totals.frames_unused,
    }
    rows = [(each.path, str(each.rows), each.sha256[:16] + "…", _number(each.log_index)) for each in report.tables]
    return Section(
        title=_title("received", language),
        texts=(text("tr-received-line", language, **counts),),
        charts=tuple(frame_charts(report)),
        tables=(_table(("file", "rows", "digest", "log-entry"), rows, (5, 2, 4, 2), language),),
    )


def _tested(report: TrialReport, language: Language) -> Section:
    groups: dict[str, list[int]] = {}
    for each in report.checks:
        groups.setdefault(each.code.partition(".")[0], []).append(each.found)
    rows = [
        (text(f"group-{group}", language), str(len(found)), str(sum(1 for count in found if count)), str(sum(found)))
        for group, found in groups.items()
    ]
    return Section(
        title=_title("tested", language),
        texts=(text("tr-tested-line", language, checks=len(report.checks), groups=len(rows)),),
        tables=(_table(("group", "checks", "checks-found", "found"), rows, (4, 2, 3, 2), language),),
    )


def _findings(report: TrialReport, language: Language) -> Section:
    counts = {name: sum(each.severity == name for each in report.findings) for name in ("blocking", "warning", "info")}
    cells: dict[tuple[str, str], list[int]] = {}
    for each in report.findings:
        key = (each.vin or NONE, (each.at or NONE)[:10])
        cells.setdefault(key, [0, 0, 0])[("blocking", "warning", "info").index(each.severity)] += 1
    rows = [(vin, day, *(str(count) for count in of_day)) for (vin, day), of_day in sorted(cells.items())]
    heads = ("truck", "day", "blocking", "warning", "info")
    return Section(
        title=_title("findings", language),
        texts=(text("tr-findings-line", language, **counts),),
        charts=tuple(finding_charts(report, language)),
        tables=(_table(heads, rows, (5, 3, 2, 2, 2), language),) if rows else (),
    )


def _decisions(report: TrialReport, language: Language) -> Section:
    states: dict[int, list[str]] = {}
    for each in report.decided:
        mark = "" if each.state == "applies" else f" ({text(f'tr-{each.state}', language)})"
        states.setdefault(each.decision, []).append(f"{each.finding_id} {each.check}{mark}")
    rows = [
        (
            str(each.number),
            listed(states.get(each.number, [text("tr-replaced", language)]), language),
            _with_day(text(f"outcome-{each.outcome}", language), each.due, language),
            each.reason,
            _with_day(each.decided_by, local_instant(each.recorded_at)[:10], language),
        )
        for each in report.decisions
    ]
    applied = {each.finding_id for each in report.decided if each.state == "applies"}
    open_count = sum(f.severity != "info" and f.finding_id not in applied for f in report.findings)
    heads = ("number", "about", "outcome", "reason", "decided-by")
    return Section(
        title=_title("decisions", language),
        texts=(text("tr-decisions-line", language, count=len(rows), open=open_count),),
        tables=(_table(heads, rows, (1, 5, 2, 4, 3), language),) if rows else (),
    )


def _balances(report: TrialReport, language: Language) -> Section:
    rows = [
        (
            each.vin,
            time_span(each.started_at, each.ended_at),
            *(rounded(value, 3) for value in (each.metered_kg, each.tank_kg, each.stack_kg, each.reported_kg)),
            rounded(each.residual_kg, 3),
            rounded(each.uncertainty_kg, 3),
        )
        for each in report.balances
    ]
    has_negative = any((find_decimal(each.metered_kg) or 0) < 0 for each in report.balances)
    heads = ("truck", "window", "metered", "tank", "stack", "reported", "residual", "uncertainty")
    return Section(
        title=_title("balances", language),
        texts=(
            text("tr-balances-line", language, count=len(rows)),
            *((text("tr-negative-metered", language),) if has_negative else ()),
        ),
        charts=tuple(balance_charts(report, language)),
        tables=(_table(heads, rows, (4, 5, 2, 2, 2, 2, 2, 2), language),) if rows else (),
    )


def _custody(report: TrialReport, language: Language) -> Section:
    rows = [
        (
            text("beside", language, name=_words(each.name, language), note=each.station_id),
            *(
                rounded(value, 3)
                for value in (
                    each.opening_kg,
                    each.delivered_kg,
                    each.dispensed_kg,
                    each.vented_kg,
                    each.closing_kg,
                    each.difference_kg,
                )
            ),
        )
        for each in report.custody
    ]
    heads = ("station", "opening", "delivered", "dispensed", "vented", "closing", "difference")
    return Section(
        title=_title("custody", language),
        texts=(text("tr-custody-line", language),),
        tables=(_table(heads, rows, (5, 2, 2, 2, 2, 2, 2), language),) if rows else (),
    )


def _trips(report: TrialReport, language: Language) -> Section:
    names = {
        each.site_id: choose(each.name_zh, each.name_en, language) for each in (report.map.sites if report.map else ())
    }
    rows = [
        (
            each.vin,
            time_span(each.started_at, each.ended_at),
            " → ".join(names.get(site or "", site or "?") for site in (each.origin_site, each.destination_site)),
            text("tr-loaded" if each.loaded else "tr-empty", language),
            rounded(each.distance_km, 1),
            rounded(each.hydrogen_used_kg, 3),
        )
        for each in report.trips
    ]
    note = clean(f"{report.map.attribution} {report.map.datum}") if report.map else ""
    heads = ("truck", "window", "way", "load", "distance", "used")
    return Section(
        title=_title("trips", language),
        texts=tuple(part for part in (text("tr-trips-line", language, count=len(rows)), note) if part),
        charts=tuple(trial_map(report, language)),
        tables=(_table(heads, rows, (4, 5, 5, 2, 2, 2), language),) if rows else (),
    )


def _figures(report: TrialReport, language: Language) -> Section:
    stated = [each for each in report.figures if each.status == "stated"]
    withheld = [each for each in report.figures if each.status == "withheld"]
    rows = [
        (
            each.consignment_id,
            rounded(each.transport_activity_tkm, 1),
            rounded(each.wtw_kgco2e, 3),
            rounded(each.ttw_kgco2e, 3),
            rounded(each.intensity_wtw_kgco2e_per_tkm, 4),
            each.statement_id,
        )
        for each in stated
    ]
    compared = [
        (each.consignment_id, *_compared(comparison, language)) for each in stated for comparison in each.comparisons
    ]
    reasons = [(each.consignment_id, _because(each, language)) for each in withheld]
    return Section(
        title=_title("figures", language),
        texts=(text("tr-figures-line", language, stated=len(stated), withheld=len(withheld)),),
        charts=tuple(difference_charts(report, language)),
        tables=tuple(
            _table(heads, cells, wide, language)
            for heads, cells, wide in (
                (("consignment", "tkm", "wtw", "ttw", "intensity", "statement"), rows, (3, 2, 2, 2, 2, 4)),
                (("consignment", "method", "baseline", "project", "difference-kgco2e"), compared, (3, 5, 2, 2, 3)),
                (("consignment", "withheld-because"), reasons, (3, 12)),
            )
            if cells
        ),
    )


def _compared(comparison: Comparison, language: Language) -> tuple[str | None, ...]:
    name = method_name(comparison.method)
    if comparison.status == "withheld":
        why = find_why(comparison)
        return choose(name.zh, name.en, language), None, None, choose(why.zh, why.en, language) if why else None
    numbers = (comparison.baseline_kgco2e, comparison.project_kgco2e, comparison.difference_kgco2e)
    mark = "" if comparison.status == "stated" else f" ({text('tr-unsupported', language)})"
    return choose(name.zh, name.en, language) + mark, *(rounded(number, 3) for number in numbers)


def _because(figure: ReportedFigure, language: Language) -> str:
    return _words(figure.withheld_because, language) if figure.withheld_because else NONE


def _not_shown(report: TrialReport, language: Language) -> Section:
    return Section(
        title=_title("not-shown", language), texts=tuple(_words(each, language) for each in report.not_shown)
    )


def _evidence(report: TrialReport, language: Language) -> Section:
    point = report.checkpoint
    rows = [(each.name, each.sha256) for each in report.digests]
    line = (
        text("tr-checkpoint-line", language, origin=point.origin, size=point.size, root=point.root) if point else NONE
    )
    return Section(
        title=_title("evidence", language),
        texts=(line, text("tr-software-line", language, software=report.software)),
        tables=(_table(("document", "digest"), rows, (4, 9), language),),
    )


def _sign_off(report: TrialReport, language: Language) -> Section:
    parties = report.plan.parties if report.plan else ()
    rows = [
        (choose(each.name_zh, each.name_en, language), text(f"role-{each.role}", language), " ", " ", " ")
        for each in parties
        if each.role not in ("shipper", "consignee")
    ]
    heads = ("name", "role", "signature", "date", "seal")
    return Section(
        title=_title("sign-off", language),
        texts=(text("tr-sign-off-line", language),),
        tables=(replace(_table(heads, rows, (5, 3, 4, 3, 3), language), tall=True),) if rows else (),
    )


def _annex(report: TrialReport, language: Language) -> Section:
    checks = [
        (each.code, text(f"tr-{each.severity}", language), _words(each.looks_for, language), str(each.found))
        for each in report.checks
    ]
    shown = report.findings[:FINDINGS_MAX]
    findings = [
        (
            each.finding_id,
            text("beside", language, name=each.check, note=text(f"tr-{each.severity}", language)),
            "  ".join(part for part in (place_of(each, language), each.vin or "") if part),
            choose(each.message_zh, each.message, language),
        )
        for each in shown
    ]
    reasons = [
        (each.consignment_id, _words(reason, language))
        for each in report.figures
        if len(each.all_reasons) > 1
        for reason in each.all_reasons
    ]
    more = len(report.findings) - len(shown)
    return Section(
        title=_title("annex", language),
        texts=(text("tr-annex-line", language), *((text("tr-more", language, count=more),) if more else ())),
        tables=tuple(
            _table(heads, cells, wide, language)
            for heads, cells, wide in (
                (("check", "severity", "looks-for", "found"), checks, (4, 2, 9, 1)),
                (("finding", "check", "file", "says"), findings, (3, 4, 5, 8)),
                (("consignment", "reason"), reasons, (3, 12)),
            )
            if cells
        ),
    )


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)
