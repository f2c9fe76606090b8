"""Faults of what was received and opened (steps 14 to 18)."""

import base64
import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from forger import File, Lie
from h2verify import canonical
from registry import operator, outsider
from signing import Document
from zips import Members

TELEMETRY = "telemetry/LFHUEZJP1TG007811/2026-03-02.csv.gz"


def _packed(records: list[bytes]) -> bytes:
    return gzip.compress(b"".join(records), mtime=0)


def _rewrite(lie: Lie, change: Callable[[list[bytes]], Any]) -> None:
    """Write the telemetry file with other rows, which no supplier signed; manifest, root and log follow."""
    lie.unsign()
    file = lie.file(TELEMETRY)
    records = file.records()
    change(records)
    file.data = _packed(records)


def _document_name(members: Members, path: str) -> str:
    names = [name for name in members if name.startswith("received/") and name.endswith(".json")]
    return next(name for name in names if json.loads(members[name])["manifest"]["path"] == path)


def _outside(members: Members, change: Callable[[list[bytes]], Any]) -> None:
    """Write the telemetry file with other rows, and let size and digest follow; its root is in the log."""
    name = _document_name(members, TELEMETRY)
    document = json.loads(members[name])
    records = gzip.decompress(members[document["bytes"]]).splitlines(keepends=True)
    change(records)
    data = _packed(records)
    document["manifest"].update(sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    members[name], members[document["bytes"]] = canonical.encode(document), data


def _swap(records: list[bytes], first: int = 1000, second: int = 2000) -> None:
    """Swap two frames but not the times at which they were received."""
    (time1, _, frame1), (time2, _, frame2) = (records[at].partition(b",") for at in (first, second))
    records[first], records[second] = time1 + b"," + frame2, time2 + b"," + frame1


# Step 14: the decision.


@operator("release.statement", depth="raw")
def release_for_another_statement(lie: Lie) -> None:
    """The decision to release raw data is about another statement."""
    lie.at("release", lambda release: release.update(statement_id="st-0123456789abcdef"))


@outsider("manifest.missing-member", depth="raw")
def without_release(members: Members) -> None:
    """Raw data are there without a decision to release them."""
    del members["release.json"]


@outsider("release.log", depth="raw")
def release_changed_after_it_was_logged(members: Members) -> None:
    """The decision names another recipient than was logged."""
    document = json.loads(members["release.json"])
    document["release"]["recipient"] = "everybody"
    members["release.json"] = canonical.encode(document)


@operator("release.log", depth="raw")
def release_not_proved(lie: Lie) -> None:
    """The decision is not among what is proved to be in the log."""

    def change(proofs: Document) -> None:
        proofs["entries"] = [each for each in proofs["entries"] if each["entry"]["type"] != "h2corridor/release/1"]

    lie.at("proofs", change)


@operator("release.form", depth="raw")
def release_by_nobody(lie: Lie) -> None:
    """The decision does not say who decided."""
    del lie.release["decided_by"]


# Step 15: what was received.


@outsider("received.content", depth="raw")
def truncated_telemetry(members: Members) -> None:
    """The telemetry file ends in the middle; its manifest is the logged one."""
    name = json.loads(members[_document_name(members, TELEMETRY)])["bytes"]
    members[name] = members[name][: len(members[name]) // 2]


@outsider("received.content", depth="raw")
def truncated_telemetry_with_its_digest(members: Members) -> None:
    """The telemetry file ends in the middle; size and digest follow, the file is said to be complete."""
    name = _document_name(members, TELEMETRY)
    document = json.loads(members[name])
    data = members[document["bytes"]][: document["manifest"]["size"] // 2]
    document["manifest"].update(sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    members[name], members[document["bytes"]] = canonical.encode(document), data


@outsider("received.rows", depth="raw")
def dropped_frame(members: Members) -> None:
    """A row was taken out of the telemetry; size and digest follow."""
    _outside(members, lambda records: records.pop(1000))


@outsider("received.rows", depth="raw")
def repeated_frame(members: Members) -> None:
    """A row of the telemetry stands twice; size and digest follow."""
    _outside(members, lambda records: records.insert(1000, records[1000]))


@outsider("received.rows", depth="raw")
def swapped_frames(members: Members) -> None:
    """Two frames changed places; size and digest follow."""
    _outside(members, _swap)


@outsider("received.rows", depth="raw")
def changed_time_of_receipt(members: Members) -> None:
    """A file is said to have been received a day earlier."""
    name = _document_name(members, TELEMETRY)
    document = json.loads(members[name])
    document["manifest"]["received_at_ms"] -= 86_400_000
    members[name] = canonical.encode(document)


@outsider("received.rows", depth="raw")
def whole_file_with_another_salt(members: Members) -> None:
    """The salt of a file is another than the one committed with."""
    name = _document_name(members, TELEMETRY)
    document = json.loads(members[name])
    document["file_salt"] = "00" * 32
    members[name] = canonical.encode(document)


@outsider("received.row", depth="raw")
def disclosed_row_with_another_salt(members: Members) -> None:
    """The salt of a disclosed row is another than the one committed with."""
    _edit_row(members, "consignments.csv", lambda row: row.update(salt="00" * 32))


@outsider("received.row", depth="raw")
def disclosed_row_changed(members: Members) -> None:
    """A disclosed row says another mass than was committed to."""

    def change(row: Document) -> None:
        entry = base64.b64decode(row["entry"]).replace(b"00,", b"01,")
        row["entry"] = base64.b64encode(entry).decode()

    _edit_row(members, "consignments.csv", change)


@outsider("received.row", depth="raw")
def disclosed_row_at_another_place(members: Members) -> None:
    """A disclosed row is said to stand one row further on."""
    _edit_row(members, "consignments.csv", lambda row: row.update(index=row["index"] + 1))


def _edit_row(members: Members, path: str, change: Callable[[Document], Any]) -> None:
    name = _document_name(members, path)
    document = json.loads(members[name])
    change(document["records"][-1])
    members[name] = canonical.encode(document)


@outsider("received.log", depth="raw")
def file_never_logged(members: Members) -> None:
    """The root of a file is not in the log."""
    name = _document_name(members, TELEMETRY)
    document = json.loads(members[name])
    document["manifest"]["root"] = "00" * 32
    members[name] = canonical.encode(document)


@operator("received.form", depth="raw")
def file_twice(lie: Lie) -> None:
    """A received file stands twice."""
    lie.files.append(lie.file("legs.csv"))


@operator("received.form", depth="raw")
def rows_out_of_order(lie: Lie) -> None:
    """Disclosed rows stand in another order than in the file."""
    lie.at("received", lambda documents: _of(documents, "consignments.csv")["records"].reverse())


def _of(documents: list[Document], path: str) -> Document:
    return next(document for document in documents if document["manifest"]["path"] == path)


@operator("received.missing", depth="raw")
def dropped_telemetry(lie: Lie) -> None:
    """The truck's only telemetry file is not there."""
    lie.files.remove(lie.file(TELEMETRY))


@operator("received.missing", depth="raw")
def dropped_list_of_sites(lie: Lie) -> None:
    """The list of sites is not there."""
    lie.files.remove(lie.file("sites.csv"))


@operator("received.missing", depth="raw")
def dropped_row(lie: Lie) -> None:
    """The row behind a consignment is not disclosed."""
    rows = lie.file("consignments.csv").rows
    assert rows is not None
    rows.pop()


@operator("received.missing", depth="raw")
def fills_row_by_row(lie: Lie) -> None:
    """Of the fills only the rows that records name are there, so others could have been left out."""
    lie.file("refuellings.csv").rows = sorted({record["row"] for record in lie.records("station_fill")})


@operator("received.missing", depth="raw")
def dropped_station_papers(lie: Lie) -> None:
    """The electricity of the stations is not there."""
    lie.files.remove(lie.file("station_energy.csv"))


@operator("received.missing", depth="raw")
def telemetry_of_another_truck(lie: Lie) -> None:
    """The telemetry is that of another truck."""
    lie.file(TELEMETRY).path = TELEMETRY.replace("LFHUEZJP1TG007811", "LFHUEZJP1TG007812")


# Step 16: what was opened.


@outsider("opened.hash", depth="raw")
def disclosed_identity_with_another_salt(members: Members) -> None:
    """The salt of an opened identity is another than the one committed with."""
    _edit_opened(members, "identity", lambda part: part.update(salt="00" * 32))


@outsider("opened.hash", depth="raw")
def opened_identity_of_another_truck(members: Members) -> None:
    """The opened identity is another truck's than the one committed to."""
    _edit_opened(members, "identity", lambda part: part["values"].update(vin="LFHUEZJP1TG007812"))


@outsider("opened.hash", depth="raw")
def opened_position_elsewhere(members: Members) -> None:
    """A standing is opened at another place than the one committed to."""
    _edit_opened(members, "position", lambda part: part["values"].update(latitude_e6=0))


@outsider("opened.missing", depth="raw")
def position_kept_closed(members: Members) -> None:
    """The position of a standing is not opened."""
    document = json.loads(members["opened.json"])
    part = next(each for each in document["opened"] if each["class"] == "position")
    document["opened"].remove(part)
    members["opened.json"] = canonical.encode(document)


@outsider("opened.form", depth="raw")
def opened_twice(members: Members) -> None:
    """An identity is opened twice."""
    document = json.loads(members["opened.json"])
    document["opened"].append(document["opened"][0])
    members["opened.json"] = canonical.encode(document)


@outsider("opened.form", depth="raw")
def opened_that_no_record_closes(members: Members) -> None:
    """Something is opened that no record has closed."""
    _edit_opened(members, "identity", lambda part: part.update(record=10_000_000))


def _edit_opened(members: Members, closed_class: str, change: Callable[[Document], Any]) -> None:
    document = json.loads(members["opened.json"])
    change(next(each for each in document["opened"] if each["class"] == closed_class))
    members["opened.json"] = canonical.encode(document)


# Step 17: papers. The operator commits to other bytes or other records than those he received.


def _paper(lie: Lie, path: str, old: bytes, new: bytes) -> None:
    lie.unsign()
    file: File = lie.file(path)
    if old not in file.data:
        raise ValueError(f"{path} has no {old!r}")
    file.data = file.data.replace(old, new, 1)


@operator("papers.row", depth="raw")
def paper_with_another_mass(lie: Lie) -> None:
    """The row of the consignment says another mass than its record."""
    _paper(lie, "consignments.csv", b"10400", b"20400")


@operator("papers.row", depth="raw")
def paper_with_another_fill(lie: Lie) -> None:
    """The row of a fill says another mass than its record."""
    _paper(lie, "refuellings.csv", b"22.59", b"32.59")


@operator("papers.row", depth="raw")
def paper_with_another_distance(lie: Lie) -> None:
    """The row of a leg says another distance than its record."""
    _paper(lie, "legs.csv", b"253.5", b"243.5")


@operator("papers.row", depth="raw")
def paper_of_another_truck(lie: Lie) -> None:
    """The row of a fill names another truck."""
    _paper(lie, "refuellings.csv", b"LFHUEZJP1TG007811", b"LFHUEZJP1TG007812")


@operator("papers.row", depth="raw")
def paper_with_another_intensity(lie: Lie) -> None:
    """The row of a batch says another intensity than its record."""
    _paper(lie, "hydrogen_batches.csv", b"2.186", b"9.186")


@operator("papers.row", depth="raw")
def paper_of_another_container(lie: Lie) -> None:
    """The row of the consignment names another container than the opened party."""
    _paper(lie, "consignments.csv", b"LHXU1590017", b"LHXU1590022")


@operator("papers.statement", depth="raw")
def another_container_in_the_statement(lie: Lie) -> None:
    """The statement names another container than the row of the consignment."""
    lie.statement["consignment"]["container_no"] = "LHXU1590022"


@operator("papers.statement", depth="raw")
def another_name_of_the_destination(lie: Lie) -> None:
    """The statement calls the destination otherwise than the list of sites."""
    lie.statement["consignment"]["destination_site"]["name_en"] = "Port of Hamburg"


@operator("papers.row", depth="raw")
def record_followed_by_everything_but_its_row(lie: Lie) -> None:
    """The record of a batch has a lower intensity than its row; chain, figure and statement follow the record."""
    lie.records("batch")[0]["intensity_kgco2e_per_kg"] = "0.1"
    lie.follow_records()


@operator("papers.row", depth="raw")
def site_at_another_place(lie: Lie) -> None:
    """The list of sites puts a site elsewhere than the opened position."""
    position = next(each for each in lie.opened if each["class"] == "position" and each["group"] == "site/FR-ZUNYI")
    position["values"]["latitude_e6"] += 100
    lie.close(lie.group("site/FR-ZUNYI").records[0], position)


# Step 17: rows. The operator received a row more than his records have; the figure is lower without it.


def _add_row(lie: Lie, path: str, cells: dict[int, str]) -> None:
    """Let a file end with its first row again, in which some cells say something else."""
    lie.unsign()
    file = lie.file(path)
    row = file.records()[1].decode().rstrip("\n").split(",")
    for place, text in cells.items():
        row[place] = text
    file.data += (",".join(row) + "\n").encode()


@operator("papers.left-out", depth="raw")
def day_of_electricity_left_out(lie: Lie) -> None:
    """A station's electricity of one day is in no record."""
    _add_row(lie, "station_energy.csv", {1: "2026-03-01"})


@operator("papers.left-out", depth="raw")
def day_of_stock_left_out(lie: Lie) -> None:
    """What a station vented on one day is in no record."""
    _add_row(lie, "station_stock.csv", {1: "2026-03-01"})


@operator("papers.left-out", depth="raw")
def day_of_a_hub_left_out(lie: Lie) -> None:
    """What a hub used on one day is in no record."""
    _add_row(lie, "hub_operations.csv", {1: "2026-03-01"})


@operator("papers.left-out", depth="raw")
def fill_of_others_left_out(lie: Lie) -> None:
    """A fill of another truck is in no record of its station."""
    _add_row(lie, "refuellings.csv", {0: "FR-R9999", 3: "LFHUEZJP1TG009999"})


@operator("papers.left-out", depth="raw")
def load_of_hydrogen_left_out(lie: Lie) -> None:
    """A load of hydrogen is in no record of its station and batch."""
    _add_row(lie, "hydrogen_deliveries.csv", {0: "FR-D9999"})


@operator("papers.left-out", depth="raw")
def hydrogen_on_board_left_out(lie: Lie) -> None:
    """Hydrogen of unknown origin that the truck had on board is in no record."""
    _add_row(lie, "tank_opening.csv", {3: ""})


@operator("papers.left-out", depth="raw")
def leg_that_shares_the_truck_left_out(lie: Lie) -> None:
    """A leg of the same truck is in no record, so that the others bear more, or less."""
    _add_row(lie, "legs.csv", {0: "FR-L9999", 2: "9"})


@operator("papers.row", depth="raw")
def shorter_distance_between_sites(lie: Lie) -> None:
    """Two sites are said to be nearer than any leg states; the comparison follows."""
    record = next(each for each in lie.records("distance") if each["transport_mm"])
    record["transport_mm"] -= 1_000_000
    lie.follow_records()


@operator("papers.row", depth="raw")
def heavier_shipment_of_others_in_the_round(lie: Lie) -> None:
    """Another consignment of the same round is heavier in the records than in its row, so that this one bears less."""
    own = lie.statement["consignment"]["consignment_id"]
    other = next(each for each in lie.records("consignment") if each["consignment_id"] != own)
    other["mass_g"] += 5_000_000
    lie.follow_records()


@operator("papers.row", depth="raw")
def consignment_of_a_later_row(lie: Lie) -> None:
    """Another consignment stands twice in its paper, and the later, heavier row is used."""
    own = lie.statement["consignment"]["consignment_id"]
    other = next(each for each in lie.records("consignment") if each["consignment_id"] != own)
    file = lie.file("consignments.csv")
    file.rows = None
    records = file.records()
    cells = records[other["row"]].decode().rstrip("\n").split(",")
    place = records[0].decode().split(",").index("mass_kg")
    cells[place] = "29000"
    lie.unsign()
    file.data += (",".join(cells) + "\n").encode()
    other.update(row=len(records), mass_g=29_000_000)
    lie.follow_records()


@operator("papers.statement", depth="raw")
def period_written_at_another_offset(lie: Lie) -> None:
    """The period begins at the same instant, written at another offset: local days become others."""
    lie.statement["trial"]["period_start"] = "2026-03-01T16:00:00+00:00"


@operator("papers.statement", depth="raw")
def period_that_begins_later(lie: Lie) -> None:
    """The period begins a day later than the trial says, so that other hydrogen counts as there before."""
    lie.statement["trial"]["period_start"] = "2026-03-03T00:00:00+08:00"
    for record in lie.records("trial"):
        record["period_start_ms"] += 86_400_000
    lie.follow_records()


@operator("received.late", depth="raw")
def paper_received_after_the_statement(lie: Lie) -> None:
    """A paper came into the log only after the statement that is said to rest on it."""
    lie.at("entries", lambda entries: [*entries[1:-1], entries[0], entries[-1]])


@operator("activity.late", depth="activity")
def records_written_after_the_statement(lie: Lie) -> None:
    """The records were committed to only after the statement."""

    def change(entries: list[bytes]) -> list[bytes]:
        activity = next(entry for entry in entries if b"h2corridor/activity/1" in entry)
        return [*(entry for entry in entries[:-1] if entry != activity), activity, entries[-1]]

    lie.at("entries", change)


# Step 18: frames. The operator commits to other telemetry than the records were made from.


@operator("frames.spans", depth="raw")
def dropped_frames_committed_to(lie: Lie) -> None:
    """An hour of driving was taken out before everything was committed to, the records were not made again."""
    _rewrite(lie, lambda records: records.__delitem__(slice(100, 460)))


@operator("frames.spans", depth="raw")
def swapped_frames_committed_to(lie: Lie) -> None:
    """Two frames changed places before everything was committed to, and their times of device stayed with them."""
    _rewrite(lie, lambda records: records.__setitem__(1000, _other_frame(records)))


def _other_frame(records: list[bytes]) -> bytes:
    """Row 1000 with the frame of row 2000."""
    return records[1000].partition(b",")[0] + b"," + records[2000].partition(b",")[2]


@operator("frames.spans", depth="raw")
def less_charge_in_the_records(lie: Lie) -> None:
    """A stretch used less current than the frames give; hydrogen, chain and figure follow."""
    lie.records("span")[0]["charge_twice"] //= 2
    lie.follow_records()


@operator("frames.spans", depth="raw")
def less_distance_in_the_records(lie: Lie) -> None:
    """A stretch is a kilometre shorter than the frames give; trips, chain and figure follow."""
    lie.records("span")[0]["distance_ninths_mm"] -= 9_000_000
    for record in lie.records("distance"):
        if record["sites"] == ["FR-DRYPORT", "FR-ZUNYI"]:
            record["driven_mm"] -= 1_000_000
    lie.follow_records()


@operator("frames.windows", depth="raw")
def emptier_tank_in_the_records(lie: Lie) -> None:
    """The tank held a kilogram less at the start than pressure and temperature give; hydrogen and figure follow."""
    lie.records("window")[0]["tank_start"]["mass_mg"] -= 1_000_000
    lie.follow_records()


@operator("frames.windows", depth="raw")
def fill_that_the_tank_did_not_show(lie: Lie) -> None:
    """Pressure rose a little less at a fill than the record says."""
    lie.records("window")[1]["fill"]["rise_mg"] += 1_000
    lie.follow_records()


@operator("frames.services", depth="raw")
def load_that_was_not_carried(lie: Lie) -> None:
    """The other consignment is said not to have moved, though the frames show that it did; the figure follows."""
    lie.records("service")[1].update(trips=[], fault="not-moving")
    lie.follow_records()


def _nested(size: int) -> bytes:
    """A row of so many bytes: a byte that is no start mark, then as many beginnings of a frame as find room."""
    heads = b"".join(
        b"##\x02\xfe" + b"A" * 17 + b"\x01" + max(0, size - 26 - at).to_bytes(2) for at in range(0, size, 24)
    )
    return b"2026-03-02T23:00:00+08:00," + (b"A" + heads)[:size].hex().encode() + b"\n"


@operator("container.limit", depth="raw")
def many_rows_of_nested_frames(lie: Lie) -> None:
    """Two thousand short rows have to be searched for a frame, each at every place."""
    _rewrite(lie, lambda records: records.extend([_nested(1000)] * 2_098))


@operator("container.limit", depth="raw")
def rows_of_nested_frames_in_two_files(lie: Lie) -> None:
    """Long rows that have to be searched stand in two daily files of a truck: only together they are too many."""
    rows = [_nested(60_000)] * 18
    _rewrite(lie, lambda records: records.extend(rows))
    first = lie.file(TELEMETRY)
    data = _packed([first.records()[0], *rows])
    lie.files.append(replace(first, path=TELEMETRY.replace("03-02", "03-03"), data=data, salt=bytes([9] * 32)))


@operator("frames.stands", depth="raw")
def standing_at_another_place(lie: Lie) -> None:
    """The opened position of a standing is not where the frames put it."""
    position = next(each for each in lie.opened if each["group"] == "truck/truck-1" and each["class"] == "position")
    position["values"]["latitude_e6"] += 1000
    lie.close(lie.group("truck/truck-1").records[position["record"]], position)


@operator("frames.stands", depth="raw")
def without_telemetry_rows(lie: Lie) -> None:
    """The telemetry file has a header and no row."""
    _rewrite(lie, lambda records: records.__delitem__(slice(1, None)))
