"""What a check says about data: a value, never an exception."""

from typing import Literal

import msgspec

Severity = Literal["info", "warning", "blocking"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One observation about received data, with its place.

    `row` and `last_row` count data rows from 1 (the header is not counted); a run of faulty rows is one finding; a gap
    or a jump names the rows on both sides; something absent has no row. `at` is device time, ISO 8601 with offset.
    `params` fill the texts of the check (see `quality/checks.toml`), so that the same finding reads in zh and en.
    """

    check: str
    file: str
    row: int | None = None
    last_row: int | None = None
    vin: str | None = None
    at: str | None = None
    severity: Severity | None = None
    """Set only where it differs from the severity the check declares."""
    params: dict[str, str] = {}
