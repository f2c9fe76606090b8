from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from h2verify.errors import CanonicalError
from h2verify.table import table_digest as plain_digest
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.evidence.table_digest import digest_batches, table_digest

INTEGERS = st.none() | st.integers(-(2**63), 2**63 - 1)
TEXTS = st.none() | st.text(max_size=6)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[Any]]:
    rows = draw(st.integers(0, 12))
    columns = draw(st.dictionaries(st.text(min_size=1, max_size=3), st.sampled_from([INTEGERS, TEXTS]), max_size=4))
    return {name: draw(st.lists(values, min_size=rows, max_size=rows)) for name, values in columns.items()}


@given(tables(), st.integers(1, 5))
@settings(max_examples=80, deadline=None)
def test_arrow_columns_in_any_batches_have_the_digest_of_the_plain_values(
    columns: dict[str, list[Any]], batch_rows: int
) -> None:
    table = pa.table(columns)

    assert plain_digest(columns) == table_digest(table) == table_digest(columns)
    if columns:
        batches = table.to_batches(max_chunksize=batch_rows)

        assert plain_digest(columns) == digest_batches(batches, table.column_names)


def test_numpy_columns_of_any_width_have_the_digest_of_their_integers() -> None:
    expected = plain_digest({"a": [1, 2, 255], "b": [-1, 0, 1]})

    assert expected == table_digest({"a": np.array([1, 2, 255], "u1"), "b": np.array([-1, 0, 1], ">i4").astype("i8")})


def test_the_encoding_of_a_column_does_not_count() -> None:
    expected = plain_digest({"n": [7, None], "t": ["x", None]})
    sums = pa.array([Decimal(7), None], pa.decimal128(38, 0))
    for texts in (
        pa.array(["x", None]),
        pa.array(["x", None], pa.large_string()),
        pa.array(["x", None]).dictionary_encode(),
        pa.array(["skipped", "x", None])[1:],
        pa.chunked_array([["x"], pa.array([None], pa.string())]),
    ):
        assert expected == table_digest({"n": sums, "t": texts})


@pytest.mark.parametrize(
    ("column", "code"),
    [
        (np.array([1.0]), "table.type"),
        (pa.array([True]), "table.type"),
        (pa.array([2**64 - 1], pa.uint64()), "table.range"),
        (pa.array([Decimal("1.5")]), "table.type"),
        (pa.array([0], pa.timestamp("ms")), "table.type"),
        ([1, "a"], "table.type"),
    ],
)
def test_what_the_plain_digest_refuses_is_refused(column: Any, code: str) -> None:
    with pytest.raises(CanonicalError) as refused:
        table_digest({"a": column})

    assert code == refused.value.code


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(CanonicalError) as refused:
        table_digest({"a": [1], "b": [1, 2]})

    assert "table.shape" == refused.value.code
