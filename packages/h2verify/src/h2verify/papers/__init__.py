"""Rows of a trial data set read again from received bytes: tables, sites, telemetry. No I/O, standard library only.

What lives here: from the records of a file (`h2verify.rows`) to cells, and from cells to the integers that activity
records hold. What does not: findings. A platform says of a faulty row what is wrong with it; here a row that an
activity record names can be read or it is refused, and a telemetry row gives a frame or none.

Invariants: a value is exact or there is none; row r is record r of its file; only BundleError `papers.row` and
`container.limit` leave these functions, whatever the bytes.
"""

from h2verify.papers.cells import find_instant_ms, read_value
from h2verify.papers.columns import SOURCES, Column, Source, Value
from h2verify.papers.sites import SiteRow, read_sites
from h2verify.papers.standing import StandingRow, is_usable, read_standing
from h2verify.papers.tables import read_cells, read_header
from h2verify.papers.telemetry import TelemetryRow, read_telemetry
from h2verify.papers.trial_header import TrialHeader, read_trial_header
from h2verify.papers.trial_tables import TABLES

__all__ = [
    "SOURCES",
    "TABLES",
    "Column",
    "SiteRow",
    "Source",
    "StandingRow",
    "TelemetryRow",
    "TrialHeader",
    "Value",
    "find_instant_ms",
    "is_usable",
    "read_cells",
    "read_header",
    "read_sites",
    "read_standing",
    "read_telemetry",
    "read_trial_header",
    "read_value",
]
