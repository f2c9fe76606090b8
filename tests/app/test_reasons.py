"""What withholds a statement, in plain words of both languages."""

import re
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from h2verify.activity.values import Fill
from made_trial import BATCH, FACTS, HOUR, KG, RAIL_LEG, T0, TRUCK, balance, leg, outcome

from h2corridor.accounting.assessment import assess_chain_partially
from h2corridor.app.chains import trial_chains
from h2corridor.app.reasons import Assessor, bearing_findings, reasons_to_withhold
from h2corridor.app.reporting import finding_rows, instant_text
from h2corridor.app.rules import get_rule_set
from h2corridor.model.findings import Finding
from h2corridor.model.trial import TrialFacts

_NUMBER = re.compile(r"-?[0-9]+\.[0-9]+")


def _reasons(
    consignment_id: str = "C1", facts: TrialFacts = FACTS, findings: tuple[Finding, ...] = (), **values: Any
) -> list[str]:
    made, rule_set = outcome(**values), get_rule_set("iso14083")
    chains = trial_chains(facts, made)
    assessor = Assessor(
        facts=facts,
        chains=chains,
        reconciliations=made.reconciliations,
        services=made.services,
        findings=finding_rows(findings, [()] * len(findings)),
        rule_set=rule_set,
    )
    consignment = next(each for each in facts.consignments if each.consignment_id == consignment_id)
    legs = sorted(
        (each for each in facts.legs if each.consignment_id == consignment_id), key=lambda each: each.sequence
    )
    chain = chains.chains[consignment_id]
    reasons = reasons_to_withhold(assessor, consignment, legs, chain, assess_chain_partially(chain, rule_set))

    assert all(zh and en for zh, en in reasons)
    assert [_NUMBER.findall(zh) for zh, _ in reasons] == [_NUMBER.findall(en) for _, en in reasons]
    return [en for _, en in reasons]


def _facts(**tables: Any) -> TrialFacts:
    return msgspec.structs.replace(FACTS, **tables)


def _finding(file: str, row: int | None = None, **values: Any) -> Finding:
    return Finding(check="table.file-absent", file=file, row=row, params={"needed_by": "x"}, **values)


def _fill(agreement: str) -> Fill:
    return Fill(
        vin=TRUCK,
        started_at_s=T0,
        ended_at_s=T0,
        refuelling_ids=("R1",),
        booked_mg=20 * KG,
        rise_mg=22 * KG,
        before=None,
        agreement=agreement,
    )


def _at(seconds: int) -> str:
    return instant_text((T0 + seconds) * 1000, FACTS.trial)


def test_a_consignment_with_nothing_against_it_is_stated() -> None:
    assert [] == _reasons("C1")
    assert [] == _reasons("C2")


def test_a_leg_that_its_truck_did_not_drive_is_named() -> None:
    assert ["leg L2 was not seen to be driven by its truck"] == _reasons("C2", served={"L1": 1})
    assert [] == _reasons("C1", served={"L1": 1})


@pytest.mark.parametrize(
    ("fault", "departed", "withheld"),
    [
        ("no-data", HOUR, True),
        ("not-moving", 9 * HOUR, True),
        ("elsewhere-at-departure", HOUR, False),  # the truck was seen, and it carried something else
        ("no-data", 10 * HOUR, False),  # after the round
    ],
)
def test_a_leg_that_may_have_been_driven_unseen_withholds_who_else_was_on_the_truck(
    fault: str, departed: int, withheld: bool
) -> None:
    unseen = leg(2, "C2", departed_at_ms=(T0 + departed) * 1000, arrived_at_ms=(T0 + departed + HOUR) * 1000)
    reasons = _reasons("C1", _facts(legs=(FACTS.legs[0], unseen, RAIL_LEG)), served={"L1": 1}, faults={"L2": fault})

    assert (["leg L2 of the same truck and time was not seen; its share is not known"] if withheld else []) == reasons


@pytest.mark.parametrize(("unknown_mg", "stated"), [(KG, True), (KG + 1, False)])
def test_hydrogen_of_unknown_origin_withholds_beyond_the_limit_of_the_rule_set(unknown_mg: int, stated: bool) -> None:
    reasons = _reasons(hydrogen=({"B1@STATION": 20 * KG - unknown_mg}, {"": unknown_mg}))

    assert stated == (not reasons)
    assert all("of unknown origin, above the limit of 5 %" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("metered_mg", "resolution_mg", "stated"),
    [
        (21 * KG, 480_000, True),  # 5 % is the limit itself
        (21 * KG + 1, 480_000, False),
        (19 * KG - 1, 480_000, False),
        (22 * KG, 2 * KG, True),  # two steps of the sensor may hide it
        (None, 480_000, True),  # no meter, no residual
    ],
)
def test_a_meter_and_a_tank_too_far_apart_withhold(metered_mg: int | None, resolution_mg: int, stated: bool) -> None:
    reasons = _reasons(balances=(balance(metered_mg, 20 * KG, resolution_mg),))

    assert stated == (not reasons)
    for each in reasons:
        metered, used = "21.000" if metered_mg and metered_mg > 20 * KG else "19.000", "20.000"
        said = (
            f"the booked mass accounts for {metered} kg used, the calculation takes {used} kg; they differ by 1.000 kg"
        )

        assert f"round 1 of LTESTHYDR0GEN0001: between fills {said}, 5.0 % of the latter, above" in each


def test_a_negative_metered_mass_is_said_to_lack_a_fill() -> None:
    (reason,) = _reasons(balances=(balance(-24 * KG, 20 * KG, 480_000),))

    assert "accounts for -24.000 kg used (a fill is probably not on record), the" in reason


@pytest.mark.parametrize(("agreement", "stated"), [("confirmed", True), ("differs", False)])
def test_a_tank_that_gainsays_the_meter_withholds_though_the_meter_counts(agreement: str, stated: bool) -> None:
    counted = balance(20 * KG, 20 * KG)
    filled = replace(counted.window, fill=_fill(agreement))
    reasons = _reasons(balances=(replace(counted, window=filled, tank_mg=22 * KG),))

    assert stated == (not reasons)
    said = (
        "between fills the tank accounts for 22.000 kg used, the calculation takes 20.000 kg; they differ by 2.000 kg"
    )
    assert all(f"{said}, 10.0 % of the latter" in each for each in reasons)


def test_a_distance_that_is_missing_withholds_all_who_share_the_round_and_is_named() -> None:
    facts = _facts(legs=(leg(1, "C1"), leg(2, "C2", transport_distance_m=None), RAIL_LEG))
    shared = "leg L2, which shares round 1 of LTESTHYDR0GEN0001, lacks its mass or its transport distance"

    assert [shared] == _reasons("C1", facts)
    assert shared == _reasons("C2", facts)[0]
    assert ["distance.km" in reason for reason in _reasons("C2", facts)] == [False, True]


def test_a_trip_whose_hydrogen_nobody_knows_withholds_its_round() -> None:
    expected = ["the hydrogen of 1 trip(s) of round 1 of LTESTHYDR0GEN0001 could not be computed"]

    assert expected == _reasons("C2", hydrogen=({"B1@STATION": KG}, None))


def test_a_round_without_hydrogen_says_so() -> None:
    assert ["round 1 of LTESTHYDR0GEN0001 has no hydrogen use or no transport activity"] == _reasons(
        "C2", hydrogen=({}, {})
    )


def test_what_a_rule_needs_and_nobody_supplied_is_named() -> None:
    undeclared = msgspec.structs.replace(BATCH, intensity_kgco2e_per_kg=None)
    reasons = _reasons("C2", _facts(hydrogen_batches=(undeclared,)))

    assert 1 == len(reasons)
    assert "gate_kgco2e_per_kg" in reasons[0]


@pytest.mark.parametrize(
    ("finding", "consignments"),
    [
        (_finding("station_energy.csv"), {"C1", "C2"}),
        (_finding("consignments.csv", 2), {"C1", "C2"}),  # its mass is part of what the round is shared by
        (_finding("consignments.csv", 9), set()),
        (_finding("legs.csv", 3), {"C1"}),
        (_finding("legs.csv", 2, last_row=3), {"C1", "C2"}),
        (_finding("hydrogen_batches.csv", 1), {"C1", "C2"}),
        (_finding("hydrogen_batches.csv", 2), set()),
        (_finding("vehicles.csv", 1, vin=TRUCK), {"C1", "C2"}),
        (_finding("telemetry/x.csv.gz", 7, vin=TRUCK, at=_at(2 * HOUR)), {"C1", "C2"}),
        (_finding("telemetry/x.csv.gz", 7, vin=TRUCK), {"C1", "C2"}),
        (_finding("telemetry/x.csv.gz", 7, vin=TRUCK, at=_at(HOUR - 1800)), {"C1", "C2"}),
        (_finding("telemetry/x.csv.gz", 7, vin=TRUCK, at=_at(HOUR - 1801)), set()),
        (_finding("telemetry/x.csv.gz", 7, vin=TRUCK, at=_at(10 * HOUR + 1801)), set()),
        (_finding("telemetry/x.csv.gz", 7, vin="LTESTHYDR0GEN0009", at=_at(2 * HOUR)), set()),
        (_finding("legs.csv", 9, vin=TRUCK, at=_at(2 * HOUR)), set()),
        (_finding("station_energy.csv", severity="warning"), set()),
    ],
)
def test_a_blocking_finding_withholds_what_rests_on_its_place(finding: Finding, consignments: set[str]) -> None:
    withheld = {name for name in ("C1", "C2") if _reasons(name, findings=(finding,))}

    assert consignments == withheld


@pytest.mark.parametrize(
    ("site", "day", "consignments"),
    [
        ("HUB", "2026-03-02", {"C1", "C2"}),
        ("HUB", "2026-03-03", set()),  # the same hub, on another day
        ("CITY", "2026-03-02", set()),
        ("CITY", "2026-03-03", {"C1"}),  # where its train arrived
        ("STATION", "2026-03-02", set()),  # no end of a leg
    ],
)
def test_a_finding_of_a_site_and_a_day_bears_on_who_passed_it_on_that_day(
    site: str, day: str, consignments: set[str]
) -> None:
    finding = Finding(check="hub.no-row", file="hub_operations.csv", params={"site_id": site, "day": day})
    made, rule_set = outcome(), get_rule_set("iso14083")
    chains = trial_chains(FACTS, made)
    assessor = Assessor(
        facts=FACTS,
        chains=chains,
        reconciliations=made.reconciliations,
        services=made.services,
        findings=finding_rows([finding], [()]),
        rule_set=rule_set,
    )
    legs = {name: [leg for leg in FACTS.legs if leg.consignment_id == name] for name in ("C1", "C2")}

    assert consignments == {
        each.consignment_id
        for each in FACTS.consignments
        if bearing_findings(assessor, each, legs[each.consignment_id], chains.chains[each.consignment_id])
    }


@pytest.mark.parametrize(("rule_set", "withheld"), [("iso14083@2023.1", True), ("another@2026.1", False)])
def test_a_custody_model_withholds_by_the_rule_set_that_does_not_allow_it_alone(rule_set: str, withheld: bool) -> None:
    params = {"batch_id": "B1", "custody": "@custody-book_and_claim", "rule_set": rule_set, "clause": "own"}
    finding = Finding(check="custody.model-not-allowed", file="hydrogen_batches.csv", row=1, params=params)

    assert withheld == any("does not allow it" in each for each in _reasons("C1", findings=(finding,)))


def test_a_consignment_whose_legs_do_not_reach_its_destination_is_withheld() -> None:
    consignments = tuple(msgspec.structs.replace(each, destination_site="ELSEWHERE") for each in FACTS.consignments)

    assert any(
        "one may be missing (legs.csv)" in reason for reason in _reasons("C1", _facts(consignments=consignments))
    )
