"""Commands about recognition records: `h2corridor recognition list | check | sign`, and what `assess` asks of them."""

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from h2corridor.cli.options import AsJson, Language, print_json, read_language
from h2corridor.model.errors import UsageError

if TYPE_CHECKING:
    from h2corridor.accounting.assessment import Assessment
    from h2corridor.accounting.recognition import RecognitionStatus

recognition = typer.Typer(
    help="What a figure counts as elsewhere: recognition records. 承认记录：数值在别处算什么。", no_args_is_help=True
)

_Files = Annotated[list[Path], typer.Argument(help="Records: JSON or signed notes, or folders. 记录文件或文件夹。")]
To = Annotated[str | None, typer.Option("--to", help="Place or scheme where it is to count. 目的地或制度。")]
From = Annotated[str | None, typer.Option("--from", help="Place or scheme of origin. 来源地或制度。")]
On = Annotated[str | None, typer.Option("--on", help="Day asked about, YYYY-MM-DD. 所问日期。")]
Keys = Annotated[Path | None, typer.Option("--keys", help="Keys that count for signed records. 认可的公钥列表。")]
Profile = Annotated[Path | None, typer.Option("--profile", help="A profile of the rules, draft or note. 条款书文件。")]
Sector = Annotated[str | None, typer.Option("--sector", help="Sector, as records name it. 行业。")]
Lane = Annotated[str | None, typer.Option("--lane", help="Lane, as records name it. 线路。")]
Records = Annotated[
    list[Path] | None, typer.Option("--recognition", help="Recognition records, repeatable. 承认记录，可重复。")
]


@recognition.command("list")
def recognition_list(files: _Files, keys: Keys = None, as_json: AsJson = False, language: Language = "") -> None:
    """List records: from, to, subject, kind, instrument, validity. 列出记录。"""
    from h2corridor.app.recognition import read_records
    from h2corridor.console.recognition_text import print_records

    found = read_records(files, keys)
    if as_json:
        print_json([{"digest": each.digest, "signed_by": each.signed_by, "record": each.record} for each in found])
    else:
        print_records(found, read_language(language), sys.stdout)


@recognition.command("check")
def recognition_check(  # noqa: PLR0917 - a command's parameters are its options, given by name
    files: _Files,
    rules: Annotated[str, typer.Option("--rules", help="ID[@EDITION] of the figure. 规则集。")],
    from_place: Annotated[str, typer.Option("--from", help="Place or scheme of origin. 来源地或制度。")],
    to_place: Annotated[str, typer.Option("--to", help="Place or scheme where it is to count. 目的地或制度。")],
    on: Annotated[str, typer.Option("--on", help="Day asked about, YYYY-MM-DD. 所问日期。")],
    profile: Profile = None,
    sector: Sector = None,
    lane: Lane = None,
    boundary: Annotated[
        Literal["well_to_wheel", "tank_to_wheel"] | None, typer.Option(help="Boundary of the figure. 数值的边界。")
    ] = None,
    keys: Keys = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Say what records declare about figures of an edition on a day. 按日期查询承认情况。"""
    from h2corridor.app.recognition import ask, name_rules, read_records
    from h2corridor.console.recognition_text import print_status

    status = ask(
        read_records(files, keys),
        name_rules(rules),
        on=read_day(on),
        to_place=to_place,
        from_place=from_place,
        profile=profile,
        sector=sector,
        lane=lane,
        boundary=boundary,
    )
    print_json(status) if as_json else print_status(status, read_language(language), sys.stdout)


@recognition.command("sign")
def recognition_sign(
    file: Annotated[Path, typer.Argument(help="A record, JSON. 记录文件。")],
    key: Annotated[Path, typer.Option("--key", help="File of your key, made by `sign key`. 密钥文件。")],
    out: Annotated[Path, typer.Option(help="Folder for the signed note. 签名文件所在文件夹。")],
    as_json: AsJson = False,
) -> None:
    """Sign a record: you stand for what it says. 签署记录。"""
    from h2corridor.app.recognition import sign_record
    from h2corridor.app.sign import read_supplier_key

    written = sign_record(file, out, read_supplier_key(key))
    print_json({"file": str(written)}) if as_json else sys.stdout.write(f"{written}\n")


def find_status(
    result: "Assessment",
    records: list[Path] | None,
    *,
    to_place: str | None,
    from_place: str | None,
    on: str | None,
    sector: str | None,
    lane: str | None,
    profile: Path | None,
    keys: Path | None,
) -> "RecognitionStatus | None":
    """What records say about an assessed figure; None where nobody asked.

    Raises
    ------
    UsageError
        `cli.recognition`: records without the origin or the place where it is to count, or what narrows a question
        that was not asked.
    """
    if not records and to_place is None and not any((from_place, on, sector, lane, profile, keys)):
        return None
    if not records or to_place is None or from_place is None:
        next_step = "Give --recognition FILE, --from PLACE and --to PLACE together; other options narrow the question."
        fault = "the question about recognition is not whole: it needs records, the origin and where it is to count."
        raise UsageError("cli.recognition", fault, next_step=next_step)
    from h2corridor.app.recognition import read_records, recognition_of

    return recognition_of(
        result,
        read_records(records, keys),
        to_place=to_place,
        from_place=from_place,
        on=None if on is None else read_day(on),
        sector=sector,
        lane=lane,
        profile=profile,
    )


def refuse_question(about: str, *asked: object) -> None:
    """Refuse a question about recognition beside a table, whose shipments each have a date, or beside hydrogen, which
    has no well-to-wheel figure (UsageError)."""
    if any(asked):
        next_step = "Ask with `h2corridor recognition check`, or about one transport chain."
        raise UsageError("cli.recognition", f"{about} has no one answer.", next_step=next_step)


def read_day(text: str) -> datetime.date:
    """A day as YYYY-MM-DD; UsageError `cli.day` otherwise."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise UsageError("cli.day", f"expected a day, came {text}.", next_step="Write it as 2026-03-02.")
    return day
