"""The calculator: one transport chain or hydrogen production, or a table of shipments."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
import typer

from h2corridor.cli.options import AsJson, Language, print_json, read_language
from h2corridor.cli.recognition import From, Keys, Lane, On, Profile, Records, Sector, To, find_status, refuse_question
from h2corridor.cli.uncertainty import Draws, RangesFile, Seed, find_intervals, read_simulation, refuse_ranges
from h2corridor.model.errors import UsageError

if TYPE_CHECKING:
    from h2corridor.accounting.assessment import Assessment
    from h2corridor.accounting.intervals import ShownInterval
    from h2corridor.accounting.production.results import ProductionAssessment
    from h2corridor.accounting.recognition import RecognitionStatus


Document = Annotated[
    Path | None,
    typer.Argument(
        help="A transport chain or hydrogen production (JSON), or a table of shipments (.csv). "
        "运输链、制氢数据或货物表。"
    ),
]
RuleSet = Annotated[str, typer.Option("--rules", help="ID[@EDITION]. 规则集。")]
Categories = Annotated[Path | None, typer.Option(help="Of a table: its categories (JSON). 货物表的运营类别文件。")]
Out = Annotated[Path | None, typer.Option(help="Of a table: where its results go (CSV). 结果文件。")]
Elements = Annotated[
    Path | None, typer.Option(help="Of a table: where the results by element go (CSV). 按运输链要素的结果文件。")
]
FactorFiles = Annotated[
    list[Path] | None,
    typer.Option("--factors", help="Your own factor file, asked before the rule set; repeatable. 自有因子文件。"),
]
Explain = Annotated[bool, typer.Option("--explain", help="Write the calculation as by hand. 写出手工推导过程。")]
Schema = Annotated[
    bool, typer.Option("--schema", help="Print the JSON schema of what the rule set reads. 输出格式定义。")
]
Example = Annotated[str | None, typer.Option(help="Print an example to begin with; `list` names them. 输出示例。")]


def assess(  # noqa: PLR0917 - a command's parameters are its options, given by name
    document: Document = None,
    rule_set: RuleSet = "iso14083",
    categories: Categories = None,
    out: Out = None,
    elements: Elements = None,
    factor_files: FactorFiles = None,
    explain: Explain = False,
    schema: Schema = False,
    example: Example = None,
    records: Records = None,
    to_place: To = None,
    from_place: From = None,
    on: On = None,
    sector: Sector = None,
    lane: Lane = None,
    profile: Profile = None,
    keys: Keys = None,
    ranges: RangesFile = None,
    draws: Draws = None,
    seed: Seed = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Assess a transport chain, a table of many shipments, or a plant's hydrogen. 计算运输链、货物表或制氢数据。"""
    from h2corridor.accounting.assessment import Assessment
    from h2corridor.app.assess_document import assess_document
    from h2corridor.app.assess_table import is_table

    if schema or example is not None:
        from h2corridor.app.examples import example_document, schema_document
        from h2corridor.app.rules import get_rule_set

        read = get_rule_set(rule_set).header.document if schema else ""
        sys.stdout.write(schema_document(read) if schema else example_document(example or ""))
        return
    if document is None:
        next_step = "Name a file, or begin with `h2corridor assess --example list`."
        raise UsageError("cli.no-document", "there is nothing to assess.", next_step=next_step)
    spoken = read_language(language)
    simulation = read_simulation(draws, seed)
    question = (records, to_place, from_place, on, sector, lane, profile, keys)
    if is_table(document):
        from h2corridor.cli.assess_table import assess_shipments

        _refuse_idle("a table", {"--explain": explain, "--json beside --out": as_json and out})
        refuse_question("a table of shipments", *question)
        refuse_ranges(ranges, simulation, "a table of shipments")
        given = (document, categories, rule_set, out, elements, factor_files or (), spoken)
        return assess_shipments(*given, as_json=as_json)
    _refuse_idle("one document", {"--out": out, "--elements": elements, "--categories": categories})
    result = assess_document(document, rule_set, factors=factor_files or ())
    if not isinstance(result, Assessment):
        refuse_question("a hydrogen production", *question)
        refuse_ranges(ranges, simulation, "a hydrogen production")
        return _say(result, None, None, spoken, explain=explain, as_json=as_json)
    narrowed = {"from_place": from_place, "on": on, "sector": sector, "lane": lane}
    counts_as = find_status(result, records, profile=profile, keys=keys, to_place=to_place, **narrowed)
    intervals = find_intervals(result, ranges, rule_set, factor_files or (), simulation)
    return _say(result, counts_as, intervals, spoken, explain=explain, as_json=as_json)


def _refuse_idle(about: str, options: Mapping[str, object]) -> None:
    """Refuse options that would do nothing (UsageError `cli.idle-option`)."""
    idle = [name for name, value in options.items() if value]
    if idle:
        fault = f"{', '.join(idle)} does nothing for {about}."
        raise UsageError("cli.idle-option", fault, next_step="Leave it out; a table of shipments is a .csv file.")


def _say(
    result: "Assessment | ProductionAssessment",
    counts_as: "RecognitionStatus | None",
    intervals: "tuple[ShownInterval, ...] | None",
    spoken: Literal["zh", "en"],
    *,
    explain: bool,
    as_json: bool,
) -> None:
    """Print a result, and where somebody asked what records say about it and the intervals of its figures."""
    from h2corridor import __version__
    from h2corridor.cli.assessed import print_assessed
    from h2corridor.console.recognition_text import print_status
    from h2corridor.console.uncertainty_text import print_intervals

    if as_json and not explain:
        asked = {"recognition": counts_as, "uncertainty": intervals}
        more = {key: each for key, each in asked.items() if each is not None}
        print_json({**msgspec.to_builtins(result), "software": f"h2corridor {__version__}", **more})
        return
    print_assessed(result, spoken, explain=explain)
    if counts_as is not None:
        print_status(counts_as, spoken, sys.stdout)
    if intervals is not None:
        print_intervals(intervals, spoken, sys.stdout, with_bars=explain)
