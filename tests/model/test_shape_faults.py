"""What is wrong with a document's shape is said with its place, the text that stands there and how to write it."""

import json
from codecs import BOM_UTF8
from typing import Any

import pytest

from h2corridor.model.chain import decode_chain
from h2corridor.model.errors import InputError

DIESEL = {"carrier": "diesel", "amount": "5", "unit": "l"}


def _document(**category: Any) -> dict[str, Any]:
    stated = {"kind": "transport", "data": "default", "source": "s", "transport_activity_tkm": "1", "energy": []}
    return {
        "format": "transport-chain/1",
        "activity_date": "2026-03-02",
        "shipment": {"id": "S", "mass_kg": "1000"},
        "elements": [
            {"id": "1", "kind": "transport", "mode": "road", "category": "good", "distance": {"kind": "sfd", "km": "1"}}
        ],
        "categories": {"good": stated, "Yangtze/长江": {**stated, **category}, "other": stated},
    }


def _refused(document: dict[str, Any] | bytes) -> InputError:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    with pytest.raises(InputError) as caught:
        decode_chain(data)
    return caught.value


@pytest.mark.parametrize("text", ["1,5", "-1", "1e3", "1000 kg", "", "NaN", "１"])
def test_a_number_that_is_none_is_shown_with_its_category_and_how_to_write_it(text: str) -> None:
    error = _refused(_document(transport_activity_tkm=text))

    assert ("chain.shape", "$.categories['Yangtze/长江'].transport_activity_tkm") == (error.code, error.where)
    assert error.fault.startswith(f"{json.dumps(text, ensure_ascii=False)} is no decimal number")
    assert "10.5" in error.next_step


def test_a_number_that_is_no_text_and_a_day_in_another_form_say_how_they_are_written() -> None:
    error = _refused(_document(transport_activity_tkm=1.5))
    day = _refused({**_document(), "activity_date": "20.05.2024"})

    assert ("1.5 is no text.", True) == (error.fault, "decimal strings" in error.next_step)
    assert ('"20.05.2024" is no day.', 'Write it as "2026-03-02".') == (day.fault, day.next_step)


def test_a_long_or_unprintable_value_is_cut_and_escaped() -> None:
    long = _refused(_document(transport_activity_tkm="9" * 500))
    hidden = _refused(_document(transport_activity_tkm="1\u202e2\u009b"))

    assert len(long.fault) < 250
    assert hidden.fault.startswith('"1\\u202e2\\u009b" is no decimal number')


def test_a_shape_is_told_even_where_what_follows_is_no_json() -> None:
    error = _refused(json.dumps(_document(transport_activity_tkm=5)).encode()[:-1] + b", nonsense")

    assert ("chain.shape", "$.categories[...].transport_activity_tkm") == (error.code, error.where)


def test_the_faulty_one_of_many_categories_is_found() -> None:
    document = _document()
    document["categories"] |= {f"c{number}": document["categories"]["good"] for number in range(300)}
    document["categories"]["c217"] = {**document["categories"]["good"], "data": "guessed"}

    assert "$.categories['c217'].data" == _refused(document).where


def test_a_byte_order_mark_is_no_part_of_a_document() -> None:
    document = _document(energy=[DIESEL])
    document["categories"] = {"good": document["categories"]["Yangtze/长江"]}
    data = json.dumps(document).encode()

    assert decode_chain(data) == decode_chain(BOM_UTF8 + data)


@pytest.mark.parametrize(
    ("field", "permitted"),
    [("mode", "air, inland_waterway, pipeline, rail, road, sea"), ("kind", "hub, transport")],
)
def test_a_word_that_a_field_does_not_know_is_answered_with_the_words_it_knows(field: str, permitted: str) -> None:
    document = _document()
    document["elements"][0][field] = "truck"
    error = _refused(document)

    assert ('"truck" is no word that this field knows.', f"$.elements[0].{field}") == (error.fault, error.where)
    assert f"Write one of: {permitted}." == error.next_step


def test_the_words_of_a_category_are_told_below_a_key_of_any_name() -> None:
    error = _refused(_document(data="guessed"))

    assert "$.categories['Yangtze/长江'].data" == error.where
    assert "default" in error.next_step.removeprefix("Write one of: ").removesuffix(".").split(", ")
