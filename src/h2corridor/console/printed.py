"""What every printed report is made with: sections as one self-contained page, as PDF and as plain text."""

import base64
import hashlib
import importlib
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import IO

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from rich import box
from rich.console import Console
from rich.table import Table as ConsoleTable

from h2corridor.console.texts import Language, text
from h2corridor.model.errors import UsageError

_FONT_PACKAGE = "pylopdf_fonts_zh_cn"
_TEXT_WIDTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells under their heads; `wide` are the shares of the width, `tall` leaves room to sign and stamp."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wide: tuple[int, ...]
    tall: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A numbered part of the report: paragraphs, then charts, then tables."""

    title: str
    texts: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What a report says before its first section; `digest` is that of the document it was made from."""

    kind: str
    title: str
    subject: str
    period: str
    facts: tuple[tuple[str, str], ...]
    digest_label: str
    digest: str
    product: str


def printed_form(front: Front, sections: Sequence[Section], form: str, language: Language) -> bytes:
    """A report as `html`, `pdf` or `text`.

    Raises
    ------
    UsageError
        `trial.pdf-absent`: the extra that makes PDF is not installed.
    """
    if form == "pdf":
        return pdf_document(front, sections, language)
    if form == "html":
        return html_page(front, sections, language).encode()
    stream = io.StringIO()
    write_text(front, sections, language, stream)
    return stream.getvalue().encode()


def html_page(front: Front, sections: Sequence[Section], language: Language) -> str:
    """The report as one self-contained page for A4: no script, nothing asked of any network."""
    return (
        _environment()
        .get_template("printed.html.j2")
        .render(
            language=language,
            colon=text("colon", language),
            style=Markup(_style()),
            policy=_policy(),
            front=front,
            sections=sections,
            markup=Markup,
        )
    )


def pdf_document(front: Front, sections: Sequence[Section], language: Language) -> bytes:
    """The report as PDF: A4, fonts embedded, charts as vectors, page numbers, bookmarks; the same bytes every time.

    Raises
    ------
    UsageError
        `trial.pdf-absent`: the extra that makes PDF is not installed.
    """
    try:
        typst, fonts = importlib.import_module("typst"), importlib.import_module(_FONT_PACKAGE)
    except ImportError as error:
        next_step = (
            "Install the extra `pdf` (in a clone: `pip install ./packages/h2verify '.[pdf]'`), or ask for HTML alone "
            "(`trial report --no-pdf`, `report --format html`)."
        )
        raise UsageError("trial.pdf-absent", "PDF needs the extra `pdf`.", next_step=next_step) from error
    data = {
        "language": language,
        "front": asdict(front),
        "sections": [asdict(each) for each in sections],
        "page": text("tr-page", language),
    }
    source = resources.files("h2corridor.console").joinpath("templates/printed.typ").read_bytes()
    folder = str(fonts.__path__[0])
    made: bytes = typst.compile(
        source,
        font_paths=[folder],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=datetime(2000, 1, 1, tzinfo=UTC),
    )
    return made


def write_text(front: Front, sections: Sequence[Section], language: Language, file: IO[str]) -> None:
    """The report without charts, for a terminal."""
    console = Console(
        file=file, width=None if file.isatty() else _TEXT_WIDTH, highlight=False, markup=False, soft_wrap=True
    )
    console.print(front.title)
    for line in (front.subject, front.period):
        if line:
            console.print(line)
    for label, value in front.facts:
        console.print(f"{label}{text('colon', language)}{value}")
    for number, section in enumerate(sections, 1):
        console.print(f"\n{number} {section.title}")
        for paragraph in section.texts:
            console.print(paragraph.replace("`", ""))
        for table in section.tables:
            shown = ConsoleTable(box=box.SIMPLE)
            for head, wide in zip(table.head, table.wide, strict=True):
                shown.add_column(head, overflow="fold", ratio=wide)
            for row in table.rows:
                shown.add_row(*row)
            console.print(shown)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("h2corridor.console", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    return resources.files("h2corridor.console").joinpath("css/printed.css").read_text(encoding="utf-8")


@cache
def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
