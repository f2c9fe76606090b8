"""The codes of the format's page and those of both verifiers are the same."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import h2verify
import pytest
from h2verify.bundle.steps import STEPS

Texts = Iterator[tuple[str, bool]]
PACKAGE = Path(h2verify.__file__).parent
PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "bundle.md"
BELOW = {
    "canonical.size": "a member above its limit is `container.limit` before it is read as JSON",
    "canonical.type": "encoding refuses a value; nothing that was read has such a one",
    "derivation.parts": "apportioning, which only who makes figures does",
    "chain.uncertain": "a kind of scope and no code",
    "signature.encoding": "a signature as such; whoever verifies one gives its own code",
    "signature.length": "likewise",
    "signature.small-order": "likewise",
    "signature.wrong": "likewise",
}
"""Codes in families of the page that no bundle is refused with, and why."""

ANY = "[a-z-]+"
_CODE = re.compile(r"[a-z]+\.[a-z]+(?:-[a-z]+)*")
_FILES = (".csv", ".js", ".json", ".md", ".txt")
_ROW = re.compile(r"^\| ([0-9]+) \| `[a-z-]+` \|.*\| (.*) \|$", re.MULTILINE)
_SCRIPT_TEXT = re.compile(r'"([a-z]+\.[a-z-]+)"')
_SCRIPT_TEMPLATE = re.compile(r"`([a-z]*)\$\{[^`}]*\}(\.[a-z-]+)?`|`([a-z]+\.)\$\{[^`}]*\}`")


@cache
def _table() -> dict[int, list[str]]:
    """The codes of each step on the page; `.name` stands for the family of the code before it."""
    if not PAGE.exists():
        pytest.skip("the page is in the repository, not in this package")
    found: dict[int, list[str]] = {}
    for number, cell in _ROW.findall(PAGE.read_text(encoding="utf-8").partition("\n## 10. ")[2]):
        family = ""
        for word in re.findall(r"`([a-z.-]+)`", cell):
            family = word.partition(".")[0] or family
            found.setdefault(int(number), []).append(f"{family}.{word.partition('.')[2]}")

    assert list(range(1, 19)) == list(found)
    return found


def _documented() -> set[str]:
    return {code for codes in _table().values() for code in codes}


def _families() -> set[str]:
    return {code.partition(".")[0] for code in _documented()}


def _is_code(text: str) -> bool:
    known = _CODE.fullmatch(text) and text.partition(".")[0] in _families()
    return bool(known) and (text == "canonical.json" or not text.endswith(_FILES))


def _texts() -> Texts:
    """Texts of the package, and whether one is a pattern: what is computed in it stands for any name."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value, False
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(str(each.value)) if isinstance(each, ast.Constant) else ANY for each in node.values]
                yield "".join(parts), True


def _script_texts() -> Texts:
    """The same of the page's scripts."""
    for path in sorted((PACKAGE / "page").glob("*.js")):
        script = path.read_text(encoding="utf-8")
        yield from ((text, False) for text in _SCRIPT_TEXT.findall(script))
        for before, after, family in _SCRIPT_TEMPLATE.findall(script):
            yield f"{re.escape(family or before)}{ANY}{re.escape(after)}", True


def _literal(pattern: str) -> str:
    """What of a pattern is not computed: where nothing is, it could be any code and says nothing."""
    return pattern.replace(ANY, "")


def _said(texts: Texts) -> tuple[set[str], set[str]]:
    """Codes that stand in texts, and codes of the page that a computed one can be."""
    codes, patterns = set(), set()
    for text, is_pattern in texts:
        (patterns if is_pattern else codes).add(text)
    one_code = [pattern for pattern in patterns if pattern.count(r"\.") == 1 and re.search("[a-z]", _literal(pattern))]
    return {code for code in codes if _is_code(code)}, {
        code for code in _documented() for pattern in one_code if re.fullmatch(pattern, code)
    }


@pytest.mark.parametrize("texts", [_texts, _script_texts])
def test_every_code_of_a_verifier_is_on_the_page(texts: Callable[[], Texts]) -> None:
    codes, _ = _said(texts())

    assert len(codes) > 80, "a guard over no codes guards nothing"
    assert set() == codes - _documented() - BELOW.keys()


@pytest.mark.parametrize("texts", [_texts, _script_texts])
def test_every_code_of_the_page_is_one_of_a_verifiers(texts: Callable[[], Texts]) -> None:
    codes, computed = _said(texts())

    assert set() == _documented() - codes - computed


def test_a_code_belongs_to_the_step_that_the_page_gives_it() -> None:
    for step in STEPS:
        for code in _table()[step.number]:
            assert any(code == own or (own.endswith(".") and code.startswith(own)) for own in step.codes), code


def test_what_is_below_is_nowhere_on_the_page() -> None:
    assert set() == BELOW.keys() & _documented()
