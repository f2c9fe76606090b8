"""A derivation by hand names every number it uses, in the order somebody would write it, in both languages."""

import io
import json
import re
from decimal import Decimal

import pytest
from h2verify.derivation import decimal_text

from h2corridor.accounting.assessment import assess_chain
from h2corridor.app.examples import example_document
from h2corridor.app.rules import get_comparison, get_rule_set
from h2corridor.console.assessment_text import explain_assessment
from h2corridor.console.explained import rounded, write_explanation
from h2corridor.console.texts import Language
from h2corridor.model.chain import decode_chain


def explained(language: Language) -> str:
    result = assess_chain(decode_chain(example_document("freight-chain").encode()), get_rule_set("iso14083@2023.1"))
    file = io.StringIO()
    explain_assessment(result, language, file)
    return file.getvalue()


def test_an_element_is_written_in_words_then_in_numbers_then_as_the_result() -> None:
    expected = (
        "the element, well to wheel = transport activity of the element × "
        "intensity by transport distance, well to wheel (truck)\n"
        "   = 500 tkm × 0.15015 kgCO2e/tkm\n"
        "   = 75.075 kgCO2e   [iso14083/2023.1, clause unseen]\n"
    )

    assert expected in explained("en")


def test_the_sum_over_elements_says_which_is_which() -> None:
    assert "the element, well to wheel (TCE1) + the hub element, well to wheel (TCE2)" in explained("en")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sections_go_from_what_is_given_to_the_whole_chain(language: Language) -> None:
    headings = re.findall(r"^## (.+)$", explained(language), re.MULTILINE)
    words = {"zh": ("货物与换算", "整条运输链"), "en": ("The shipment, and conversions", "The chain")}[language]

    assert words == (headings[0], headings[-1])
    assert ["truck", "terminal", "train", "TCE1", "TCE2", "TCE3", "TCE4", "TCE5"] == [
        heading.rpartition(" ")[2] for heading in headings[1:-1]
    ]


def test_every_step_of_a_derivation_with_a_comparison_is_written_once() -> None:
    method = get_comparison("same-service-diesel@2025.1")
    case = json.loads(method.files["cases/hydrogen-worse-than-diesel.json"])
    chain = decode_chain(json.dumps(case["chain"]).encode())
    result = assess_chain(chain, get_rule_set("iso14083@2023.1"), comparisons=[method])
    file = io.StringIO()
    write_explanation(result.derivation, "en", file)
    write_explanation(result.comparisons[0].derivation, "en", file, known=result.derivation)
    written = re.findall(r"^\d+\. ", file.getvalue(), re.MULTILINE)

    assert len(result.derivation) + len(result.comparisons[0].derivation) == len(written)


def test_numbers_are_cut_for_the_eye_and_say_so() -> None:
    assert "≈ 0.333333" == rounded(decimal_text(Decimal(1) / 3))
    assert "1234567.25" == rounded("1234567.25")
    assert "0" == rounded("0")
