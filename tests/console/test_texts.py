"""The console's words: both languages, all used, foreign words cleaned."""

import re
from importlib import resources

import pytest
from h2verify.report_text import _SEVERITIES_ZH

from h2corridor.app.trial_missing import SEVERITIES_ZH
from h2corridor.console.texts import LANGUAGES, catalogue, choose, clean, text
from h2corridor.model.findings import Severity
from h2corridor.quality.catalogue import list_checks

_BUILT = (
    "custody_",
    "er-instrument-",
    "er-market-use-",
    "hr-unit-",
    "hr-stage-",
    "hr-at-",
    "flow_",
    "gateway_outcome_",
    "method-",
    "about-",
    "method_",
    "kind-",
    "severity-",
    "view/",
    "short-",
    "one-",
    "word-",
    "source_",
    "stock_",
    "signal_",
    "rate_",
    "record-",
    "profile_status-",
    "profile_kind-",
    "profile_outcome-",
    "profile_field-",
    "recognition_kind-",
    "outcome-",
    "stale-",
    "role-",
    "data-",
    "group-",
    "production_basis_",
    "production_boundary_",
    "production_method_",
    "production_serves_",
    "production_stage_",
    "production_to_",
    "production_use_",
    "net-",
    "tr-not-found",
    "tr-says-otherwise",
    "er-by-",
    "er-mode-",
    "er-stage-",
    "er-why-",
    "er-unit-",
    "er-weight-",
    "er-data-",
    "er-dim-",
    "er-head-",
    "er-applies-",
)
_BUILT_ENDS = ("_short",)


@pytest.mark.parametrize("severity", list(SEVERITIES_ZH))
def test_a_severity_has_one_word_in_chinese_wherever_it_is_read(severity: Severity) -> None:
    texts = (resources.files("h2verify") / "page" / "texts.js").read_text(encoding="utf-8")
    on_the_page = re.findall(rf'severity_{severity}: \["[^"]+", "([^"]+)"\]', texts)
    here = [text(f"{kind}-{severity}", "zh") for kind in ("short", "tr")]

    assert {SEVERITIES_ZH[severity]} == {*here, *on_the_page, _SEVERITIES_ZH[severity]}
    assert text(f"severity-{severity}", "zh").startswith(SEVERITIES_ZH[severity])


def test_every_sentence_exists_in_both_languages_with_the_same_names_in_it() -> None:
    catalogue_ = catalogue()
    uneven = [
        key
        for key, words in catalogue_.items()
        if set(words) != set(LANGUAGES) or len({tuple(sorted(re.findall(r"{\w+}", t))) for t in words.values()}) != 1
    ]

    assert catalogue_
    assert uneven == []


def test_every_sentence_is_used() -> None:
    console = resources.files("h2corridor.console")
    commands = resources.files("h2corridor.cli")
    files = [*console.iterdir(), *console.joinpath("templates").iterdir(), *commands.iterdir()]
    source = "".join(file.read_text(encoding="utf-8") for file in files if file.name.endswith((".py", ".j2")))
    unused = [
        key
        for key in catalogue()
        if f'"{key}"' not in source and f"'{key}'" not in source and f'"{key.removeprefix("tr-")}"' not in source
    ]

    assert source
    assert [key for key in unused if not key.startswith(_BUILT) and not key.endswith(_BUILT_ENDS)] == []


def test_an_unknown_sentence_is_an_error() -> None:
    with pytest.raises(KeyError):
        text("no-such-key", "en")


def test_the_only_wording_serves_both_languages() -> None:
    assert (choose(None, "only", "zh"), choose("only", None, "en")) == ("only", "only")


def test_a_control_character_is_shown_as_replaced() -> None:
    assert clean("a\x1b[31m\u202eb\nc") == "a\ufffd[31m\ufffdb\nc"


def test_every_group_of_checks_has_a_name() -> None:
    groups = {check.code.partition(".")[0] for check in list_checks()}

    assert groups
    assert {f"group-{group}" for group in groups} == {key for key in catalogue() if key.startswith("group-")}


@pytest.mark.parametrize("word", ["货票", "批货物", "实测数据占比", "运输链段", "各链段"])
def test_a_thing_has_the_word_of_the_glossary_and_no_other(word: str) -> None:
    files = [each for each in resources.files("h2corridor.console").iterdir() if each.name.endswith(".toml")]

    assert files
    assert [] == [each.name for each in files if word in each.read_text(encoding="utf-8")]
