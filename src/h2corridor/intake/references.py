"""What one table names must stand in another: dangling references, and rows that are of no use without them.

After this, whatever a column marked `drops` in the column table names is there.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from h2corridor.intake.cells import shown
from h2corridor.intake.columns import Column, Table
from h2corridor.intake.finding_runs import FindingRuns
from h2corridor.intake.table_rows import TableRead
from h2corridor.model.findings import Finding
from h2corridor.model.trial import Trial


def check_references(table: Table, reads: Mapping[str, TableRead | None]) -> tuple[list[Any], list[Finding]]:
    """The rows of a table that can stand, and a finding for each reference that leads nowhere.

    Parameters
    ----------
    table
        The table whose rows are looked at.
    reads
        Every table as read, by file; None where the file is absent, which is a finding of its own.
    """
    read = reads[table.file]
    columns = [each for each in table.columns if each.refers]
    kept: list[Any] = []
    findings = FindingRuns()
    for row in read.rows if read else []:
        stands = True
        for column in columns:
            came = getattr(row, column.model_field)
            target = reads[column.refers]
            if not came or (target is not None and target.usable.get(came, False)):
                continue
            stands = stands and not column.drops
            findings.add_all(_dangling(table.file, row, column, target))
        if stands:
            kept.append(row)
    return kept, findings.findings()


def check_operator(trial: Trial, parties: TableRead | None) -> Iterator[Finding]:
    """A finding where the operator of the trial is not one of its parties."""
    if parties is not None and not parties.usable.get(trial.operator_party_id, False):
        params = {"column": "operator.party_id", "came": shown(trial.operator_party_id), "target": "parties.csv"}
        yield Finding(check="table.unknown-reference", file="trial.toml", params=params)


def _dangling(file: str, row: msgspec.Struct, column: Column, target: TableRead | None) -> list[Finding]:
    if target is None:
        return []
    came = getattr(row, column.model_field)
    return [
        Finding(
            check="table.reference-set-aside" if came in target.usable else "table.unknown-reference",
            file=file,
            row=getattr(row, "row", None),
            vin=getattr(row, "vin", None),
            severity=column.dangling,
            params={"column": column.name, "came": shown(came), "target": column.refers},
        )
    ]
