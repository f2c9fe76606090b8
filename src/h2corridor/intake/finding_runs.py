"""Findings in order, with runs of the same fault drawn together and an end to repetition."""

from collections.abc import Iterable

import msgspec

from h2corridor.model.findings import Finding, Severity
from h2corridor.quality.catalogue import severity_of

FINDINGS_OF_ONE_CHECK_MAX = 1000
"""In one file; what comes after is counted in one finding `table.more-of-the-same`."""


class FindingRuns:
    """Takes findings in the order of their rows; neighbouring rows of one fault become one finding."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._latest: dict[tuple[str, ...], int] = {}
        self._counts: dict[tuple[str, str], int] = {}
        self._rest: dict[tuple[str, str], _Rest] = {}

    def add(self, finding: Finding) -> None:
        """Take one more finding, on one row, on a run of rows, or on none."""
        like = (finding.check, finding.file, finding.vin or "", finding.severity or "", *_flat(finding.params))
        before = self._latest.get(like)
        if before is not None and _follows(self._kept[before], finding):
            self._kept[before] = msgspec.structs.replace(self._kept[before], last_row=finding.last_row or finding.row)
            return
        kind = (finding.check, finding.file)
        self._counts[kind] = self._counts.get(kind, 0) + 1
        if self._counts[kind] > FINDINGS_OF_ONE_CHECK_MAX:
            self._rest.setdefault(kind, _Rest(first_row=finding.row)).count_in(finding)
            return
        self._latest[like] = len(self._kept)
        self._kept.append(finding)

    def add_all(self, findings: Iterable[Finding]) -> None:
        """Take these findings, one after another."""
        for finding in findings:
            self.add(finding)

    def findings(self) -> list[Finding]:
        """What was taken, with one finding for the rest of each kind that went over the limit."""
        return self._kept + [each.as_finding(kind) for kind, each in self._rest.items()]


def group_runs(findings: Iterable[Finding]) -> list[Finding]:
    """These findings with their runs drawn together (see `FindingRuns`)."""
    runs = FindingRuns()
    runs.add_all(findings)
    return runs.findings()


class _Rest(msgspec.Struct):
    first_row: int | None
    last_row: int | None = None
    count: int = 0
    severity: Severity = "info"

    def count_in(self, finding: Finding) -> None:
        self.count += 1
        self.last_row = finding.last_row or finding.row
        severity = severity_of(finding)
        if severity == "blocking" or self.severity == "info":
            self.severity = severity

    def as_finding(self, kind: tuple[str, str]) -> Finding:
        return Finding(
            check="table.more-of-the-same",
            file=kind[1],
            row=self.first_row,
            last_row=self.last_row,
            severity=self.severity,
            params={"check": kind[0], "count": str(self.count)},
        )


def _flat(params: dict[str, str]) -> list[str]:
    return [part for item in sorted(params.items()) for part in item]


def _follows(earlier: Finding, later: Finding) -> bool:
    return later.row is not None and later.row == (earlier.last_row or earlier.row or 0) + 1
