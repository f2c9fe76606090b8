"""The report over many shipments, from chain documents, a table or the last run of a workspace; or on hydrogen."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import typer

from h2corridor.cli.assess import Categories, FactorFiles
from h2corridor.cli.options import Language, read_language
from h2corridor.cli.uncertainty import RangesFile
from h2corridor.model.errors import UsageError

_Choice = TypeVar("_Choice", bound=str)
_FORMS: tuple[Literal["html", "pdf", "json", "text"], ...] = ("html", "pdf", "json", "text")
_WAYS: tuple[Literal["shipment", "carrier", "lane", "month"], ...] = ("shipment", "carrier", "lane", "month")
_ASKED_FOR: tuple[Literal["EU"], ...] = ("EU",)

Documents = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Transport chains or hydrogen productions (JSON), or one table (.csv). 运输链、制氢数据或货物表。"
    ),
]
FromCountry = Annotated[str | None, typer.Option(help="Where the services start, ISO 3166-1 alpha-2. 起点国家代码。")]


def report(  # noqa: PLR0917 - a command's parameters are its options, given by name
    documents: Documents = None,
    categories: Categories = None,
    workspace: Annotated[Path | None, typer.Option(help="The chains of its last run. 工作区最近一次运行。")] = None,
    rule_set: Annotated[str, typer.Option("--rules", help="ID[@EDITION]. 规则集。")] = "iso14083",
    form: Annotated[str, typer.Option("--format", help="html, pdf, json or text. 格式。")] = "text",
    by: Annotated[str, typer.Option(help="shipment, carrier, lane or month. 汇总方式。")] = "shipment",
    out: Annotated[Path | None, typer.Option(help="Where it goes; PDF needs it. 输出文件。")] = None,
    from_country: FromCountry = None,
    to_country: Annotated[str | None, typer.Option(help="Where they end, likewise. 终点国家代码。")] = None,
    ranges: RangesFile = None,
    factor_files: FactorFiles = None,
    asked_for: Annotated[str | None, typer.Option("--for", help="For whom it is: EU. 报告对象。")] = None,
    language: Language = "",
) -> None:
    """Report the emissions of many shipments, or of plants' hydrogen, with footprints. 出具运输或氢气的排放报告。"""
    from h2corridor.accounting.reporting import Asked
    from h2corridor.app.emission_report import report_emissions
    from h2corridor.app.hydrogen_report import reads_hydrogen, report_hydrogen
    from h2corridor.console.emission_report import emission_form
    from h2corridor.console.hydrogen_report import hydrogen_form

    spoken = read_language(language)
    chosen = _chosen("--format", form, _FORMS)
    if chosen == "pdf" and out is None:
        raise UsageError("report.no-file", "a PDF needs a file to go to.", next_step="Name it with --out.")
    if reads_hydrogen(rule_set):
        options = {"--categories": categories, "--workspace": workspace, "--ranges": ranges, "--for": asked_for}
        options |= {"--from-country": from_country, "--to-country": to_country}
        _refuse_for_hydrogen({**options, "--by": None if by == "shipment" else by})
        of_plants = report_hydrogen(documents or (), rule_set, factors=factor_files or ())
        _show(hydrogen_form(of_plants, chosen, spoken), out, spoken)
        return
    asked = Asked(
        by=_chosen("--by", by, _WAYS),
        from_country=_country("--from-country", from_country),
        to_country=_country("--to-country", to_country),
        asked_for=None if asked_for is None else _chosen("--for", asked_for, _ASKED_FOR),
    )
    made = report_emissions(
        documents or (),
        rule_set,
        categories=categories,
        workspace=workspace,
        ranges=ranges,
        factors=factor_files or (),
        asked=asked,
    )
    _show(emission_form(made, chosen, spoken), out, spoken)


def _refuse_for_hydrogen(options: Mapping[str, object]) -> None:
    """Refuse what is asked of shipments alone: a cut, countries, ranges, a workspace."""
    for name, given in options.items():
        if given is not None:
            fault = "a report on hydrogen takes hydrogen productions and nothing else."
            next_step = "Leave the option out, or name a rule set for transport chains."
            raise UsageError("report.hydrogen-alone", fault, where=name, next_step=next_step)


def _show(data: bytes, out: Path | None, spoken: Literal["zh", "en"]) -> None:
    if out is None:
        sys.stdout.write(data.decode())
    else:
        _write(out, data)
        from h2corridor.console.texts import text

        sys.stdout.write(f"{text('er-written', spoken, path=out)}\n")


def _chosen(option: str, given: str, known: tuple[_Choice, ...]) -> _Choice:
    found = next((each for each in known if each == given), None)
    if found is None:
        fault = f"expected one of {', '.join(known)}, came {given!r}."
        raise UsageError("report.choice", fault, where=option, next_step="Choose one of them.")
    return found


def _country(option: str, given: str | None) -> str | None:
    if given is not None and not (len(given) == 2 and given.isascii() and given.isalpha() and given.isupper()):
        fault = f"expected two capital letters, came {given!r}."
        raise UsageError("report.country", fault, where=option, next_step="Write it as in ISO 3166-1: CN, DE.")
    return given


def _write(path: Path, data: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        fault = "it is there already."
        raise UsageError("cli.file-exists", fault, about=str(path), next_step="Choose another name.") from error
    except OSError as error:
        fault = f"cannot be written: {error.strerror}."
        next_step = "Name a file in a folder that is there."
        raise UsageError("cli.no-folder", fault, about=str(path), next_step=next_step) from error
