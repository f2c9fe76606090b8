"""The page: self-contained, escaped, complete in both languages, with words for what is empty."""

import re
from html.parser import HTMLParser

import msgspec
import pytest
from invented_reports import HOSTILE, a_hostile_report, a_report, an_empty_report, some_figures, some_tracks

from h2corridor.console.html_report import page_policy, render_html
from h2corridor.console.texts import LANGUAGES, Language, text
from h2corridor.console.views import SHIPMENTS_MAX
from h2corridor.model.report import Figures, FindingRow, Tracks

_VOID = {"meta", "input", "br", "img"}


class _Page(HTMLParser):
    """Collects tags, attributes and visible text, and refuses tags that do not close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend((tag, name, value or "") for name, value in attrs)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend((tag, name, value or "") for name, value in attrs)

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def _page(language: Language = "en") -> _Page:
    return _Page(render_html(a_report(), some_figures(), some_tracks(), language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tag_closes_and_every_id_is_unique(language: Language) -> None:
    page = _page(language)
    ids = [value for _, name, value in page.attributes if name == "id"]

    assert page.open == []
    assert sorted(set(ids)) == sorted(ids)


def test_the_page_asks_nothing_of_any_network() -> None:
    page = _page()
    links = {value for _, name, value in page.attributes if name in ("src", "href", "srcset", "action", "data")}
    style = render_html(a_report(), some_figures(), None, "en").partition("<style>")[2].partition("</style>")[0]

    assert not {"script", "link", "img", "iframe", "object", "embed", "form"} & set(page.tags)
    assert {"report.json", "figures.json", "tracks.json"} == {link for link in links if not link.startswith("#")}
    assert not re.search(r"url\(|@import", style)


def test_nothing_is_styled_or_run_from_an_attribute() -> None:
    forbidden = [(tag, name) for tag, name, _ in _page().attributes if name == "style" or name.startswith("on")]

    assert forbidden == []


def test_the_page_names_its_own_style_sheet_and_no_script() -> None:
    policies = [value for _, name, value in _page().attributes if name == "content" and "default-src" in value]

    assert [page_policy()] == policies
    assert "script-src" not in page_policy()


@pytest.mark.parametrize("language", LANGUAGES)
def test_foreign_words_are_text_and_never_tags(language: Language) -> None:
    page = _Page(render_html(a_hostile_report(), Figures(), None, language))

    assert not {"script", "img"} & set(page.tags)
    assert page.text.count("<script>alert('x')</script>") >= 9
    assert not re.search("[\x1b\u202e]", page.text)


def test_hostile_names_of_sites_steps_and_places_are_text() -> None:
    tracks, figures = some_tracks(), some_figures()
    sites = tuple(msgspec.structs.replace(site, name_zh=HOSTILE, name_en=HOSTILE) for site in tracks.sites)
    encoded = msgspec.json.encode(figures).replace(b"Grid factor", b"<script>x</script>")
    encoded = encoded.replace(b"Invented bulletin, table 3", b"<img src=x>").replace(b"hydrogen * nozzle", b"<b>h</b>")
    hostile = msgspec.json.decode(encoded, type=Figures)
    tracks = msgspec.structs.replace(tracks, sites=sites, attribution=HOSTILE, datum=HOSTILE)
    page = _Page(render_html(a_report(), hostile, tracks, "en"))

    assert not {"script", "img", "b"} & set(page.tags)
    assert page.open == []


def test_both_languages_are_inside_and_the_asked_one_is_chosen() -> None:
    page = _page("zh")
    checked = {value for _, name, value in page.attributes if name == "id" and value.startswith("language-")}

    assert {"language-zh", "language-en"} == checked
    assert text("purpose", "zh") in page.text
    assert text("purpose", "en") in page.text
    assert 'id="language-zh" lang="zh-CN" aria-label="中文" checked>' in render_html(a_report(), Figures(), None, "zh")


def test_figures_are_shown_with_their_status_and_why_one_is_withheld() -> None:
    shown = _page().text

    assert "193.61" in shown
    assert "0.0734" in shown
    assert "withheld" in shown
    assert "Batch B-003 has no origin." in shown


def test_energy_provision_is_shown_beside_operation() -> None:
    report = a_report()
    shipment = msgspec.structs.replace(report.shipments[0], wtw_kgco2e="316.625", ttw_kgco2e="169.905")
    page = _Page(render_html(msgspec.structs.replace(report, shipments=(shipment,)), Figures(), None, "en"))

    assert re.search(r"Energy provision, WTT\s*146\.72 kg", page.text)


def test_a_negative_difference_is_shown_as_a_cost() -> None:
    shown = _page().text

    assert "−23.31" in shown
    assert text("costs", "en") in shown


def test_the_derivation_goes_down_to_files_and_rows() -> None:
    shown = re.sub(r"\s+", " ", _page().text)

    assert re.search(
        r"Intensity at the gate 2\.186 kgCO2e/kg .{0,40} hydrogen_batches\.csv .{0,9}row 1 Invented", shown
    )
    assert text("clause_unseen", "en") in shown


def test_unsigned_figures_are_called_unsigned() -> None:
    assert text("unsigned", "en") in _page().text


def test_signed_figures_are_not_called_unsigned() -> None:
    report = a_report()
    signed = tuple(msgspec.structs.replace(shipment, statement_id="S1") for shipment in report.shipments)
    page = _Page(render_html(msgspec.structs.replace(report, shipments=signed), Figures(), None, "en"))

    assert text("unsigned", "en") not in page.text


@pytest.mark.parametrize("word", ["certified", "verified", "compliant", "guarantee"])
def test_the_words_that_are_held_are_not_used(word: str) -> None:
    assert word not in _page().text.lower()


def test_the_map_carries_attribution_and_datum() -> None:
    shown = _page().text

    assert "© OpenStreetMap contributors, ODbL 1.0" in shown
    assert "WGS84" in shown
    assert "Far Port (invented)" in shown


def test_parts_that_do_not_add_up_raise_an_alarm() -> None:
    report = a_report()
    totals = msgspec.structs.replace(report.totals, frames_unused=11)
    shown = _Page(render_html(msgspec.structs.replace(report, totals=totals), Figures(), None, "en")).text

    assert text("frames_gap", "en") in shown
    assert text("frames_sum", "en") not in shown


@pytest.mark.parametrize("tracks", [None, Tracks(datum="WGS84", attribution="none")])
def test_what_is_empty_has_words(tracks: Tracks | None) -> None:
    shown = _Page(render_html(an_empty_report(), Figures(), tracks, "en")).text
    keys = ("no_shipments", "no_map", "no_trips", "no_findings", "no_checkpoint", "shows_not")

    assert [key for key in keys if text(key, "en") not in shown] == []
    assert text("shows", "en") not in shown


def test_absent_derivations_have_words() -> None:
    assert text("no_derivation", "en") in _Page(render_html(a_report(), Figures(), None, "en")).text


def test_more_than_a_page_can_hold_is_counted() -> None:
    report = a_report()
    many = msgspec.structs.replace(report, shipments=report.shipments * 100, findings=_many(report.findings[1], 450))
    page = _Page(render_html(many, Figures(), None, "en"))

    assert page.text.count("iso14083@2023.1 (draft)") == SHIPMENTS_MAX
    assert text("more", "en", count=100) in page.text
    assert text("more", "en", count=250) in page.text


def _many(finding: FindingRow, count: int) -> tuple[FindingRow, ...]:
    return tuple(msgspec.structs.replace(finding, finding_id=f"F{number}") for number in range(count))
