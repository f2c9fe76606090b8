"""The form of records and groups: what is not in it is refused, whatever it is."""

import copy
from typing import Any

import pytest
from h2verify.chains import check_forms
from h2verify.chains.forms import FORMS, RECORDS_MAX
from h2verify.chains.group_forms import GROUP_FORMS, RECORDS_OF_A_KIND_MAX
from h2verify.errors import BundleError
from hypothesis import given, settings
from hypothesis import strategies as st
from made_records import TRUCK, Groups, made_groups, record_of, sealed

JUNK: list[Any] = [None, True, -1, 10**16, 1.5, "", "x" * 5000, [], {}, [[]], {"a": None}, b"bytes"]


def _code(groups: Any) -> str | None:
    try:
        check_forms(groups)
    except BundleError as error:
        return error.code
    return None


def test_records_in_their_form_are_taken() -> None:
    assert _code(made_groups()) is None


def test_every_kind_has_its_place_in_a_group() -> None:
    placed = {kind for form in GROUP_FORMS.values() for kind in (form.head, *form.rest) if kind}

    assert FORMS.keys() == placed


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_a_field_more_or_less_is_refused(kind: str) -> None:
    for group, records in made_groups().items():
        for number, record in enumerate(records):
            if record["kind"] == kind:
                for change in (
                    {**record, "more": 1},
                    {name: value for name, value in record.items() if name != next(iter(FORMS[kind].fields))},
                    {name: value for name, value in record.items() if name != "closed"},
                    {**record, "closed": {**record["closed"], "else": "00" * 32}},
                    {**record, "closed": dict.fromkeys(FORMS[kind].closed or ("position",), "00")},
                ):
                    groups = made_groups()
                    groups[group][number] = change

                    assert "activity.form" == _code(groups)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), junk=st.sampled_from(JUNK))
def test_a_field_of_another_type_is_refused_or_is_sound(data: st.DataObject, junk: Any) -> None:
    groups = made_groups()
    record = groups[data.draw(st.sampled_from(sorted(groups)))][0]
    name = data.draw(st.sampled_from(sorted(record)))
    record[name] = copy.deepcopy(junk)

    assert _code(groups) in (None, "activity.form")


@pytest.mark.parametrize("junk", [*JUNK, [None], [[1]], [{"kind": "nothing"}], [{"kind": []}], [{"kind": "leg"}]])
def test_a_group_of_anything_else_is_refused(junk: Any) -> None:
    records = junk if isinstance(junk, list) else [junk]

    assert _code({"site/HUB": records}) == "activity.form"


@pytest.mark.parametrize("name", ["", "truck", "truck/truck-2", "site/PORT", "distances/x", "trial/", "closed/x"])
def test_a_group_under_another_name_is_refused(name: str) -> None:
    groups = made_groups()

    assert "activity.form" == _code({**groups, name: groups[TRUCK]})


def _swapped(groups: Groups, group: str, kind: str) -> Groups:
    places = [number for number, record in enumerate(groups[group]) if record["kind"] == kind][:2]
    records = groups[group]
    records[places[0]], records[places[1]] = records[places[1]], records[places[0]]
    return groups


@pytest.mark.parametrize("kind", ["leg", "stand", "window", "span", "service", "trip"])
def test_records_out_of_order_are_refused(kind: str) -> None:
    assert "activity.form" == _code(_swapped(made_groups(), TRUCK, kind))


def test_a_record_twice_is_refused() -> None:
    for group in (TRUCK, "site/STATION", "distances"):
        for number in range(len(made_groups()[group])):
            groups = made_groups()
            groups[group].insert(number, groups[group][number])

            assert "activity.form" == _code(groups)


def test_a_leg_in_two_groups_is_refused() -> None:
    groups = made_groups()
    twin = {**record_of(groups, TRUCK, "leg"), "truck": None}
    groups["consignment/C1"].insert(1, twin)

    assert "activity.form" == _code(groups)


def test_a_leg_of_another_truck_is_refused() -> None:
    groups = made_groups()
    record_of(groups, TRUCK, "leg")["truck"] = "truck-2"

    assert "activity.form" == _code(groups)


def test_a_day_on_which_an_instant_falls_nowhere_is_refused() -> None:
    for day, code in (("2026-03-03", None), ("2026-03-01", None), ("2026-03-04", "activity.form")):
        groups = made_groups()
        record_of(groups, TRUCK, "leg")["departed_day"] = day

        assert code == _code(groups)


def test_what_no_row_describes_says_nothing() -> None:
    assert _code({"site/X": [sealed("site", site_id="X")]}) is None
    assert "activity.form" == _code({"site/X": [sealed("site", site_id="X", site_kind="hub")]})


def test_rows_count_from_1_for_the_header_says_nothing_of_a_record() -> None:
    site = {"site_kind": "hub", "grid_region": "Guizhou"}

    assert _code({"site/X": [sealed("site", site_id="X", row=1, **site)]}) is None
    assert "activity.form" == _code({"site/X": [sealed("site", site_id="X", row=0, **site)]})


def test_a_great_circle_beside_a_known_distance_is_refused() -> None:
    groups = made_groups()
    groups["distances"][0]["straight_mm"] = 1

    assert "activity.form" == _code(groups)


def test_more_than_the_limits_is_refused_before_anything_is_computed() -> None:
    fill = record_of(made_groups(), "site/STATION", "station_fill")
    many = [{**fill, "row": row} for row in range(1, RECORDS_OF_A_KIND_MAX + 2)]
    site = sealed("site", site_id="S", row=1)

    assert "container.limit" == _code({"site/S": [site, *many]})
    assert _code({"site/S": [site, *many[1:]]}) is None
    assert "container.limit" == _code({"trial": [{}] * (RECORDS_MAX + 1)})


def test_spans_times_deliveries_are_limited() -> None:
    groups = made_groups()
    span, delivery = record_of(groups, TRUCK, "span"), record_of(groups, "site/STATION", "delivery")
    head = groups[TRUCK][0]
    spans = [{**span, "span_no": number} for number in range(1001)]
    deliveries = [{**delivery, "row": number} for number in range(1, 1001)]
    site = groups["site/STATION"][0]

    assert "container.limit" == _code({TRUCK: [head, *spans], "site/STATION": [site, *deliveries]})
    assert _code({TRUCK: [head, *spans[:1000]], "site/STATION": [site, *deliveries]}) is None
