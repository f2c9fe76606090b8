"""Rule sets for a terminal."""

from collections.abc import Mapping, Sequence
from typing import IO, Any

from rich import box
from rich.console import Console
from rich.table import Table

from h2corridor.accounting.kernel.parameters import UNSEEN_EN, UNSEEN_ZH
from h2corridor.accounting.ledger import Change
from h2corridor.app.rules import CheckedEdition, EditionListing
from h2corridor.app.rules_ledger import ChainLedger
from h2corridor.console.texts import Language, choose, listed, text

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
    console.print(f"{shown['name']}  {shown['status']}  {title}\n{shown['digest']}")
    console.print(f"{text('rules_reads', language, document=shown['document'])}\n")
    if shown["custody"] is not None:
        custody = shown["custody"]
        said = {name: custody[f"{name}_{language}"] for name in ("period", "mixing")}
        models = listed([text(f"custody_{model}", language) for model in custody["allowed"]], language)
        words = text("rules_custody", language, models=models, clause=custody["clause"], **said)
        console.print(f"{words}\n", soft_wrap=True)
    if caveat := choose(shown["caveat_zh"], shown["caveat_en"], language):
        console.print(caveat)
        if "baseline_kgco2e" in (each["gives"] for each in shown["formulas"].values()):
            console.print(f"\n{text('rules_support', language)}")
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


def print_ledger(found: ChainLedger, language: Language, file: IO[str]) -> None:
    """Write what each change does to one chain: a row a change, and the sum."""
    console = Console(file=file, width=None if file.isatty() else WIDTH, highlight=False, markup=False)
    ledger = found.ledger
    between = {"first": found.first, "second": found.second}
    console.print(f"\n{text('ledger_title', language, shipment=found.shipment, unit=found.unit, **between)}")
    table = Table(box=box.SIMPLE)
    table.add_column(text("ledger_change", language), overflow="fold")
    for name in ledger.before:
        table.add_column(name, justify="right", overflow="fold")
    table.add_row(found.first, *ledger.before.values())
    for row in ledger.rows:
        told = "\n".join(_told(change, language) for change in row.changes)
        table.add_row(told, *(_signed(row.differences[name]) for name in ledger.before))
    table.add_row(found.second, *ledger.after.values(), end_section=True)
    table.add_row(text("ledger_sum", language), *(_signed(ledger.differences[name]) for name in ledger.before))
    console.print(table)
    console.print(text("ledger_without", language, count=len(ledger.without_effect)))
    console.print(text("ledger_order", language))


def print_edition_faults(checked: CheckedEdition, language: Language, file: IO[str]) -> None:
    """Write what is amiss with an edition, or that nothing is."""
    head = f"{checked.name}  {checked.status}  {checked.digest}"
    counts = {"rules": checked.rules, "cases": checked.cases}
    last = text("edition_faults", language, count=len(checked.faults)) if checked.faults else ""
    lines = [head, *checked.faults, last or text("edition_sound", language, **counts)]
    file.write("".join(f"{line}\n" for line in lines))


def print_frozen(checked: CheckedEdition, language: Language, file: IO[str]) -> None:
    """Write that an edition is frozen, with the digest it is known by."""
    file.write(f"{text('edition_frozen', language, name=checked.name, digest=checked.digest)}\n")


def _told(change: Change, language: Language) -> str:
    title = change.title_zh if language == "zh" else change.title_en
    before, after = change.before or "-", change.after or "-"
    return f"{title} ({change.name}): {before} -> {after}"


def _signed(value: str) -> str:
    return value if value.startswith("-") or value == "0" else f"+{value}"
