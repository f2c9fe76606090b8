"""What a chain does not cover: the sentences, their order, and that the format's page has them to the letter."""

from pathlib import Path

import pytest
from h2verify.chains import ChainWriter
from h2verify.chains.coverage import Note, excluded_hub_note, find_break, open_round_note, unsaid_distance_note
from made_records import TRUCK, Groups, made_groups, record_of

PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "activity.md"
PORT = excluded_hub_note("PORT", "2026-03-02")


def _not_covered(groups: Groups, consignment_id: str = "C1") -> list[Note]:
    return ChainWriter(groups).list_not_covered(consignment_id)


def test_a_hub_without_operations_of_the_day_is_said() -> None:
    assert [PORT] == _not_covered(made_groups())


@pytest.mark.parametrize("name", ["throughput_kg", "electricity_wh", "diesel_ml"])
def test_a_hub_whose_operations_are_not_complete_is_said(name: str) -> None:
    groups = made_groups()
    record_of(groups, "site/HUB", "hub_operation")[name] = None

    assert [excluded_hub_note("HUB", "2026-03-02"), PORT] == _not_covered(groups)


def test_a_truck_that_does_not_come_back_leaves_empty_running_out() -> None:
    groups = made_groups()
    record_of(groups, TRUCK, "trip", 1)["destination_site"] = "CITY"

    assert [open_round_note("L1"), PORT] == _not_covered(groups)
    assert [open_round_note("L2"), PORT] == _not_covered(groups, "C2")


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_leg_that_does_not_say_its_kind_of_distance_is_said(nothing: str | None) -> None:
    groups = made_groups()
    record_of(groups, "consignment/C1", "leg")["distance_kind"] = nothing
    record_of(groups, TRUCK, "leg")["distance_kind"] = nothing

    assert [unsaid_distance_note("L1"), unsaid_distance_note("L3"), PORT] == _not_covered(groups)


def test_a_hub_that_is_passed_twice_is_said_once() -> None:
    groups = made_groups()
    rail = record_of(groups, "consignment/C1", "leg")
    rail["destination_site"] = "PORT"

    assert [PORT] == _not_covered(groups)


def test_the_formats_page_has_the_sentences_to_the_letter() -> None:
    if not PAGE.exists():
        pytest.skip("the pages are in the repository, not in this package")
    page = PAGE.read_text(encoding="utf-8")
    notes = [unsaid_distance_note("<leg_id>"), open_round_note("<leg_id>"), excluded_hub_note("<site>", "<day>")]

    assert [] == [text for note in notes for text in note.values() if f"`{text}`" not in page]


@pytest.mark.parametrize(
    ("places", "broken"),
    [
        ([("A", "B")], None),
        ([("A", "C"), ("C", "B")], None),
        ([("C", "B")], 0),
        ([("A", "C"), ("D", "B")], 1),
        ([("A", "C")], 1),
        ([], 0),
    ],
)
def test_legs_lead_from_the_origin_to_the_destination_or_one_is_missing(
    places: list[tuple[str, str]], broken: int | None
) -> None:
    assert broken == find_break(places, "A", "B")
