"""Hubs: days without a row, throughput below the freight that left."""

from made_evidence import FACTS, HOUR_S, add, change, find, remove


def test_hubs_at_both_ends_without_a_row_are_stated() -> None:
    found = find("hub.no-row", remove("hub_operations"))

    assert [("HUB", "2026-03-02"), ("PORT", "2026-03-02")] == [
        (each.params["site_id"], each.params["day"]) for each in found
    ]


def test_a_hub_between_two_legs_is_met_on_the_day_of_arrival_alone() -> None:
    day_ms = 24 * HOUR_S * 1000
    leg = FACTS.legs[0]
    facts = add(
        "legs",
        leg_id="L2",
        sequence=2,
        mode="sea",
        vin=None,
        origin_site="PORT",
        departed_at_ms=leg.departed_at_ms + day_ms,
        destination_site="H2",
    )

    assert [] == find("hub.no-row", facts)


def test_a_throughput_below_the_consignments_that_left_is_found() -> None:
    found = find("hub.throughput", change("hub_operations", throughput_kg=19_899))
    params = {"site_id": "HUB", "day": "2026-03-02", "throughput_t": "19.899", "legs_t": "20.000"}

    assert [("hub_operations.csv", 1, params)] == [(each.file, each.row, each.params) for each in found]
    assert [] == find("hub.throughput", change("hub_operations", throughput_kg=19_900))


def test_what_leaves_on_another_day_is_not_in_the_throughput() -> None:
    assert [] == find("hub.throughput", change("hub_operations", throughput_kg=1, day="2026-03-03"))
