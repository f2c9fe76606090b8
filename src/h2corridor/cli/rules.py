"""Rule sets and comparison methods: list, show, compare, check, freeze."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from h2corridor.cli.options import AsJson, Language, print_json, read_language

rules = typer.Typer(help="Rule sets and comparison methods. 规则集与比较方法。", no_args_is_help=True)

EditionName = Annotated[str, typer.Argument(help="ID[@EDITION][#DIGEST], or an edition's folder. 规则集或其文件夹。")]
EditionFolder = Annotated[Path, typer.Argument(help="Folder of one edition. 规则集版本的文件夹。")]


@rules.command("list")
def rules_list(as_json: AsJson = False, language: Language = "") -> None:
    """List editions of rule sets and comparisons. 列出规则集。"""
    from h2corridor.app.rules import list_rule_sets
    from h2corridor.console.rules_text import print_rule_list

    found = list_rule_sets()
    print_json(found) if as_json else print_rule_list(found, read_language(language), sys.stdout)


@rules.command("show")
def rules_show(name: EditionName, as_json: AsJson = False, language: Language = "") -> None:
    """Show an edition: formulas, constants, parameters with their sources. 显示规则集。"""
    from h2corridor.app.rules import show_rule_set
    from h2corridor.console.rules_text import print_rule_set

    shown = show_rule_set(name)
    print_json(shown) if as_json else print_rule_set(shown, read_language(language), sys.stdout)


@rules.command("diff")
def rules_diff(
    first: EditionName,
    second: EditionName,
    chain: Annotated[
        list[Path] | None,
        typer.Option(help="A chain or plant: what each change does to it; repeatable. 运输链或制氢文件。"),
    ] = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Show what changes from one edition to another, and what that does to chains. 比较两个版本。"""
    from h2corridor.app.rules import diff_rule_sets
    from h2corridor.app.rules_ledger import ledger_of_documents
    from h2corridor.console.rules_text import print_ledger, print_rule_diff

    spoken = read_language(language)
    ledgers = ledger_of_documents(first, second, chain or [])
    changes = diff_rule_sets(first, second)
    if as_json:
        return print_json({**changes, "ledgers": ledgers})
    print_rule_diff(changes, spoken, sys.stdout)
    for each in ledgers:
        print_ledger(each, spoken, sys.stdout)
    return None


@rules.command("check")
def rules_check(
    folder: EditionFolder,
    rule_set: Annotated[
        str | None, typer.Option("--rules", help="Of a comparison: the rule set it is tried with. 比较方法所用规则集。")
    ] = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Hold an edition against what every edition must show; exit 1 when something is amiss. 检查版本。"""
    from h2corridor.app.rules import check_edition
    from h2corridor.console.rules_text import print_edition_faults

    checked = check_edition(folder, rule_set)
    if as_json:
        print_json(checked)
    else:
        print_edition_faults(checked, read_language(language), sys.stdout)
    if checked.faults:
        raise typer.Exit(1)


@rules.command("freeze")
def rules_freeze(folder: EditionFolder, as_json: AsJson = False, language: Language = "") -> None:
    """Freeze a draft that passes every check: its digest goes into editions.lock beside it. 冻结版本。"""
    from h2corridor.app.rules import check_edition, freeze_edition
    from h2corridor.console.rules_text import print_edition_faults, print_frozen

    spoken = read_language(language)
    checked = check_edition(folder, None)
    if checked.faults:
        print_json(checked) if as_json else print_edition_faults(checked, spoken, sys.stdout)
        raise typer.Exit(1)
    frozen = freeze_edition(folder)
    print_json(frozen) if as_json else print_frozen(frozen, spoken, sys.stdout)
