"""Every table of a trial data set as values of the model, with a finding for all that could not be read."""

from collections.abc import Mapping

from h2corridor.intake.columns import Table, list_tables
from h2corridor.intake.dataset import Dataset
from h2corridor.intake.finding_runs import group_runs
from h2corridor.intake.references import check_operator, check_references
from h2corridor.intake.row_rules import RULES
from h2corridor.intake.signatures import FOLDER as SIGNATURES
from h2corridor.intake.table_rows import TableRead, read_table
from h2corridor.intake.trial_header import FILE as TRIAL_HEADER
from h2corridor.intake.trial_header import read_trial_header
from h2corridor.model.findings import Finding
from h2corridor.model.trial import TrialFacts


def read_trial_facts(dataset: Dataset) -> tuple[TrialFacts, list[Finding]]:
    """What a trial data set states outside its telemetry, and what is wrong with it.

    Parameters
    ----------
    dataset
        A folder as handed over, or the same paths kept in a workspace.

    Returns
    -------
    TrialFacts
        Rows in the order of their files; a row with a faulty value is absent, and so is one that names a consignment, a
        truck or a station of its own that is not there (columns marked `drops` in the column table). Every other
        reference may lead nowhere: look it up with care.
    list of Finding
        In the order of the format's files, then by row; runs of one fault are one finding.

    Raises
    ------
    InputError
        `trial.toml` cannot be used, or a table cannot be cut into rows and columns.
    """
    trial, findings = read_trial_header(dataset)
    tables = list_tables()
    reads = {table.file: _read(dataset, table) for table in tables}
    findings += check_operator(trial, reads["parties.csv"])
    rows = {}
    for table in tables:
        kept, dangling = check_references(table, reads)
        rows[table.facts] = tuple(kept)
        findings += sorted([*_of_table(table, reads), *dangling], key=lambda each: each.row or 0)
    findings += _unknown_files(dataset, tables)
    return TrialFacts(trial=trial, **rows), group_runs(findings)


def _read(dataset: Dataset, table: Table) -> TableRead | None:
    content = dataset.read_bytes(table.file)
    return None if content is None else read_table(table, content)


def _of_table(table: Table, reads: Mapping[str, TableRead | None]) -> list[Finding]:
    read = reads[table.file]
    if read is None:
        needed_by = {"needed_by": f"@{table.by}"}
        return [Finding(check="table.file-absent", file=table.file, severity=table.absent, params=needed_by)]
    rule = RULES.get(table.file)
    return read.findings + group_runs(finding for row in read.rows if rule for finding in rule(table.file, row))


def _unknown_files(dataset: Dataset, tables: tuple[Table, ...]) -> list[Finding]:
    known = {TRIAL_HEADER, *(table.file for table in tables)}
    folders = ("telemetry/", SIGNATURES)
    unknown = [path for path in dataset.list_paths() if path not in known and not path.startswith(folders)]
    if not unknown:
        return []
    params = {"count": str(len(unknown)), "example": unknown[0]}
    return [Finding(check="table.unknown-file", file=unknown[0], params=params)]
