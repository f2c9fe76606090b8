"""A share that a supplier states is held against the computed one: shares sum to one and agree, or are refused."""

import copy

import pytest
from chain_examples import Document, assessed, carrier, chain_of, partly_assessed, road, totals

from h2corridor.model.errors import InputError


def ferry(*shares: str | None) -> Document:
    """Cars and passengers on a ferry with these stated shares; computed are 0.75 and 0.25."""
    quantities = zip(("cars", "passengers"), ("30", "10"), shares, strict=True)
    classes = [
        {"name": name, "quantity": quantity, "equivalent": "1", **({} if share is None else {"share": share})}
        for name, quantity, share in quantities
    ]
    classes[0]["transport_activity_tkm"] = "60"
    category = totals("100", carrier("fuel", "1", "l", "1", "2"), classes=classes)
    return chain_of({"ferry": category}, [{**road("E", "ferry", "1"), "class": "cars"}], mass_kg="1000")


def a_round(*shares: str, activity_tkm: str | None = None) -> Document:
    """Stops of 1 tkm and 3 tkm; computed shares are 0.25 and 0.75 of what the round states or lists."""
    stops = [
        {"id": name, "distance": {"kind": "sfd", "km": km}, "mass_kg": "1000", "share": share}
        for name, km, share in zip("ab", ("1", "3"), shares, strict=True)
    ]
    category = totals(activity_tkm or "4", carrier("fuel", "1", "l", "1", "2"), round={"stops": stops})
    if activity_tkm is None:
        del category["transport_activity_tkm"]
    return chain_of({"van": category}, [road("E", "van", "1")], mass_kg="1000")


@pytest.mark.parametrize(
    "chain", [ferry("0.75", "0.25"), ferry("0.7500000005", "0.2499999999"), a_round("0.25", "0.75")]
)
def test_shares_that_agree_are_taken_and_change_nothing(chain: Document) -> None:
    assert assessed(chain).derivation == assessed(_without_shares(chain)).derivation


def _without_shares(chain: Document) -> Document:
    plain = copy.deepcopy(chain)
    for category in plain["categories"].values():
        for part in (*category.get("classes", ()), *category.get("round", {}).get("stops", ())):
            del part["share"]
    return plain


@pytest.mark.parametrize(
    ("chain", "fault"),
    [
        (ferry("0.75", "0.26"), "do not sum to one"),
        (ferry("0.75", "0.250000002"), "do not sum to one"),
        (ferry("0.75", None), "every part states its share or none"),
        (ferry("0.7", "0.3"), "the stated share is 0.7, the computed one 0.750000000000"),
        (a_round("0.25", "0.5"), "do not sum to one"),
        (a_round("0.5", "0.5"), "the stated share is 0.5, the computed one 0.250000000000"),
        (a_round("0.25", "0.75", activity_tkm="8"), "the stated share is 0.25, the computed one 0.125000000000"),
    ],
)
def test_shares_that_do_not_sum_or_do_not_agree_are_refused(chain: Document, fault: str) -> None:
    for assess in (assessed, partly_assessed):
        with pytest.raises(InputError) as caught:
            assess(chain)

        assert "chain.meaning" == caught.value.code
        assert fault in caught.value.message
        assert "ISO 14083, clause unseen" in caught.value.message or "own" in caught.value.message


def test_a_round_that_lists_some_of_its_stops_states_shares_below_one() -> None:
    assert ["0.125", "0.375"] == [share.share for share in assessed(a_round("0.125", "0.375", activity_tkm="8")).shares]
