"""The page of custody: its picture, its batches, and what it says where there is nothing."""

import json
import shutil
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path

import pytest

from h2corridor.app.custody import read_custody, show_custody
from h2corridor.app.custody_flows import Flow, Node
from h2corridor.app.read_report import ReportReader
from h2corridor.console.custody_page import COLOURS, PLACES_MAX, custody_view, picture_view
from h2corridor.console.serve import Request
from h2corridor.console.site import WorkspaceSite
from h2corridor.console.texts import LANGUAGES, Language, text


def _page(workspace: Path, language: Language) -> str:
    answer = WorkspaceSite(workspace, "en")(Request(path="/custody", query={"lang": language}, cookies={}))

    assert HTTPStatus.OK == answer.status
    return answer.body.decode()


@pytest.fixture
def workspace(demo_workspace: Path, tmp_path: Path) -> Path:
    return shutil.copytree(demo_workspace, tmp_path / "w")


def _rewrite(workspace: Path, **values: object) -> None:
    path = workspace / "report" / "custody.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **values}), encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_draws_every_place_and_says_it_in_a_table(demo_workspace: Path, language: Language) -> None:
    page = _page(demo_workspace, language)

    assert 'class="flows"' in page
    assert all(text(f"flow_column_{column}", language) in page for column in range(4))
    assert all(batch.batch_id in page for batch in read_custody(demo_workspace).batches)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_run_without_a_ledger_says_how_to_get_one(workspace: Path, language: Language) -> None:
    (workspace / "report" / "custody.json").unlink()

    assert text("custody_absent", language) in _page(workspace, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ledger_without_hydrogen_is_said_to_have_none(workspace: Path, language: Language) -> None:
    _rewrite(workspace, postings=[], batches=[], trips=[])
    page = _page(workspace, language)

    assert text("custody_empty", language) in page
    assert text("custody_no_batches", language) in page
    assert 'class="flows"' not in page


def test_hostile_names_are_escaped(workspace: Path) -> None:
    path = workspace / "report" / "custody.json"
    batch = read_custody(workspace).batches[0].batch_id
    path.write_text(path.read_text(encoding="utf-8").replace(batch, "<script>x</script>"), encoding="utf-8")
    page = _page(workspace, "en")

    assert "&lt;script&gt;x" in page
    assert "<script>x" not in page


def test_parts_of_a_batch_fill_its_bar(demo_workspace: Path) -> None:
    run = ReportReader(demo_workspace).find()

    assert run is not None
    bars = custody_view(run, demo_workspace)["bars"]

    assert [each.batch_id for each in show_custody(demo_workspace, None).batches] == [
        bar.batch.batch_id for bar in bars
    ]
    for bar in bars:
        assert Decimal(bar.batch.produced_kg) == sum(Decimal(kg) for *_, kg in bar.parts)


def test_many_trucks_and_batches_are_joined_with_their_sums() -> None:
    flows = {Flow(Node("source", f"B{no}"), Node("truck", f"T{no}"), f"B{no}"): 1000 + no for no in range(1500)} | {
        Flow(Node("truck", f"T{no}"), Node("on_board"), f"B{no}"): 1000 + no for no in range(1500)
    }
    values = picture_view(flows, {})
    whole = Decimal(sum(1000 + no for no in range(1500))).scaleb(-6)

    assert COLOURS == len(values["legend"])
    for column in values["columns"]:
        assert len(column) <= PLACES_MAX + 2
        assert whole == sum(Decimal(place.kg) for place in column)
        assert whole == sum(Decimal(kg) for place in column for kg in place.parts)
