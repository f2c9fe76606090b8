"""An assessed chain on a terminal: every comparison with its caveat, and why its difference is what it is."""

import io
import json

import msgspec
import pytest

from h2corridor.accounting.assessment import Assessment, assess_chain
from h2corridor.app.rules import get_comparison, get_rule_set
from h2corridor.console.assessment_text import print_assessment
from h2corridor.console.texts import Language
from h2corridor.model.chain import decode_chain

METHOD = "same-service-life-cycle@2026.1"


def assessed(**stated: str) -> Assessment:
    method = get_comparison(METHOD)
    chain = json.loads(method.files["cases/peer-fleet-that-improves.json"])["chain"]
    chain["categories"]["truck"]["comparison"].update(stated)
    return assess_chain(decode_chain(json.dumps(chain).encode()), get_rule_set("iso14083@2023.1"), comparisons=[method])


def printed(result: Assessment, language: Language) -> str:
    stream = io.StringIO()
    print_assessment(result, language, stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "equal to the baseline at 13.16198670336, to the diesel tailpipe at 11.75827355648",
                "diesel tailpipe and hydrogen as zero: 118.1870516736 kgCO2e",
                "    leaked hydrogen: -3.3",
                "    detours and empties to refuel, on the project side alone: -12.5",
            ),
        ),
        (
            "zh",
            (
                "与基准持平时为 13.16198670336，与柴油尾气持平时为 11.75827355648",
                "新闻口径（柴油尾气，氢计为零）118.1870516736 kgCO2e",
                "    氢泄漏：-3.3",
                "    加氢绕行与空驶：-12.5",
            ),
        ),
    ],
)
def test_a_difference_is_printed_with_its_break_even_and_every_row(language: Language, words: tuple[str, ...]) -> None:
    page = printed(assessed(), language)

    assert [] == [each for each in words if each not in page]


def test_a_caveat_stands_also_where_a_comparison_is_unsupported() -> None:
    page = printed(assessed(profile=""), "en")

    assert "has no profile" in page
    assert "no part of the ISO 14083 figure" in page
    assert "hydrogen at the nozzle" not in page


def test_a_word_that_would_drive_a_terminal_is_not_printed() -> None:
    result = assessed()
    (comparison,) = result.comparisons
    bad = msgspec.structs.replace(comparison, caveat_en="a\x1b[31mb")
    page = printed(msgspec.structs.replace(result, comparisons=(bad,)), "en")

    assert "\x1b" not in page
