"""What `assess` does with a table of shipments."""

import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Literal

from h2corridor.app.assess_table import assess_table, write_results
from h2corridor.cli.options import print_json
from h2corridor.console.assessment_text import print_table_totals
from h2corridor.model.errors import UsageError


def assess_shipments(  # noqa: PLR0917 - what the command was given
    table: Path,
    categories: Path | None,
    rule_set: str,
    out: Path | None,
    elements: Path | None,
    factors: Sequence[Path],
    language: Literal["zh", "en"],
    *,
    as_json: bool,
) -> None:
    """Assess a table; the results go to `out` or to standard output, what became of it beside them."""
    figures = assess_table(table, categories, rule_set, factors=factors)
    if as_json:
        return print_json({"shipments": figures})
    with contextlib.ExitStack() as opened:
        shipments = _opened(out, opened) if out is not None else sys.stdout
        totals = write_results(figures, shipments, _opened(elements, opened) if elements is not None else None)
    print_table_totals(totals, language, sys.stdout if out is not None else sys.stderr)
    return None


def _opened(path: Path, opened: contextlib.ExitStack) -> IO[str]:
    try:
        return opened.enter_context(path.open("x", encoding="utf-8", newline=""))
    except FileExistsError as error:
        fault = "it is there already."
        raise UsageError("cli.file-exists", fault, about=str(path), next_step="Choose another name.") from error
    except OSError as error:
        fault = f"cannot be written: {error.strerror}."
        raise UsageError(
            "cli.no-folder", fault, about=str(path), next_step="Name a file in a folder that is there."
        ) from error
