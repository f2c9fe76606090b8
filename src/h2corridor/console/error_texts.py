"""What an error code means and the usual next step, in both languages, read from `errors.toml` beside this module.

The exact message, which says what came and where, stays in English: it is what a program, an engineer and a verifier
abroad look for. A reader of Chinese gets the meaning and the next step before it.
"""

from functools import cache
from importlib.resources import files

import msgspec

from h2corridor.console.texts import Language


class Wording(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sentence in both languages."""

    en: str
    zh: str


class ErrorWords(msgspec.Struct, frozen=True, kw_only=True):
    """The meaning of an error code and what is usually done about it."""

    meaning: Wording
    next_step: Wording


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    en: str
    zh: str
    next: str = ""
    next_en: str = ""
    next_zh: str = ""


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    steps: dict[str, Wording]
    errors: dict[str, _Entry]


@cache
def list_error_words() -> dict[str, ErrorWords]:
    """The words of every error code."""
    content = files("h2corridor.console").joinpath("errors.toml").read_bytes()
    read = msgspec.toml.decode(content, type=_File)
    return {
        code: ErrorWords(
            meaning=Wording(en=entry.en, zh=entry.zh),
            next_step=read.steps[entry.next] if entry.next else Wording(en=entry.next_en, zh=entry.next_zh),
        )
        for code, entry in read.errors.items()
    }


def speak(message: str, language: Language) -> str:
    """An error's message as people read it: in zh the meaning and the next step come first, then the message itself.

    Parameters
    ----------
    message : `CODE: place: fault next step`; a text that begins with no code of the catalogue stays as it is
    language : that of the reader; nothing changes in en

    Examples
    --------
    >>> print(speak("cli.language: expected zh or en, came fr.", "zh"))
    cli.language  没有这种语言选项。请填写 zh 或 en。
      expected zh or en, came fr.
    """
    code, _, detail = message.partition(": ")
    words = list_error_words().get(code)
    if language != "zh" or words is None:
        return message
    return f"{code}  {words.meaning.zh}{words.next_step.zh}\n  {detail}"
