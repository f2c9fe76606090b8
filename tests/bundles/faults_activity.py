"""Faults of activity records (steps 12 and 13).

An outsider changes records under roots that he cannot repair. An operator writes roots, tree, statement and log anew,
and is caught where records contradict each other or the chain.
"""

import json
from collections.abc import Callable
from typing import Any

from forger import Lie
from h2verify import canonical
from registry import operator, outsider
from signing import Document
from zips import Members

TRUCK = "truck/truck-1"


def _group_name(members: Members, group: str) -> str:
    return next(
        name for name in members if name.startswith("activity/") and json.loads(members[name])["group"] == group
    )


def _edit(members: Members, group: str, change: Callable[[Document], Any]) -> None:
    name = _group_name(members, group)
    document = json.loads(members[name])
    change(document)
    members[name] = canonical.encode(document)


def _of(document: Document, kind: str) -> list[Document]:
    return [record for record in document["records"] if record["kind"] == kind]


# By somebody without keys.


@outsider("activity.records", depth="activity")
def changed_mass_in_a_record(members: Members) -> None:
    """The record of the consignment says another mass than was committed to."""
    _edit(members, "consignment/FR-C0001", lambda group: group["records"][0].update(mass_g=20_400_000))


@outsider("activity.records", depth="activity")
def changed_fill_in_a_record(members: Members) -> None:
    """The record of a fill says less hydrogen than was committed to."""
    _edit(members, TRUCK, lambda group: _of(group, "fill")[0].update(mass_mg=22_830_000))


@outsider("activity.records", depth="activity")
def disclosed_records_with_another_salt(members: Members) -> None:
    """The salt of a group's records is another than the one committed with."""
    _edit(members, TRUCK, lambda group: group.update(salt="00" * 32))


@outsider("activity.records", depth="activity")
def dropped_record(members: Members) -> None:
    """The record of a fill was taken out of its group."""
    _edit(members, TRUCK, lambda group: group["records"].remove(_of(group, "fill")[1]))


@outsider("activity.records", depth="activity")
def added_record(members: Members) -> None:
    """A fill was added to a group."""
    _edit(members, TRUCK, lambda group: group["records"].append({**_of(group, "fill")[1], "row": 3}))


@outsider("activity.records", depth="activity")
def swapped_records(members: Members) -> None:
    """Two records of a group changed places."""
    _edit(members, TRUCK, lambda group: group["records"].insert(4, group["records"].pop(5)))


@outsider("activity.group", depth="activity")
def group_leaf_with_another_salt(members: Members) -> None:
    """The salt of a group's leaf is another than the one committed with."""
    _edit(members, TRUCK, lambda group: group["leaf"].update(salt="00" * 32))


@outsider("activity.group", depth="activity")
def leaf_of_another_group(members: Members) -> None:
    """A group is proved at the place of another one."""
    other = json.loads(members[_group_name(members, "trial")])["leaf"]
    names = ("hashes", "index", "salt")
    _edit(members, TRUCK, lambda group: group["leaf"].update({name: other[name] for name in names}))


@outsider("activity.group", depth="activity")
def group_under_another_name(members: Members) -> None:
    """A group of one truck is said to be of another."""
    _edit(members, TRUCK, lambda group: group.update(group="truck/truck-2"))


@outsider("activity.duplicate-group", depth="activity")
def group_twice(members: Members) -> None:
    """A group is there twice."""
    members["activity/10.json"] = members["activity/9.json"]


@outsider("activity.group-missing", depth="activity")
def dropped_group(members: Members) -> None:
    """The group of the station was taken out, and the others renumbered."""
    _drop(members, "site/FR-GANSHUI")


@outsider("activity.group-missing", depth="activity")
def dropped_group_of_the_other_load(members: Members) -> None:
    """The other consignment of the round was taken out, so that the first seems to travel alone."""
    _drop(members, "consignment/FR-C0002")


@outsider("activity.group-missing", depth="activity")
def dropped_group_of_the_origin(members: Members) -> None:
    """The batch that the hydrogen came from was taken out."""
    _drop(members, "batch/FR-B001")


def _drop(members: Members, group: str) -> None:
    del members[_group_name(members, group)]
    left = sorted(name for name in members if name.startswith("activity/"))
    kept = [members.pop(name) for name in left]
    members |= {f"activity/{number}.json": data for number, data in enumerate(kept, start=1)}


@outsider("activity.form", depth="activity")
def group_without_salt(members: Members) -> None:
    """A group does not say by which salt it was committed to."""
    _edit(members, TRUCK, lambda group: group.pop("salt"))


# By an operator who commits to everything anew.


@operator("activity.chain", depth="activity")
def changed_mass(lie: Lie) -> None:
    """The record of the consignment says another mass than chain, figure and statement."""
    lie.records("consignment")[0]["mass_g"] = 20_400_000


@operator("activity.chain", depth="activity")
def changed_mass_in_chain_and_figure(lie: Lie) -> None:
    """Chain, figure and statement say another mass than the record of the consignment."""
    lie.change_fact("mass_kg[chain]", "20400")
    lie.statement["consignment"]["mass_kg"] = "20400"


@operator("activity.chain", depth="activity")
def changed_distance(lie: Lie) -> None:
    """Chain and figure go a longer way than the record of the leg."""
    lie.change_fact("distance_km[element:FR-L0001]", "300")


@operator("activity.chain", depth="activity")
def less_hydrogen(lie: Lie) -> None:
    """Chain and figure count less hydrogen than the records."""
    lie.change_fact("hydrogen_kg[category:hydrogen-truck-1-round-1/energy:1]", "25.305997")


@operator("activity.chain", depth="activity")
def changed_gate_intensity(lie: Lie) -> None:
    """Chain and figure take a lower intensity at the gate than the record of the batch."""
    lie.change_fact("gate_kgco2e_per_kg[category:hydrogen-truck-1-round-1/energy:1]", "1.186")


@operator("activity.chain", depth="activity")
def vented_hydrogen_left_out(lie: Lie) -> None:
    """Chain and figure count no vented hydrogen, the record of the station does."""
    lie.change_fact("station_vented_kg[category:hydrogen-truck-1-round-1/energy:1]", "0")


@operator("activity.chain", depth="activity")
def longer_way_for_the_diesel_truck(lie: Lie) -> None:
    """The diesel truck that did not drive is given a longer way than the records allow."""
    lie.change_fact("baseline_distance_km[category:hydrogen-truck-1-round-1]", "707")


@operator("activity.chain", depth="activity")
def throughput_of_the_hub_made_larger(lie: Lie) -> None:
    """Chain and figure spread the hub over more goods than the record of the day."""
    lie.change_fact("category_throughput_t[category:hub-FR-DRYPORT-2026-03-02]", "9638.6")


@operator("activity.statement", depth="activity")
def another_destination_in_the_statement(lie: Lie) -> None:
    """The statement names another destination than the record of the consignment."""
    lie.statement["consignment"]["destination_site"]["site_id"] = "FR-GANSHUI"


@operator("activity.statement", depth="activity")
def another_departure_in_the_statement(lie: Lie) -> None:
    """The statement says that the goods left a day earlier than the record of the leg."""
    lie.statement["consignment"]["departed_at"] = "2026-03-01T07:12:00+08:00"


@operator("activity.statement", depth="activity")
def another_mode_in_the_statement(lie: Lie) -> None:
    """The statement says that the goods went by rail."""
    lie.statement["consignment"]["modes"] = ["rail"]


@operator("activity.statement", depth="activity")
def another_gap_in_the_statement(lie: Lie) -> None:
    """The statement says that something is not covered that the records cover."""
    lie.statement["not_covered"] = [{"en": "weather", "zh": "天气"}]


@operator("activity.trips", depth="activity")
def changed_distance_of_a_trip(lie: Lie) -> None:
    """A trip is longer than the sum of its spans."""
    lie.records("trip")[0]["distance_mm"] += 1_000_000


@operator("activity.trips", depth="activity")
def span_cut_elsewhere(lie: Lie) -> None:
    """A span ends where neither stand nor window does."""
    lie.records("span")[0]["to_s"] -= 10


@operator("activity.trips", depth="activity")
def dropped_stand(lie: Lie) -> None:
    """A standing that ends a trip is not among the records."""
    group = lie.group(TRUCK)
    group.records.remove(lie.records("stand")[1])


@operator("activity.hydrogen", depth="activity")
def changed_hydrogen_of_a_span(lie: Lie) -> None:
    """A stretch of a trip used less hydrogen than windows and stack charge give."""
    record = lie.records("span_hydrogen")[0]
    record["used_mg"] -= 1_000_000
    record["by_origin"][0][1] -= 1_000_000


@operator("activity.hydrogen", depth="activity")
def changed_origin_of_hydrogen(lie: Lie) -> None:
    """Hydrogen of one origin is said to be of another."""
    record = lie.records("span_hydrogen")[1]
    record["by_origin"][0][1] -= 1_000_000
    record["by_origin"][1][1] += 1_000_000


@operator("activity.hydrogen", depth="activity")
def tank_fuller_at_the_end(lie: Lie) -> None:
    """A window ends with more in the tank than the next one begins with."""
    lie.records("window")[0]["tank_end"]["mass_mg"] += 5_000_000


@operator("activity.hydrogen", depth="activity")
def forgotten_fill(lie: Lie) -> None:
    """A fill of the truck is not among its records."""
    lie.group(TRUCK).records.remove(lie.records("fill")[1])


@operator("activity.hydrogen", depth="activity")
def fill_of_another_mass_than_the_window_s(lie: Lie) -> None:
    """The record of a fill says less than the window that counts it."""
    lie.records("fill")[1]["mass_mg"] -= 10_000_000


@operator("activity.form", depth="activity")
def record_of_an_unknown_kind(lie: Lie) -> None:
    """A record is of a kind that there is not."""
    lie.records("fill")[0]["kind"] = "gift"


@operator("activity.form", depth="activity")
def record_with_a_foreign_field(lie: Lie) -> None:
    """A record says more than its kind does."""
    lie.records("fill")[0]["note"] = "as measured"


@operator("activity.form", depth="activity")
def record_with_a_text_for_a_number(lie: Lie) -> None:
    """A mass is a text."""
    lie.records("fill")[0]["mass_mg"] = "32830000"


@operator("activity.form", depth="activity")
def record_with_a_true_mass(lie: Lie) -> None:
    """A mass is the value true, which some languages count as one."""
    lie.records("fill")[0]["mass_mg"] = True


@operator("activity.form", depth="activity")
def record_with_a_negative_mass(lie: Lie) -> None:
    """A fill took hydrogen away."""
    lie.records("fill")[0]["mass_mg"] = -1


@operator("activity.form", depth="activity")
def record_of_the_header_row(lie: Lie) -> None:
    """A record says that its row is the header, against which nothing can be held."""
    lie.records("batch")[0].update(row=0, intensity_kgco2e_per_kg="0.1")
    lie.follow_records()


@operator("activity.form", depth="activity")
def record_with_an_identity_in_clear(lie: Lie) -> None:
    """A record states the identity of the truck instead of its hash."""
    lie.group(TRUCK).records[0]["closed"]["identity"] = "LFHUEZJP1TG007811"
