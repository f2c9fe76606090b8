"""A rule set in words says which documents it reads."""

import io

import pytest

from h2corridor.app.rules import show_rule_set
from h2corridor.console.rules_text import print_rule_set


@pytest.mark.parametrize(
    ("rule_set", "document"), [("iso14083", "transport-chain/1"), ("iso-ts-19870", "hydrogen-production/1")]
)
def test_a_shown_rule_set_names_the_format_it_reads(rule_set: str, document: str) -> None:
    file = io.StringIO()
    print_rule_set(show_rule_set(rule_set), "en", file)

    assert f"reads {document}" in file.getvalue().splitlines()
