"""What a baseline must state is read from its method, by its kind."""

from typing import Any

import pytest
from h2verify.support import KINDS, UNSTATED, kind_of, list_lacking

PEERS = {"peer_fleet": ["source", "life_cycle.source"]}


@pytest.mark.parametrize(
    ("stated", "kind"),
    [({}, "comparable_vehicle"), ({"kind": None}, "comparable_vehicle"), ({"kind": "peer_fleet"}, "peer_fleet")],
)
def test_a_baseline_without_a_kind_is_a_comparable_vehicle(stated: dict[str, Any], kind: str) -> None:
    assert kind == kind_of(stated)


@pytest.mark.parametrize("kind", KINDS)
def test_a_method_that_says_nothing_asks_for_source_and_date_whatever_the_kind(kind: str) -> None:
    assert ["source", "date"] == list_lacking({"kind": kind}, UNSTATED)
    assert [] == list_lacking({"kind": kind, "source": "book", "date": "2026-01-01"}, UNSTATED)


@pytest.mark.parametrize(
    ("stated", "lacking"),
    [
        ({"kind": "peer_fleet", "source": "book", "life_cycle": {"source": "study"}}, []),
        ({"kind": "peer_fleet", "source": "", "life_cycle": {"source": "study"}}, ["source"]),
        ({"kind": "peer_fleet", "source": "book", "life_cycle": {}}, ["life_cycle.source"]),
        ({"kind": "peer_fleet", "source": "book", "life_cycle": None}, ["life_cycle.source"]),
        ({"kind": "peer_fleet"}, ["source", "life_cycle.source"]),
        ({"kind": "peer_fleet", "source": "book", "life_cycle": "study"}, ["life_cycle.source"]),
        ({"source": "book", "date": "2026-01-01"}, ["kind"]),
    ],
)
def test_what_is_absent_empty_or_of_another_kind_is_lacking(stated: dict[str, Any], lacking: list[str]) -> None:
    assert lacking == list_lacking(stated, PEERS)
