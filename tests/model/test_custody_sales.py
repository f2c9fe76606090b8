"""A file of sales is read whole or refused with the place of its fault."""

import json
from typing import Any

import pytest

from h2corridor.model.custody_sales import SALES_MAX, decode_sales
from h2corridor.model.errors import InputError

SALE = {
    "sale": "S1",
    "batch": "B1",
    "sold_at": "2026-03-10T10:00:00+08:00",
    "mass_kg": "30.5",
    "buyer": "X",
    "instrument": "GO-1",
    "source": "registry",
}


def document(*sales: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"format": "attribute-sale/1", "sales": list(sales), **more}).encode()


def test_a_sale_is_read_in_milligrams_and_seconds() -> None:
    (sale,) = decode_sales(document(SALE), about="sales.json")

    assert (30_500_000, 1_773_108_000) == (sale.mass_mg, sale.sold_at_s)


def test_a_file_without_sales_is_a_file() -> None:
    assert () == decode_sales(document(), about="sales.json")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"mass_kg": 30}, "$.sales[0].mass_kg"),
        ({"mass_kg": "-1"}, "$.sales[0].mass_kg"),
        ({"mass_kg": "1.0000001"}, "$.sales[0].mass_kg"),
        ({"mass_kg": "0.000"}, "$.sales[0].mass_kg"),
        ({"sold_at": "2026-03-10T10:00:00"}, "$.sales[0].sold_at"),
        ({"sold_at": "2026-03-10"}, "$.sales[0].sold_at"),
        ({"buyer": ""}, "$.sales[0].buyer"),
        ({"source": ""}, "$.sales[0].source"),
        ({"more": "1"}, "$.sales[0]"),
    ],
    ids=str,
)
def test_a_field_that_cannot_stand_there_is_refused_at_its_place(change: dict[str, Any], where: str) -> None:
    with pytest.raises(InputError) as caught:
        decode_sales(document({**SALE, **change}), about="sales.json")

    assert ("sale.shape", "sales.json", where) == (caught.value.code, caught.value.about, caught.value.where)
    assert caught.value.next_step


@pytest.mark.parametrize("name", sorted(SALE))
def test_no_field_may_be_left_out(name: str) -> None:
    with pytest.raises(InputError) as caught:
        decode_sales(document({key: value for key, value in SALE.items() if key != name}), about="sales.json")

    assert "sale.shape" == caught.value.code


@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff", b'{"format":"attribute-sale/1","format":"attribute-sale/1","sales":[]}']
)
def test_what_is_no_json_document_is_refused(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        decode_sales(data, about="sales.json")

    assert "sale.unreadable" == caught.value.code


@pytest.mark.parametrize(
    "data",
    [b"[]", document(format="attribute-sale/2"), document(*[SALE] * (SALES_MAX + 1))],
    ids=["list", "format", "many"],
)
def test_what_is_no_file_of_sales_is_refused(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        decode_sales(data, about="sales.json")

    assert "sale.shape" == caught.value.code
