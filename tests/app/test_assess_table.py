"""A table of shipments goes from files to files: results in the order of the table, refusals beside them."""

import csv
import gzip
import io
from pathlib import Path

import pytest

from h2corridor.app.assess import assess_file
from h2corridor.app.assess_document import assess_document
from h2corridor.app.assess_table import assess_table, write_results
from h2corridor.app.examples import example_document, list_examples, schema_document
from h2corridor.model.chain import chain_schema
from h2corridor.model.errors import InputError, UsageError


@pytest.fixture
def categories(tmp_path: Path) -> Path:
    path = tmp_path / "categories.json"
    path.write_text(example_document("shipments-categories"), encoding="utf-8")
    return path


def test_results_stand_in_the_order_of_the_table_with_a_row_an_element_beside_them(
    tmp_path: Path, categories: Path
) -> None:
    table = tmp_path / "legs.csv"
    table.write_text(example_document("shipments.csv"), encoding="utf-8")
    shipments, elements = io.StringIO(), io.StringIO()
    totals = write_results(assess_table(table, categories, "iso14083@2023.1"), shipments, elements)
    rows = list(csv.DictReader(io.StringIO(shipments.getvalue())))
    parts = list(csv.DictReader(io.StringIO(elements.getvalue())))

    assert (3, 8, ()) == (totals.shipments, totals.elements, totals.refused)
    assert [("S1", "316.625"), ("S2", "54.43312875"), ("S3", "193.68")] == [
        (row["shipment_id"], row["wtw_kgco2e"]) for row in rows
    ]
    assert ("75.075", "500") == (parts[0]["wtw_kgco2e"], parts[0]["transport_activity_tkm"])


def test_a_packed_table_is_read_and_a_damaged_one_refused(tmp_path: Path, categories: Path) -> None:
    packed = gzip.compress(example_document("shipments.csv").encode())
    whole, damaged = tmp_path / "whole.csv.gz", tmp_path / "damaged.csv.gz"
    whole.write_bytes(packed)
    damaged.write_bytes(packed[:-9])

    assert 3 == len(assess_table(whole, categories, "iso14083"))
    with pytest.raises(InputError) as caught:
        assess_table(damaged, categories, "iso14083")
    assert "shipments.unreadable" == caught.value.code


def test_a_table_without_categories_and_bytes_that_are_no_text_are_refused(tmp_path: Path, categories: Path) -> None:
    table = tmp_path / "legs.csv"
    table.write_bytes(b"shipment_id,mass_kg\n\xff\xfe,1\n")
    with pytest.raises(InputError) as unnamed:
        assess_table(table, None, "iso14083")
    with pytest.raises(InputError) as unreadable:
        assess_table(table, categories, "iso14083")

    assert ["shipments.no-categories", "shipments.unreadable"] == [unnamed.value.code, unreadable.value.code]


@pytest.mark.parametrize("name", ["legs.xlsx", "legs.csv"])
@pytest.mark.parametrize("begins", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_a_workbook_is_refused_with_the_advice_to_save_it_as_csv(
    tmp_path: Path, categories: Path, name: str, begins: bytes
) -> None:
    table = tmp_path / name
    table.write_bytes(begins + b"\x14\x00")
    with pytest.raises(InputError) as caught:
        assess_table(table, categories, "iso14083")
    for rules in ("iso14083", "iso-19870-1"):
        with pytest.raises(InputError, match=r"^assess\.workbook"):
            assess_document(table, rules)

    assert ("assess.workbook", True) == (caught.value.code, "CSV in UTF-8" in caught.value.next_step)


def test_every_example_that_is_a_chain_is_assessed(tmp_path: Path) -> None:
    chains = [name for name in list_examples() if '"transport-chain/1"' in example_document(name)]
    for name in chains:
        path = tmp_path / f"{name}.json"
        path.write_text(example_document(name), encoding="utf-8")

        assert assess_file(path, "iso14083").wtw_kgco2e is not None
    assert chains


def test_an_unknown_example_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        example_document("nothing")

    assert ("cli.example", True) == (caught.value.code, "freight-chain" in caught.value.message)
    assert example_document("list").split() == list_examples()


def test_the_printed_schema_is_that_of_the_model() -> None:
    assert chain_schema().decode() == schema_document("transport-chain/1")
