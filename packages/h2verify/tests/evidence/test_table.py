import doctest
import hashlib
from typing import Any

import pytest
from h2verify import table
from h2verify.canonical import encode
from h2verify.errors import CanonicalError
from h2verify.table import TableDigest, table_digest

COLUMNS: dict[str, Any] = {
    "vin": ["LNXTEST0000000001", None, "", "川A12345"],
    "row": [1, -2, None, 2**63 - 1],
    "nothing": [None, None, None, None],
}


def test_the_digest_is_the_documented_one_written_out_by_hand() -> None:
    row = b"\x01" + b"\x01" + bytes(7) + b"\x01\xfe" + b"\xff" * 7 + bytes(9) + b"\x01" + b"\xff" * 7 + b"\x7f"
    plate = "川A12345".encode()
    vin = b"\x01\x11" + bytes(7) + b"LNXTEST0000000001" + bytes(9) + b"\x01" + bytes(8) + b"\x01\x09" + bytes(7) + plate
    digests = [
        ["nothing", "null", hashlib.sha256(bytes(36)).hexdigest()],
        ["row", "int64", hashlib.sha256(row).hexdigest()],
        ["vin", "text", hashlib.sha256(vin).hexdigest()],
    ]
    expected = hashlib.sha256(encode({"columns": digests, "rows": 4})).hexdigest()

    assert expected == table_digest(COLUMNS)


def test_batches_give_the_digest_of_the_whole() -> None:
    digest = TableDigest(COLUMNS)
    for at in range(4):
        digest.update({name: values[at : at + 1] for name, values in COLUMNS.items()})

    assert table_digest(COLUMNS) == digest.hexdigest()


@pytest.mark.parametrize(
    "changed",
    [
        {"row": [1, -2, 0, 2**63 - 1]},
        {"row": [-2, 1, None, 2**63 - 1]},
        {"vin": ["LNXTEST0000000001", "", None, "川A12345"]},
        {"nothing": [None, None, None, 0]},
        {"more": [None, None, None, None]},
    ],
)
def test_every_change_of_content_changes_the_digest(changed: dict[str, Any]) -> None:
    assert table_digest(COLUMNS) != table_digest(COLUMNS | changed)


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"a": [1, "1"]}, "table.type"),
        ({"a": [1.0]}, "table.type"),
        ({"a": [True]}, "table.type"),
        ({"a": [2**63]}, "table.range"),
        ({"a": [1], "b": [1, 2]}, "table.shape"),
    ],
)
def test_what_has_no_one_form_is_refused(columns: dict[str, Any], code: str) -> None:
    with pytest.raises(CanonicalError) as refused:
        table_digest(columns)

    assert code == refused.value.code


def test_a_column_may_not_change_its_type_between_batches() -> None:
    digest = TableDigest(["a"])
    digest.update({"a": [1]})
    with pytest.raises(CanonicalError) as refused:
        digest.update({"a": ["1"]})

    assert "table.type" == refused.value.code


def test_the_example_in_the_documentation_is_real() -> None:
    assert (0, 1) == doctest.testmod(table)[:2]
