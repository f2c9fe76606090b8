"""Step 17: a row of a whole paper that stands has its record, a row that cannot stand has none."""

import pytest
from h2verify.bundle import raw
from h2verify.errors import BundleError
from made_left_out import FAULTY, PAPERS, STANDLESS, Change, add
from made_raw import STATED_AT, VIN, RawParts, make_parts, seal


def _verify(change: Change) -> None:
    parts = make_parts()
    change(parts)
    bundle = seal(parts)
    received = raw.verify_received(bundle.archive, bundle.logged, STATED_AT)
    opened = raw.verify_opened(bundle.document("opened.json"), bundle.groups)
    raw.verify_papers(received, opened, bundle.groups, bundle.statement)


def _code(change: Change) -> str:
    with pytest.raises(BundleError) as refused:
        _verify(change)
    return refused.value.code


@pytest.mark.parametrize("left_out", PAPERS)
def test_a_row_that_stands_without_its_record_is_left_out(left_out: str) -> None:
    assert "papers.left-out" == _code(add(*PAPERS[left_out]))


@pytest.mark.parametrize("fault", FAULTY)
def test_a_row_that_cannot_stand_needs_no_record(fault: str) -> None:
    _verify(add(*FAULTY[fault]))


def test_rows_about_others_need_no_record() -> None:
    def change(parts: RawParts) -> None:
        add("tank_opening.csv", "LTESTHYDR0GEN0002,2026-03-02T07:00:00+08:00,4,\n")(parts)
        add("station_energy.csv", "PORT,2026-03-02,1,Guangxi\n")(parts)
        parts.groups["site/PORT"].append(
            {"kind": "station_energy", "day": "2026-03-02", "electricity_wh": 1000, "grid_region": "Guangxi", "row": 2}
        )
        add("hydrogen_batches.csv", "B2,,smr,2026-02-28T00:00:00+08:00,2026-03-01T00:00:00+08:00,5,1\n")(parts)

    _verify(change)


def test_a_leg_without_its_consignment_stands_unless_all_consignments_are_shown() -> None:
    leg = f"L3,C9,1,road,{VIN},HUB,PORT,2026-03-02T08:15:00+08:00,2026-03-02T08:50:00+08:00,20.5,,,,\n"

    def shown(parts: RawParts) -> None:
        add("legs.csv", leg)(parts)
        parts.whole.add("consignments.csv")

    assert "papers.left-out" == _code(add("legs.csv", leg))
    _verify(shown)


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: parts.replace_cell("station_energy.csv", 1, "217.7", "217.7000"),
        lambda parts: parts.replace_cell("hydrogen_deliveries.csv", 1, "117.6", "0117.60"),
    ],
)
def test_a_number_may_be_written_in_more_than_one_way(change: Change) -> None:
    _verify(change)


@pytest.mark.parametrize("fault", STANDLESS)
def test_a_record_of_a_row_that_does_not_stand_is_refused(fault: str) -> None:
    code, change = STANDLESS[fault]

    assert code == _code(change)
