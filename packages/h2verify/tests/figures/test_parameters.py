"""Published parameters are read strictly, and the value of a date, region and boundary is the one the rules name."""

import copy
import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from h2verify import canonical
from h2verify.errors import BundleError
from h2verify.parameters import FIELDS_MAX, REGIONS_DEEP, Parameters, constant_origin, parameter_origin, read_parameters
from h2verify.support import UNSTATED

Document = dict[str, Any]
LABEL = "tried/2026.1"
DAY = datetime.date(2025, 6, 30)


def entry(name: str, value: str, **more: Any) -> Document:
    """A constant; with `from`, a dated parameter."""
    words = {"title_zh": "试", "title_en": "tried", "unit": "kg", "source": "a book", "page": "3"}
    return {"name": name, "value": value, "checked_on": "2026-01-02", **words, **more}


def a_document() -> Document:
    head = {"id": "tried", "edition": "2026.1", "status": "draft", "standard": "none"}
    return {
        "format": "parameters/1",
        "edition": {**head, "title_zh": "试", "title_en": "tried"},
        "constants": [entry("kg_per_t", "1000")],
        "parameters": [
            entry("grid", "0.6", region="Land", boundary="life_cycle", until="2023-12-31", **{"from": "2023-01-01"}),
            entry(
                "grid",
                "0.5",
                region="Land",
                boundary="life_cycle",
                until="2024-12-31",
                max_age_years=2,
                **{"from": "2024-01-01"},
            ),
            entry("grid", "0.4", region="Land", boundary="direct", **{"from": "2020-01-01"}),
            entry("grid", "0.3", region="Town", boundary="direct", until="2021-12-31", **{"from": "2020-01-01"}),
            entry("density", "0.8", **{"from": "2023-01-01"}),
        ],
        "regions": {"Town": "County", "County": "Land", "Village": "Town"},
    }


def read(document: Document) -> Parameters:
    return read_parameters(canonical.encode(document), label=LABEL)


def a_document_of_levels() -> Document:
    """Two levels of region: the town has a value, the county none, the land one of a factor file."""
    document = a_document()
    document["levels"] = {"Village": "provincial", "Town": "regional", "Land": "national"}
    document["parameters"] += [
        entry("grid2", "0.2", region="Town", pack="own/2026.1", licence="free", **{"from": "2020-01-01"}),
        entry("grid2", "0.1", region="Land", **{"from": "2020-01-01"}),
    ]
    return document


def chosen(on: datetime.date = DAY, **asked: Any) -> tuple[str, int] | None:
    found = read(a_document()).dated.find_value(asked.pop("name", "grid"), on=on, **asked)
    return (found.parameter.value, found.age_years) if found else None


@pytest.mark.parametrize(
    ("expected", "on"),
    [
        (("0.6", 0), "2023-01-01"),
        (("0.6", 0), "2023-12-31"),
        (("0.5", 0), "2024-01-01"),
        (("0.5", 0), "2024-12-31"),
        (("0.5", 1), "2025-01-01"),
        (("0.5", 2), "2026-12-31"),
        (None, "2027-01-01"),
        (None, "2022-12-31"),
    ],
)
def test_a_value_holds_on_its_days_and_for_its_allowed_age(expected: Any, on: str) -> None:
    assert expected == chosen(datetime.date.fromisoformat(on), region="Land", boundary="life_cycle")


def test_a_region_without_values_takes_those_of_the_region_it_lies_in() -> None:
    assert ("0.5", 1) == chosen(region="County", boundary="life_cycle")
    assert ("0.4", 0) == chosen(region="County", boundary="direct")


def test_a_region_with_values_but_none_on_the_date_is_not_helped_out() -> None:
    assert chosen(region="Town", boundary="direct") is None
    assert chosen(region="Village", boundary="direct") is None


def test_a_value_without_region_is_asked_for_without_one() -> None:
    assert ("0.8", 0) == chosen(name="density")
    assert chosen(name="density", region="Land") is None
    assert chosen(name="grid") is None


def test_regions_are_followed_a_limited_number_of_times_even_in_a_circle() -> None:
    document = a_document()
    names = [f"R{n}" for n in range(REGIONS_DEEP)]
    document["regions"] = {**dict(zip(names, [*names[1:], "Land"], strict=True)), "A": "B", "B": "A"}
    dated = read(document).dated

    assert dated.find_value("grid", on=DAY, region=names[1], boundary="direct") is not None
    assert dated.find_value("grid", on=DAY, region=names[0], boundary="direct") is None
    assert dated.find_value("grid", on=DAY, region="A", boundary="direct") is None
    assert dated.find_unknown_region("grid", "A", "direct") is None
    assert "Mars" == dated.find_unknown_region("grid", "Mars", "direct")


def test_an_origin_says_what_the_entry_says_and_whose_region_was_asked_for() -> None:
    parameters = read(a_document())
    found = parameters.dated.find_value("grid", on=DAY, region="County", boundary="direct")

    assert found is not None
    assert {
        "kind": "parameter",
        "edition": LABEL,
        "name": "grid",
        "region": "Land",
        "boundary": "direct",
        "holds_from": "2020-01-01",
        "age_years": 0,
        "source": "a book",
        "page": "3",
        "checked_on": "2026-01-02",
        "region_asked": "County",
    } == parameter_origin(LABEL, found, asked="County")
    expected = {"kind", "edition", "name", "source", "page", "checked_on"}

    assert expected == constant_origin(LABEL, parameters.constants["kg_per_t"]).keys()


@pytest.mark.parametrize(
    ("expected", "region", "level"),
    [
        ("0.2", "Village", None),
        ("0.2", "Village", "regional"),
        ("0.1", "Village", "national"),
        ("0.1", "Land", "national"),
        (None, "Village", "provincial"),
        (None, "Land", "regional"),
        (None, "Mars", "national"),
    ],
)
def test_where_a_level_is_asked_for_only_a_region_of_it_gives_the_value(
    expected: str | None, region: str, level: str | None
) -> None:
    dated = read(a_document_of_levels()).dated
    found = dated.find_value("grid2", on=DAY, region=region, level=level)

    assert expected == (found.parameter.value if found else None)
    assert (found is not None) == dated.has_value("grid2", region=region, level=level)


def test_an_origin_names_the_factor_file_and_the_level_that_was_asked_for() -> None:
    found = read(a_document_of_levels()).dated.find_value("grid2", on=DAY, region="Village", level="regional")

    assert found is not None
    origin = parameter_origin(LABEL, found, asked="Village", level="regional")

    assert ("own/2026.1", "regional", "Village", "Town") == tuple(
        origin[key] for key in ("pack", "level_asked", "region_asked", "region")
    )


def set_field(key: str, value: Any) -> Callable[[Document], None]:
    return lambda document: document["parameters"][0].__setitem__(key, value)


def remove_field(key: str) -> Callable[[Document], None]:
    return lambda document: document["parameters"][0].__delitem__(key)


FAULTS: dict[str, Callable[[Document], Any]] = {
    "another format": lambda d: d.update(format="parameters/2"),
    "another edition": lambda d: d["edition"].update(edition="2026.2"),
    "a field more": lambda d: d.update(note=""),
    "no regions": lambda d: d.pop("regions"),
    "regions that are no texts": lambda d: d["regions"].update(Town=1),
    "constants that are no list": lambda d: d.update(constants={}),
    "an entry that is no object": lambda d: d["constants"].append("kg"),
    "a name twice": lambda d: d["constants"].append(copy.deepcopy(d["constants"][0])),
    "a constant that is a parameter": lambda d: d["constants"].append(entry("grid", "1")),
    "a constant with a date": lambda d: d["constants"][0].update(until="2025-01-01"),
    "no source": remove_field("source"),
    "an empty source": set_field("source", ""),
    "no date": remove_field("from"),
    "no such day": set_field("from", "2023-02-30"),
    "a day in another form": set_field("from", "20230230"),
    "a number": set_field("value", 1),
    "an exponent": set_field("value", "1e3"),
    "digits of another script": set_field("value", "１"),
    "a line end": set_field("value", "1\n"),
    "no boundary that is one": set_field("boundary", "well"),
    "an age that is true": set_field("max_age_years", True),
    "an age of a century": set_field("max_age_years", 100),
    "an age that is null": set_field("max_age_years", None),
    "a pack that is no label": set_field("pack", "own"),
    "an empty licence": set_field("licence", ""),
    "a range without its source": set_field("range_pct", "5"),
    "a source of no range": set_field("range_source", "own"),
    "a range below zero": lambda d: d["parameters"][0].update(range_pct="-5", range_source="own"),
    "a range that is a number": lambda d: d["parameters"][0].update(range_pct=5, range_source="own"),
    "a range by an empty source": lambda d: d["parameters"][0].update(range_pct="5", range_source=""),
    "a level that is none": lambda d: d.update(levels={"Town": "town"}),
    "levels that are null": lambda d: d.update(levels=None),
    "a level that is a list": lambda d: d.update(levels={"Town": ["regional"]}),
    "support of no kind": lambda d: d.update(support={}),
    "support of a kind that is none": lambda d: d.update(support={"sailing_ship": ["source"]}),
    "support that is no list": lambda d: d.update(support={"peer_fleet": "source"}),
    "support by too many fields": lambda d: d.update(support={"peer_fleet": ["source"] * (FIELDS_MAX + 1)}),
    "support by a number": lambda d: d.update(support={"peer_fleet": [1]}),
    "support two dots deep": lambda d: d.update(support={"peer_fleet": ["a.b.c"]}),
    "a text that was seen by a word": lambda d: d["edition"].update(text_seen="no"),
    "a name with a bracket": set_field("name", "grid[x]"),
}


def test_a_value_may_state_its_range_and_is_chosen_as_before() -> None:
    document = a_document()
    for each in document["parameters"]:
        each.update(range_pct="7.5", range_source="own")

    assert read(a_document()).dated.find_value("density", on=DAY) == read(document).dated.find_value("density", on=DAY)


def test_what_supports_a_baseline_is_what_the_edition_says_or_source_and_date() -> None:
    said = {"peer_fleet": ["source", "life_cycle.source"], "regulatory_limit": []}
    document = a_document()
    document["edition"]["text_seen"] = False

    assert UNSTATED == read(document).support
    assert said == read({**document, "support": said}).support


@pytest.mark.parametrize("fault", FAULTS)
def test_a_table_with_one_fault_is_refused(fault: str) -> None:
    document = a_document()
    FAULTS[fault](document)
    with pytest.raises(BundleError) as caught:
        read(document)

    assert "edition.form" == caught.value.code


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"{", json.dumps(a_document(), indent=1).encode(), b"\xff"])
def test_what_is_no_canonical_object_is_refused(data: bytes) -> None:
    with pytest.raises(BundleError) as caught:
        read_parameters(data, label=LABEL)

    assert "edition.form" == caught.value.code


def test_limits_of_stated_facts_may_be_published() -> None:
    limit = {"fact": "mass_kg", "at_most": "10", "unit": "kg", "source": "own", "checked_on": "2026-11-28"}

    assert {"kg_per_t"} == read({**a_document(), "limits": [limit]}).constants.keys()


@pytest.mark.parametrize(
    "change",
    [{"at_most": 10}, {"fact": "Mass"}, {"unit": ""}, {"checked_on": "2026-11-31"}, {"more": "1"}, {"at_least": "a"}],
    ids=str,
)
def test_a_limit_that_is_not_whole_is_refused(change: Document) -> None:
    limit = {"fact": "mass_kg", "at_most": "10", "unit": "kg", "source": "own", "checked_on": "2026-11-28"}
    with pytest.raises(BundleError) as caught:
        read({**a_document(), "limits": [{**limit, **change}]})

    assert "edition.form" == caught.value.code


def test_a_limit_without_an_end_is_refused() -> None:
    limit = {"fact": "mass_kg", "unit": "kg", "source": "own", "checked_on": "2026-11-28"}
    with pytest.raises(BundleError):
        read({**a_document(), "limits": [limit]})


CUSTODY = {
    "allowed": ["segregated", "mass_balance"],
    "checked_on": "2026-11-28",
    "clause": "own",
    **dict.fromkeys(("mixing_en", "mixing_zh", "page", "period_en", "period_zh", "source"), "words"),
}


def test_custody_models_may_be_published() -> None:
    assert {"kg_per_t"} == read({**a_document(), "custody": CUSTODY}).constants.keys()


@pytest.mark.parametrize(
    "change",
    [
        {"allowed": []},
        {"allowed": "segregated"},
        {"allowed": ["mixed"]},
        {"allowed": ["segregated", "segregated"]},
        {"allowed": [["segregated"]]},
        {"clause": ""},
        {"checked_on": "2026-11-31"},
        {"more": "1"},
    ],
    ids=str,
)
def test_custody_that_is_not_whole_is_refused(change: Document) -> None:
    with pytest.raises(BundleError) as caught:
        read({**a_document(), "custody": {**CUSTODY, **change}})

    assert "edition.form" == caught.value.code


@pytest.mark.parametrize("name", sorted(CUSTODY))
def test_custody_that_lacks_a_field_is_refused(name: str) -> None:
    lacking = {key: value for key, value in CUSTODY.items() if key != name}
    with pytest.raises(BundleError) as caught:
        read({**a_document(), "custody": lacking})

    assert "edition.form" == caught.value.code
