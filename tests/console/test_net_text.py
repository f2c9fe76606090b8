"""The net of a period as people read it: the figure with its standing, every row, and the kilometres that are left."""

import io
from decimal import Decimal

import pytest

from h2corridor.accounting.net import (
    ShipmentDifference,
    TripReading,
    TruckReading,
    UnservedTrip,
    net_of_period,
)
from h2corridor.app.net import TrialNet
from h2corridor.console.net_text import print_net
from h2corridor.console.texts import Language, clean


def printed(
    language: Language, *, closed: bool = True, silent: bool = False, trucks: bool = True, unread: bool = False
) -> str:
    shipments = [
        ShipmentDifference(consignment_id="C1", is_stated=True, difference_kgco2e=Decimal("-2.5")),
        ShipmentDifference(
            consignment_id="C2", is_stated=False, difference_kgco2e=Decimal(9), why_zh="证书过期", why_en="it expired"
        ),
        ShipmentDifference(
            consignment_id="C3",
            is_stated=False,
            difference_kgco2e=None,
            stated_kgco2e=Decimal(-4) if closed else None,
        ),
    ]
    trip = TripReading(trip_id="T1", distance_km=Decimal(20), first_steps=None if silent else 1000, last_steps=1200)
    truck = TruckReading(
        vin="V1", first_steps=None if unread else 1000, last_steps=1250, resolution_steps=1, trips=(trip,)
    )
    idle = [
        UnservedTrip(trip_id="T2", vin="V1", project_kgco2e=Decimal(1)),
        *([] if closed else [UnservedTrip(trip_id="T3", vin="V1", project_kgco2e=None)]),
    ]
    found = TrialNet(
        trial="TR\x1b[31m",
        period_start=None,
        period_end="2026-03-03T00:00:00+08:00",
        rule_set="iso14083@2023.1",
        method="same-service-diesel",
        net=net_of_period(shipments, idle, [truck] if trucks else []),
    )
    stream = io.StringIO()
    print_net(found, language, stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ("net incomplete: -7.5 kgCO2e", "not stated: zero: it expired", "on the project side", "differ by 5 km"),
        ),
        ("zh", ("净差额不完整：-7.5 kgCO2e", "正值计为零：证书过期", "计在项目一侧", "里程表与行程相差 5 km")),
    ],
)
def test_a_net_is_printed_with_every_row_and_gap(language: Language, words: tuple[str, ...]) -> None:
    page = printed(language)

    assert [] == [each for each in words if each not in page]
    assert page == clean(page)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("the net cannot be closed", "no careful value was given", "its hydrogen is not known")),
        ("zh", ("净差额无法得出", "未算出，也没有保守值", "用氢量不明")),
    ],
)
def test_a_net_that_is_not_closed_shows_no_figure(language: Language, words: tuple[str, ...]) -> None:
    page = printed(language, closed=False)

    assert [] == [each for each in words if each not in page]
    assert "-7.5" not in page


def test_an_odometer_that_said_nothing_is_said_so() -> None:
    assert "there are no kilometres to compare" in printed("en", silent=True)
    assert "没有可比的里程数值" in printed("zh", silent=True)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("unexplained over all trucks: 5 km", "the kilometres of a truck are not known", "there is no truck")),
        ("zh", ("未解释的里程合计 5 km", "有车辆的里程不明", "没有任何车辆的里程可核对")),
    ],
)
def test_what_no_trip_explains_is_summed_or_said_to_have_no_sum(language: Language, words: tuple[str, ...]) -> None:
    pages = (printed(language), printed(language, unread=True), printed(language, trucks=False))

    assert [True, True, True] == [word in page for word, page in zip(words, pages, strict=True)]
