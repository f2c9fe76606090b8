"""Editions on a terminal: a comparison says its caveat and what it asks for, and a text nobody has seen is said."""

import io

import msgspec
import pytest

from h2corridor.app.rules import diff_rule_sets, list_rule_sets, show_rule_set
from h2corridor.console.rules_text import print_rule_diff, print_rule_list, print_rule_set
from h2corridor.console.texts import Language


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("without vehicles, platform and", "what a baseline must state, by its kind")),
        ("zh", ("不含车辆制造、平台开销和氢泄漏。", "基准按类型须注明的内容")),
    ],
)
def test_a_comparison_is_shown_with_its_caveat_and_what_supports_a_baseline(
    language: Language, words: tuple[str, ...]
) -> None:
    stream = io.StringIO()
    print_rule_set(show_rule_set("same-service-diesel@2026.1"), language, stream)

    assert [] == [each for each in words if each not in stream.getvalue()]
    assert "  comparable_vehicle: source, date, method, payload_t, profile\n" in stream.getvalue()


def test_a_rule_set_asks_nothing_of_a_baseline() -> None:
    stream = io.StringIO()
    print_rule_set(show_rule_set("iso14083@2023.1"), "en", stream)

    assert "what a baseline must state" not in stream.getvalue()


@pytest.mark.parametrize(
    ("language", "said"), [("en", "The official text was not seen."), ("zh", "所依据的正式文本未曾见到。")]
)
def test_a_list_says_which_text_nobody_has_seen(language: Language, said: str) -> None:
    first, *rest = list_rule_sets()
    stream = io.StringIO()
    print_rule_list([msgspec.structs.replace(first, text_seen=False), *rest], language, stream)
    lines = stream.getvalue().splitlines()

    assert lines[0].endswith(said)
    assert [] == [line for line in lines[1:] if said in line]


def test_what_another_edition_asks_of_a_baseline_is_a_change() -> None:
    stream = io.StringIO()
    print_rule_diff(diff_rule_sets("same-service-diesel@2025.1", "same-service-diesel@2026.1"), "en", stream)

    assert (
        "~ support: comparable_vehicle.fields: ['source', 'date'] -> ['source', 'date', 'method'" in stream.getvalue()
    )


@pytest.mark.parametrize(
    ("rule_set", "document"), [("iso14083", "transport-chain/1"), ("iso-ts-19870", "hydrogen-production/1")]
)
def test_a_shown_rule_set_names_the_format_it_reads(rule_set: str, document: str) -> None:
    file = io.StringIO()
    print_rule_set(show_rule_set(rule_set), "en", file)

    assert f"reads {document}" in file.getvalue().splitlines()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Custody: segregated, mass balance allowed (clause own)."),
        ("zh", "监管链模式：允许物理隔离、质量平衡（条款 own）。"),
    ],
)
def test_a_shown_rule_set_says_which_models_of_custody_it_allows(language: Language, words: str) -> None:
    file = io.StringIO()
    print_rule_set(show_rule_set("iso14083"), language, file)

    assert words in file.getvalue().replace("\n", " ")


def test_a_rule_set_that_says_nothing_of_custody_shows_nothing() -> None:
    file = io.StringIO()
    print_rule_set(show_rule_set("iso-ts-19870"), "en", file)

    assert "Custody" not in file.getvalue()
