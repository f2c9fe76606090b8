"""All data tests run on one trial: what intake saw, what the tables show, what papers and measurements say of each
other.
"""

from collections.abc import Sequence

import msgspec

from h2corridor.app.measure import Measured, TableEngine
from h2corridor.app.texts import local_day
from h2corridor.intake.finding_runs import group_runs
from h2corridor.model.findings import Finding
from h2corridor.model.trial import TrialFacts
from h2corridor.quality import (
    CheckTables,
    Evidence,
    evidence_checks,
    finding_from_row,
    instants_by_truck,
    silences,
    sort_findings,
    table_checks,
)
from h2corridor.quality.position import corridor_box, position_jumps
from h2corridor.quality.registry import Thresholds
from h2corridor.quality.terminals import logins_of

GAP_CHECK, STALL_CHECK = "time.gap", "odometer.stalled"


def run_checks(
    engine: TableEngine,
    facts: TrialFacts,
    measured: Measured,
    findings: Sequence[Finding],
    thresholds: Thresholds | None = None,
) -> list[Finding]:
    """Give all findings in their order.

    Parameters
    ----------
    engine : runs the table checks
    facts : the trial's tables
    measured : what the run measured
    findings : what intake found already
    thresholds : those that the trial's plan sets
    """
    found = list(findings)
    planned = thresholds or {}
    on_day = local_day(facts.trial.period_start_ms, facts.trial)
    tables = CheckTables(
        uses=measured.uses,
        steps=measured.steps,
        vehicles=measured.register,
        on_day=on_day,
        corridor=corridor_box(facts),
        period_s=(facts.trial.period_start_ms // 1000, facts.trial.period_end_ms // 1000),
        thresholds=planned,
    )
    rows = {code: engine.list_rows(table_check(tables)) for code, table_check in table_checks().items()}
    found += [finding_from_row(code, row) for code, found_rows in rows.items() for row in found_rows]
    evidence = Evidence(
        facts=facts,
        cut=measured.cut,
        outcome=measured.outcome,
        silences=silences(rows[GAP_CHECK]),
        stalls=instants_by_truck(rows[STALL_CHECK]),
        jumps=engine.list_rows(position_jumps(tables)),
        logins=engine.list_rows(logins_of(tables)),
        thresholds=planned,
    )
    for evidence_check in evidence_checks().values():
        found += evidence_check(evidence)
    return group_runs(sort_findings(_with_planned(each, planned) for each in found))


def _with_planned(finding: Finding, planned: Thresholds) -> Finding:
    """A finding whose texts name the plan's thresholds where its check compares with them."""
    values = {name: str(value) for (code, name), value in planned.items() if code == finding.check}
    return msgspec.structs.replace(finding, params={**values, **finding.params}) if values else finding
