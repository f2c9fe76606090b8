"""Each kilogram of an attribute is used, sold or expired once, and no sale takes what is not there."""

import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_custody import DAY, HOUR, KG, T0

from h2corridor.accounting.custody.attributes import Attributes, Fate, settle_attributes
from h2corridor.model.custody import Custody, CustodyBatch, Posting
from h2corridor.model.custody_sales import AttributeSale
from h2corridor.model.errors import InputError

END_S = T0 + 3 * DAY


def a_batch(mass_mg: int = 100 * KG, **values: Any) -> CustodyBatch:
    nothing = dict.fromkeys(("custody", "certificate_id", "valid_until_s", "other_claims", "gate_kgco2e_per_kg"))
    return CustodyBatch(**{"batch_id": "B1", "row": 4, "mass_mg": mass_mg, **nothing, **values})


def a_sale(after_s: int, mass_kg: str, number: int = 1, **values: Any) -> AttributeSale:
    at = datetime.datetime.fromtimestamp(T0 + after_s, datetime.UTC)
    said = {"sale": f"S{number}", "batch": "B1", "buyer": "X", "instrument": f"GO-{number}", "source": "registry"}
    return AttributeSale(**{**said, "sold_at": at, "mass_kg": mass_kg, **values})


def custody(uses: list[tuple[int, int]], *batches: CustodyBatch, brought_mg: int = 60 * KG) -> Custody:
    """One batch that was brought to a station, and trips that used of it: seconds after the beginning, and mg."""
    loaded = {"from_account": "batch:B1", "to_account": "trailer:D1", "by_origin": {"B1@": brought_mg}}
    postings = [Posting(at_s=T0, kind="loaded", source="hydrogen_deliveries.csv#1", **loaded)]
    for number, (after_s, mass_mg) in enumerate(uses):
        postings.append(
            Posting(
                at_s=T0 + after_s,
                kind="used",
                from_account="tank:T",
                to_account=f"trip:T{number}",
                source="telemetry/T",
                by_origin={"B1@S1": mass_mg},
            )
        )
    whole = batches or (a_batch(),)
    return Custody(
        format="custody/1", trial="MADE", period_end_s=END_S, postings=tuple(postings), batches=whole, trips=()
    )


def fates(settled: Attributes) -> dict[str, dict[Fate, int]]:
    return {account: {fate: mass for (_, fate), mass in parts.items()} for account, parts in settled.uses.items()}


def test_what_is_used_before_a_sale_is_backed_and_what_is_used_after_it_is_residual() -> None:
    settled = settle_attributes(custody([(0, 10 * KG), (2 * HOUR, 5 * KG)]), [a_sale(HOUR, "20")])

    assert {"trip:T0": {"backed": 10 * KG}, "trip:T1": {"residual": 5 * KG}} == fates(settled)
    assert (20 * KG, 70 * KG) == (settled.batches["B1"].sold_mg, settled.batches["B1"].left_mg)


def test_once_as_much_was_used_as_was_sold_the_rest_is_backed_again() -> None:
    settled = settle_attributes(custody([(2 * HOUR, 15 * KG), (3 * HOUR, KG)]), [a_sale(HOUR, "10")])

    assert {"trip:T0": {"residual": 10 * KG, "backed": 5 * KG}, "trip:T1": {"backed": KG}} == fates(settled)


def test_a_use_that_ends_at_the_instant_of_the_sale_is_after_it() -> None:
    settled = settle_attributes(custody([(HOUR, KG)]), [a_sale(HOUR, "10")])

    assert {"trip:T0": {"residual": KG}} == fates(settled)


def test_a_claim_without_mass_or_day_sells_the_whole_batch_from_the_start() -> None:
    settled = settle_attributes(custody([(0, KG)], a_batch(other_claims="sold to X")), ())

    assert {"trip:T0": {"residual": KG}} == fates(settled)
    assert 0 == settled.batches["B1"].left_mg


def test_what_is_used_after_the_end_of_the_certificate_is_late_and_the_rest_of_the_attribute_expired() -> None:
    limited = a_batch(valid_until_s=T0 + HOUR)
    settled = settle_attributes(custody([(HOUR, KG), (HOUR + 1, 2 * KG)], limited), ())

    assert {"trip:T0": {"backed": KG}, "trip:T1": {"late": 2 * KG}} == fates(settled)
    assert (99 * KG, 0) == (settled.batches["B1"].expired_mg, settled.batches["B1"].left_mg)


def test_a_certificate_that_outlives_the_trial_has_not_expired() -> None:
    settled = settle_attributes(custody([], a_batch(valid_until_s=END_S)), ())

    assert (0, 100 * KG) == (settled.batches["B1"].expired_mg, settled.batches["B1"].left_mg)


def test_what_is_used_beyond_what_the_papers_brought_is_nobodys_attribute() -> None:
    settled = settle_attributes(custody([(0, 61 * KG)]), ())

    assert {"trip:T0": {"beyond": KG, "backed": 60 * KG}} == fates(settled)
    assert 40 * KG == settled.batches["B1"].left_mg


def test_hydrogen_of_a_batch_without_a_row_is_of_unknown_origin() -> None:
    other = msgspec.structs.replace(a_batch(), batch_id="B2")

    assert {"trip:T0": {"unknown": KG}} == fates(settle_attributes(custody([(0, KG)], other), ()))


@pytest.mark.parametrize(
    ("batch", "sales", "code", "says"),
    [
        (a_batch(), [a_sale(0, "1", batch="B9")], "sale.unknown-batch", "there is no batch 'B9'. Name a batch"),
        (a_batch(), [a_sale(0, "1"), a_sale(HOUR, "1", sale="S1", instrument="I")], "sale.twice", "this id, S1,"),
        (a_batch(), [a_sale(0, "1"), a_sale(HOUR, "1", 2, instrument="GO-1")], "sale.twice", "by sale S1"),
        (a_batch(other_claims="sold to X"), [a_sale(0, "1")], "sale.twice", "(hydrogen_batches.csv#4): sold to X"),
        (a_batch(), [a_sale(0, "100.5")], "sale.beyond-batch", "0.500000 kg more would be sold of B1"),
        (
            a_batch(),
            [a_sale(0, "60"), a_sale(HOUR, "41", 2)],
            "sale.beyond-batch",
            "1.000000 kg more would be sold of B1",
        ),
        (
            a_batch(),
            [a_sale(3 * HOUR, "91")],
            "sale.after-use",
            "1.000000 kg of B1 had been used here before; 90.000000 kg were left",
        ),
        (a_batch(valid_until_s=T0), [a_sale(1, "1")], "sale.after-expiry", "before the sale"),
    ],
)
def test_a_sale_of_what_is_not_there_is_refused(
    batch: CustodyBatch, sales: list[AttributeSale], code: str, says: str
) -> None:
    with pytest.raises(InputError) as caught:
        settle_attributes(custody([(2 * HOUR, 10 * KG)], batch), sales)

    assert code == caught.value.code
    assert says in caught.value.message
    assert caught.value.about == f"sale {sales[-1].sale}"
    assert caught.value.next_step


USES = st.lists(st.tuples(st.integers(0, 2 * DAY), st.integers(1, 40 * KG)), max_size=8)
SOLD = st.lists(st.tuples(st.integers(0, 3 * DAY), st.integers(1, 40)), max_size=4)


@settings(max_examples=200, deadline=None)
@given(uses=USES, sold=SOLD, ends=st.none() | st.integers(0, 4 * DAY), brought_mg=st.integers(0, 120 * KG))
def test_an_attribute_is_never_given_twice(
    uses: list[tuple[int, int]], sold: list[tuple[int, int]], ends: int | None, brought_mg: int
) -> None:
    batch = a_batch(valid_until_s=None if ends is None else T0 + ends)
    sales = [a_sale(after, str(mass), number) for number, (after, mass) in enumerate(sold)]
    trial = custody(uses, batch, brought_mg=brought_mg)
    try:
        settled = settle_attributes(trial, sales)
    except InputError as error:
        assert error.code in {"sale.beyond-batch", "sale.after-use", "sale.after-expiry"}
        return
    found = settled.batches["B1"]
    in_record = sum(found.used_mg[fate] for fate in ("backed", "residual", "late"))

    assert sum(mass for _, mass in uses) == sum(found.used_mg.values())
    assert sum(mass for _, mass in uses) == sum(sum(parts.values()) for parts in settled.uses.values())
    assert in_record <= min(brought_mg, batch.mass_mg)
    assert found.used_mg["residual"] <= found.sold_mg == sum(mass for _, mass in sold) * KG
    assert batch.mass_mg == found.used_mg["backed"] + found.sold_mg + found.expired_mg + found.left_mg
    assert min(found.left_mg, found.expired_mg) >= 0
