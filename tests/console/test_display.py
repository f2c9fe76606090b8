"""Numbers and instants as the eye wants them."""

from decimal import Decimal

import pytest

from h2corridor.console.display import MINUS, find_decimal, full, percent, rounded, time_span


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        ("1234567.891", 1, "1,234,567.9"),
        ("-23.3076", 2, f"{MINUS}23.31"),
        ("-0.0001", 2, "0.00"),
        ("0", 2, "0.00"),
        ("0.125", 2, "0.12"),
        ("2.5E-7", 4, "0.0000"),
        ("123456789012345678901234567890.5", 1, "123,456,789,012,345,678,901,234,567,890.5"),
        ("FR-B001", 2, "FR-B001"),
        ("NaN", 2, "NaN"),
        (Decimal("-1"), 0, f"{MINUS}1"),
        (None, 2, None),
    ],
)
def test_a_number_is_grouped_and_rounded_for_reading(
    value: str | Decimal | None, places: int, shown: str | None
) -> None:
    assert shown == rounded(value, places)


def test_a_number_as_long_as_a_book_is_no_number() -> None:
    assert find_decimal("1" * 1_000_000) is None


def test_an_exponent_cannot_blow_up_the_page() -> None:
    assert rounded("1e999999999", 2) == "1e999999999"


def test_all_digits_stay_when_they_are_asked_for() -> None:
    assert f"{MINUS}0.0734380000001" == full("-0.0734380000001")


def test_a_text_with_a_hyphen_keeps_it() -> None:
    assert full("FR-B001") == "FR-B001"


def test_a_share_is_shown_as_per_cent() -> None:
    assert percent("0.9312") == "93.1 %"


def test_a_span_within_one_day_names_the_day_once() -> None:
    assert time_span("2026-03-02T07:12:00+08:00", "2026-03-02T11:21:57+08:00") == "2026-03-02 07:12 – 11:21 +08:00"


def test_a_span_over_midnight_names_both_days() -> None:
    assert (
        time_span("2026-03-02T22:00:00+08:00", "2026-03-03T01:00:00+08:00")
        == "2026-03-02 22:00 – 2026-03-03 01:00 +08:00"
    )


def test_what_is_no_instant_is_shown_as_it_came() -> None:
    assert time_span("yesterday", None) == "yesterday"
