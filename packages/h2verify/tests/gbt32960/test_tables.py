"""The field table holds together."""

from collections.abc import Iterator

import pytest
from h2verify.gbt32960 import EDITIONS, Edition, Field, Part, Records, Run, find_instant, text_of, utc_seconds

BOTH = pytest.mark.parametrize("edition", EDITIONS.values(), ids=lambda edition: str(edition.year))


def fields_of(parts: tuple[Part, ...]) -> Iterator[Field]:
    for part in parts:
        match part:
            case Field():
                yield part
            case Run():
                yield from (part.count, part.element)
            case Records():
                yield part.count
                yield from fields_of(part.parts)
            case _:
                pass


@BOTH
def test_every_valid_range_fits_the_width_and_excludes_the_sentinels(edition: Edition) -> None:
    fields = [field for item in edition.items.values() for field in fields_of(item.parts) if field.valid]

    assert len(fields) > 40
    for field in fields:
        first, last = field.valid or (0, 0)

        assert 0 <= first < last < field.abnormal, field.name


@BOTH
def test_every_name_in_an_item_is_used_once(edition: Edition) -> None:
    for item in edition.items.values():
        names = [part.name for part in item.parts]

        assert len(set(names)) == len(names)


def test_the_two_editions_give_the_types_6_to_9_different_meanings() -> None:
    names = {
        year: [edition.items[code].name if code in edition.items else None for code in range(6, 10)]
        for year, edition in EDITIONS.items()
    }

    assert names[2016] == ["extremes", "alarm", "cell_voltages", "battery_temperatures"]
    assert names[2025] == ["alarm", "min_parallel_cell_voltages", "battery_temperatures", None]


def test_a_value_is_exact_and_a_sentinel_has_none() -> None:
    field = Field(name="current_a", width=2, scale="0.1", offset="-1000")

    assert str(field.value_of(1)) == "-999.9"
    assert field.value_of(0xFFFE) is None


@pytest.mark.parametrize("raw", [(100, 1, 1, 0, 0, 0), (26, 2, 29, 0, 0, 0), (26, 0, 1, 0, 0, 0), (26, 1, 1, 24, 0, 0)])
def test_a_time_that_no_calendar_has_is_none(raw: tuple[int, ...]) -> None:
    assert find_instant(bytes(raw)) is None


def test_device_time_is_eight_hours_ahead_of_utc() -> None:
    instant = find_instant(bytes((70, 1, 1, 8, 0, 0)))

    assert instant is not None
    assert utc_seconds(instant) == 3_155_760_000


def test_text_keeps_every_byte_distinct() -> None:
    assert len({text_of(bytes((byte,))) for byte in range(256)}) == 256
