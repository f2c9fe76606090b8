"""Bundles changed at random: always a result, never a traceback, never one that holds with another figure.

`make soak` runs these with other seeds for as long as it is told to.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from h2verify.bundle import Result, verify_bundle
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from made_bundles import Good
from random_lies import (
    CANNOT_FOLLOW,
    with_another_document,
    with_another_figure,
    with_other_bytes,
    with_other_received_bytes,
    with_other_records,
)
from zips import members_of

SEVERAL = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
randomness = st.randoms(note_method_calls=False, use_true_random=False)
depths = st.sampled_from(["figure", "activity", "raw"])


def _made(make: Callable[..., bytes], *given: object) -> bytes:
    try:
        return make(*given)
    except CANNOT_FOLLOW:
        reject()


def _require_verdict(result: Result, good: Good) -> None:
    """A refusal with a code of the page; or, where it holds, the numbers and the signer of the good bundle."""
    assert "internal" != result.reason_code, result.reason
    if result.holds:
        figure = verify_bundle(good.bundles["figure"]).figure

        assert figure is not None and result.figure is not None
        assert _numbers(dict(figure)) == _numbers(dict(result.figure))


def _numbers(statement: dict[str, Any]) -> list[object]:
    """Every number that a reader would take from a statement, and who stated it."""
    shown = {name: value for name, value in statement["figure"].items() if name != "figure_id"}
    sides = ("method", "status", "baseline_kgco2e", "project_kgco2e", "difference_kgco2e")
    comparisons = [[each[name] for name in sides] for each in statement["comparisons"]]
    named = [statement["consignment"][name] for name in ("consignment_id", "mass_kg")]
    return [shown, statement["data_shares"], comparisons, named, statement["issuer_fingerprint"]]


@given(random=randomness, depth=depths)
@settings(SEVERAL, max_examples=300)
def test_no_change_of_bytes_goes_unseen_or_provokes_a_traceback(random: Random, depth: str, good: Good) -> None:
    data = with_other_bytes(random, good, depth)
    result = verify_bundle(data)

    _require_verdict(result, good)
    if result.holds:
        assert members_of(data) == members_of(good.bundles[depth])


@given(random=randomness, depth=depths)
@settings(SEVERAL, max_examples=100)
def test_no_document_that_an_outsider_changed_gives_another_figure(random: Random, depth: str, good: Good) -> None:
    _require_verdict(verify_bundle(_made(with_another_document, random, good, depth)), good)


@given(random=randomness)
@settings(SEVERAL, max_examples=100)
def test_no_figure_that_an_operator_made_up_holds(random: Random, good: Good) -> None:
    _require_verdict(verify_bundle(_made(with_another_figure, random, good), policy=good.policy), good)


@given(random=randomness)
@settings(SEVERAL, max_examples=80)
def test_no_chain_or_record_that_an_operator_changed_moves_the_figure(random: Random, good: Good) -> None:
    _require_verdict(verify_bundle(_made(with_other_records, random, good), policy=good.policy), good)


@given(random=randomness)
@settings(SEVERAL, max_examples=20)
def test_no_received_byte_that_an_operator_changed_moves_the_figure(random: Random, good: Good) -> None:
    _require_verdict(verify_bundle(_made(with_other_received_bytes, random, good), policy=good.policy), good)
