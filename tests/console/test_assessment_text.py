"""An assessed chain in a terminal: what stands beside the figure is said with it."""

import io
import json

import pytest

from h2corridor.accounting.assessment import Assessment, assess_chain
from h2corridor.app.examples import example_document
from h2corridor.app.rules import get_comparison, get_rule_set
from h2corridor.console.assessment_text import print_assessment
from h2corridor.console.texts import Language
from h2corridor.model.chain import decode_chain


def assessed(name: str, *, justified: bool = True) -> Assessment:
    document = json.loads(example_document(name))
    for category in document["categories"].values():
        if not justified:
            category.pop("justification", None)
    return assess_chain(decode_chain(json.dumps(document).encode()), get_rule_set("iso14083@2023.1"))


def printed(result: Assessment, language: Language) -> str:
    file = io.StringIO()
    print_assessment(result, language, file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("market-based in parallel", "no contract, still by its grid")), ("zh", ("市场法", "没有合同"))],
)
def test_the_market_based_figures_are_said_beside_the_figure(language: Language, words: tuple[str, ...]) -> None:
    result = assessed("multimodal-hydrogen-trunk")
    text = printed(result, language)

    assert result.market_based is not None
    assert result.market_based.wtw_kgco2e != result.wtw_kgco2e
    for word in (*words, str(result.market_based.wtw_kgco2e), str(result.wtw_kgco2e)):
        assert word in text


def test_data_without_a_justification_are_named_and_those_with_one_are_not() -> None:
    named = "category railway rests on modelled data and gives no justification."

    assert named in printed(assessed("multimodal-hydrogen-trunk", justified=False), "en")
    assert named not in printed(assessed("multimodal-hydrogen-trunk"), "en")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "no break-even intensity: nothing that is compared states hydrogen in kilograms"),
        ("zh", "盈亏平衡强度无法给出：对比各段没有以千克列出的用氢量"),
    ],
)
def test_a_difference_that_is_not_explained_says_why(language: Language, words: str) -> None:
    method = get_comparison("same-service-diesel@2026.1")
    document = json.loads(method.files["cases/corridor-trip-at-break-even.json"])["chain"]
    used = {"carrier": "electricity", "amount": "9", "unit": "kWh"}
    document["categories"]["truck"]["energy"] = [{**used, "wtt_kgco2e_per_unit": "0.5", "ttw_kgco2e_per_unit": "0"}]
    chain = decode_chain(json.dumps(document).encode())
    result = assess_chain(chain, get_rule_set("iso14083@2023.1"), comparisons=[method])

    assert words in printed(result, language)
