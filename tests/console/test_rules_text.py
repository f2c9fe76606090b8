"""A rule set in words says which documents it reads."""

import io

import pytest

from h2corridor.app.rules import show_rule_set
from h2corridor.console.rules_text import print_rule_set
from h2corridor.console.texts import Language


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
