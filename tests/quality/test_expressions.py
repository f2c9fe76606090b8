"""How large the expressions of checks become where an engine writes every name out: a cluster's planner does."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import ibis.expr.operations as ops
import pytest
from made_frames import driving_frames

from h2corridor.activity.readings import Table
from h2corridor.app.testing import check_expressions
from h2corridor.quality import table_checks

NODES_MAX = 5_000
CODES = [*table_checks(), "jumps", "logins"]


@pytest.mark.parametrize("code", CODES)
def test_an_expression_stays_small_when_its_names_are_written_out(frame_tables: Any, code: str) -> None:
    expression = check_expressions(frame_tables.of(driving_frames(3), 2016, 1))[code]

    assert max(map(_written_out, _values(expression)), default=0) <= NODES_MAX


def _values(expression: Table) -> Iterator[ops.Value]:
    for relation in expression.op().find(ops.Relation):
        if isinstance(relation, ops.Project):
            yield from relation.values.values()
        elif isinstance(relation, ops.Filter):
            yield from relation.predicates


@cache
def _written_out(value: ops.Value) -> int:
    """Count the nodes of a value with what its names stand for, down to windows, joins and tables."""
    if not isinstance(value, ops.Field):
        return 1 + sum(_written_out(child) for child in value.__children__ if isinstance(child, ops.Value))
    if isinstance(value.rel, (ops.Filter, ops.Sort)):
        return _written_out(ops.Field(value.rel.parent, value.name))
    if isinstance(value.rel, ops.Project) and not _is_windowed(value.rel.values[value.name]):
        return _written_out(value.rel.values[value.name])
    return 1


def _is_windowed(value: ops.Value) -> bool:
    children = (child for child in value.__children__ if isinstance(child, ops.Value))
    return isinstance(value, ops.WindowFunction) or any(map(_is_windowed, children))
