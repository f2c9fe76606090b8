"""The column table of the trial data set, typed: what each file must hold and what each cell becomes.

The table itself is data (`trial_format.toml`); nothing about a column is written anywhere else.
"""

from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from h2corridor.model.findings import Severity
from h2corridor.model.trial import TrialFacts

Kind = Literal["text", "word", "decimal", "quantity", "whole", "instant", "day"]
INTEGER_DIGITS_MAX = 12
_MOST = Decimal(10) ** INTEGER_DIGITS_MAX - 1


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One column: how its cells are read, what an empty or dangling one means, and what it says in two languages."""

    name: str
    kind: Kind
    en: str
    zh: str
    field: str = ""
    scale: int = 0
    low: Decimal | None = None
    high: Decimal = _MOST
    allowed: tuple[str, ...] = ()
    unknown: Severity = "warning"
    optional: bool = False
    empty: Severity | Literal["row"] | None = None
    by: str = ""
    refers: str = ""
    dangling: Severity = "warning"
    drops: bool = False

    @property
    def model_field(self) -> str:
        """The field of the model that the cell fills."""
        return self.field or self.name

    @property
    def lowest(self) -> Decimal:
        """The least value allowed; a quantity is not negative unless the table says so."""
        if self.low is not None:
            return self.low
        return -_MOST if self.kind == "decimal" else Decimal(0)


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of the data set."""

    file: str
    facts: str
    keys: tuple[tuple[str, ...], ...]
    spans: tuple[tuple[str, str], ...] = ()
    absent: Severity
    by: str
    row_en: str
    row_zh: str
    columns: tuple[Column, ...]

    @property
    def row_type(self) -> type[msgspec.Struct]:
        """The model class of one row."""
        return _row_types()[self.facts]


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    table: tuple[Table, ...]


@cache
def list_tables() -> tuple[Table, ...]:
    """Every file of trial data set format 1, in the order of the format."""
    content = files(__package__ or "h2corridor.intake").joinpath("trial_format.toml").read_bytes()
    return msgspec.toml.decode(content, type=_File).table


@cache
def _row_types() -> dict[str, type[msgspec.Struct]]:
    hints = {each.name: each.type for each in msgspec.structs.fields(TrialFacts) if each.name != "trial"}
    return {name: hint.__args__[0] for name, hint in hints.items()}


def columns_markdown() -> str:
    """The tables of the reference page (`docs/reference/trial-format.md`), made from the column table."""
    lines: list[str] = []
    for table in list_tables():
        lines += [f"## {table.file}", "", f"One row is {table.row_en}. 一行为{table.row_zh}。", ""]
        lines += ["| column | read as | empty cell | meaning | 含义 |", "|---|---|---|---|---|"]
        lines += [_markdown_row(column) for column in table.columns]
        lines += ["", f"Without the file: {table.absent}. {_markdown_keys(table)}", ""]
    return "\n".join(lines)


def _markdown_row(column: Column) -> str:
    mark = "?" if column.optional else ""
    empty = {None: "not supplied", "row": "blocking, row set aside"}.get(column.empty, str(column.empty))
    read_as = ", ".join(
        part for part in (_markdown_kind(column), column.refers and f"found in {column.refers}") if part
    )
    return f"| `{column.name}`{mark} | {read_as} | {empty} | {column.en} | {column.zh} |"


def _markdown_kind(column: Column) -> str:
    if column.allowed:
        return "one of " + ", ".join(f"`{word}`" for word in column.allowed)
    if column.kind == "quantity":
        return f"number in steps of {Decimal(1).scaleb(-column.scale):f}"
    return {"text": "text", "decimal": "number", "whole": "whole number", "instant": "time with offset"}.get(
        column.kind, column.kind
    )


def _markdown_keys(table: Table) -> str:
    keys = "; ".join(", ".join(f"`{name}`" for name in key) for key in table.keys)
    return f"No two rows share {keys}." if keys else "Rows may repeat."
