"""The catalogue of checks is complete, bilingual and consistent with itself."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from h2corridor.model.errors import RuleError
from h2corridor.model.findings import Finding
from h2corridor.quality import battery, rates, vehicle
from h2corridor.quality.catalogue import (
    PLACE_NAMES,
    Check,
    checks_markdown,
    describe,
    get_check,
    get_threshold,
    list_checks,
    list_terms,
    names_in,
    severity_of,
)

ROOT = Path(__file__).resolve().parents[2]
HAN = re.compile(r"[\u4e00-\u9fff]")
CHECKS = {check.code: check for check in list_checks()}
GOOD_DATA = [
    "frame.repeated",
    "frame.late",
    "position.reprojected",
    "hub.no-row",
    "meter.unbooked",
    "table.unknown-columns",
]


@pytest.fixture(params=list(CHECKS), ids=str)
def check(request: pytest.FixtureRequest) -> Check:
    return CHECKS[request.param]


def test_there_are_checks_and_no_code_stands_twice() -> None:
    assert len(list_checks()) == len(CHECKS) > 70


def test_a_code_is_a_room_and_a_noun(check: Check) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*", check.code)


def test_every_text_is_there_in_its_language(check: Check) -> None:
    for english in (check.meaning_en, check.message_en, check.next_step_en):
        assert english and not HAN.search(english)
        assert english.endswith(".")
    for chinese in (check.meaning_zh, check.message_zh, check.next_step_zh):
        assert HAN.search(re.sub(r"\{\w+\}", "", chinese)) or "}：{" in chinese
        assert chinese.endswith("。")


def test_both_languages_say_the_same_parameters_and_every_one_is_used(check: Check) -> None:
    english = names_in(check.message_en) | names_in(check.next_step_en)
    chinese = names_in(check.message_zh) | names_in(check.next_step_zh)
    known = set(check.params) | {each.name for each in check.threshold} | PLACE_NAMES

    assert english - PLACE_NAMES == chinese - PLACE_NAMES
    assert english <= known
    assert set(check.params) <= english


def test_a_threshold_says_unit_day_and_source_and_is_shown(check: Check) -> None:
    for each in check.threshold:
        assert each.unit and len(each.source) > 20
        assert re.search(r"(^|_)(s|kg|t|m|km|pct|kmh|v|c|rows|count|kg_per_100km)_(min|max)$", each.name)
        assert each.name in names_in(check.message_en) or check.code == "frame.late"


def test_good_data_are_info() -> None:
    assert {"info"} == {get_check(code).severity for code in GOOD_DATA}


def test_single_damaged_frames_warn() -> None:
    damaged = ("frame.bad-check-byte", "frame.truncated", "frame.garbage", "frame.encrypted", "frame.not-hex")

    assert {"warning"} == {get_check(code).severity for code in damaged}


def test_a_finding_reads_in_both_languages() -> None:
    params = {"refuelling_id": "R1", "mass_kg": "22.41", "rise_kg": "0.1"}
    finding = Finding(check="hydrogen.fill-without-rise", file="refuellings.csv", row=12, params=params)

    assert "R1 books 22.41 kg, the tank rose by 0.1 kg (less than 2 kg)." == describe(finding, "en")[0]
    assert "R1 记录加氢 22.41 kg，罐内仅增加 0.1 kg（不足 2 kg）。" == describe(finding, "zh")[0]


def test_a_term_is_said_in_the_language_of_the_reader() -> None:
    finding = Finding(check="value.missing", file="x.csv", params={"column": "lat", "needed_by": "@places"})

    assert list_terms()["places"].en in describe(finding, "en")[0]
    assert list_terms()["places"].zh in describe(finding, "zh")[0]


def test_a_parameter_that_is_missing_stays_visible() -> None:
    assert "{gap_s}" in describe(Finding(check="time.gap", file="x"), "en")[0]


def test_a_value_in_braces_is_shown_as_it_came() -> None:
    finding = Finding(check="value.odd-vin", file="x", params={"came": "{vin} {0.__class__}"})

    assert "{vin} {0.__class__}" in describe(finding, "en")[0]


def test_a_finding_may_be_graver_than_its_check() -> None:
    assert "warning" == severity_of(Finding(check="time.gap", file="x"))
    assert "blocking" == severity_of(Finding(check="time.gap", file="x", severity="blocking"))


def test_a_check_that_is_not_in_the_catalogue_raises() -> None:
    with pytest.raises(RuleError, match=r"check\.unknown: frame\.purple"):
        severity_of(Finding(check="frame.purple", file="x"))


def test_a_threshold_is_taken_by_day() -> None:
    assert Decimal(60) == get_threshold("time.gap", "gap_s_max", date(2026, 3, 2))
    with pytest.raises(RuleError, match=r"check\.no-threshold"):
        get_threshold("time.gap", "gap_s_max", date(2019, 12, 31))


def test_every_code_that_intake_writes_is_in_the_catalogue() -> None:
    sources = (ROOT / "src" / "h2corridor" / "intake").glob("*.py")
    pattern = re.compile(r'"((?:frame|custody|value|telemetry)\.[a-z0-9-]+|table\.[a-z-]+)"')
    raised = re.compile(r'_refused\(\s*"([a-z.0-9-]+)"|InputError\(\s*"([a-z.0-9-]+)"')
    written = set()
    for source in sources:
        text = source.read_text(encoding="utf-8")
        errors = {code for pair in raised.findall(text) for code in pair}
        written |= set(pattern.findall(text)) - errors

    assert len(written) > 25
    assert written <= set(CHECKS)


def test_the_reference_page_is_the_catalogue_as_it_is() -> None:
    assert checks_markdown() == (ROOT / "docs" / "reference" / "checks.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "name", "names"),
    [
        ("sensor.sentinel", "signals", vehicle._SENTINEL_NAMES),
        ("sensor.out-of-range", "signals", (*vehicle._SCALED, "position")),
        ("sensor.rates", "signal", rates.NAMES),
        ("sensor.extremes", "extremes", tuple(battery._EXTREMES)),
    ],
)
def test_a_message_in_chinese_lists_signals_in_chinese(code: str, name: str, names: tuple[str, ...]) -> None:
    others = {"count": "1", "day": "2026-03-02", "null_pct": "1", "abnormal_pct": "1"}
    params = {name: ", ".join(names), **others}
    message, next_step = describe(Finding(check=code, file="", row=1, last_row=2, params=params), "zh")

    assert "" == "".join(re.findall("[A-Za-z]{2,}", message + next_step))
    assert len(names) - 1 <= message.count("、")
