"""What a leaf of a derivation is said to come from: the kind of its value, and the rows that it is made of."""

import pytest

from h2corridor.app.origins import step_origin

TRUCK = ("vehicles.csv#1", "refuellings.csv#1", "legs.csv#1", "legs.csv#2", "consignments.csv#1", "consignments.csv#2")
SUPPLY = ("hydrogen_batches.csv#4", "hydrogen_deliveries.csv#1", "hydrogen_deliveries.csv#2", "station_energy.csv#3")


@pytest.mark.parametrize(
    ("step_id", "refs", "kind"),
    [
        ("hydrogen_kg[category:x/energy:1]", TRUCK, "fact"),
        ("baseline_distance_km[category:x]", TRUCK, "fact"),
        ("hydrogen_kg[category:x/energy:1]", ("legs.csv#1",), "input"),  # no truck was measured
        ("category_transport_activity_tkm[category:x]", TRUCK, "input"),
        ("gate_kgco2e_per_kg[category:x/energy:1]", SUPPLY, "input"),
        ("distance_km[element:L1]", ("legs.csv#1",), "input"),
        ("is_primary[element:L1]", (), "input"),
    ],
)
def test_only_what_was_worked_out_from_trucks_is_called_so(step_id: str, refs: tuple[str, ...], kind: str) -> None:
    assert kind == step_origin(step_id, {"kind": "fact" if refs else "input", "path": "$", "refs": refs}).kind


def test_a_parameter_stays_one() -> None:
    assert "parameter" == step_origin("kg_per_t[e/1]", {"kind": "parameter", "source": "SI"}).kind


def test_a_transport_activity_leads_to_the_legs_and_consignments_it_is_the_sum_of() -> None:
    found = step_origin(
        "category_transport_activity_tkm[category:x]",
        {"kind": "fact", "path": "$.x", "refs": TRUCK, "source": "telemetry"},
    )

    assert ("legs.csv", 1) == (found.file, found.row)
    assert ("legs.csv#1", "legs.csv#2", "consignments.csv#1", "consignments.csv#2") == found.rows
    assert "$.x" == found.source


def test_a_value_of_one_paper_names_its_rows_alone() -> None:
    gate = step_origin("gate_kgco2e_per_kg[c]", {"kind": "fact", "path": "$", "refs": SUPPLY})
    delivered = step_origin("delivered_kg[c]", {"kind": "fact", "path": "$", "refs": SUPPLY})

    assert ("hydrogen_batches.csv", 4, ()) == (gate.file, gate.row, gate.rows)
    assert ("hydrogen_deliveries.csv#1", "hydrogen_deliveries.csv#2") == delivered.rows
