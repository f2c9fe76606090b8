"""What the page and the terminal both need to know about a report, worked out once: order, groups, reasons, limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from h2corridor.console.bars import ComparisonBars, comparison_bars
from h2corridor.console.derivation_tree import Node, derivation_trees
from h2corridor.console.display import find_decimal
from h2corridor.console.map_picture import MapPicture
from h2corridor.console.texts import Language, choose, has_text, text
from h2corridor.model.findings import Severity
from h2corridor.model.report import Comparison, Figures, FindingRow, Report, Shipment, Tracks

SEVERITIES: tuple[Severity, ...] = ("blocking", "warning", "info")
SHIPMENTS_MAX = 200
TRIPS_MAX = 500
FINDINGS_MAX = 200
OPEN_SHIPMENTS_MAX = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A wording in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    comparison: Comparison
    name: Words
    note: Words | None
    why: Words | None
    bars: ComparisonBars
    tree: Node | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentView:
    """A shipment with what is shown about it; `wtt_kgco2e` is WTW minus TTW."""

    shipment: Shipment
    wtt_kgco2e: Decimal | None
    why: tuple[Words, ...]
    not_covered: tuple[Words, ...]
    comparisons: tuple[ComparisonView, ...]
    tree: Node | None
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckGroup:
    """The findings of one check; `more` counts those beyond the limit of the page."""

    check: str
    findings: tuple[FindingRow, ...]
    more: int

    @property
    def count(self) -> int:
        return len(self.findings) + self.more


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityGroup:
    severity: Severity
    count: int
    checks: tuple[CheckGroup, ...]


def shipment_views(report: Report, figures: Figures) -> tuple[ShipmentView, ...]:
    """The shipments of the page, in the report's order, each with its derivations, up to the limit of the page."""
    derivations = {derivation.figure_id: derivation for derivation in figures.figures}
    messages = {finding.finding_id: _message(finding) for finding in report.findings}
    views: list[ShipmentView] = []
    for number, shipment in enumerate(report.shipments[:SHIPMENTS_MAX]):
        derivation = derivations.get(shipment.figure_id or "")
        trees = derivation_trees(derivation, f"s{number}") if derivation else None
        of_comparisons = trees.comparisons if trees else {}
        views.append(
            ShipmentView(
                shipment=shipment,
                wtt_kgco2e=_wtt_kgco2e(shipment),
                why=_paired(shipment.why, shipment.why_zh, messages),
                not_covered=_paired(shipment.not_covered, shipment.not_covered_zh, {}),
                comparisons=_comparison_views(shipment, of_comparisons),
                tree=trees.figure if trees else None,
                is_open=len(report.shipments) <= OPEN_SHIPMENTS_MAX,
            )
        )
    return tuple(views)


def finding_groups(findings: Sequence[FindingRow]) -> tuple[SeverityGroup, ...]:
    """The findings by severity, gravest first, then by check; severities without findings are left out."""
    groups: list[SeverityGroup] = []
    for severity in SEVERITIES:
        by_check: dict[str, list[FindingRow]] = {}
        for finding in findings:
            if finding.severity == severity:
                by_check.setdefault(finding.check, []).append(finding)
        checks = tuple(
            CheckGroup(check=check, findings=tuple(rows[:FINDINGS_MAX]), more=max(0, len(rows) - FINDINGS_MAX))
            for check, rows in sorted(by_check.items())
        )
        if checks:
            groups.append(SeverityGroup(severity=severity, count=sum(group.count for group in checks), checks=checks))
    return tuple(groups)


def report_title(report: Report) -> Words:
    """The trial's title; its id when it has none."""
    return paired_words(report.title_zh, report.title_en or report.trial)


def paired_words(zh: str | None, en: str | None) -> Words:
    """A wording whose one language may be missing: the other then serves for both."""
    return Words(zh=choose(zh, en, "zh"), en=choose(zh, en, "en"))


def site_names(tracks: Tracks | None) -> dict[str, Words]:
    """The names of sites by id, as far as the tracks file gives them."""
    sites = tracks.sites if tracks else ()
    return {site.site_id: paired_words(site.name_zh, site.name_en) for site in sites}


def site_name(site_id: str | None, names: Mapping[str, Words]) -> Words:
    """A site's name; its id when it has no name, words when it is unknown."""
    if site_id is None:
        return Words(zh=text("unknown_place", "zh"), en=text("unknown_place", "en"))
    return names.get(site_id) or _same(site_id)


def find_outside_note(picture: MapPicture | None) -> Words | None:
    """The sentence that names the sites beyond the map; None when there are none."""
    if picture is None or not picture.outside:
        return None
    names = [paired_words(site.name_zh, site.name_en) for site in picture.outside]
    return Words(
        zh=text("map_outside", "zh", names="、".join(name.zh for name in names)),
        en=text("map_outside", "en", names=", ".join(name.en for name in names)),
    )


def signing_note(report: Report) -> str | None:
    """The key of the sentence that says which figures are not signed; None when all are or when there are none."""
    signed = [shipment.statement_id is not None for shipment in report.shipments]
    if not signed or all(signed):
        return None
    return "partly_unsigned" if any(signed) else "unsigned"


def method_name(method: str) -> Words:
    """A comparison method in plain words; its id when the catalogue does not know it."""
    return _find_text(f"method-{_method_id(method)}") or _same(method)


def find_method_note(method: str) -> Words | None:
    """What a reader must know about a comparison method; None when the catalogue does not know it."""
    return _find_text(f"about-{_method_id(method)}")


def find_why(comparison: Comparison) -> Words | None:
    """Why a comparison is withheld or unsupported; None where nothing is said against it."""
    if comparison.why is None:
        return None
    return paired_words(comparison.why_zh, comparison.why_en or comparison.why)


def place_of(finding: FindingRow, language: Language) -> str:
    """Where a finding is: the file and, as far as known, its rows."""
    if finding.row is None:
        return choose(finding.file, None, language)
    if finding.last_row is None or finding.last_row == finding.row:
        rows = text("row", language, row=finding.row)
    else:
        rows = text("rows", language, row=finding.row, last_row=finding.last_row)
    return f"{choose(finding.file, None, language)}: {rows}"


def _comparison_views(shipment: Shipment, trees: Mapping[str, Node | None]) -> tuple[ComparisonView, ...]:
    bars = comparison_bars(shipment.comparisons)
    return tuple(
        ComparisonView(
            comparison=comparison,
            name=method_name(comparison.method),
            note=find_method_note(comparison.method),
            why=find_why(comparison),
            bars=bar,
            tree=trees.get(comparison.method),
        )
        for comparison, bar in zip(shipment.comparisons, bars, strict=True)
    )


def _wtt_kgco2e(shipment: Shipment) -> Decimal | None:
    wtw, ttw = find_decimal(shipment.wtw_kgco2e), find_decimal(shipment.ttw_kgco2e)
    return None if wtw is None or ttw is None else wtw - ttw


def _paired(en: Sequence[str], zh: Sequence[str] | None, messages: Mapping[str, Words]) -> tuple[Words, ...]:
    """Sentences in both languages; one that is the id of a finding becomes that finding's message."""
    other: Sequence[str | None] = zh if zh is not None and len(zh) == len(en) else [None] * len(en)
    return tuple(
        messages.get(sentence) or paired_words(twin, sentence) for sentence, twin in zip(en, other, strict=True)
    )


def _message(finding: FindingRow) -> Words:
    return paired_words(finding.message_zh, finding.message)


def _method_id(method: str) -> str:
    """The id before the edition."""
    return method.partition("@")[0].partition("/")[0]


def _find_text(key: str) -> Words | None:
    return Words(zh=text(key, "zh"), en=text(key, "en")) if has_text(key) else None


def _same(word: str) -> Words:
    return paired_words(None, word)
