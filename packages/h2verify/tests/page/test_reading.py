"""What somebody sees who drops a bundle: a sentence first, in either language, by mouse or keyboard, wide or narrow."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from h2verify import __version__, note
from h2verify.bundle import verify_bundle
from h2verify.report_text import _full_width
from h2verify.withheld import find_reason_zh
from made_bundle import POLICY, Signer, make_bundle, make_members, pack
from playwright.sync_api import Page

Open = Callable[..., Page]

PHONE = {"viewport": {"width": 360, "height": 740}}


def _choose(page: Page, bundle: bytes, policy: bytes | None = None) -> None:
    if policy is not None:
        page.set_input_files("#policy", {"name": "policy.txt", "mimeType": "text/plain", "buffer": policy})
    page.evaluate("document.querySelector('#result').replaceChildren()")  # a verdict on the bundle before is none on it
    page.set_input_files("#file", {"name": "bundle.zip", "mimeType": "application/zip", "buffer": bundle})
    page.wait_for_selector(".verdict")


def test_an_unpinned_bundle_says_that_the_signer_is_still_to_be_made_sure_of(open_verifier: Open) -> None:
    page = open_verifier()
    _choose(page, make_bundle())
    fingerprint = verify_bundle(make_bundle()).as_json()["figure"]["issuer_fingerprint"]

    assert "you still have to make sure" in page.inner_text(".verdict .sentence")
    assert fingerprint == page.locator(".verdict .fingerprint").inner_text().replace("\n", "").replace(" ", "")
    assert "on a number you found yourself" in page.inner_text(".verdict")


def test_with_a_policy_of_ones_own_the_sentence_is_that_it_matches(open_verifier: Open) -> None:
    page = open_verifier("zh")
    _choose(page, make_bundle(), POLICY)

    assert "重新计算一致，且由您信任的一方签名。" == page.inner_text(".verdict .sentence")
    assert "policy.txt" in page.locator("#policy-name").text_content()
    assert 0 == page.locator(".verdict .fingerprint").count()


def test_a_refused_bundle_shows_no_figure_and_says_at_which_step_and_why(open_verifier: Open) -> None:
    page = open_verifier()
    _choose(page, make_bundle({"statement": lambda each: each["figure"].update(wtw_kgco2e="1")}))

    assert "Refused. Do not rely on this file." == page.inner_text(".verdict .sentence")
    assert "figure.number" in page.inner_text(".verdict")
    assert 0 == page.locator("#moved").count()
    assert "9." in page.inner_text(".steps .refused")
    assert 8 == page.locator(".steps .holds").count()


def test_a_policy_that_cannot_be_read_is_not_blamed_on_the_bundle(open_verifier: Open) -> None:
    page = open_verifier()
    _choose(page, make_bundle(), POLICY.decode().encode("utf-16"))

    assert "Your policy file cannot be read." == page.inner_text(".verdict .sentence")
    assert "the bundle itself was not judged further" in page.inner_text(".verdict")
    assert "could not be checked" in page.inner_text(".steps .refused")


def test_a_file_damaged_on_the_way_is_not_blamed_on_the_sender(open_verifier: Open) -> None:
    page = open_verifier("zh")
    _choose(page, make_bundle()[:-1])

    assert "拒绝：此文件在目前状态下无法核验。" == page.inner_text(".verdict .sentence")
    assert "请索取原始文件" in page.inner_text(".verdict")


def test_the_file_s_digest_and_the_verifier_s_version_stand_below_the_verdict(open_verifier: Open) -> None:
    page = open_verifier()
    _choose(page, make_bundle())
    said = page.inner_text(".verdict .file-facts")

    assert f"SHA-256 {hashlib.sha256(make_bundle()).hexdigest()}" in said
    assert f"checked with verify.html {__version__}" in said


def test_step_5_says_what_the_policy_pinned_as_h2verify_does(open_verifier: Open) -> None:
    witness = Signer("w", note.COSIGNATURE_ED25519)
    named = POLICY + f"witness w {witness.vkey}\n".encode()
    said = verify_bundle(make_bundle()).as_json()["figure"]
    used = [(said["rule_set"]["edition"], said["rule_set"]["digest"])]
    used += [(each["method"], each["digest"]) for each in said["comparisons"]]
    pins = "".join(f"edition {name} {digest}\n" for name, digest in used).encode()
    for language in ("en", "zh"):
        for policy in (POLICY, named, POLICY + pins, named + pins):
            page = open_verifier(language)
            _choose(page, make_bundle(), policy)

            assert verify_bundle(make_bundle(), policy=policy).steps[4].says(language) == (
                page.locator(".steps > li").nth(4).locator("p.small").inner_text()
            )


def test_findings_that_are_said_alike_are_one_line(open_verifier: Open) -> None:
    same = {"check": "a.b", "severity": "info", "title_en": "A gap.", "title_zh": "缺口。"}
    found = [{**same, "finding_id": "f-1"}, {**same, "finding_id": "f-2"}]
    page = open_verifier()
    _choose(page, make_bundle({"statement": lambda said: said.update(findings=found)}))

    assert 1 == page.locator("#result").get_by_text("A gap.").count()
    assert "(2 times)" in page.inner_text("#result")


def test_the_page_joins_chinese_with_chinese_marks_and_says_reasons_as_h2verify_does(open_verifier: Open) -> None:
    why = "a is not given (needed by b); category c burns hydrogen and states no comparable diesel truck"

    def changed(statement: dict[str, Any]) -> None:
        nothing = dict.fromkeys(("baseline_kgco2e", "difference_kgco2e", "project_kgco2e"))
        statement["comparisons"][0].update(nothing, status="withheld", why=reasons[0])
        statement["consignment"].update(modes=["road", "sea"])
        statement["findings"] = [found]

    found = {"check": "a.b", "severity": "blocking", "title_en": "A.", "title_zh": "甲。", "finding_id": "f-1"}
    reasons = [why]
    page = open_verifier("zh")
    for reasons[0], said in ((why, f"未给出：{find_reason_zh(why)}"), ("it rained", "未给出：签发方原文：“it rained”")):
        _choose(page, make_bundle({"statement": changed, "figures": lambda each: each.update(comparisons=[])}))
        shown = page.inner_text("#result")

        assert said in shown
        assert "方式：公路、海运" in shown
        assert "阻断" in shown

    words = "一,二(三)不是;供给(WTT),甲 (乙):a, b (c)"

    assert "一，二（三）不是；供给（WTT），甲 （乙）：a, b (c)" == _full_width(words)
    assert _full_width(words) == page.evaluate("(words) => fullWidth(words)", words)
    page.get_by_role("button", name="English").click()

    assert "Withheld: it rained" in page.inner_text("#result")
    assert "blocking" in page.inner_text("#result")


def test_something_else_is_no_evidence_bundle(open_verifier: Open) -> None:
    page = open_verifier()
    _choose(page, b"a letter")

    assert "This file is not an evidence bundle." == page.inner_text(".verdict .sentence")


def test_every_step_says_what_it_means_and_the_derivation_opens(open_verifier: Open) -> None:
    page = open_verifier()
    _choose(page, make_bundle())
    first = page.locator(".tree details.step").first
    leaf = page.locator(".tree .leaf")
    before = leaf.count()
    while page.locator(".tree details.step:not([open])").count():
        page.locator(".tree details.step:not([open]) > summary").first.click()

    assert 10 == page.locator(".steps .holds").count()
    assert first.locator(".notes").first.inner_text().startswith("formula:")
    assert leaf.count() > before
    assert "source:" in page.locator(".tree").first.inner_text()


def test_the_language_changes_without_losing_the_result_and_is_that_of_the_document(open_verifier: Open) -> None:
    page = open_verifier()
    _choose(page, make_bundle())
    page.get_by_role("button", name="中文").click()

    assert "zh-CN" == page.get_attribute("html", "lang")
    assert "计算成立" in page.inner_text(".verdict .sentence")
    assert "true" == page.get_by_role("button", name="中文").get_attribute("aria-pressed")
    page.reload()

    assert "zh-CN" == page.get_attribute("html", "lang")


def test_a_file_is_dropped_beside_the_mark(open_verifier: Open) -> None:
    page = open_verifier()
    page.evaluate(
        """(bytes) => { const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(bytes)], "dropped.zip"));
        const dropped = {dataTransfer: transfer, bubbles: true, cancelable: true};
        document.body.dispatchEvent(new DragEvent("drop", dropped)); }""",
        list(make_bundle()),
    )
    page.wait_for_selector(".verdict")

    assert "dropped.zip" in page.inner_text(".verdict")


def test_everything_is_reached_by_keyboard(open_verifier: Open) -> None:
    page = open_verifier()
    reached = []
    for _ in range(7):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))

    assert ["Skip to the check", "中文", "English", "file", "Whom do you trust? (optional)"] == reached[:5]
    with page.expect_file_chooser():
        page.focus("#file")
        page.keyboard.press("Enter")


def test_the_verdict_is_announced(open_verifier: Open) -> None:
    page = open_verifier()

    assert ("status", "polite") == (page.get_attribute("#verdict", "role"), page.get_attribute("#verdict", "aria-live"))
    _choose(page, make_bundle())

    assert 1 == page.locator("#verdict .sentence").count()


def test_a_later_file_takes_the_place_of_an_earlier_one(open_verifier: Open) -> None:
    page = open_verifier()
    _choose(page, make_bundle())
    page.set_input_files("#file", {"name": "other.zip", "mimeType": "application/zip", "buffer": b"a letter"})
    page.wait_for_selector(".verdict.none")

    assert 0 == page.locator("#moved").count()


def test_without_workers_the_page_verifies_by_itself(open_verifier: Open) -> None:
    page = open_verifier()
    page.evaluate("() => { globalThis.Worker = function () { throw new Error('no workers here'); }; }")
    _choose(page, make_bundle(), POLICY)

    assert "it matches" in page.inner_text(".verdict .sentence")


def test_while_it_works_the_page_says_at_which_step_it_is(open_verifier: Open) -> None:
    page = open_verifier("zh")
    page.evaluate(
        """() => { const words = document.getElementById("progress-words");
        globalThis.seen = [];
        new MutationObserver(() => seen.push(words.textContent)).observe(words, {childList: true}); }"""
    )
    _choose(page, make_bundle())
    seen = page.evaluate("seen")

    assert any(text.startswith("第 8 步，共 18 步") for text in seen)
    assert not page.is_visible("#progress")


def test_what_a_bundle_says_stays_text(open_verifier: Open) -> None:
    page = open_verifier()
    hostile = "<img src=x onerror=alert(1)>\u202egpj"

    def named(statement: dict[str, dict[str, str]]) -> None:
        statement["consignment"]["goods"] = hostile

    _choose(page, make_bundle({"statement": named}))
    shown = page.inner_text("#result")

    assert "<img src=x onerror=alert(1)>" in shown
    assert "\u202e" not in shown
    assert 0 == page.locator("img").count()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    language: str, scheme: str, open_verifier: Open, accessibility_faults: Callable[[Page], list[str]]
) -> None:
    page = open_verifier(language, color_scheme=scheme)

    assert [] == accessibility_faults(page)
    for bundle, policy in ((make_bundle(), None), (make_bundle(), POLICY), (b"a letter", None)):
        _choose(page, bundle, policy)

        assert [] == accessibility_faults(page)


def test_nothing_is_wider_than_a_telephone(open_verifier: Open, screenshots_dir: Path) -> None:
    page = open_verifier(**PHONE)
    widths = [page.evaluate("document.documentElement.scrollWidth")]
    for name, bundle in (("held", make_bundle()), ("refused", pack({**make_members(), "x": b""}))):
        page.reload()
        _choose(page, bundle)
        widths.append(page.evaluate("document.documentElement.scrollWidth"))
        page.screenshot(path=screenshots_dir / f"phone-{name}.png", full_page=True)

    assert [360, 360, 360] == widths


def test_pictures_to_look_at(open_verifier: Open, screenshots_dir: Path) -> None:
    for name, language, scheme in (("wide-en", "en", "light"), ("wide-zh", "zh", "light"), ("dark-zh", "zh", "dark")):
        page = open_verifier(language, color_scheme=scheme, viewport={"width": 1280, "height": 900})
        _choose(page, make_bundle(), POLICY if name == "wide-zh" else None)
        page.screenshot(path=screenshots_dir / f"{name}.png", full_page=True)

        assert (screenshots_dir / f"{name}.png").stat().st_size > 10_000
