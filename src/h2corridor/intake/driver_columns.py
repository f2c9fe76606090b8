"""No driver: a table with a column that names one is refused, before a byte of it is kept.

Positions of a truck say where its driver was; with a name beside them they would be a record of a person.
"""

import csv
import gzip
import re
import zlib
from collections.abc import Sequence
from pathlib import Path

from h2corridor.model.errors import InputError

_HEADER_BYTES_MAX = 1 << 16
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PERSON = frozenset({"driver", "drivers", "chauffeur"})
_PHONE = frozenset({"phone", "telephone", "mobile", "cellphone", "tel"})
_CARD = frozenset({"idcard", "idcards", "identitycard", "drivername", "driverid", "phoneno", "mobileno"})
_LICENCE = frozenset({"licence", "license"})
_NUMBER = frozenset({"no", "number", "id", "code"})
_OTHER_LICENCE = frozenset({"plate", "vehicle", "truck", "business"})
_CHINESE = ("驾驶员", "驾驶人", "司机", "身份证", "手机", "电话", "驾驶证", "驾照", "从业资格证")


def refuse_driver_columns(path: str, file: Path) -> None:
    """Refuse a table that names drivers; what is no table passes.

    Parameters
    ----------
    path : inside the data set
    file : where its bytes stand

    Raises
    ------
    InputError
        `table.driver`: a column names a driver, or says how to reach or identify one.
    """
    if path.endswith((".csv", ".csv.gz")):
        refuse_driver_names(path, _header(file, is_packed=path.endswith(".gz")))


def refuse_driver_names(file: str, columns: Sequence[str]) -> None:
    """Refuse columns of a file that name a driver; it raises as `refuse_driver_columns`."""
    for column in columns:
        if names_driver(column):
            raise InputError(
                "table.driver",
                f"the column {ascii(column)[1:-1] if not column.isprintable() else column} names a driver.",
                about=file,
                where="header",
                next_step="Have its supplier leave this column out and export again; nothing was kept.",
            )


def names_driver(column: str) -> bool:
    """Whether the name of a column speaks of a driver.

    Examples
    --------
    >>> names_driver("driverName"), names_driver("司机姓名"), names_driver("driven_km")
    (True, True, False)
    """
    parts = [part.lower() for part in _PART.findall(column)]
    said = set(parts)
    return bool(
        any(word in column for word in _CHINESE)
        or said & (_PERSON | _PHONE | _CARD)
        or ({"id", "card"} <= said or {"identity", "card"} <= said)
        or (said & _LICENCE and (said & _NUMBER or "driving" in said) and not said & _OTHER_LICENCE)
    )


def _header(file: Path, *, is_packed: bool) -> Sequence[str]:
    """The names in a table's first line; none where it cannot be read, which others will say."""
    try:
        with gzip.open(file) if is_packed else file.open("rb") as stream:
            data = stream.read(_HEADER_BYTES_MAX)
    except (OSError, EOFError, zlib.error):
        return ()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.split(b"\n", 1)[0].decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return next(csv.reader([text]), [])
        except csv.Error:
            return text.split(",")
    return ()
