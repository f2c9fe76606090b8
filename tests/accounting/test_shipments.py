"""A table by columns is, digit for digit, each shipment's own assessment; one that cannot be is refused alone."""

import datetime
import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from chain_examples import assessed, carrier, freight_chain, hub_totals, totals
from h2verify.derivation import compute, published
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.accounting.kernel import Edition, Many, Quantity, greatest, least, rule, total
from h2corridor.accounting.kernel.columns import Column, ColumnResolver, Group, Link
from h2corridor.accounting.shipment_columns import BatchRows, assess_batch
from h2corridor.accounting.shipments import ShipmentFigures, ShipmentsAssessor
from h2corridor.app.rules import get_rule_set
from h2corridor.model.errors import InputError, RuleError
from h2corridor.model.shipment_table import decode_categories, read_shipment_table

HEADER = "shipment_id,mass_kg,element_id,kind,category,mode,class,distance_kind,distance_km,activity_date"


def categories() -> dict[str, Any]:
    """Every way a category may state its intensity."""
    classes = [
        {"name": "cooled", "quantity": "3", "equivalent": "1.17", "transport_activity_tkm": "700.1"},
        {"name": "ambient", "quantity": "9", "equivalent": "1", "transport_activity_tkm": "1300"},
    ]
    supply = {
        "batch": "B",
        "station": "S",
        "gate_kgco2e_per_kg": "1.3",
        "delivered_kg": "311",
        "trailer_diesel_l": "57",
        "trailer_compression_kwh": "700",
        "trailer_grid_region": "Chongqing",
        "station_dispensed_kg": "907.7",
        "station_vented_kg": "3.1",
        "station_electricity_kwh": "2600",
        "station_grid_region": "Guizhou",
    }
    hydrogen = {"carrier": "hydrogen", "unit": "kg", "amount": "470.2", "supply": supply}
    diesel = {"carrier": "diesel", "unit": "l", "amount": "37.7"}
    direct = {"carrier": "electricity", "unit": "kWh", "amount": "77.7", "grid_region": "Chongqing"}
    return {
        **freight_chain()["categories"],
        "aircraft": {
            "kind": "transport",
            "data": "default",
            "source": "assumed",
            "intensity": {"per": "actual_tkm", "wtw_kgco2e": "0.61", "ttw_kgco2e": "0.47"},
            "distance_adjustment_km": "95",
        },
        "hydrogen": totals("55000.7", hydrogen, diesel),
        "classes": totals("2000.1", carrier("hvo", "91.3", "l", "0.7", "0.03"), classes=classes),
        "hub": hub_totals(
            "7000", {**direct, "factor_boundary": "direct"}, carrier("gas", "31", "kWh", "0.06477", "0.2")
        ),
    }


DAY = "2024-06-01"
SHARED: dict[str, Any] = {"format": "transport-categories/1", "activity_date": DAY, "categories": categories()}
MOVES = {"truck": "road", "aircraft": "air", "train": "rail", "hydrogen": "road", "classes": "road"}
HUBS = ("terminal", "hub")


def read(rows: list[str], shared: dict[str, Any] = SHARED, *, header: str = HEADER) -> ShipmentsAssessor:
    table = read_shipment_table(io.StringIO("\n".join([header, *rows]) + "\n"), about="legs.csv")
    kept = decode_categories(json.dumps(shared).encode(), about="categories.json")
    return ShipmentsAssessor(table, kept, get_rule_set("iso14083@2023.1"))


def assess(rows: list[str], shared: dict[str, Any] = SHARED) -> dict[str, ShipmentFigures]:
    return {each.shipment: each for each in read(rows, shared).assess()}


amounts = st.decimals(Decimal("0.001"), Decimal(9_000), places=3).map(lambda value: format(value, "f"))
moves = st.tuples(st.sampled_from([*MOVES, *HUBS]), amounts, st.sampled_from(["", "cooled", "ambient"]))
shipments = st.tuples(amounts, st.lists(moves, min_size=1, max_size=6))


def rows_of(shipment: str, mass_kg: str, elements: list[tuple[str, str, str]]) -> list[str]:
    found = []
    for number, (category, km, named) in enumerate(elements):
        head = f"{shipment},{mass_kg},E{number}"
        if category in HUBS:
            found.append(f"{head},hub,{category},,,,,")
        else:
            of = named if category == "classes" else ""
            found.append(f"{head},transport,{category},{MOVES[category]},{of},sfd,{km},")
    return found


@settings(max_examples=40, deadline=None)
@given(st.lists(shipments, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_a_table_says_of_each_shipment_what_its_own_chain_says(drawn: list[Any], order: Any) -> None:
    rows = [row for number, each in enumerate(drawn) for row in rows_of(f"S{number}", *each)]
    by_shipment = sorted(rows, key=lambda row: order.random())
    by_shipment.sort(key=lambda row: row.split(",")[2])
    found = assess(by_shipment)
    for number in range(len(drawn)):
        own = [row.split(",") for row in by_shipment if row.startswith(f"S{number},")]
        figures = found[f"S{number}"]
        try:
            expected = assessed(document_of(own))
        except InputError as error:
            assert error.message.replace("transport chain", f"S{number}") == figures.refused
            continue

        assert expected.wtw_kgco2e == figures.wtw_kgco2e
        assert expected.ttw_kgco2e == figures.ttw_kgco2e
        assert expected.wtt_kgco2e == figures.wtt_kgco2e
        assert expected.transport_activity_tkm == figures.transport_activity_tkm
        assert expected.hub_activity_t == figures.hub_activity_t
        assert expected.intensity_wtw_kgco2e_per_tkm == figures.intensity_wtw_kgco2e_per_tkm
        assert expected.intensity_ttw_kgco2e_per_tkm == figures.intensity_ttw_kgco2e_per_tkm
        assert expected.data_shares.primary_by_wtw_emissions == figures.primary_by_wtw_emissions
        assert expected.data_shares.primary_by_transport_activity == figures.primary_by_transport_activity
        assert expected.elements == figures.elements
        assert len(expected.boundary_gaps) == figures.boundary_gaps


def document_of(rows: list[list[str]]) -> dict[str, Any]:
    elements: list[dict[str, Any]] = []
    for _, _, name, kind, category, mode, of, distance_kind, km, _ in rows:
        element: dict[str, Any] = {"id": name, "kind": kind, "category": category}
        if kind == "transport":
            element |= {"mode": mode, "distance": {"kind": distance_kind, "km": km}}
        elements.append(element | ({"class": of} if of else {}))
    named = {name: SHARED["categories"][name] for name in {each["category"] for each in elements}}
    shipment = {"id": rows[0][0], "mass_kg": rows[0][1]}
    head = {"format": "transport-chain/1", "activity_date": SHARED["activity_date"]}
    return {**head, "shipment": shipment, "elements": elements, "categories": named}


def test_columns_are_the_scalar_steps_digit_for_digit_before_any_rounding() -> None:
    masses, distances = ["10000", "3", "777.7"], ["50", "0.333", "1150.01"]
    specimen = document_of([["S", "1000", "E", "transport", "hydrogen", "road", "", "sfd", "1", ""]])
    batch = BatchRows(
        specimen=specimen,
        mass_kg=masses,
        shipment=np.arange(3),
        sort=np.zeros(3, dtype=np.int64),
        distance_km=distances,
        moved=True,
        handled=False,
    )
    figures = assess_batch(batch, get_rule_set("iso14083@2023.1"), on=datetime.date.fromisoformat(DAY))
    for number, (mass, km) in enumerate(zip(masses, distances, strict=True)):
        steps = assessed(document_of([["S", mass, "E", "transport", "hydrogen", "road", "", "sfd", km, ""]])).derivation
        values = compute({step["id"]: step for step in steps})

        assert str(values["wtw_kgco2e[chain]"]) == str(figures.shipments["wtw_kgco2e"][number])
        assert str(values["element_ttw_kgco2e[element:E]"]) == str(figures.elements["element_ttw_kgco2e"][number])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("B,10,E1,transport,nobody,road,,sfd,5,", "there is no category 'nobody'"),
        ("B,10,E1,transport,terminal,road,,sfd,5,", "is of the other kind"),
        ("B,10,E1,transport,truck,road,,driven,5,", "the driven distance is not one"),
        ("B,10,E1,transport,truck,road,,sfd,,", "distance_km is not given"),
        ("B,1e3,E1,transport,truck,road,,sfd,5,", "chain.shape"),
        ("B,0,E1,transport,truck,road,,sfd,5,", "expected a mass above zero"),
        ("B,10,E1,transport,truck,moon,,sfd,5,", "chain.shape"),
        ("B,10,E1,transport,truck,road,,sfd,5,2024-13-01", "chain.shape"),
        ("B,10,E1,transport,hydrogen,road,,sfd,5,2019-01-01", "rule.no-factor"),
    ],
)
def test_one_shipment_is_refused_in_words_and_the_others_go_on(row: str, said: str) -> None:
    found = assess(["A,10000,E1,transport,truck,road,,sfd,50,", row, "C,10000,E1,transport,train,rail,,sfd,500,"])

    assert said in str(found["B"].refused)
    assert ("75.075", "70") == (found["A"].wtw_kgco2e, found["C"].wtw_kgco2e)


def test_what_moved_nowhere_has_no_intensity_and_holds_nobody_up() -> None:
    rows = [f"{name},10,E1,transport,truck,road,,sfd,{km}," for name, km in (("A", "50"), ("B", "0"), ("C", "7"))]
    found = assess(rows)

    assert ("0", None) == (found["B"].wtw_kgco2e, found["B"].intensity_wtw_kgco2e_per_tkm)
    assert "0.15015" == found["A"].intensity_wtw_kgco2e_per_tkm == found["C"].intensity_wtw_kgco2e_per_tkm


def test_an_id_that_stands_twice_and_mixed_distances_refuse_their_shipment_alone() -> None:
    rows = [
        "A,10,E1,transport,truck,road,,sfd,5,",
        "A,10,E1,transport,truck,road,,sfd,5,",
        "B,10,E1,transport,truck,road,,sfd,5,",
        "B,10,E2,transport,truck,road,,gcd,5,",
        "C,10,E1,transport,truck,road,,gcd,5,",
    ]
    found = assess(rows)

    assert "stands twice" in str(found["A"].refused)
    assert "kinds are never mixed" in str(found["B"].refused)
    assert found["C"].refused is None


@pytest.mark.parametrize(
    ("rows", "header", "said"),
    [
        ([], HEADER, "no row below the header"),
        (["A,1"], "shipment_id,mass_kg", "the header has no element_id, kind, category"),
        (["A"], HEADER + ",colour", "unknown columns: colour"),
        (["A,1,E"], HEADER, "data row 1, line 2 has 3 cells, the header 10"),
        ([",1,E1,hub,terminal,,,,,"], HEADER, "data row 1, line 2 names no shipment"),
        (
            ["A,1,E1,hub,terminal,,,,,", "A,2,E2,hub,terminal,,,,,"],
            HEADER,
            "mass_kg '1' in data row 1, line 2 and '2' in data row 2, line 3",
        ),
        (
            ['"A",1,"E\n1",hub,terminal,,,,,', ",2,E2,hub,terminal,,,,,"],
            HEADER,
            "data row 2, line 4 names no shipment",
        ),
        (["A,1,E1,hub,terminal,,,,,", "", "A,1,E2,hub,terminal,,,,,"], HEADER, "data row 2, line 3 is empty"),
    ],
)
def test_what_is_no_table_of_shipments_is_refused_as_a_whole(rows: list[str], header: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(rows, header=header)

    assert said in caught.value.message


def test_an_empty_last_line_is_no_row() -> None:
    rows = ["A,10,E1,transport,truck,road,,sfd,5,"]

    assert assess(rows) == assess([*rows, "", ""])


# The kernel's reading by columns, on rules of its own


@rule(at="part", unit="kg", clause="own", title_zh="半", title_en="least of two")
def least_kg(first_kg: Quantity, second_kg: Quantity) -> Quantity:
    return least(first_kg, second_kg)


@rule(at="part", unit="kg", clause="own", title_zh="大", title_en="greatest of two")
def greatest_kg(first_kg: Quantity, second_kg: Quantity) -> Quantity:
    return greatest(first_kg, second_kg)


@rule(at="whole", unit="kg", clause="own", title_zh="合", title_en="all", over="part")
def all_kg(greatest_kg: Many) -> Quantity:
    return total(greatest_kg)


@rule(at="whole", unit="1", clause="own", title_zh="限", title_en="guarded", within=("all_kg", "limit_kg"))
def guarded(limit_kg: Quantity) -> Quantity:
    return limit_kg


@rule(at="whole", unit="1", clause="own", title_zh="环", title_en="a circle")
def circle(circle: Quantity) -> Quantity:
    return circle


def parameters() -> bytes:
    head = '[edition]\nid = "tried"\nedition = "2023.1"\nstatus = "draft"\nstandard = "none"\n'
    return (head + 'title_zh = "试"\ntitle_en = "tried"\n').encode()


def tried() -> ColumnResolver:
    rules = (least_kg, greatest_kg, all_kg, guarded, circle)
    return ColumnResolver([Edition(files={"parameters.toml": parameters()}, rules=rules, about="t")], on=None)


def column(*values: int) -> Column:
    return Column(np.array([Decimal(value) for value in values], dtype=np.object_))


def grouped(limit: int = 100) -> tuple[Group, Group]:
    whole = Group("whole", 2, {"limit_kg": Column(Decimal(limit)), "missing": None})
    facts = {"first_kg": column(1, 5, 3), "second_kg": column(2, 4, 3)}
    return whole, Group("part", 3, facts, [Link(whole, np.array([1, 0, 1]))])


def test_min_max_and_sums_go_row_by_row() -> None:
    whole, part = grouped()

    assert [1, 4, 3] == list(tried().resolve("least_kg", part).values)
    assert [2, 5, 3] == list(tried().resolve("greatest_kg", part).values)
    assert [5, 5] == list(tried().resolve("all_kg", whole).values)


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda found: found.resolve("guarded", grouped(4)[0]), "rule.beyond-limit"),
        (lambda found: found.resolve("circle", grouped()[0]), "rule.cycle"),
        (lambda found: found.resolve("missing", grouped()[0]), "rule.missing-input"),
        (lambda found: found.resolve("unheard_of", grouped()[0]), "rule.no-rule"),
        (lambda found: found.resolve("all_kg", Group("whole", 2, {})), "rule.nothing-to-sum"),
    ],
)
def test_columns_refuse_what_the_scalar_reading_refuses(ask: Callable[[ColumnResolver], object], code: str) -> None:
    with pytest.raises(RuleError) as caught:
        ask(tried())

    assert code == caught.value.code


def test_published_texts_are_rounded_once_and_half_to_even() -> None:
    assert ["0.000000000002", "0.000000000002", "100"] == [
        published(Decimal(text)) for text in ("0.0000000000015", "0.0000000000025", "1E+2")
    ]
