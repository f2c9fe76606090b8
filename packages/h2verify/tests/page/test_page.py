"""The page is one file that works without anything else, and is what its parts say."""

import base64
import hashlib
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from h2verify.bundle import limits
from h2verify.bundle.causes import CAUSES
from h2verify.bundle.steps import STEPS
from h2verify.page import INTERFACE, VERIFIER, render_page
from h2verify.vocabulary import VOCABULARY
from h2verify.wording import README
from playwright.sync_api import Page

SVG = "http://www.w3.org/2000/svg"
DECLARED = re.compile(r"^(?:async )?(?:function\*?|class|const|let) +([A-Za-z_$][\w$]*)", re.MULTILINE)
UNPACKED = re.compile(r"^const \[([^\]]*)\] =", re.MULTILINE)
LONGEST_FUNCTION = 60
LONGEST_FILE = 500


def _sources() -> dict[str, str]:
    folder = files("h2verify.page")
    return {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir() if each.name.endswith(".js")}


def test_the_page_names_no_address_and_loads_nothing() -> None:
    page = render_page()
    addresses = set(re.findall(r"\bhttps?://[^\s\"'`<>]*", page))

    assert {SVG} == addresses
    assert [] == re.findall(r"<(?:link|img|iframe|object|embed)\b|\ssrc=|@import|url\(", page)


def test_its_policy_names_the_digests_of_what_stands_in_it_and_nothing_else() -> None:
    page = render_page()
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)

    assert 2 == len(scripts)
    assert [
        "default-src 'none'",
        f"script-src {_digest(scripts[0])} {_digest(scripts[1])}",
        f"style-src {_digest(style)}",
        "worker-src blob:",
        "base-uri 'none'",
        "form-action 'none'",
    ] == policy.split("; ")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_every_script_of_the_folder_stands_in_the_page_once() -> None:
    assert sorted(_sources()) == sorted([*VERIFIER, *INTERFACE])


def test_no_two_scripts_give_one_name_to_two_things() -> None:
    names: Counter[str] = Counter()
    for text in _sources().values():
        names.update(DECLARED.findall(text))
        names.update(name for found in UNPACKED.findall(text) for name in re.findall(r"[\w$]+", found))

    assert len(names) > 400
    assert [] == [name for name, count in names.items() if count > 1]


def test_scripts_are_as_short_as_the_rest_of_the_house() -> None:
    for name, text in _sources().items():
        lines = text.split("\n")
        ends = [at for at, line in enumerate(lines) if line == "}"]
        starts = [at for at, line in enumerate(lines) if re.match(r"(async )?function ", line)]
        longest = max((min(end for end in ends if end > start) - start + 1 for start in starts), default=0)

        assert longest <= LONGEST_FUNCTION, (name, longest)
        assert len(lines) <= LONGEST_FILE, name


def test_no_script_makes_markup_of_what_it_reads() -> None:
    for name, text in _sources().items():
        found = re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|setAttribute\(\"on", text)

        assert [] == found, name


def test_the_module_prints_the_page() -> None:
    printed = subprocess.run([sys.executable, "-m", "h2verify.page"], capture_output=True, check=True).stdout

    assert render_page().encode() == printed


def test_causes_are_said_in_the_words_of_h2verify(open_verifier: Callable[..., Page]) -> None:
    page = open_verifier()

    assert {code: {"en": cause.en, "zh": cause.zh} for code, cause in CAUSES.items()} == page.evaluate("CAUSE_WORDS")
    assert hashlib.sha256(README).hexdigest() == page.evaluate("README_SHA256")


def test_steps_codes_words_and_limits_are_those_of_the_format(open_verifier: Callable[..., Page]) -> None:
    page = open_verifier()
    steps = page.evaluate("STEPS.map(({number, id, depth, codes}) => [number, id, depth, codes])")
    vocabulary: dict[str, Any] = page.evaluate("Object.fromEntries(VOCABULARY)")
    bounds = page.evaluate(
        "[LIMITS, SIGNATURE_NOTES_MAX, SUPPLIER_SIGNATURES_MAX, LOG_ENTRIES_MAX, PROOF_HASHES_MAX, POLICY_BYTES_MAX]"
    )

    assert [[step.number, step.id, step.depth, list(step.codes)] for step in STEPS] == steps
    assert {name: list(word) for name, word in VOCABULARY.items()} == vocabulary
    assert [
        {
            "fileBytes": limits.FILE_BYTES_MAX,
            "members": limits.MEMBERS_MAX,
            "nameLength": limits.NAME_LENGTH_MAX,
            "unpackedBytes": limits.UNPACKED_BYTES_MAX,
            "memberBytes": limits.MEMBER_BYTES_MAX,
            "jsonBytes": limits.JSON_BYTES_MAX,
            "jsonMarks": limits.JSON_MARKS_MAX,
            "jsonBytesSum": limits.JSON_BYTES_SUM_MAX,
            "jsonMarksSum": limits.JSON_MARKS_SUM_MAX,
        },
        limits.SIGNATURE_NOTES_MAX,
        limits.SUPPLIER_SIGNATURES_MAX,
        limits.LOG_ENTRIES_MAX,
        limits.PROOF_HASHES_MAX,
        limits.POLICY_BYTES_MAX,
    ] == bounds
