"""The two sets for hydrogen differ in what is known to differ, and share every factor with the set for transport."""

from decimal import Decimal

import pytest
from production_examples import gate_set, nozzle_set

from h2corridor.accounting.kernel import Edition
from h2corridor.app.rules import diff_rule_sets, get_rule_set


def values(edition: Edition) -> dict[tuple[object, ...], Decimal]:
    dated = {(e.name, e.region, e.boundary, e.from_): Decimal(e.value) for e in edition.parameters.listed}
    return dated | {(name,): Decimal(constant.value) for name, constant in edition.parameters.constants.items()}


def test_the_sets_differ_in_where_their_result_ends_and_in_nothing_else() -> None:
    found = diff_rule_sets("iso-ts-19870@2023.1", "iso-19870-1@2026.1")
    same = {"added": {}, "removed": {}, "changed": {}}

    assert same == found["constants"] == found["parameters"]
    assert {} == found["formulas"]["added"] == found["formulas"]["removed"]
    assert ["result_kgco2e_per_kg"] == list(found["formulas"]["changed"])


@pytest.mark.parametrize("edition", [gate_set(), nozzle_set()], ids=lambda edition: edition.name)
def test_a_factor_that_transport_has_too_is_the_same(edition: Edition) -> None:
    transport, hydrogen = values(get_rule_set("iso14083@2023.1")), values(edition)
    shared = transport.keys() & hydrogen.keys()

    assert len(shared) > 15
    assert {key: transport[key] for key in shared} == {key: hydrogen[key] for key in shared}


@pytest.mark.parametrize("edition", [gate_set(), nozzle_set()], ids=lambda edition: edition.name)
def test_no_clause_is_named_that_nobody_has_read(edition: Edition) -> None:
    assert {"unseen", "own"} == {each.clause for each in edition.rules}
