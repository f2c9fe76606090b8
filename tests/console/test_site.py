"""The site of a workspace: its pages, the answers for its scripts, and what it never gives."""

import csv
import json
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from h2corridor.console.field_names import names
from h2corridor.console.serve import Answer, Request
from h2corridor.console.site import COOKIE, PAGE_POLICY, WorkspaceSite, page_files
from h2corridor.console.texts import LANGUAGES, Language, text
from h2corridor.model.report import Report, decode_report
from h2corridor.quality.rates import NAMES
from h2corridor.store.files import Workspace

VIEWS = ("/", "/trips", "/balances", "/custody", "/quality", "/findings", "/trial", "/row")


def _ask(site: WorkspaceSite, path: str, cookies: dict[str, str] | None = None, **query: str) -> Answer:
    return site(Request(path=path, query=query, cookies=cookies or {}))


def _page(site: WorkspaceSite, path: str, **query: str) -> str:
    answer = _ask(site, path, **query)

    assert (HTTPStatus.OK, "text/html; charset=utf-8") == (answer.status, answer.content_type)
    return answer.body.decode()


def _data(site: WorkspaceSite, path: str, **query: str) -> dict[str, Any]:
    answer = _ask(site, path, **query)

    assert answer.content_type == "application/json"
    found: dict[str, Any] = json.loads(answer.body)
    return found if answer.status == HTTPStatus.OK else {**found, "status": int(answer.status)}


@pytest.fixture(scope="module")
def site(demo_workspace: Path) -> WorkspaceSite:
    return WorkspaceSite(demo_workspace, "en")


@pytest.fixture(scope="module")
def report(demo_workspace: Path) -> Report:
    return decode_report((demo_workspace / "report" / "report.json").read_bytes())


@pytest.fixture
def empty_site(tmp_path: Path) -> WorkspaceSite:
    Workspace.create_or_open(tmp_path / "w", now_ms=0, software="test").close()
    return WorkspaceSite(tmp_path / "w", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [*VIEWS, "/gateway"])
def test_every_page_is_in_the_language_asked_for(site: WorkspaceSite, path: str, language: Language) -> None:
    page = _page(site, path, lang=language)

    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}"' in page
    assert text("skip", language) in page
    assert PAGE_POLICY == _ask(site, path).policy


def test_the_language_is_remembered_and_can_be_changed(site: WorkspaceSite) -> None:
    chosen = _ask(site, "/", lang="zh").headers["Set-Cookie"]

    assert chosen.startswith(f"{COOKIE}=zh; Path=/;")
    assert b'lang="zh-CN" data-language' in _ask(site, "/", {COOKIE: "zh"}).body
    assert b'lang="en" data-language' in _ask(site, "/", {COOKIE: "zh"}, lang="en").body


@pytest.mark.parametrize("language", ["fr", "", "zh\r\nSet-Cookie: x=1"])
def test_another_language_is_neither_spoken_nor_remembered(site: WorkspaceSite, language: str) -> None:
    answer = _ask(site, "/", {COOKIE: "xx"}, lang=language)

    assert "Set-Cookie" not in answer.headers
    assert b'lang="en" data-language' in answer.body


@pytest.mark.parametrize("path", [*VIEWS, "/shipment", "/gateway"])
def test_no_page_has_script_or_style_inside_it(site: WorkspaceSite, report: Report, path: str) -> None:
    page = _page(site, path, id=report.shipments[0].consignment_id)

    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)
    assert all(
        re.fullmatch(r' type="module" src="/page/\w+\.js"', each) for each in re.findall("<script([^>]*)>", page)
    )
    assert "'unsafe" not in PAGE_POLICY


def test_the_first_page_has_the_map_and_every_shipment(site: WorkspaceSite, report: Report) -> None:
    page = _page(site, "/")

    assert len(report.trips) == page.count("<polyline")
    assert [each for each in report.shipments if f"/shipment?id={each.consignment_id}" not in page] == []
    assert "© OpenStreetMap contributors, ODbL 1.0" in page
    assert len(page) < 200_000


def test_a_shipment_is_shown_with_both_comparisons_and_its_bundle(site: WorkspaceSite, report: Report) -> None:
    shipment = report.shipments[0]
    page = _page(site, "/shipment", id=shipment.consignment_id)

    assert text("method-same-service-diesel", "en") in page
    assert text("method-tailpipe-press", "en") in page
    assert f'data-figure="{shipment.figure_id}"' in page
    assert f"/bundles/{shipment.statement_id}.zip?depth=activity" in page


def test_a_derivation_is_given_by_its_figure(site: WorkspaceSite, report: Report) -> None:
    figure = _data(site, "/api/derivation", figure=str(report.shipments[0].figure_id))

    assert figure["figure_id"] == report.shipments[0].figure_id
    assert figure["goal"] == figure["steps"][-1]["id"]
    assert len(figure["comparisons"]) == 2


def test_measured_hydrogen_leads_to_the_trips_that_share_it(site: WorkspaceSite, report: Report) -> None:
    shipment = report.shipments[0]
    found = _data(site, "/api/truck-trips", figure=str(shipment.figure_id), row="1")
    shares = [(share.trip_id, share.hydrogen_used_kg) for share in shipment.trip_shares]

    assert shares == [(trip["trip_id"], trip["hydrogen_used_kg"]) for trip in found["trips"]]


def test_a_trip_leads_to_rows_and_a_row_to_its_frame(site: WorkspaceSite, report: Report) -> None:
    rows = _data(site, "/api/trip", trip=report.trips[0].trip_id)["rows"]
    row = _data(site, "/api/row", file=rows[0]["file"], row=str(rows[0]["row"]), words="zh")
    speed = next(field for field in row["frame"]["fields"] if field["name"] == "speed_kmh")

    assert [report.trips[0].trip_id] == row["trips"]
    assert (speed["label"], speed["group_label"], speed["unit"]) == ("车速", "整车数据", "km/h")
    assert speed["value"] == f"{int(speed['hex'], 16) / 10:.1f}"
    assert row["rows"] >= rows[0]["last_row"]


def test_a_row_of_papers_has_its_cells(site: WorkspaceSite) -> None:
    dataset = Path(__file__).parents[2] / "src" / "h2corridor" / "demo" / "first-run"
    with (dataset / "legs.csv").open(encoding="utf-8-sig", newline="") as file:
        expected = list(csv.DictReader(file))
    row = _data(site, "/api/row", file="legs.csv", row="1")

    assert expected[0] == row["cells"]
    assert (row["frame"], row["rows"], row["file"]["path"]) == (None, len(expected), "legs.csv")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/nothing", {}),
        ("/page/../site.py", {}),
        ("/page/site.py", {}),
        ("/received/00/00", {}),
        ("/keys/log.key", {}),
        ("/shipment", {"id": "none"}),
        ("/shipment", {}),
        ("/api/derivation", {"figure": "fig-0"}),
        ("/api/trip", {"trip": "none"}),
        ("/api/truck-trips", {"figure": "fig-0", "row": "1"}),
        ("/api/row", {"file": "legs.csv", "row": "99999"}),
        ("/api/row", {"file": "legs.csv", "row": "0"}),
        ("/api/row", {"file": "legs.csv", "row": "-1"}),
        ("/api/row", {"file": "legs.csv", "row": "²"}),
        ("/api/row", {"file": "../keys/log.key", "row": "1"}),
        ("/api/row", {"file": "legs.csv"}),
        ("/bundles/st-0000000000000000.zip", {}),
        ("/bundles/../../keys/log.key", {}),
    ],
)
def test_what_is_not_there_is_said_and_not_given(site: WorkspaceSite, path: str, query: dict[str, str]) -> None:
    answer = _ask(site, path, **query)

    assert answer.status == HTTPStatus.NOT_FOUND
    assert b"Traceback" not in answer.body


def test_raw_is_never_given(site: WorkspaceSite, report: Report) -> None:
    answer = _ask(site, f"/bundles/{report.shipments[0].statement_id}.zip", depth="raw")

    assert answer.status == HTTPStatus.NOT_FOUND
    assert b"serve.depth" in answer.body


@pytest.mark.parametrize("path", VIEWS)
def test_a_workspace_without_a_run_says_what_to_do(empty_site: WorkspaceSite, path: str) -> None:
    page = _page(empty_site, path)

    assert text("no_run_next", "en") in page
    assert _ask(empty_site, "/api/row").status == HTTPStatus.NOT_FOUND
    assert _ask(empty_site, "/report.json").status == HTTPStatus.NOT_FOUND


def test_a_damaged_report_is_said_with_the_next_step(empty_site: WorkspaceSite, tmp_path: Path) -> None:
    (tmp_path / "w" / "report").mkdir(exist_ok=True)
    (tmp_path / "w" / "report" / "report.json").write_text("{")
    answer = _ask(empty_site, "/")

    assert answer.status == HTTPStatus.CONFLICT
    assert b"report.unreadable" in answer.body


def test_a_new_run_is_shown_without_a_restart(empty_site: WorkspaceSite, tmp_path: Path, demo_workspace: Path) -> None:
    (tmp_path / "w" / "report").mkdir(exist_ok=True)
    (tmp_path / "w" / "report" / "report.json").write_bytes((demo_workspace / "report" / "report.json").read_bytes())
    page = _page(empty_site, "/")

    assert text("no_run", "en") not in page
    assert text("no_map", "en") in page


def test_the_documents_are_given_as_they_stand(site: WorkspaceSite, demo_workspace: Path) -> None:
    for name in ("report.json", "figures.json", "tracks.json"):
        assert (demo_workspace / "report" / name).read_bytes() == _ask(site, f"/{name}").body


def test_foreign_words_stay_text(site: WorkspaceSite) -> None:
    answer = _ask(site, "/row", file="<script>alert(1)</script>", row='"><img src=x>')

    assert b"<script>alert" not in answer.body
    assert b"<img" not in answer.body


def test_scripts_put_words_into_the_page_as_text_only() -> None:
    scripts = {name: body.decode() for name, body in page_files().items() if name.endswith(".js")}
    forbidden = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function")

    assert len(scripts) > 5
    assert [name for name, source in scripts.items() if forbidden.search(source)] == []
    assert [name for name, source in scripts.items() if source.count("\n") > 200] == []


def test_every_field_and_item_of_a_frame_has_a_name() -> None:
    from h2verify.gbt32960 import EDITIONS, Blob, Part, Records, Run

    def of(parts: tuple[Part, ...]) -> set[str]:
        found: set[str] = set()
        for part in parts:
            match part:
                case Run():
                    found |= {part.count.name, part.element.name}
                case Records():
                    found |= {part.count.name} | of(part.parts)
                case Blob():
                    found |= {part.length.name, part.name}
                case _:
                    found.add(part.name)
        return found

    items = [item for edition in EDITIONS.values() for item in edition.items.values()]
    commands = [each for edition in EDITIONS.values() for each in edition.commands.values() if each.parts]
    needed = of(tuple(part for each in [*items, *commands] for part in each.parts or ()))

    assert len(needed) > 80
    assert needed - names()["fields"].keys() == set()
    assert {each.name for each in [*items, *commands]} - names()["groups"].keys() == set()


@pytest.mark.parametrize(
    ("asked", "cookies", "spoken"),
    [
        (("zh-cn", "en"), {}, "zh-CN"),
        (("de", "zh"), {}, "zh-CN"),
        (("en-us", "zh"), {}, "en"),
        (("fr",), {}, "en"),  # the site's own
        (("zh-cn",), {COOKIE: "en"}, "en"),  # what was chosen comes first
    ],
)
def test_who_has_not_chosen_reads_the_language_that_the_browser_asks_for(
    site: WorkspaceSite, asked: tuple[str, ...], cookies: dict[str, str], spoken: str
) -> None:
    answer = site(Request(path="/", query={}, cookies=cookies, languages=asked))

    assert f'<html lang="{spoken}"'.encode() in answer.body
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("signal", NAMES)
def test_every_signal_that_rates_are_counted_of_has_a_name_in_both_languages(signal: str) -> None:
    assert all(text(f"signal_{signal.replace(' ', '_')}", language) for language in LANGUAGES)


def test_the_record_s_page_gives_the_command_that_says_what_is_missing(
    site: WorkspaceSite, demo_workspace: Path
) -> None:
    page = _page(site, "/trial")

    assert f"<code>h2corridor trial status --workspace {demo_workspace}</code>" in page
    assert "`" not in page


@pytest.mark.parametrize("path", VIEWS[:-1])
def test_no_chinese_word_is_followed_by_a_colon_of_latin(site: WorkspaceSite, path: str) -> None:
    assert [] == re.findall("[\u4e00-\u9fff](?:</[a-z]+>)?: ", _page(site, path, lang="zh"))
