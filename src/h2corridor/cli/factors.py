"""Commands about factors: list and show them, check one's own file, see what an update would change."""

import datetime
import sys
from pathlib import Path
from typing import Annotated

import typer

from h2corridor.cli.options import AsJson, Language, print_json, read_language
from h2corridor.model.errors import UsageError

factors = typer.Typer(help="Dated factors, the rule sets' and your own. 有时效的因子。", no_args_is_help=True)

_Rules = Annotated[str, typer.Option("--rules", help="ID[@EDITION]. 规则集。")]
_Files = Annotated[
    list[Path] | None,
    typer.Option("--factors", help="Your own factor file, listed before the rule set; repeatable. 自有因子文件。"),
]
_On = Annotated[str | None, typer.Option("--on", help="A day, 2026-03-02. 日期。")]
_Side = Annotated[str, typer.Argument(help="ID[@EDITION] of a rule set, or a factor file X.toml. 规则集或因子文件。")]


@factors.command("list")
def factors_list(  # noqa: PLR0917 - a command's parameters are its options, given by name
    rules: _Rules = "iso14083",
    files: _Files = None,
    name: Annotated[str | None, typer.Option(help="A factor's name, as hvo. 因子名称。")] = None,
    region: Annotated[str | None, typer.Option(help="Only values of this region. 地区。")] = None,
    on: _On = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """List factors with value, validity and file; on a day, those taken then. 列出因子。"""
    from h2corridor.app.factors import list_factors
    from h2corridor.console.factors_text import print_factors

    found = list_factors(rules, files=files or (), name=name, region=region, on=_read_day(on))
    print_json({"factors": found}) if as_json else print_factors(found, read_language(language), sys.stdout)


@factors.command("show")
def factors_show(
    name: Annotated[str, typer.Argument(help="A parameter's name, or that a chain gives, as hvo. 因子名称。")],
    rules: _Rules = "iso14083",
    files: _Files = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Show every value of a factor with source, licence and digest. 显示一个因子的全部数值。"""
    from h2corridor.app.factors import show_factor
    from h2corridor.console.factors_text import print_factor

    found = show_factor(name, rules, files=files or ())
    print_json({"factors": found}) if as_json else print_factor(found, read_language(language), sys.stdout)


@factors.command("check")
def factors_check(
    file: Annotated[Path, typer.Argument(help="A factor file. 因子文件。")],
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Name every fault of a factor file at once; exit 1 when there is one. 检查因子文件。"""
    from h2corridor.app.factors import check_factor_file
    from h2corridor.console.factors_text import print_factor_check

    checked = check_factor_file(file)
    print_json(checked) if as_json else print_factor_check(checked, read_language(language), sys.stdout)
    if checked.faults:
        raise typer.Exit(1)


@factors.command("diff")
def factors_diff(  # noqa: PLR0917 - a command's parameters are its options, given by name
    first: _Side,
    second: _Side,
    chains: Annotated[
        list[Path] | None, typer.Option("--chain", help="Show what it does to this chain; repeatable. 运输链文件。")
    ] = None,
    rules: _Rules = "iso14083",
    on: _On = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Show what an update changes: values, what has ended by a day, and figures of chains. 比较两组因子。"""
    from h2corridor.app.factors import diff_factors
    from h2corridor.console.factors_text import print_factor_diff

    found = diff_factors(first, second, rules=rules, chains=chains or (), on=_read_day(on))
    print_json(found) if as_json else print_factor_diff(found, read_language(language), sys.stdout)


def _read_day(text: str | None) -> datetime.date | None:
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        fault = f"expected a day, came {text}."
        raise UsageError("cli.day", fault, next_step="Write it as 2026-03-02.") from error
