"""The column table against the model, the catalogue and the reference page."""

from pathlib import Path

import msgspec

from h2corridor.intake import columns_markdown, list_tables
from h2corridor.quality.catalogue import list_terms

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "trial-format.md"


def test_every_field_of_the_model_is_fed_by_one_column() -> None:
    assert len(list_tables()) == 14
    for table in list_tables():
        fields = [field.name for field in msgspec.structs.fields(table.row_type)]

        assert sorted(fields) == sorted(["row", *(column.model_field for column in table.columns)])


def test_a_column_that_must_be_filled_is_one_that_the_model_cannot_do_without() -> None:
    for table in list_tables():
        types = {field.name: field.type for field in msgspec.structs.fields(table.row_type)}
        for column in table.columns:
            number = types[column.model_field] is int

            assert not number or column.empty == "row", f"{table.file}: {column.name}"


def test_every_term_that_the_table_names_is_in_the_catalogue() -> None:
    named = {column.by for table in list_tables() for column in table.columns if column.empty is not None}
    named |= {table.by for table in list_tables()}

    assert named <= set(list_terms())
    assert len(named) > 10


def test_a_reference_leads_to_the_first_column_of_another_table() -> None:
    tables = {table.file: table for table in list_tables()}
    for table in list_tables():
        for column in table.columns:
            if column.refers:
                target = tables[column.refers]

                assert target.keys[0] == (target.columns[0].name,)
                assert target.file != table.file


def test_the_reference_page_holds_the_table_as_it_is() -> None:
    assert columns_markdown() in PAGE.read_text(encoding="utf-8")
