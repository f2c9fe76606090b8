"""Traces and faults of the log for a terminal."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from h2corridor.console.error_texts import speak
from h2corridor.console.texts import Language, clean, listed, text
from h2corridor.store.files import Fault


def print_trace(result: Mapping[str, Any], language: Language, file: IO[str]) -> None:
    """Write a trace down from a figure, up from a row, or to the file of a finding without a row."""
    lines_of = _row_lines if "row" in result else _finding_lines if "check" in result else _figure_lines
    lines = lines_of(result, language)
    file.write("".join(f"{clean(line)}\n" for line in lines))


def print_faults(faults: Sequence[Fault], workspace: Path, language: Language, file: IO[str]) -> None:
    """Write what a check of the workspace found, one fault a line, or that everything compares."""
    if not faults:
        file.write(f"{text('fsck_clean', language, workspace=workspace)}\n")
        return
    file.write(f"{text('fsck_faults', language, workspace=workspace, count=len(faults))}\n")
    for fault in faults:
        said = f"{fault.code}: {clean(fault.path)}: {clean(fault.fault)} {clean(fault.next_step)}"
        file.write(f"{speak(said, language)}\n")


def _figure_lines(result: Mapping[str, Any], language: Language) -> list[str]:
    lines = _headline(result, language)
    for trip in result["trips"]:
        lines.append(text("trace_trip", language, trip=trip["trip_id"], kg=trip["hydrogen_used_kg"]))
        lines += [text("trace_rows", language, **row) for row in trip["rows"]]
    lines.append(text("trace_papers", language, papers=listed(result["papers"], language)))
    return lines + [_file_line(each, language) for each in result["files"]]


def _headline(result: Mapping[str, Any], language: Language) -> list[str]:
    """The figure; of a shipment that is withheld the reasons, and the figure only where it could be computed."""
    nothing = text("not_computable", language)
    numbers = {"wtw": result["wtw_kgco2e"] or nothing, "ttw": result["ttw_kgco2e"] or nothing}
    said = {"consignment": result["consignment_id"], "rule_set": result["rule_set"], **numbers}
    if result["status"] != "withheld":
        return [text("trace_figure", language, figure=result["figure_id"], **said)]
    why = result["why_zh"] if language == "zh" and result["why_zh"] else result["why"]
    lines = [text("trace_withheld", language, consignment=result["consignment_id"], rule_set=result["rule_set"])]
    lines += [text("trace_why", language, why=each) for each in why or [text("no_reason", language)]]
    if result["figure_id"] is not None:
        lines.append(text("trace_withheld_figure", language, figure=result["figure_id"], **numbers))
    return lines


def _row_lines(result: Mapping[str, Any], language: Language) -> list[str]:
    place = result["file"]
    lines = [text("trace_row", language, path=place["path"], row=result["row"], record=result["record"])]
    if result["frame"] is not None:
        lines.append(text("trace_frame", language, frame=json.dumps(result["frame"], ensure_ascii=False)))
    lines.append(_file_line(place, language))
    nothing = text("nothing", language)
    lines.append(
        text(
            "trace_up",
            language,
            trips=listed(result["trips"], language) or nothing,
            shipments=listed(map(_shipment, result["figures"]), language) or nothing,
            findings=listed((each["finding_id"] for each in result["findings"]), language) or nothing,
        )
    )
    return lines


def _finding_lines(result: Mapping[str, Any], language: Language) -> list[str]:
    message = result["message_zh"] if language == "zh" else result["message"]
    lines = [text("trace_finding", language, finding=result["finding_id"], check=result["check"], message=message)]
    place, telemetry = result["file"], result["telemetry"]
    if place["sha256"] is None:
        lines.append(text("trace_absent", language, path=place["path"]))
    else:
        lines.append(_file_line(place, language))
    if telemetry is not None:
        lines.append(text("trace_from", language, **telemetry))
    return lines


def _shipment(place: Mapping[str, Any]) -> str:
    """The consignment with its figure id, where it has one."""
    return f"{place['consignment_id']} ({place['figure_id']})" if place["figure_id"] else str(place["consignment_id"])


def _file_line(place: Mapping[str, Any], language: Language) -> str:
    return text(
        "trace_file",
        language,
        path=place["path"],
        sha256=place["sha256"],
        size=place["size"],
        leaf=place["leaf_index"],
    )
