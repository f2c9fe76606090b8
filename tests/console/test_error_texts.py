"""The words of errors: every code has them in both languages, and no word is of a code that is gone."""

import importlib.util
import sys
from pathlib import Path

import pytest

from h2corridor.app.rules import show_rule_set
from h2corridor.cli import main
from h2corridor.console.error_texts import list_error_words, speak
from h2corridor.model.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]


def _codes() -> set[str]:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return {each.code for each in module.list_raised_errors()} | set(module.list_log_faults())


def test_every_code_has_words_and_no_word_is_of_another_code() -> None:
    codes = _codes()

    assert len(codes) > 300
    assert codes == set(list_error_words())


def test_every_word_stands_in_both_languages() -> None:
    for code, words in list_error_words().items():
        for wording in (words.meaning, words.next_step):
            assert wording.en.endswith("."), code
            assert wording.zh.endswith("。"), code


def test_a_message_is_spoken_in_chinese_before_its_exact_text() -> None:
    message = "trial.absent: trial.toml: expected it in the folder of the data set, found none."
    first, detail = speak(message, "zh").splitlines()

    assert message == speak(message, "en")
    assert "trial.absent  文件夹中没有 trial.toml。请指定含有 trial.toml 的数据集文件夹。" == first
    assert "  trial.toml: expected it in the folder of the data set, found none." == detail
    assert "OSError: x" == speak("OSError: x", "zh")


@pytest.mark.parametrize("asked", [["--language", "zh"], ["--language=zh"], []])
def test_the_command_line_speaks_the_language_asked_for(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8" if asked else "zh_CN.UTF-8")
    monkeypatch.setattr(sys, "argv", ["h2corridor", "trial", "report", "--workspace", str(tmp_path), *asked])
    with pytest.raises(SystemExit) as ended:
        main()

    assert 2 == ended.value.code
    assert capsys.readouterr().err.startswith("workspace.absent  该文件夹不是工作区。")


def test_an_unknown_rule_set_is_answered_with_rule_sets_and_comparisons() -> None:
    with pytest.raises(UsageError, match=r"rules\.unknown: .*'iso9999'.*iso14083, same-service-diesel"):
        show_rule_set("iso9999")
