"""Seals: broken, out of order, on another container, removed on the way."""

import msgspec
import pytest
from made_evidence import FACTS, HOUR_MS, START_MS, change, find

from h2corridor.model.trial import TrialFacts

PARAMS = {"seal_no": "S1", "container_no": "CSQU3054383", "site_id": "PORT"}


def _with_event(row: int, **values: object) -> TrialFacts:
    events = [msgspec.structs.replace(event, **values) if event.row == row else event for event in FACTS.seal_events]
    return msgspec.structs.replace(FACTS, seal_events=tuple(events))


def test_a_broken_seal_is_found() -> None:
    found = find("seal.broken", _with_event(2, event="broken"))

    assert [("seals.csv", 2, "2026-03-02T11:00:00+08:00", PARAMS)] == [
        (each.file, each.row, each.at, each.params) for each in found
    ]


def test_a_seal_that_nobody_applied_is_found_at_its_first_event() -> None:
    found = find("seal.not-applied", _with_event(1, event="checked", at_ms=START_MS + 5 * HOUR_MS))

    assert [(2, PARAMS)] == [(each.row, each.params) for each in found]


@pytest.mark.parametrize(
    ("row", "after_ms"), [(2, -2 * HOUR_MS), (2, 4 * HOUR_MS + 1), (3, -HOUR_MS - 1)], ids=["early", "late", "removed"]
)
def test_events_that_do_not_follow_one_another_are_found(row: int, after_ms: int) -> None:
    found = find("seal.out-of-order", _with_event(row, at_ms=START_MS + after_ms))

    assert row in [each.row for each in found]


def test_a_check_at_the_moment_of_removal_is_in_order() -> None:
    assert [] == find("seal.out-of-order", _with_event(2, at_ms=START_MS + 4 * HOUR_MS))


def test_a_seal_on_another_container_than_its_consignment_says_is_found_where_it_stands() -> None:
    found = find("seal.other-container", _with_event(2, container_no="CSQU3054399"))

    assert [(2, {**PARAMS, "container_no": "CSQU3054399", "consignment_id": "C1"})] == [
        (each.row, each.params) for each in found
    ]


@pytest.mark.parametrize("number", ["CSQU3054381", "CSQU-305438"])
def test_a_consignment_whose_number_is_wrong_by_itself_does_not_blame_its_seal(number: str) -> None:
    assert [] == find("seal.other-container", change("consignments", container_no=number))


def test_a_seal_removed_on_the_way_is_found() -> None:
    found = find("seal.removed-early", _with_event(3, at_ms=START_MS + 3 * HOUR_MS - 1))

    assert [(3, {**PARAMS, "consignment_id": "C1"})] == [(each.row, each.params) for each in found]
    assert [] == find("seal.removed-early", _with_event(3, at_ms=START_MS + 3 * HOUR_MS))


def test_a_check_after_a_seal_was_removed_too_early_is_not_blamed_as_well() -> None:
    facts = _with_event(3, at_ms=START_MS + HOUR_MS)

    assert [3] == [each.row for each in find("seal.removed-early", facts)]
    assert [] == find("seal.out-of-order", facts)


def test_a_seal_that_no_consignment_names_is_compared_with_none() -> None:
    facts = _with_event(3, seal_no="S9", container_no="CSQU3054399", at_ms=START_MS)

    assert [] == find("seal.other-container", facts)
    assert [] == find("seal.removed-early", facts)
