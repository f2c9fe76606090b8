"""A transport chain is read strictly: what is unknown, contradictory or no decimal string is refused with its place."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import h2corridor
from h2corridor.model.chain import chain_schema, decode_chain
from h2corridor.model.errors import InputError

Document = dict[str, Any]


def document() -> Document:
    road = {"kind": "sfd", "km": "50"}
    truck = {"per": "actual_tkm", "wtw_kgco2e": "0.143", "ttw_kgco2e": "0.103"}
    hub = {"per": "t", "wtw_kgco2e": "1.07", "ttw_kgco2e": "0.384"}
    return {
        "format": "transport-chain/1",
        "shipment": {"id": "S1", "mass_kg": "10000"},
        "elements": [
            {"id": "E1", "kind": "transport", "mode": "road", "category": "truck", "distance": road},
            {"id": "E2", "kind": "hub", "category": "terminal"},
            {
                "id": "E3",
                "kind": "transport",
                "mode": "road",
                "category": "fleet",
                "distance": {"kind": "sfd", "km": "7"},
            },
        ],
        "categories": {
            "truck": {
                "kind": "transport",
                "intensity": truck,
                "distance_adjustment_factor": "1.05",
                "data": "default",
                "source": "x",
            },
            "terminal": {"kind": "hub", "intensity": hub, "data": "default", "source": "x"},
            "fleet": {
                "kind": "transport",
                "transport_activity_tkm": "100",
                "data": "primary",
                "source": "x",
                "energy": [{"carrier": "diesel", "amount": "10", "unit": "l"}],
            },
        },
    }


def changed(*path: Any, to: Any) -> Document:
    whole = copy.deepcopy(document())
    place: Any = whole
    for key in path[:-1]:
        place = place[key]
    if to is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return whole


def refusal(whole: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        decode_chain(whole if isinstance(whole, bytes) else json.dumps(whole).encode(), about="chain.json")
    return caught.value


def test_the_whole_document_is_read() -> None:
    chain = decode_chain(json.dumps(document()).encode())

    assert ["E1", "E2", "E3"] == [element.id for element in chain.elements]


@pytest.mark.parametrize(
    ("path", "to", "where"),
    [
        (("shipment", "mass_kg"), 10000, "$.shipment.mass_kg"),
        (("shipment", "mass_kg"), 1.5, "$.shipment.mass_kg"),
        (("shipment", "mass_kg"), "-1", "$.shipment.mass_kg"),
        (("shipment", "mass_kg"), "1e3", "$.shipment.mass_kg"),
        (("shipment", "mass_kg"), "1\n", "$.shipment.mass_kg"),
        (("shipment", "mass_kg"), "NaN", "$.shipment.mass_kg"),
        (("shipment", "mass_kg"), "٣", "$.shipment.mass_kg"),
        (("shipment", "mass_kg"), ..., "$.shipment"),
        (("shipment", "colour"), "red", "$.shipment"),
        (("format",), "transport-chain/2", "$.format"),
        (("elements",), [], "$.elements"),
        (("elements", 0, "distance", "kind"), "actual", "$.elements[0].distance.kind"),
        (("elements", 0, "distance", "km"), 50, "$.elements[0].distance.km"),
        (("elements", 0, "mode"), "camel", "$.elements[0].mode"),
        (("elements", 1, "kind"), "port", "$.elements[1].kind"),
        (("elements", 1, "distance"), {"kind": "sfd", "km": "1"}, "$.elements[1]"),
        (("activity_date",), "2026-13-01", "$.activity_date"),
    ],
)
def test_a_field_of_another_shape_is_refused_with_its_place(path: tuple[Any, ...], to: Any, where: str) -> None:
    error = refusal(changed(*path, to=to))

    assert ("chain.shape", where, 2) == (error.code, error.where, error.exit_status)


def test_a_number_that_is_no_string_is_told_how_to_write_it() -> None:
    assert "decimal strings" in refusal(changed("elements", 0, "distance", "km", to=50)).next_step


@pytest.mark.parametrize(
    ("path", "to", "fault"),
    [
        (("shipment", "mass_kg"), "0.00", "above zero"),
        (("elements", 0, "category"), "lorry", "no category 'lorry'"),
        (("elements", 0, "category"), "terminal", "other kind"),
        (("elements", 1, "category"), "truck", "other kind"),
        (("elements", 1, "id"), "E1", "'E1' stands twice"),
        (("elements", 0, "class"), "cold", "no class 'cold'"),
        (("elements", 0, "distance", "kind"), "gcd", "never mixed"),
        (("categories", "truck", "distance_adjustment_factor"), ..., "needs distance_adjustment_factor"),
        (("categories", "truck", "intensity", "per"), "tkm", "count twice"),
        (("categories", "fleet", "distance_adjustment_factor"), "1.05", "count twice"),
        (("categories", "fleet", "energy"), [], "expected an intensity"),
        (("categories", "fleet", "transport_activity_tkm"), ..., "shared over"),
        (("categories", "terminal", "excluded"), "no data", "has no numbers"),
        (("categories", "fleet", "intensity"), {"per": "tkm", "wtw_kgco2e": "1", "ttw_kgco2e": "1"}, "came both"),
        (("categories", "fleet", "energy", 0, "origin"), "unknown", "belong to hydrogen"),
    ],
)
def test_fields_that_contradict_each_other_are_refused(path: tuple[Any, ...], to: Any, fault: str) -> None:
    error = refusal(changed(*path, to=to))

    assert "chain.meaning" == error.code
    assert fault in error.message


@pytest.mark.parametrize(
    ("path", "to", "clause"),
    [
        (("elements", 0, "distance", "kind"), "gcd", "ISO 14083, clause unseen"),
        (("categories", "truck", "intensity", "per"), "tkm", "ISO 14083, clause unseen"),
        (("categories", "fleet", "transport_activity_tkm"), ..., "ISO 14083, clause unseen"),
        (("categories", "terminal", "excluded"), "no data", "a rule of our own"),
    ],
)
def test_a_refusal_names_the_clause_it_follows_or_that_it_is_ours(path: tuple[Any, ...], to: Any, clause: str) -> None:
    assert f"({clause})" in refusal(changed(*path, to=to)).message


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[]", b"null", b"[" * 100_000, b"\x00" * 100])
def test_what_is_no_chain_at_all_is_refused(data: bytes) -> None:
    assert refusal(data).code in ("chain.unreadable", "chain.shape")


def test_a_key_that_stands_twice_is_refused() -> None:
    data = json.dumps(document()).replace('"mass_kg": "10000"', '"mass_kg": "1", "mass_kg": "10000"')

    assert "names 'mass_kg' twice" in refusal(data.encode()).message


def test_the_schema_in_the_package_is_that_of_the_model() -> None:
    package = Path(h2corridor.__file__).parent

    assert chain_schema() == (package / "accounting" / "schemas" / "transport-chain-1.json").read_bytes()
