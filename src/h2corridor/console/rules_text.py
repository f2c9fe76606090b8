"""Rule sets for a terminal."""

from collections.abc import Mapping, Sequence
from typing import IO, Any

from rich import box
from rich.console import Console
from rich.table import Table

from h2corridor.accounting.kernel.parameters import UNSEEN_EN, UNSEEN_ZH
from h2corridor.app.rules import EditionListing
from h2corridor.console.texts import Language, choose, text

WIDTH = 120


def print_rule_list(found: Sequence[EditionListing], language: Language, file: IO[str]) -> None:
    """Write a line an edition."""
    for each in found:
        title = each.title_zh if language == "zh" else each.title_en
        unseen = f"  {UNSEEN_ZH if language == 'zh' else UNSEEN_EN}" if each.text_seen is False else ""
        file.write(f"{each.id}@{each.edition}  {each.status}  {each.digest[:12]}  {each.standard}  {title}{unseen}\n")


def print_rule_set(shown: Mapping[str, Any], language: Language, file: IO[str]) -> None:
    """Write an edition: its formulas, then its parameters with value, validity and source."""
    console = Console(file=file, width=None if file.isatty() else WIDTH, highlight=False, markup=False)
    title = shown["title_zh"] if language == "zh" else shown["title_en"]
    console.print(f"{shown['name']}  {shown['status']}  {title}\n{shown['digest']}\n")
    if caveat := choose(shown["caveat_zh"], shown["caveat_en"], language):
        console.print(f"{caveat}\n\n{text('rules_support', language)}")
        for kind, fields in shown["support"].items():
            console.print(f"  {kind}: {', '.join(fields)}")
        console.print()
    console.print(text("rules_formulas", language))
    for name, formula in shown["formulas"].items():
        unit, clause = formula.get("unit", ""), formula.get("clause", "")
        console.print(f"  {name} [{unit}] = {formula.get('formula', '')}   ({clause})")
    console.print(f"\n{text('rules_parameters', language)}")
    table = Table(box=box.SIMPLE)
    for heading in ("name", "value", "unit", "boundary", "region", "from", "until", "source"):
        table.add_column(heading, overflow="fold")
    for entry in shown["parameters"]:
        cells = ("name", "value", "unit", "boundary", "region", "from", "until", "source")
        table.add_row(*(str(entry.get(cell) or "") for cell in cells))
    console.print(table)


def print_rule_diff(changes: Mapping[str, Any], language: Language, file: IO[str]) -> None:
    """Write what was added (+), removed (-) and changed (~) from one edition to another."""
    file.write(f"{changes['first']} -> {changes['second']}\n")
    lines = []
    for kind in ("formulas", "constants", "parameters", "support"):
        part = changes[kind]
        lines += [f"+ {kind}: {name}" for name in part["added"]]
        lines += [f"- {kind}: {name}" for name in part["removed"]]
        for name, fields in part["changed"].items():
            lines += [f"~ {kind}: {name}.{field}: {before} -> {after}" for field, (before, after) in fields.items()]
    file.write("".join(f"{line}\n" for line in lines) or f"{text('rules_same', language)}\n")
