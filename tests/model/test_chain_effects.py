"""A field that nothing would read is refused by name; nothing is shared out twice."""

import json
from typing import Any

import pytest
from h2verify.chain_form import verify_chain_form
from h2verify.errors import BundleError

from h2corridor.model.chain import decode_chain
from h2corridor.model.errors import InputError

Document = dict[str, Any]
DIESEL = {"carrier": "diesel", "amount": "100", "unit": "l"}
STATED = {"wtt_kgco2e_per_unit": "0.5", "ttw_kgco2e_per_unit": "0"}
GRID = {"carrier": "electricity", "amount": "100", "unit": "kWh"}
HYDROGEN = {"carrier": "hydrogen", "amount": "1", "unit": "kg"}
SUPPLY = {"batch": "B", "station": "S"}
DIRECT = {"factor_boundary": "direct"}
CHINA = {"grid_region": "China"}


def chain(entry: Document, **more: Any) -> Document:
    """One tonne in a category with this energy."""
    truck = {"kind": "transport", "data": "primary", "source": "own", "transport_activity_tkm": "1000"}
    element = {"id": "E", "kind": "transport", "mode": "road", "category": "truck"}
    return {
        "format": "transport-chain/1",
        "activity_date": "2024-06-01",
        "shipment": {"id": "S", "mass_kg": "1000"},
        "elements": [{**element, "distance": {"kind": "sfd", "km": "10"}}],
        "categories": {"truck": {**truck, "energy": [entry], **more}},
    }


def refusals(document: Document) -> tuple[str | None, str | None]:
    """What the reader and the verifier say against a document."""
    return _refusal(document), _verifier_refusal(document)


def _refusal(document: Document) -> str | None:
    try:
        decode_chain(json.dumps(document).encode())
    except InputError as error:
        assert error.code == "chain.meaning"
        return error.message
    return None


def _verifier_refusal(document: Document) -> str | None:
    try:
        verify_chain_form(document)
    except BundleError as error:
        assert error.code == "chain.form"
        return str(error)
    return None


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (DIESEL | CHINA, "grid_region"),
        (DIESEL | DIRECT, "factor_boundary"),
        (DIESEL | STATED | CHINA, "grid_region"),
        (GRID | STATED | CHINA, "grid_region"),
        (HYDROGEN | {"origin": "unknown"} | DIRECT, "factor_boundary"),
        (HYDROGEN | {"origin": "unknown"} | CHINA, "grid_region"),
        (HYDROGEN | {"supply": SUPPLY} | CHINA, "grid_region"),
        (DIESEL | {"ttw_kgco2e_per_unit": "2"} | DIRECT, "factor_boundary"),
    ],
    ids=str,
)
def test_a_field_that_has_no_effect_is_refused_by_name(entry: Document, field: str) -> None:
    ours, theirs = refusals(chain(entry))

    assert (True, True) == (f"{field} has no effect" in str(ours), f"{field} has no effect" in str(theirs))


@pytest.mark.parametrize(
    "entry",
    [
        GRID | CHINA,
        GRID | CHINA | DIRECT,
        DIESEL | STATED | DIRECT,
        DIESEL | {"factor_boundary": "life_cycle"},
        DIESEL | {"factor": "hvo"} | CHINA | DIRECT,
        HYDROGEN | {"supply": SUPPLY} | DIRECT,
    ],
    ids=str,
)
def test_a_field_that_has_an_effect_is_taken(entry: Document) -> None:
    assert (None, None) == refusals(chain(entry))


def test_a_category_is_not_shared_over_a_round_and_over_classes() -> None:
    stop = {"id": "1", "distance": {"kind": "sfd", "km": "10"}, "mass_kg": "100000"}
    cold = {"name": "cold", "quantity": "1", "equivalent": "1", "transport_activity_tkm": "1000"}
    both = chain(DIESEL, round={"stops": [stop]}, classes=[cold])
    both["elements"][0]["class"] = "cold"
    ours, theirs = refusals(both)

    assert (True, True) == ("not both" in str(ours), "not both" in str(theirs))
    assert (None, None) == refusals(chain(DIESEL, round={"stops": [stop]}, classes=[]))
