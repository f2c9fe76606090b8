"""Arguments that several commands share, and what stands behind their defaults."""

import datetime
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import typer
from h2verify import note
from h2verify.errors import ProofError

from h2corridor.model.errors import UsageError

WorkspaceFolder = Annotated[Path, typer.Option("--workspace", help="Folder of the workspace. 工作区文件夹。")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs. 输出 JSON。")]
Language = Annotated[
    str,
    typer.Option("--language", help="Language of what people read: zh or en (default: from LANG). 语言：zh 或 en。"),
]


def default_language() -> Literal["zh", "en"]:
    """The language of the environment: zh where LANG says so, otherwise en."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if spoken.lower().startswith("zh") else "en"


def read_language(text: str) -> Literal["zh", "en"]:
    """The language a person asked for; an empty text means that of the environment."""
    if not text:
        return default_language()
    if text == "zh":
        return "zh"
    if text == "en":
        return "en"
    raise UsageError("cli.language", f"expected zh or en, came {text}.", next_step="Choose one of the two.")


def asked_language(arguments: Sequence[str]) -> Literal["zh", "en"]:
    """The language of a command line that did not run to its end; that of the environment where it asks for none."""
    asked = ""
    for name, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if name == "--language":
            asked = following
        elif name.startswith("--language="):
            asked = name.partition("=")[2]
    return read_language(asked if asked in {"zh", "en"} else "")


def read_instant_ms(text: str | None) -> int:
    """An instant given as ISO 8601 with offset, or the clock's where none is given [ms since 1970-01-01 UTC]."""
    if text is None:
        return int(datetime.datetime.now(datetime.UTC).timestamp() * 1000)
    try:
        instant = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise _not_an_instant(text) from error
    if instant.tzinfo is None:
        raise _not_an_instant(text)
    return int(instant.timestamp() * 1000)


def read_vkey(text: str | None) -> str | None:
    """A public key given as text, or as the file that holds it."""
    if text is None:
        return None
    path = Path(text)
    given = path.read_text(encoding="ascii", errors="replace").strip() if path.is_file() else text
    try:
        note.parse_verifier_key(given)
    except ProofError as error:
        next_step = "Give the text of log.vkey, or its path."
        raise UsageError("cli.vkey", f"not a public key of a log: {text}.", next_step=next_step) from error
    return given


def print_json(value: Any) -> None:
    """Write a value as indented JSON."""
    sys.stdout.write(json.dumps(msgspec.to_builtins(value), ensure_ascii=False, indent=2) + "\n")


def _not_an_instant(text: str) -> UsageError:
    next_step = "Write it as 2026-03-02T08:15:30+08:00."
    return UsageError("cli.instant", f"expected a time with offset, came {text}.", next_step=next_step)
