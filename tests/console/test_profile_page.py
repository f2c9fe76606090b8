"""A profile for readers: both languages say the whole thread, foreign words stay words, nothing asks of a network."""

import base64
import hashlib
import io
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from h2corridor.app.profile_view import ProfileView, check_desk, view_profile
from h2corridor.app.profiles import Desk, answer, circulate, comment, new_profile, read_desk
from h2corridor.app.sign import make_supplier_key
from h2corridor.console.profile_page import render_profile
from h2corridor.console.profile_text import print_check, print_profile
from h2corridor.console.texts import LANGUAGES, Language, text

HOSTILE = "<script>alert('x')</script>\u202e"
NOW_MS = 1_772_409_600_000
CLAUSE = "6.7"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """One profile with a hostile proposal that is accepted and a question that is open."""
    root = tmp_path_factory.mktemp("desk")
    folder = root / "d"
    cq = make_supplier_key("cq", root / "cq.key", randomness=lambda count: b"\1" * count)
    names: dict[str, Any] = {"name_zh": "甲方标准室", "name_en": "Office A"}
    draft = new_profile(folder, "iso14083@2023.1", profile_id="p", edition="2026.1", signer=cq, **names)
    (folder / "keys.txt").write_text(f"cq {cq.vkey}\n", "utf-8")
    circulate(read_desk(folder), cq, to=["Office B"], reply_by="2026-04-01", now_ms=NOW_MS, draft=draft)
    said: dict[str, Any] = {"clause": CLAUSE, "now_ms": NOW_MS, "text_zh": None, **names}
    proposal = {"proposal": {"demands_en": HOSTILE}, "values": ["unknown_origin_limit_pct=2"]}
    comment(read_desk(folder), cq, kind="proposal", text_en=HOSTILE, **proposal, **said)
    about = check_desk(read_desk(folder)).open_comments[0].digest
    accepted: dict[str, Any] = {"outcome": "accepted", "reason_zh": "同意此项", "reason_en": None}
    answer(read_desk(folder), cq, about=about, now_ms=NOW_MS, **accepted)
    comment(read_desk(folder), cq, kind="question", text_en="Are hubs in it?", **said)
    return read_desk(folder)


@pytest.fixture(scope="module")
def view(desk: Desk) -> ProfileView:
    return view_profile(desk, None)


def printed(view: ProfileView, language: Language) -> str:
    written = io.StringIO()
    print_profile(view, language, written)
    return written.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_thread_stands_under_its_clause(view: ProfileView, language: Language) -> None:
    lines = printed(view, language).splitlines()
    clauses = [line.split()[0] for line in lines if re.match(r"  \d", line)]
    thread = lines[next(i for i, line in enumerate(lines) if line.startswith(f"  {CLAUSE} ")) :]
    words = [text(f"profile_kind-{kind}", language) for kind in ("proposal", "question")]

    assert [each.criterion.clause for group in view.groups for each in group.clauses] == clauses
    assert [True, True] == [any(word in line for line in thread) for word in words]
    assert any("同意此项" in line for line in thread)
    assert any("unknown_origin_limit_pct = 2 %" in line for line in thread)
    assert text("profile_open", language) in [line.strip() for line in thread]


@pytest.mark.parametrize("language", LANGUAGES)
def test_foreign_words_are_cleaned_in_text_and_never_tags_on_the_page(view: ProfileView, language: Language) -> None:
    page = render_profile(view, language)

    assert "\u202e" not in page + printed(view, language)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 3


def test_the_page_is_whole_in_both_languages_and_asks_nothing_of_a_network(view: ProfileView) -> None:
    page = render_profile(view, "zh")
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert f"style-src &#39;sha256-{digest}&#39;" in page
    assert not re.search(r"<(script|link|img|iframe|form)\b|url\(|@import|\sstyle=", page)
    assert page.count('lang="zh-CN"') - page.count('class="zh" lang="zh-CN"') == 3
    assert page.count('class="zh"') == page.count('class="en"') > 100
    assert view.digest in page


def test_a_check_lists_what_is_open_and_the_whole_fingerprint_of_each_key(desk: Desk) -> None:
    written = io.StringIO()
    print_check(check_desk(desk), "zh", written)
    said = written.getvalue()

    assert "5 份文件全部成立" in said
    assert "意见 2 条，答复 1 条，通过 0 次" in said
    assert "Are hubs in it?" in said
    assert all(each.fingerprint in said for each in desk.keys)


def test_a_criterion_of_untp_and_a_profile_before_are_shown(view: ProfileView) -> None:
    first, *rest = view.groups[0].clauses
    address = "https://example.org/criterion/1"
    criterion = msgspec.structs.replace(first.criterion, untp_criterion=address, standard_clause="6.2")
    clause = msgspec.structs.replace(first, criterion=criterion)
    group = msgspec.structs.replace(view.groups[0], clauses=(clause, *rest))
    profile = msgspec.structs.replace(view.profile, supersedes="f" * 64)
    other = msgspec.structs.replace(view, groups=(group,), profile=profile)
    for shown in (printed(other, "en"), render_profile(other, "en")):
        assert address in shown
        assert "clause 6.2" in shown
        assert "f" * 64 in shown


@pytest.mark.parametrize("width", [390, 1100])
def test_the_page_fits_and_switches_its_language_in_a_browser(
    view: ProfileView, tmp_path: Path, open_page: Any, accessibility_faults: Any, width: int
) -> None:
    path = tmp_path / "profile.html"
    path.write_text(render_profile(view, "zh"), "utf-8")
    page = open_page(viewport={"width": width, "height": 900})
    page.goto(path.as_uri())
    before = page.locator("h1").inner_text()
    faults = accessibility_faults(page)
    page.check("#language-en", force=True)

    assert "规则条款书：运输链温室气体排放量化" == before
    assert "Rule profile: Greenhouse gas emissions of transport chains" == page.locator("h1").inner_text()
    assert [] == [*faults, *accessibility_faults(page)]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
