"""All data tests run on one trial: what intake saw, what the tables show, what papers and measurements say of each
other.
"""

from collections.abc import Mapping, Sequence

import msgspec

from h2corridor.app.measure import Measured, Readings, Row, Table
from h2corridor.app.texts import local_day
from h2corridor.intake.finding_runs import group_runs
from h2corridor.model.findings import Finding
from h2corridor.model.trial import TrialFacts
from h2corridor.quality import (
    CheckTables,
    CustodyEvidence,
    Evidence,
    evidence_checks,
    finding_from_row,
    instants_by_truck,
    silences,
    sort_findings,
    table_checks,
)
from h2corridor.quality.position import corridor_box, position_jumps, with_course
from h2corridor.quality.registry import Thresholds
from h2corridor.quality.terminals import logins_of
from h2corridor.quality.tracks import explain_odometers

GAP_CHECK, STALL_CHECK = "time.gap", "odometer.stalled"
JUMPS, LOGINS = "jumps", "logins"


def check_tables(facts: TrialFacts, readings: Readings, thresholds: Thresholds) -> CheckTables:
    """Give what table checks read: for each truck its own rows, and what the trial says of all."""
    return CheckTables(
        uses=readings.uses,
        steps=readings.steps,
        vehicles=readings.register,
        on_day=local_day(facts.trial.period_start_ms, facts.trial),
        corridor=corridor_box(facts),
        thresholds=thresholds,
    )


def check_expressions(tables: CheckTables) -> dict[str, Table]:
    """Give what the checks of tables find, by code, and what evidence checks need of tables: jumps and logins.

    Everything in them about a truck follows from the rows of its folder, the register, and what `check_tables` says of
    the trial.
    """
    checks = {code: table_check(tables) for code, table_check in table_checks().items()}
    return {**checks, JUMPS: position_jumps(tables), LOGINS: logins_of(tables)}


def run_checks(
    facts: TrialFacts,
    measured: Measured,
    checked: Mapping[str, Sequence[Row]],
    findings: Sequence[Finding],
    thresholds: Thresholds,
    *,
    custody: CustodyEvidence,
) -> list[Finding]:
    """Give all findings in their order.

    Parameters
    ----------
    facts : the trial's tables
    measured : what the run measured
    checked : the rows of `check_expressions`, in any order
    findings : what intake found already
    thresholds : those that the trial's plan sets
    custody : what the ledger of kilograms and the rule sets say of custody
    """
    found = list(findings)
    found += [finding_from_row(code, row) for code in table_checks() for row in checked[code]]
    evidence = Evidence(
        facts=facts,
        cut=measured.cut,
        outcome=measured.outcome,
        silences=silences(checked[GAP_CHECK]),
        stalls=instants_by_truck(checked[STALL_CHECK]),
        jumps=sorted(with_course(checked[JUMPS]), key=lambda row: (row["vin"], row["seq"])),
        logins=sorted(checked[LOGINS], key=lambda row: (row["vin"], row["at_s"], row["file"], row["row"])),
        thresholds=thresholds,
        custody=custody,
    )
    for evidence_check in evidence_checks().values():
        found += evidence_check(evidence)
    explained = explain_odometers(found)
    return group_runs(sort_findings(_with_planned(each, thresholds) for each in explained))


def _with_planned(finding: Finding, planned: Thresholds) -> Finding:
    """A finding whose texts name the plan's thresholds where its check compares with them."""
    values = {name: str(value) for (code, name), value in planned.items() if code == finding.check}
    return msgspec.structs.replace(finding, params={**values, **finding.params}) if values else finding
