"""Intake: what suppliers hand over becomes values of the model and batches of rows. Bytes in, values and findings out.

Here live the readers of the trial data set (format 1): its tables, its header and its telemetry files. What the bytes
of a frame mean is `protocols`; what a value means for a figure is `quality` and `accounting`; where bytes are kept is
`store` and `evidence`.

Invariants

- Nothing is rounded, guessed or put in the place of something missing.
- Bad data give findings with file and row; only what cannot be used at all raises `InputError`.
- Rows are counted as the evidence counts them: a record ends at a line end that is not inside quotes; blank ones count.
- Every loop over foreign input has a limit, and telemetry is read in flat memory.
- `truth/` is never listed and never read.
"""

from h2corridor.intake.columns import Column, Table, columns_markdown, list_tables
from h2corridor.intake.dataset import Dataset, DatasetFolder, UnitedDataset
from h2corridor.intake.signatures import read_signatures
from h2corridor.intake.telemetry import FrameBatch, TelemetryReader
from h2corridor.intake.telemetry_paths import TelemetryPath, list_telemetry_paths
from h2corridor.intake.telemetry_records import RowProblem
from h2corridor.intake.trial_tables import read_trial_facts

__all__ = [
    "Column",
    "Dataset",
    "DatasetFolder",
    "FrameBatch",
    "RowProblem",
    "Table",
    "TelemetryPath",
    "TelemetryReader",
    "UnitedDataset",
    "columns_markdown",
    "list_tables",
    "list_telemetry_paths",
    "read_signatures",
    "read_trial_facts",
]
