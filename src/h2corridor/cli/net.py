"""The command that nets a trial's period."""

import sys
from typing import Annotated

import typer

from h2corridor.cli.options import AsJson, Language, WorkspaceFolder, print_json, read_language


def trial_net(
    workspace: WorkspaceFolder,
    method: Annotated[str, typer.Option(help="A comparison of the report. 比较方法。")] = "same-service-diesel",
    stated: Annotated[
        list[str] | None,
        typer.Option(help="CONSIGNMENT=KGCO2E for one without a figure, at most 0, repeatable. 无数值时的保守值。"),
    ] = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Net the differences of all shipments over the period, with every kilometre. 计算整个时期的净差额。"""
    from h2corridor.app.net import net_trial

    found = net_trial(workspace, method=method, stated=stated or ())
    if as_json:
        print_json(found)
    else:
        from h2corridor.console.net_text import print_net

        print_net(found, read_language(language), sys.stdout)
