"""The reference page is the field table."""

from pathlib import Path

from h2verify.gbt32960 import EDITIONS

from h2corridor.protocols.gbt32960 import render_field_tables

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "gbt32960.md"


def test_the_reference_page_is_what_the_field_table_renders_to() -> None:
    assert PAGE.read_text("utf-8") == render_field_tables()


def test_every_item_and_command_of_both_editions_is_on_the_page() -> None:
    page = render_field_tables()
    for edition in EDITIONS.values():
        names = {item.name for item in edition.items.values()} | {cmd.name for cmd in edition.commands.values()}

        assert len(names) > 18
        for name in names:
            assert name in page
