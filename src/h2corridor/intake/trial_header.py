"""`trial.toml`: which trial this is, in which format, over which period."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from h2corridor.intake.cells import parse_instant_ms, shown
from h2corridor.intake.dataset import Dataset
from h2corridor.model.errors import InputError
from h2corridor.model.findings import Finding
from h2corridor.model.trial import Trial

FILE = "trial.toml"
FORMATS_UNDERSTOOD = (1,)
_BYTES_MAX = 64 * 1024
_DOTS_MAX = 200
"""In a line: the TOML reader's time grows with the square of a dotted key's parts."""
_INTEGER_BITS_MAX = 64
_TEXT_MAX = 400
_PERIOD_MS_MIN, _PERIOD_MS_MAX = 946_684_800_000, 4_102_444_800_000
"""2000-01-01 to 2100-01-01 UTC: the years that a frame can say."""
_TEXTS = ("id", "title_zh", "title_en", "corridor", "period_start", "period_end", "timezone")


def read_trial_header(dataset: Dataset) -> tuple[Trial, list[Finding]]:
    """The header of a data set, and a finding on keys that the format does not know.

    Raises
    ------
    InputError
        No `trial.toml`, not TOML, a format number not understood, a missing or misshapen key, or a bad period.
    """
    document = _parse(dataset.read_bytes(FILE))
    trial, operator = _section(document, "trial"), _section(document, "operator")
    _require_format(trial)
    texts = _texts(trial, _TEXTS, "trial") | _texts(operator, ("party_id",), "operator")
    start, end = _instant(texts, "period_start"), _instant(texts, "period_end")
    if end <= start:
        came = f"{texts['period_start']} to {texts['period_end']}"
        raise _refused("trial.bad-period", "period_end", f"expected a period that ends after it starts, came {came}.")
    if start < _PERIOD_MS_MIN or end > _PERIOD_MS_MAX:
        came = f"{texts['period_start']} to {texts['period_end']}"
        raise _refused("trial.bad-period", "period_end", f"expected a period between 2000 and 2099, came {came}.")
    header = Trial(
        trial_id=texts["id"],
        format=trial["format"],
        title_zh=texts["title_zh"],
        title_en=texts["title_en"],
        corridor=texts["corridor"],
        period_start_ms=start,
        period_end_ms=end,
        timezone=_timezone(texts["timezone"]),
        operator_party_id=texts["party_id"],
    )
    return header, _unknown_keys(document, trial, operator)


def _parse(content: bytes | None) -> dict[str, Any]:
    if content is None:
        raise _refused(
            "trial.absent",
            "",
            "expected it in the folder of the data set, found none.",
            "Name the folder that holds it.",
        )
    if len(content) > _BYTES_MAX:
        raise _refused("trial.too-large", "", f"expected at most {_BYTES_MAX} bytes, came {len(content)}.")
    dots = max(line.count(b".") for line in content.split(b"\n"))
    if dots > _DOTS_MAX:
        raise _refused("trial.too-large", "", f"expected at most {_DOTS_MAX} dots in a line, came {dots}.")
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        came = f"byte 0x{content[error.start]:02X} at offset {error.start}"
        raise _refused("trial.not-utf8", "", f"expected UTF-8, came {came}.", "Save it as UTF-8.") from error
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise _refused("trial.not-toml", "", f"expected TOML, came: {shown(str(error))}.") from error


def _section(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    section = document.get(name)
    if not isinstance(section, dict):
        raise _refused("trial.missing-key", f"[{name}]", f"expected a section [{name}], found none.")
    return section


def _require_format(trial: Mapping[str, Any]) -> None:
    number = trial.get("format")
    if number is None:
        raise _refused("trial.missing-key", "[trial]", "expected the key format, found none.")
    if type(number) is not int or number not in FORMATS_UNDERSTOOD:
        understood = ", ".join(str(each) for each in FORMATS_UNDERSTOOD)
        fault = f"expected a format number this software understands ({understood}), came {_shown_value(number)}."
        raise _refused(
            "trial.unknown-format", "format", fault, "Use a newer version of the software, or export in format 1."
        )


def _texts(section: Mapping[str, Any], keys: tuple[str, ...], name: str) -> dict[str, str]:
    missing = [key for key in keys if section.get(key) in (None, "")]
    if missing:
        raise _refused("trial.missing-key", f"[{name}]", f"expected the key(s) {', '.join(missing)}, found none.")
    texts = {}
    for key in keys:
        value = section[key]
        text = value.isoformat() if isinstance(value, datetime) else value
        if not isinstance(text, str) or len(text) > _TEXT_MAX:
            raise _refused(
                "trial.bad-value",
                key,
                f"expected a text of at most {_TEXT_MAX} characters, came {_shown_value(value)}.",
            )
        texts[key] = text
    return texts


def _shown_value(value: object) -> str:
    """A value as a message may show it; of a list, a table or a number of thousands of digits, what it is."""
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and value.bit_length() > _INTEGER_BITS_MAX:
        return "a number of many digits"
    return shown(str(value))


def _instant(texts: Mapping[str, str], key: str) -> int:
    instant = parse_instant_ms(texts[key])
    if isinstance(instant, str):
        fault = f"expected a time with offset such as 2026-03-02T00:00:00+08:00, came {shown(texts[key])}."
        raise _refused("trial.bad-period", key, fault)
    return instant


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        fault = f"expected a name of the time zone database such as Asia/Shanghai, came {shown(name)}."
        step = "Correct it; if the name is right, install the time zone database (the package tzdata)."
        raise _refused("trial.bad-timezone", "timezone", fault, step) from error
    return name


def _unknown_keys(document: Mapping[str, Any], trial: Mapping[str, Any], operator: Mapping[str, Any]) -> list[Finding]:
    unknown = [f"trial.{key}" for key in trial if key not in (*_TEXTS, "format")]
    unknown += [f"operator.{key}" for key in operator if key != "party_id"]
    unknown += [key for key in document if key not in ("trial", "operator")]
    if not unknown:
        return []
    return [Finding(check="table.unknown-columns", file=FILE, params={"columns": shown(", ".join(unknown))})]


def _refused(code: str, where: str, fault: str, next_step: str = "Correct trial.toml and run again.") -> InputError:
    return InputError(code, fault, about=FILE, where=where, next_step=next_step)
