"""What `trial.toml` says of the trial itself, read line by line: as much of TOML as such a file needs, and no more."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from h2verify.errors import BundleError
from h2verify.papers.cells import find_instant_ms, find_wall_time

LINES_MAX = 1_000
_NAMES = ("id", "period_start", "period_end", "title_en", "title_zh")
_TABLE = re.compile(r"\[[ \t]*([A-Za-z0-9_-]+)[ \t]*\][ \t]*(?:#.*)?")
_VALUE = re.compile(r"([A-Za-z0-9_-]+)[ \t]*=[ \t]*(?:\"([^\"\\]*)\"|'([^']*)'|([A-Za-z0-9:+.-]+))[ \t]*(?:#.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialHeader:
    """The trial's id, titles and period; `start_offset_min` is the offset that its beginning is written at [min]."""

    trial_id: str
    title_en: str
    title_zh: str
    period_start_ms: int
    period_end_ms: int
    start_offset_min: int


def read_trial_header(records: Iterable[bytes]) -> TrialHeader:
    """The table `[trial]` of the file.

    Parameters
    ----------
    records : its lines, each with its end

    Raises
    ------
    BundleError
        `papers.row`: not UTF-8, a line of another form, a name twice, or a text or period that is not there.
    """
    texts: dict[str, str] = {}
    table = ""
    for number, line in enumerate(_lines(records), start=1):
        opened, said = _TABLE.fullmatch(line), _VALUE.fullmatch(line)
        if opened is not None:
            table = opened[1]
        elif said is not None:
            name = f"{table}.{said[1]}"
            if name in texts:
                raise _fault(number, f"{said[1]} stands there twice")
            texts[name] = next(value for value in said.groups()[1:] if value is not None)
        elif line and not line.startswith("#"):
            raise _fault(number, "neither a table nor a name with a plain value")
    values = {name: texts.get(f"trial.{name}", "") for name in _NAMES}
    start, end = find_wall_time(values["period_start"]), find_instant_ms(values["period_end"])
    start_ms = find_instant_ms(values["period_start"])
    if start is None or start_ms is None or end is None or not values["id"]:
        raise _fault(0, "expected id, period_start and period_end")
    return TrialHeader(
        trial_id=values["id"],
        title_en=values["title_en"],
        title_zh=values["title_zh"],
        period_start_ms=start_ms,
        period_end_ms=end,
        start_offset_min=start[1],
    )


def _lines(records: Iterable[bytes]) -> Iterable[str]:
    data = b"".join(records).removeprefix(b"\xef\xbb\xbf")
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise _fault(0, "not a text in UTF-8") from error
    if len(lines) > LINES_MAX:
        raise _fault(0, f"more than {LINES_MAX} lines")
    return (line.removesuffix("\r").strip(" \t") for line in lines)


def _fault(line: int, fault: str) -> BundleError:
    return BundleError("papers.row", f"{fault}.", where=f"trial.toml line {line}" if line else "trial.toml")
