"""A custody model that the rule set does not allow is refused; one that it allows changes no figure."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from chain_examples import Document, assessed, hydrogen_chain, partly_assessed
from h2verify.chain_form import verify_chain_form

from h2corridor.accounting.custody_models import is_allowed
from h2corridor.accounting.kernel import Edition
from h2corridor.accounting.kernel.parameters import read_parameters
from h2corridor.accounting.publishing import parameters_document
from h2corridor.app.rules import get_rule_set
from h2corridor.model.chain import decode_chain
from h2corridor.model.errors import InputError, RuleError

CUSTODY = """
[custody]
allowed = [{allowed}]
clause = "own"
period_zh = "期"
period_en = "a period"
mixing_zh = "混合"
mixing_en = "mixed"
source = "own"
page = "none"
checked_on = 2026-11-28
"""
HEADER = """
[edition]
id = "tried"
edition = "2023.1"
status = "draft"
standard = "none"
title_zh = "试"
title_en = "tried"
"""


def _supplies(chain: Document) -> list[tuple[str, int, Document]]:
    return [
        (name, number, entry["supply"])
        for name, category in chain["categories"].items()
        for number, entry in enumerate(category.get("energy", ()))
        if "supply" in entry
    ]


def _chain(model: Any) -> Document:
    """A hydrogen chain whose supplies are of one custody model."""
    chain = copy.deepcopy(hydrogen_chain())

    assert _supplies(chain)
    for _, _, supply in _supplies(chain):
        supply["custody"] = model
    return chain


def _edition(text: str) -> Edition:
    return Edition(files={"parameters.toml": (HEADER + text).encode()}, rules=(), about="tried/2023.1")


@pytest.mark.parametrize("model", ["segregated", "mass_balance"])
def test_an_allowed_model_changes_no_figure(model: str) -> None:
    assert assessed(hydrogen_chain()).derivation == assessed(_chain(model)).derivation


@pytest.mark.parametrize("assess", [assessed, partly_assessed])
def test_book_and_claim_is_refused_with_its_place_and_clause(assess: Callable[[Document], object]) -> None:
    name, number, supply = _supplies(hydrogen_chain())[0]
    with pytest.raises(RuleError) as caught:
        assess(_chain("book_and_claim"))

    assert "rule.custody-not-allowed" == caught.value.code
    assert f"$.categories['{name}'].energy[{number}].supply.custody" == caught.value.where
    assert (
        f"batch {supply['batch']} is book_and_claim; allowed: segregated, mass_balance (clause own)."
        == caught.value.fault
    )


def test_a_category_that_no_element_uses_is_not_judged() -> None:
    chain = hydrogen_chain()
    claimed = _chain("book_and_claim")
    name = _supplies(chain)[0][0]
    chain["categories"]["unused"] = claimed["categories"][name]

    assert assessed(hydrogen_chain()).wtw_kgco2e == assessed(chain).wtw_kgco2e


@pytest.mark.parametrize("model", ["mixed", "", 1])
def test_a_model_that_nobody_knows_is_no_chain(model: Any) -> None:

    with pytest.raises(InputError) as caught:
        decode_chain(json.dumps(_chain(model)).encode())

    assert "chain.shape" == caught.value.code


def test_the_verifier_takes_a_chain_that_states_its_custody() -> None:
    verify_chain_form(_chain("mass_balance"))


def test_an_edition_that_says_nothing_allows_what_keeps_the_attribute_with_the_kilograms() -> None:
    silent = _edition("")

    assert [True, True, False] == [
        is_allowed(model, silent) for model in ("segregated", "mass_balance", "book_and_claim")
    ]
    assert b'"custody"' not in parameters_document(silent)


def test_an_edition_may_allow_book_and_claim_alone() -> None:
    edition = _edition(CUSTODY.format(allowed='"book_and_claim"'))

    assert [False, True] == [is_allowed(model, edition) for model in ("mass_balance", "book_and_claim")]
    assert b'"custody":{"allowed":["book_and_claim"]' in parameters_document(edition)


@pytest.mark.parametrize(
    "text",
    [
        CUSTODY.format(allowed=""),
        CUSTODY.format(allowed='"mixed"'),
        CUSTODY.format(allowed='"segregated", "segregated"'),
        CUSTODY.format(allowed='"segregated"').replace('clause = "own"', ""),
        CUSTODY.format(allowed='"segregated"') + 'more = "1"',
    ],
    ids=["none", "unknown", "twice", "no clause", "more"],
)
def test_custody_of_an_edition_that_is_not_whole_is_refused(text: str) -> None:
    with pytest.raises(RuleError) as caught:
        read_parameters(HEADER + text, about="tried")

    assert "rule.bad-parameter" == caught.value.code


def test_the_rule_set_says_its_models_its_period_and_its_mixing_rule_in_both_languages() -> None:
    custody = get_rule_set("iso14083@2023.1").custody

    assert custody is not None
    assert ("segregated", "mass_balance") == custody.allowed
    assert all((custody.period_zh, custody.period_en, custody.mixing_zh, custody.mixing_en))
