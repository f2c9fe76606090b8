"""The console's words in both languages, and the cleaning of foreign words before they are shown."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

# C0 and C1 controls would drive a terminal; bidirectional overrides would reorder what stands beside them.
_UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def text(key: str, language: Language, **params: object) -> str:
    """The sentence with this key, its {names} filled in.

    Raises
    ------
    KeyError
        No such sentence, or a name in it was not given.
    """
    return catalogue()[key][language].format(**{name: clean(str(value)) for name, value in params.items()})


def has_text(key: str) -> bool:
    """Whether the catalogue has this sentence (a comparison method may be unknown to it)."""
    return key in catalogue()


def choose(zh: str | None, en: str | None, language: Language) -> str:
    """The wording in the language asked for; the other one when it is the only one there is."""
    first, second = (zh, en) if language == "zh" else (en, zh)
    return clean(first or second or "")


def listed(parts: Iterable[str], language: Language) -> str:
    """Words or ids one after the other, with the comma of the language between them.

    >>> listed(["VIN", "RFID"], "zh")
    'VIN、RFID'
    """
    return ("、" if language == "zh" else ", ").join(parts)


def clean(foreign: str) -> str:
    """The words without control characters and direction overrides; each becomes U+FFFD, so that it is seen."""
    return _UNSHOWABLE.sub("\ufffd", foreign)


_SENTENCES = (
    "texts.toml",
    "site.toml",
    "trial.toml",
    "profile.toml",
    "production.toml",
    "factors.toml",
    "custody.toml",
    "emission_report.toml",
    "hydrogen_report.toml",
    "uncertainty.toml",
)


@cache
def catalogue() -> dict[str, dict[Language, str]]:
    """All sentences by key, whichever file they stand in."""
    folder = resources.files("h2corridor.console")
    found: dict[str, dict[Language, str]] = {}
    for name in _SENTENCES:
        found |= tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))
    return found
