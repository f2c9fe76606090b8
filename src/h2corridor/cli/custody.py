"""The command about custody: where each kilogram of hydrogen went, and who may speak of it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from h2corridor.cli.options import AsJson, Language, WorkspaceFolder, print_json, read_language

custody = typer.Typer(help="Custody of hydrogen, kilogram by kilogram. 氢的监管链。", no_args_is_help=True)


@custody.callback()
def _custody() -> None:
    """Custody of hydrogen, kilogram by kilogram. 氢的监管链。"""


@custody.command("show")
def custody_show(
    workspace: WorkspaceFolder,
    sales: Annotated[
        Path | None, typer.Option(help="Sales of attributes, attribute-sale/1, JSON. 属性出售记录。")
    ] = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Show batches, stock, tanks and trips on both sides, and figures once an attribute was sold. 显示监管链。"""
    from h2corridor.app.custody import show_custody
    from h2corridor.console.custody_text import print_custody

    found = show_custody(workspace, sales)
    print_json(found) if as_json else print_custody(found, read_language(language), sys.stdout)
