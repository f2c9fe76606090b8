"""The ledger of a run agrees with its figures, and shows what a sale does to them."""

import io
import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from h2corridor.app.assess import assess_bytes
from h2corridor.app.custody import show_custody
from h2corridor.app.custody_views import CustodyView
from h2corridor.cli.commands import app
from h2corridor.console.custody_text import print_custody
from h2corridor.model.errors import InputError, WorkspaceError
from h2corridor.model.report import Report
from h2corridor.store.files import Workspace

Run = tuple[Report, Path]
SALE = {
    "sale": "S-1",
    "batch": "RH-B004",
    "sold_at": "2026-03-10T10:00:00+08:00",
    "mass_kg": "30",
    "buyer": "X",
    "instrument": "GO-1",
    "source": "registry",
}


def _sales(folder: Path, *sales: dict[str, Any]) -> Path:
    path = folder / "custody_sales.json"
    path.write_text(json.dumps({"format": "attribute-sale/1", "sales": list(sales)}), encoding="utf-8")
    return path


@pytest.fixture(params=["first_run", "rehearsal"])
def run(request: pytest.FixtureRequest) -> Run:
    found: Run = request.getfixturevalue(request.param)
    return found


def test_trips_used_by_the_ledger_what_the_table_of_trips_says_by_origin(run: Run) -> None:
    rows = pq.read_table(run[1] / "tables" / "trip_hydrogen.parquet").to_pylist()
    expected: dict[tuple[str, str], int] = {}
    for row in rows:
        expected[row["vin"], row["origin"]] = expected.get((row["vin"], row["origin"]), 0) + row["mass_mg"]
    actual: dict[tuple[str, str], int] = {}
    for posting in show_custody(run[1], None).postings:
        for origin, mass in posting.by_origin.items() if posting.kind == "used" else ():
            key = (posting.from_account.removeprefix("tank:"), origin)
            actual[key] = actual.get(key, 0) + mass

    assert expected
    assert expected == actual


def test_a_consignment_uses_what_its_trips_share_with_it(run: Run) -> None:
    report, workspace = run
    expected = {
        each.consignment_id: sum((Decimal(share.hydrogen_used_kg) for share in each.trip_shares), Decimal(0))
        for each in report.shipments
        if each.trip_shares
    }
    view = show_custody(workspace, None)

    assert expected == {each.consignment_id: Decimal(each.used_kg) for each in view.consignments}
    assert all(Decimal(each.used_kg) == sum(Decimal(part.kg) for part in each.parts) for each in view.consignments)


def test_what_was_used_is_the_same_on_both_sides(run: Run) -> None:
    view = show_custody(run[1], None)
    parts = [*view.unshared, *(part for each in view.consignments for part in each.parts)]
    physical = sum(each.mass_mg for each in view.postings if each.kind == "used")
    by_batch = {each.batch_id: sum(map(Decimal, each.used_kg.values())) for each in view.batches}

    assert physical == sum(Decimal(part.kg) for part in parts) * 1_000_000
    assert by_batch == {name: sum(Decimal(part.kg) for part in parts if part.batch_id == name) for name in by_batch}


def test_the_attribute_of_a_batch_goes_once(run: Run, tmp_path: Path) -> None:
    sales = _sales(tmp_path, SALE) if "RH-" in run[0].shipments[0].consignment_id else None

    for batch in show_custody(run[1], sales).batches:
        went = (batch.used_kg["backed"], batch.sold_kg, batch.expired_kg, batch.left_kg)
        assert Decimal(batch.produced_kg) == sum(map(Decimal, went))


def test_a_trial_without_sales_has_no_residual_figure(first_run: Run) -> None:
    assert [] == [each for each in show_custody(first_run[1], None).consignments if each.residual_figures]


@pytest.fixture(scope="module")
def sold(rehearsal: Run, tmp_path_factory: pytest.TempPathFactory) -> CustodyView:
    return show_custody(rehearsal[1], _sales(tmp_path_factory.mktemp("sales"), SALE))


def test_a_sale_gives_a_worse_figure_beside_the_one_of_the_report(rehearsal: Run, sold: CustodyView) -> None:
    figures = {each.consignment_id: each.residual_figures for each in sold.consignments if each.residual_figures}
    reported = {each.consignment_id: each.wtw_kgco2e for each in rehearsal[0].shipments}

    assert 10 < len(figures) < len(sold.consignments)
    for name, (figure,) in figures.items():
        assert figure.wtw_kgco2e == reported[name]
        assert Decimal(figure.residual_wtw_kgco2e or 0) > Decimal(figure.wtw_kgco2e or 0)
        assert {figure.residual_wtw_kgco2e} == {
            f"{Decimal(step['value']):.12f}".rstrip("0")
            for step in figure.derivation
            if step["id"] == "wtw_kgco2e[chain]"
        }


def test_a_sale_changes_the_attribute_side_alone(rehearsal: Run, sold: CustodyView) -> None:
    before = show_custody(rehearsal[1], None)

    assert (before.postings, before.stations, before.trucks) == (sold.postings, sold.stations, sold.trucks)
    changed = [one.batch_id for one, other in zip(before.batches, sold.batches, strict=True) if one != other]
    assert ["RH-B004"] == changed


@pytest.mark.parametrize(
    ("sales", "code"),
    [
        ([SALE, {**SALE, "sale": "S-2"}], "sale.twice"),
        ([{**SALE, "batch": "RH-B005"}], "sale.twice"),
        ([{**SALE, "batch": "RH-B009"}], "sale.unknown-batch"),
        ([{**SALE, "mass_kg": "428.3"}], "sale.beyond-batch"),
        ([{**SALE, "mass_kg": "428"}], "sale.after-use"),
        ([{**SALE, "batch": "RH-B001"}], "sale.after-expiry"),
        ([{**SALE, "mass_kg": 30}], "sale.shape"),
    ],
)
def test_an_over_claim_is_refused(rehearsal: Run, sales: list[dict[str, Any]], code: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        show_custody(rehearsal[1], _sales(tmp_path, *sales))

    assert code == caught.value.code
    assert caught.value.about
    assert caught.value.next_step


def test_a_file_of_sales_that_is_not_there_is_refused(first_run: Run, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        show_custody(first_run[1], tmp_path / "none.json")

    assert "sale.unreadable" == caught.value.code


def test_a_run_that_left_no_ledger_says_so(first_run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "workspace"
    shutil.copytree(first_run[1], copy)
    (Workspace.open(copy).report_path / "custody.json").unlink()
    with pytest.raises(WorkspaceError) as caught:
        show_custody(copy, None)

    assert "report.custody-absent" == caught.value.code


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("used here + sold + expired + left", "(attribute sold)", "(attribute expired)", "with 32 kgCO2e/kg")),
        ("zh", ("本走廊使用 + 售出 + 过期 + 剩余", "（属性已售出）", "（属性已过期）", "剩余氢气 32 kgCO2e/kg")),
    ],
)
def test_both_sides_are_told_in_both_languages(sold: CustodyView, language: Any, words: tuple[str, ...]) -> None:
    file = io.StringIO()
    print_custody(sold, language, file)

    assert [] == [each for each in words if each not in file.getvalue()]
    assert "Sale S-1" in file.getvalue() or "出售 S-1" in file.getvalue()


def test_the_command_prints_json_with_every_posting(first_run: Run) -> None:
    result = CliRunner().invoke(app, ["custody", "show", "--workspace", str(first_run[1]), "--json"])
    shown = json.loads(result.output)

    assert 0 == result.exit_code
    assert ["produced", "aboard"] == [each["kind"] for each in shown["postings"][:2]]
    assert {"iso14083@2023.1": True} == shown["batches"][0]["allowed"]


def test_a_batch_booked_and_claimed_withholds_what_rests_on_it(
    dataset: Path, run_into: Callable[..., Report], tmp_path: Path
) -> None:
    papers = dataset / "hydrogen_batches.csv"
    papers.write_text(papers.read_text("utf-8").replace("mass_balance", "book_and_claim"), encoding="utf-8")
    report = run_into(dataset, tmp_path / "workspace")

    assert [("custody.model-not-allowed", "blocking", 1)] == [
        (each.check, each.severity, each.row) for each in report.findings
    ]
    assert {"withheld"} == {each.status for each in report.shipments}
    assert all("book and claim; iso14083@2023.1 does not allow it" in each.why[0] for each in report.shipments)
    (batch,) = show_custody(tmp_path / "workspace", None).batches
    assert {"iso14083@2023.1": False} == batch.allowed


def test_the_chain_of_a_residual_figure_can_be_assessed_by_anybody(sold: CustodyView) -> None:
    figure = next(each.residual_figures[0] for each in sold.consignments if each.residual_figures)
    document = json.dumps(msgspec.to_builtins(figure.chain)).encode()

    assert figure.residual_wtw_kgco2e == assess_bytes(document, figure.rule_set).wtw_kgco2e
