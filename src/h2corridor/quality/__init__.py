"""Data tests: one function a check, one code a function; what a code means stands in `checks.toml`.

Lives here: the checks, the catalogue of their severities, thresholds and texts, and how a check's rows become findings.
Lives elsewhere: running expressions (`store`, `app`); what one row of a supplier's table says by itself (`intake`, with
codes of the same catalogue, missing values among them); whether a statement is withheld (a blocking finding or a rule).

Invariants

- No I/O, besides the packaged catalogue: a table check is an expression, an evidence check a function of values.
- Bad data never raise; a check that finds nothing gives nothing.
- What is good although odd (late, repeated, out of order, re-projected) is at most info.
- The same data give the same findings in the same order.
- Importing this package does not import Ibis; asking for the table checks does.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from h2corridor.model.findings import Finding
from h2corridor.quality.registry import (
    CheckTables,
    CustodyEvidence,
    Evidence,
    EvidenceCheck,
    TableCheck,
    check,
    registered_evidence_checks,
    registered_table_checks,
    shown_as,
)
from h2corridor.quality.texts import instant_text

__all__ = [
    "CheckTables",
    "CustodyEvidence",
    "Evidence",
    "check",
    "evidence_checks",
    "finding_from_row",
    "instants_by_truck",
    "silences",
    "sort_findings",
    "table_checks",
]

_PLACE = frozenset({"file", "row", "last_row", "vin", "at_s", "severity"})


def table_checks() -> dict[str, TableCheck]:
    """Give every check that is a table expression, by code."""
    from h2corridor.quality import battery, frames, motion, position, rates, time, vehicle  # noqa: F401 - importing registers their checks

    return registered_table_checks()


def evidence_checks() -> dict[str, EvidenceCheck]:
    """Give every check that is a function of the evidence, by code."""
    from h2corridor.quality import (  # noqa: F401 - importing registers their checks
        custody,
        freight,
        hubs,
        hydrogen,
        legs,
        meters,
        seals,
        stations,
        terminals,
        tracks,
        trips,
    )

    return registered_evidence_checks()


def silences(gap_rows: Iterable[Mapping[str, Any]]) -> dict[str, list[tuple[int, int]]]:
    """Give, by truck, when it was under way and sent nothing: the rows of `time.gap` as `Evidence.silences`."""
    found: dict[str, list[tuple[int, int]]] = {}
    for row in gap_rows:
        found.setdefault(row["vin"], []).append((row["at_s"], row["at_s"] + row["gap_s"]))
    return {vin: sorted(spans) for vin, spans in sorted(found.items())}


def instants_by_truck(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[int]]:
    """Give, by truck, when what rows of a table check found began [s]: those of `odometer.stalled` as
    `Evidence.stalls`.
    """
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row["vin"], []).append(row["at_s"])
    return {vin: sorted(instants) for vin, instants in sorted(found.items())}


def finding_from_row(code: str, row: Mapping[str, Any]) -> Finding:
    """Turn a row of a table check into its finding; a run of one row has no last row.

    Parameters
    ----------
    code : the check
    row : file, row, last_row, vin, at_s [s], where it differs from the check's a severity, and the parameters of its
        texts
    """
    table_checks()
    single = row["last_row"] == row["row"]
    return Finding(
        check=code,
        file=row["file"],
        row=row["row"],
        last_row=None if single else row["last_row"],
        vin=row["vin"],
        at=None if row["at_s"] is None else instant_text(row["at_s"]),
        severity=row.get("severity"),
        params={name: shown_as(code, name, value) for name, value in row.items() if name not in _PLACE},
    )


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Put findings in the one order of reports: file, row (what is absent last), check, truck, time, parameters."""
    return sorted(findings, key=_order)


def _order(finding: Finding) -> tuple[Any, ...]:
    row = (finding.row is None, finding.row or 0, finding.last_row or finding.row or 0)
    texts = (finding.check, finding.vin or "", finding.at or "", finding.severity or "")
    return finding.file, *row, *texts, sorted(finding.params.items())
