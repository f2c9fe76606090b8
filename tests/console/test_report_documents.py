"""The documents of a run: their schema ships with the package, and what is no document is refused."""

from importlib import resources

import msgspec
import pytest
from invented_reports import a_report, an_empty_report, some_figures, some_tracks

from h2corridor.model.errors import WorkspaceError
from h2corridor.model.report import (
    Comparison,
    FindingRow,
    Report,
    Shipment,
    Totals,
    Trip,
    decode_figures,
    decode_report,
    decode_tracks,
    report_schema,
)


def test_the_schema_in_the_package_is_that_of_the_report() -> None:
    shipped = resources.files("h2corridor.console").joinpath("schemas", "report-1.json").read_bytes()

    assert report_schema() == shipped


def test_the_records_have_the_published_keys() -> None:
    published = {
        Report: "trial format software engine checkpoint trips findings shipments totals",
        Trip: "trip_id vin started_at ended_at origin_site destination_site loaded distance_km hydrogen_used_kg "
        "hydrogen_method residual_pct battery_correction_kg wtw_kgco2e ttw_kgco2e",
        FindingRow: "finding_id check severity file row last_row vin at message next_step",
        Shipment: "consignment_id rule_set status why transport_activity_tkm wtw_kgco2e ttw_kgco2e "
        "intensity_wtw_kgco2e_per_tkm primary_data_share not_covered trip_shares figure_id statement_id comparisons",
        Comparison: "method baseline_kgco2e project_kgco2e difference_kgco2e status why",
        Totals: "frames_received frames_used frames_repeated frames_unused distance_km hydrogen_metered_kg "
        "hydrogen_used_kg",
    }
    required = {
        kind: " ".join(field.encode_name for field in msgspec.structs.fields(kind) if field.required)
        for kind in published
    }

    assert published == required


@pytest.mark.parametrize("report", [a_report(), an_empty_report()])
def test_a_written_report_is_read_back_the_same(report: Report) -> None:
    assert report == decode_report(msgspec.json.encode(report))


def test_a_withheld_number_is_written_as_null() -> None:
    written = msgspec.json.decode(msgspec.json.encode(a_report()))

    assert written["shipments"][2]["wtw_kgco2e"] is None


def test_a_source_is_written_under_the_key_from() -> None:
    written = msgspec.json.decode(msgspec.json.encode(some_figures()))

    assert written["figures"][0]["steps"][0]["from"] == {"kind": "input", "file": "consignments.csv", "row": 1}


def test_figures_and_tracks_are_read_back_the_same() -> None:
    figures, tracks = some_figures(), some_tracks()

    assert (figures, tracks) == (
        decode_figures(msgspec.json.encode(figures)),
        decode_tracks(msgspec.json.encode(tracks)),
    )


def test_absent_figures_and_tracks_are_no_error() -> None:
    assert (decode_figures(None).figures, decode_tracks(None)) == ((), None)


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b'{"format": 2}', b"[" * 100_000])
def test_what_is_no_report_is_refused_with_its_name(data: bytes) -> None:
    with pytest.raises(WorkspaceError, match=r"report\.unreadable: report\.json"):
        decode_report(data)


def test_a_number_that_is_no_decimal_text_is_refused() -> None:
    data = msgspec.json.encode(a_report()).replace(b'"508.477"', b'"5e2"')

    with pytest.raises(WorkspaceError, match=r"totals\.distance_km"):
        decode_report(data)
