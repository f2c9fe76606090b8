"""Cells become exact values or are refused."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from h2verify.errors import BundleError
from h2verify.papers import Column, Value, find_instant_ms, read_value

MASS = Column("mass_mg", "mass_kg", "quantity", 6)
WHOLE = Column("sequence", "sequence", "quantity")
NUMBER = Column("intensity", "intensity", "number")
DAY = Column("day", "day", "day")
INSTANT = Column("at_ms", "at", "instant")


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        (MASS, "32.83", 32_830_000),
        (MASS, "0.000001", 1),
        (MASS, "-1.5000000", -1_500_000),
        (MASS, "", None),
        (WHOLE, "007", 7),
        (NUMBER, "2.1860", Decimal("2.186")),
        (DAY, "2024-02-29", "2024-02-29"),
        (INSTANT, "2026-03-02T07:12:00+08:00", 1_772_406_720_000),
        (INSTANT, "2026-03-01T23:12:00.0010Z", 1_772_406_720_001),
        (Column("goods", "goods"), "钢制紧固件", "钢制紧固件"),
    ],
)
def test_a_cell_is_the_value_it_says_in_the_unit_of_the_field(column: Column, text: str, value: Value) -> None:
    assert value == read_value(column, text)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (MASS, "1.0000001"),
        (MASS, "1e3"),
        (MASS, "1,000"),
        (MASS, " 1"),
        (MASS, "1\n"),
        (MASS, "٣"),
        (MASS, "1234567890123"),
        (WHOLE, "1.5"),
        (DAY, "2026-02-29"),
        (INSTANT, "2026-03-02T07:12:00"),
        (INSTANT, "2026-03-02T07:12:00.0001+08:00"),
        (INSTANT, "2026-03-02T24:00:00+08:00"),
        (INSTANT, "2026-03-02T07:12:00+14:01"),
        (INSTANT, "2026-03-02T07:12:00+08:60"),
        (INSTANT, "0000-03-02T07:12:00Z"),
        (INSTANT, "0001-01-02T07:59:59+08:00"),
        (INSTANT, "9999-12-31T16:00:00Z"),
        (Column("goods", "goods"), "x" * 4097),
    ],
)
def test_a_cell_that_is_no_such_value_is_refused(column: Column, text: str) -> None:
    with pytest.raises(BundleError) as refused:
        read_value(column, text)

    assert "papers.row" == refused.value.code


def test_west_of_greenwich_is_later_in_utc() -> None:
    assert 90 * 60_000 == find_instant_ms("1970-01-01T00:00:00-01:30")


@pytest.mark.parametrize("text", ["0001-01-02T08:00:00+08:00", "9999-12-31T23:59:59.999+08:00"])
def test_the_first_and_the_last_instant_have_a_date_in_the_corridor(text: str) -> None:
    at_ms = find_instant_ms(text)

    assert at_ms is not None
    assert text[:10] == datetime.fromtimestamp(at_ms // 1000, timezone(timedelta(hours=8))).date().isoformat()
