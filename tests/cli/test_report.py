"""`h2corridor report`: every form in both languages, what the page shows, and what is refused."""

import hashlib
import json
import shutil
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from h2corridor.accounting.production.results import ProductionAssessment
from h2corridor.app.assess_document import assess_document
from h2corridor.app.emission_report import report_emissions
from h2corridor.cli.commands import app
from h2corridor.console.emission_report import emission_json
from h2corridor.model.emission_report import EmissionReport
from h2corridor.model.errors import CorridorError
from h2corridor.model.hydrogen_report import HydrogenReport
from h2corridor.model.report import decode_report
from h2corridor.store.files import Workspace

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "src" / "h2corridor" / "accounting" / "examples"
CHAIN = EXAMPLES / "freight-chain.json"
PLANT = ROOT / "docs" / "examples" / "production" / "chlor-alkali.json"
TABLE = [str(EXAMPLES / "shipments.csv"), "--categories", str(EXAMPLES / "shipments-categories.json")]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["report", *arguments])


def code_of(result: Result) -> str:
    assert isinstance(result.exception, CorridorError), result.output
    return result.exception.code


def read(*arguments: str) -> EmissionReport:
    result = run(*arguments, "--format", "json")

    assert result.exit_code == 0, result.output
    return msgspec.json.decode(result.stdout, type=EmissionReport)


def test_a_table_is_reported_by_carrier_and_lane() -> None:
    report = read(*TABLE, "--by", "carrier")
    names = {each.by: [part.name for part in each.parts] for each in report.breakdowns}

    assert ["Example Carrier"] == names["carrier"]
    assert ["local", "north"] == names["lane"]
    assert ("carrier", "carrier", 3) == (report.shown_by, report.waterfall.by, report.total.shipments)


def test_chain_documents_are_reported_together(tmp_path: Path) -> None:
    second = json.loads(CHAIN.read_text("utf-8"))
    second["shipment"]["id"] = "S2"
    other = tmp_path / "other.json"
    other.write_text(json.dumps(second), "utf-8")
    report = read(str(CHAIN), str(other))

    assert ("633.25", 2) == (report.total.wtw_kgco2e, report.total.shipments)


def test_a_workspace_is_reported_by_the_figures_that_its_trial_states(demo_workspace: Path) -> None:
    figures = decode_report((demo_workspace / "report" / "report.json").read_bytes()).shipments
    stated = {row.consignment_id: row for row in figures if row.status == "stated"}
    report = read("--workspace", str(demo_workspace))
    shipments = next(each for each in report.breakdowns if each.by == "shipment").parts

    assert stated
    assert stated.keys() == {part.name for part in shipments}
    assert [stated[part.name].wtw_kgco2e for part in shipments] == [part.wtw_kgco2e for part in shipments]


def test_what_a_trial_withholds_stays_withheld(demo_workspace: Path, tmp_path: Path) -> None:
    copy = tmp_path / "workspace"
    shutil.copytree(demo_workspace, copy)
    path = copy / "report" / "report.json"
    document = json.loads(path.read_bytes())
    row = next(row for row in document["shipments"] if row["status"] == "stated")
    row |= {"status": "withheld", "why": ["a reason"], "why_zh": ["一个原因"]}
    path.write_text(json.dumps(document), "utf-8")
    report = read("--workspace", str(copy))
    shipments = next(each for each in report.breakdowns if each.by == "shipment").parts
    withheld = next(each for each in report.not_covered if each.shipment == row["consignment_id"])

    assert (("a reason",), ("一个原因",)) == (withheld.why_en, withheld.why_zh)
    assert row["consignment_id"] not in {part.name for part in shipments}


def test_a_chain_that_the_report_of_the_run_does_not_name_has_no_figure(demo_workspace: Path, tmp_path: Path) -> None:
    copy = tmp_path / "workspace"
    shutil.copytree(demo_workspace, copy)
    (copy / "report" / "chains" / "foreign.json").write_bytes(CHAIN.read_bytes())
    report = read("--workspace", str(copy))
    foreign = next(each for each in report.not_covered if each.shipment == "S1")

    assert ("the report of the run does not name it",) == foreign.why_en
    assert read("--workspace", str(demo_workspace)).total == report.total


def test_a_shipment_that_cannot_be_assessed_is_listed_with_its_reason(tmp_path: Path) -> None:
    table = tmp_path / "legs.csv"
    table.write_text((EXAMPLES / "shipments.csv").read_text("utf-8").replace("S2,7250.5", "S2,0"), "utf-8")
    report = read(str(table), *TABLE[1:])

    assert ["S2"] == [each.shipment for each in report.not_covered]
    assert "mass" in report.not_covered[0].message
    assert 2 == report.total.shipments


@pytest.mark.parametrize("form", ["html", "pdf", "json", "text"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_is_written_in_both_languages(form: str, language: str, tmp_path: Path) -> None:
    out = tmp_path / f"report.{form}"
    result = run(*TABLE, "--format", form, "--out", str(out), "--language", language)

    assert result.exit_code == 0, result.output
    assert str(out) in result.stdout
    assert out.stat().st_size > 2000


def test_a_report_written_twice_has_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    for out in (first, second):
        run(*TABLE, "--format", "pdf", "--out", str(out))

    assert first.read_bytes() == second.read_bytes()


def test_rules_of_the_union_are_in_the_text_only_where_they_apply() -> None:
    silent, both = run(str(CHAIN)).stdout, run(str(CHAIN), "--to-country", "DE").stdout
    asked = run(str(CHAIN), "--for", "EU").stdout

    assert ("CountEmissionsEU" in silent, "CBAM" in silent) == (False, False)
    assert ("CountEmissionsEU" in both, "CBAM" in both) == (True, True)
    assert ("CountEmissionsEU" in asked, "CBAM" in asked) == (False, True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], "report.sources"),
        ([str(CHAIN), "--workspace", "."], "report.sources"),
        ([TABLE[0], str(CHAIN)], "report.sources"),
        (TABLE[:1], "shipments.no-categories"),
        ([str(CHAIN), str(CHAIN)], "report.repeated-shipment"),
        ([str(CHAIN), "--format", "pdf"], "report.no-file"),
        ([str(CHAIN), "--format", "docx"], "report.choice"),
        ([str(CHAIN), "--by", "colour"], "report.choice"),
        ([str(CHAIN), "--for", "US"], "report.choice"),
        ([str(CHAIN), "--from-country", "Germany"], "report.country"),
        ([str(CHAIN), "--to-country", "de"], "report.country"),
        ([str(CHAIN), "--rules", "nobody"], "rules.unknown"),
        (["absent.json"], "chain.unreadable"),
        (["--workspace", "absent"], "workspace.absent"),
        ([str(CHAIN), "--out", str(CHAIN)], "cli.file-exists"),
        ([str(CHAIN), "--out", "no/such/folder/report.txt"], "cli.no-folder"),
    ],
)
def test_what_cannot_be_reported_is_refused(arguments: list[str], code: str) -> None:
    assert code == code_of(run(*arguments))


def test_a_workspace_without_a_run_has_nothing_to_report(tmp_path: Path) -> None:
    Workspace.create_or_open(tmp_path / "w", now_ms=0, software="test").close()

    assert "report.absent" == code_of(run("--workspace", str(tmp_path / "w")))


def test_more_shipments_than_a_report_takes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("h2corridor.app.emission_report.SHIPMENTS_MAX", 2)

    assert "report.too-many" == code_of(run(*TABLE))


def test_the_json_form_is_the_document_that_the_other_forms_name() -> None:
    from hashlib import sha256

    from h2corridor.accounting.reporting import Asked

    data = emission_json(report_emissions([CHAIN], "iso14083", asked=Asked()))

    assert data.decode() == run(str(CHAIN), "--format", "json").stdout
    assert sha256(data).hexdigest() in run(str(CHAIN), "--format", "html").stdout


def test_what_the_page_shows_is_what_the_commands_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "how-to" / "report-emissions.md").read_text("utf-8")
    block = page.partition("```\n")[2].partition("```")[0]
    monkeypatch.chdir(tmp_path)
    waiting: list[str] = []
    commands = 0
    for line in block.splitlines():
        if line.startswith("$ h2corridor "):
            command, _, file = line.removeprefix("$ h2corridor ").partition(" > ")
            result = CliRunner().invoke(app, command.split())
            commands += 1
            assert result.exit_code == 0, result.output
            waiting = result.stdout.splitlines()
            if file:
                Path(file).write_text(result.stdout, "utf-8")
        elif line != "...":
            assert line == waiting.pop(0).rstrip()

    assert 5 == commands


def test_intervals_are_asked_for_with_a_file_of_ranges(tmp_path: Path) -> None:
    ranges = tmp_path / "ranges.json"
    stated = {"fact": "mass_kg[chain]", "half_width_pct": "2", "source": "weighbridge"}
    ranges.write_text(json.dumps({"format": "ranges/1", "ranges": [stated]}), "utf-8")
    report = read(str(CHAIN), "--ranges", str(ranges))

    assert report.intervals is not None
    assert "6.3325" == report.intervals.total.half_width_kgco2e


def test_hydrogen_is_reported_by_a_rule_set_that_reads_it() -> None:
    result = run(str(PLANT), "--rules", "iso-19870-1", "--format", "json")
    report = msgspec.json.decode(result.stdout, type=HydrogenReport)
    expected = assess_document(PLANT, "iso-19870-1")

    assert ["CA-01"] == [each.plant for each in report.products]
    assert isinstance(expected, ProductionAssessment)
    assert expected.result.kgco2e_per_kg == report.products[0].kgco2e_per_kg


@pytest.mark.parametrize(("language", "words"), [("en", "emissions of hydrogen"), ("zh", "氢气产品")])
def test_hydrogen_is_written_to_a_file_in_both_languages(language: str, words: str, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    result = run(str(PLANT), "--rules", "iso-19870-1", "--format", "html", "--out", str(out), "--language", language)

    assert 0 == result.exit_code, result.output
    assert words in out.read_text("utf-8")


@pytest.mark.parametrize(
    "option",
    [
        ("--by", "lane"),
        ("--for", "EU"),
        ("--from-country", "CN"),
        ("--to-country", "DE"),
        ("--ranges", "r.json"),
        ("--categories", "c.json"),
        ("--workspace", "w"),
    ],
)
def test_what_is_asked_of_shipments_alone_is_refused_for_hydrogen(option: tuple[str, str]) -> None:
    assert "report.hydrogen-alone" == code_of(run(str(PLANT), "--rules", "iso-19870-1", *option))


def test_a_document_of_another_format_than_the_rule_set_reads_is_refused() -> None:
    assert "rules.wrong-document" == code_of(run(str(CHAIN), "--rules", "iso-19870-1"))
    assert "rules.wrong-document" == code_of(run(str(PLANT)))


def test_a_report_on_hydrogen_of_nothing_is_refused() -> None:
    assert "report.sources" == code_of(run("--rules", "iso-19870-1"))


def test_own_factors_are_asked_first_and_named_with_publisher_licence_and_digest() -> None:
    own = str(ROOT / "docs" / "examples" / "own-factors-2026.toml")
    document = str(ROOT / "docs" / "examples" / "chain-with-own-factors.json")
    report = read(document, "--factors", own)
    (file,) = report.method.factor_files
    rows = [row for row in report.secondary.factors if row.pack == file.label]

    assert hashlib.sha256(Path(own).read_bytes()).hexdigest() == file.digest
    assert rows
    assert {file.licence} == {row.licence for row in rows}
    assert file.publisher in run(document, "--factors", own, "--language", "zh").output


def test_own_factors_are_not_taken_for_the_figures_of_a_trial(demo_workspace: Path) -> None:
    own = str(ROOT / "docs" / "examples" / "own-factors-2026.toml")

    assert "report.trial-factors" == code_of(run("--workspace", str(demo_workspace), "--factors", own))
