"""A trace as people read it: a shipment that is withheld says so and why, never a number that is not there."""

import io
from typing import Any

import pytest

from h2corridor.console.texts import Language
from h2corridor.console.trace_text import print_trace


def _traced(language: Language, **said: Any) -> str:
    result = {
        "figure_id": "fig-1",
        "consignment_id": "C1",
        "status": "stated",
        "why": [],
        "why_zh": [],
        "rule_set": "r@1",
        "wtw_kgco2e": "12",
        "ttw_kgco2e": "3",
        "trips": [],
        "papers": ["legs.csv#1"],
        "files": [],
        **said,
    }
    stream = io.StringIO()
    print_trace(result, language, stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("consignment C1: withheld, by r@1. Why:", "  leg L1 was not seen")),
        ("zh", ("托运货物 C1：暂不出具", "  运段 L1 未见")),
    ],
)
def test_a_withheld_shipment_says_so_and_why(language: Language, words: tuple[str, ...]) -> None:
    why = {"why": ["leg L1 was not seen"], "why_zh": ["运段 L1 未见"]}
    nothing = {"figure_id": None, "wtw_kgco2e": None, "ttw_kgco2e": None}
    shown = _traced(language, status="withheld", **why, **nothing)

    assert all(each in shown for each in words)
    assert "None" not in shown and "kgCO2e" not in shown


def test_a_figure_that_was_computed_and_is_withheld_is_not_called_stated() -> None:
    shown = _traced("en", status="withheld", why=["too much of unknown origin"])

    assert "figure fig-1, not stated: 12 kgCO2e well to wheel, 3 operation" in shown


def test_a_stated_figure_begins_with_its_numbers() -> None:
    assert _traced("en").startswith("figure fig-1: consignment C1, 12 kgCO2e well to wheel, 3 operation, by r@1\n")
