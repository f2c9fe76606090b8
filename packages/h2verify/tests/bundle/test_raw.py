"""Steps 14 to 18 on a small bundle: it holds, and with one fault it is refused for that fault."""

import base64
import gzip
import hashlib
import resource
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from h2verify.bundle import raw, raw_frames, raw_received
from h2verify.bundle.raw_rows import WHOLE, WHOLE_IF_RECEIVED, list_absent
from h2verify.errors import BundleError
from h2verify.rows import leaf_entry, split_records
from h2verify.supplier_notes import SignedFile
from made_left_out import put
from made_raw import STATED_AT, STATEMENT_ID, TELEMETRY_PATH, VIN, RawBundle, RawParts, make_parts, seal

TRUCK = "truck/truck-1"
SITES = "sites.csv"
T0 = 1_772_409_600


def _verify(bundle: RawBundle, *signed: SignedFile) -> None:
    raw.verify_release(bundle.document("release.json"), STATEMENT_ID, bundle.logged)
    received = raw.verify_received(bundle.archive, bundle.logged, STATED_AT)
    opened = raw.verify_opened(bundle.document("opened.json"), bundle.groups)
    raw.verify_papers(received, opened, bundle.groups, bundle.statement, signed)
    raw.verify_frames(received, opened, bundle.groups)


def _code(bundle: RawBundle, *signed: SignedFile) -> str:
    with pytest.raises(BundleError) as refused:
        _verify(bundle, *signed)
    return refused.value.code


def _sealed(change: Callable[[RawParts], object]) -> RawBundle:
    parts = make_parts()
    change(parts)
    return seal(parts)


@pytest.fixture(scope="module")
def bundle() -> RawBundle:
    return seal(make_parts())


def test_a_raw_bundle_holds_down_to_its_frames(bundle: RawBundle) -> None:
    received = raw.verify_received(bundle.archive, bundle.logged, STATED_AT)
    opened = raw.verify_opened(bundle.document("opened.json"), bundle.groups)
    counts = raw.verify_frames(received, opened, bundle.groups)

    _verify(bundle)
    assert 17 == raw.verify_papers(received, opened, bundle.groups, bundle.statement)
    assert {"truck-1": raw.TruckCounts(files=1, readings=390, stands=2, windows=2, spans=3)} == counts


def _set(group: str, kind: str, number: int = 0, **values: Any) -> Callable[[RawParts], object]:
    return lambda parts: parts.record(group, kind, number).update(values)


def _cell(path: str, row: int, old: str, new: str) -> Callable[[RawParts], object]:
    return lambda parts: parts.replace_cell(path, row, old, new)


def _stated(**values: Any) -> Callable[[RawParts], object]:
    return lambda parts: parts.statement["consignment"].update(values)


def _trial(**values: Any) -> Callable[[RawParts], object]:
    return lambda parts: parts.statement["trial"].update(values)


def _site(site_id: str, name_en: str, name_zh: str) -> dict[str, str]:
    return {"site_id": site_id, "name_en": name_en, "name_zh": name_zh}


def _open(group: str, name: str, **values: Any) -> Callable[[RawParts], object]:
    return lambda parts: parts.closed[group, 0, name].update(values)


def _fill(**values: Any) -> Callable[[RawParts], object]:
    def change(parts: RawParts) -> None:
        parts.record(TRUCK, "fill").update(values)
        parts.record("site/STATION", "station_fill", 1).update(values)

    return change


PAPERS: dict[str, Callable[[RawParts], object]] = {
    "the mass of a fill": _fill(mass_mg=12_250_001),
    "the mass of a fill in its row": _cell("refuellings.csv", 2, "12.25", "12.26"),
    "the fill of another truck": _cell("refuellings.csv", 2, VIN, "LTESTHYDR0GEN0002"),
    "a fill that its station does not know": lambda parts: parts.groups["site/STATION"].pop(),
    "a fill at another station": _cell("refuellings.csv", 1, "STATION", "HUB"),
    "a row that is another's": _set(TRUCK, "fill", row=1),
    "a tank opening of another batch": _set(TRUCK, "tank_opening", batch_id="B2"),
    "a tank opening of another truck": _cell("tank_opening.csv", 1, VIN, "LTESTHYDR0GEN0002"),
    "a longer leg": _set(TRUCK, "leg", transport_distance_m=20_501),
    "a leg of another truck": _cell("legs.csv", 1, VIN, "LTESTHYDR0GEN0002"),
    "a leg that names another truck": _set(TRUCK, "leg", truck="truck-2"),
    "a leg of this truck among the others": _cell("legs.csv", 2, "rail,,", f"rail,{VIN},"),
    "a leg departed on another day": _set(TRUCK, "leg", departed_day="2026-03-01"),
    "a leg without a source of its distance": _cell("legs.csv", 1, "sfd,,", "sfd,map,"),
    "a lower intensity of a leg by others": _set("consignment/C1", "leg", intensity_wtw_kgco2e_per_tkm="0.021"),
    "an intensity that is no number": _set("consignment/C1", "leg", intensity_wtw_kgco2e_per_tkm="NaN"),
    "a heavier consignment": _set("consignment/C1", "consignment", mass_g=10_400_001),
    "a leg left out of the list": _set("consignment/C1", "consignment", legs=["L1"]),
    "other goods in the opened part": _open("consignment/C1", "party", goods="glass"),
    "more cells in a stack": _set(TRUCK, "truck", cells_per_stack=401),
    "a flag in the place of a number": _set(TRUCK, "truck", stack_count=True),
    "a thirstier diesel truck": _set(TRUCK, "truck", comparable_diesel_l_per_100km="48.2"),
    "no VIN": _open(TRUCK, "identity", vin=None),
    "another plate": _open(TRUCK, "identity", plate="渝A00002D"),
    "a carrier too many": _open(TRUCK, "party", partner_id="P9"),
    "a site elsewhere": _open("site/HUB", "position", latitude_e6=29_600_001),
    "a site of another kind": _set("site/PORT", "site", site_kind="station"),
    "a site that hides its row": _set("site/PORT", "site", row=None, site_kind=None),
    "an invented site": _set("site/SEA", "site", row=1),
    "a kind without a row that says it": _set("site/SEA", "site", site_kind="port"),
    "a place without a row that says it": _open("site/SEA", "position", latitude_e6=1),
    "a hub with more freight": _set("site/HUB", "hub_operation", throughput_kg=5_638_601),
    "a hub on another day": _set("site/HUB", "hub_operation", day="2026-03-01"),
    "another hub": _cell("hub_operations.csv", 1, "HUB", "PORT"),
    "a larger delivery": _set("site/STATION", "delivery", mass_mg=117_600_001),
    "a delivery to another station": _cell("hydrogen_deliveries.csv", 1, "STATION", "HUB"),
    "a delivery of another batch": _cell("hydrogen_deliveries.csv", 1, "B1", "B2"),
    "less electricity of a station": _set("site/STATION", "station_energy", electricity_wh=217_699),
    "another opening stock": _set("site/STATION", "station_stock", opening_mg=None),
    "a lower gate intensity": _set("batch/B1", "batch", intensity_kgco2e_per_kg="9.29"),
    "another region of a batch": _set("batch/B1", "batch", site_grid_region="Guizhou"),
    "a row with a cell too many": _cell("vehicles.csv", 1, "8986", "89,86"),
    "a column that stands twice": _cell("legs.csv", 0, "mode", "sequence"),
}  # fmt: skip


@pytest.mark.parametrize("fault", PAPERS)
def test_a_record_that_says_something_else_than_its_row_is_refused(fault: str) -> None:
    assert "papers.row" == _code(_sealed(PAPERS[fault]))


STATED: dict[str, Callable[[RawParts], object]] = {
    "another document": _stated(document_no="D2"),
    "other goods": _stated(goods="glass"),
    "no goods": _stated(goods=None),
    "another customs code": _stated(hs_code="7319"),
    "another way of weighing": _stated(mass_method="declared"),
    "another container": _stated(container_no="LHXU2"),
    "another container in the row": _cell("consignments.csv", 1, "LHXU1", "LHXU2"),
    "another seal": _stated(seal_no="S2"),
    "a declaration that the row does not name": _stated(declaration_no="X1"),
    "another name of the origin": _stated(origin_site=_site("HUB", "Port", "枢纽")),
    "a name of a site that nobody named": _stated(destination_site=_site("SEA", "Sea", "海")),
    "no beginning of the period": _trial(period_start=None),
    "another trial": _trial(trial_id="another"),
    "another title": _trial(title_en="Another"),
    "another beginning": _trial(period_start="2026-03-01T00:00:00+08:00"),
    "another end": _trial(period_end="2026-03-04T00:00:00+08:00"),
    "a beginning written at another offset": _trial(period_start="2026-03-01T16:00:00Z"),
}


@pytest.mark.parametrize("fault", STATED)
def test_a_statement_that_says_something_else_than_the_row_is_refused(fault: str) -> None:
    def change(parts: RawParts) -> None:
        STATED[fault](parts)
        del parts.closed["consignment/C1", 0, "party"]

    assert "papers.statement" == _code(_sealed(change))


TRIALS = {
    "not a text": b"\xff\n",
    "a line that is none": b"= 1\n",
    "a name twice": b'id = "made"\n',
    "a text over many lines": b"title = '''\n'''\n",
    "a text with an escape": b'more = "\\u0041"\n',
}


@pytest.mark.parametrize("fault", TRIALS)
def test_a_trial_that_cannot_be_read_line_by_line_is_refused(fault: str) -> None:
    def change(parts: RawParts) -> None:
        parts.tables["trial.toml"][6:6] = split_records([TRIALS[fault]])

    assert "papers.row" == _code(_sealed(change))


def test_a_trial_may_be_written_in_more_than_one_way() -> None:
    def change(parts: RawParts) -> None:
        parts.replace_cell("trial.toml", 2, 'id = "made"', "\t id='made'\t# by hand\r")
        parts.tables["trial.toml"][0] = b"\xef\xbb\xbf[ trial ] # first\n"

    _verify(_sealed(change))


def test_a_trial_written_in_utc_leaves_the_offset_to_the_statement() -> None:
    _verify(
        _sealed(lambda parts: parts.replace_cell("trial.toml", 5, "2026-03-02T00:00:00+08:00", "2026-03-01T16:00:00Z"))
    )


def test_a_received_file_that_came_after_the_statement_is_refused(bundle: RawBundle) -> None:
    late = {entry: place + STATED_AT for entry, place in bundle.logged.items()}

    assert "received.late" == _code(replace(bundle, logged=late))


def test_the_own_leg_of_a_truck_that_the_bundle_does_not_have_is_refused() -> None:
    def change(parts: RawParts) -> None:
        parts.replace_cell("legs.csv", 2, ",rail,,", ",road,LTESTHYDR0GEN0002,")
        put("consignment/C1", "leg", mode="road")(parts)
        parts.groups["distances"].append(
            {
                "kind": "distance",
                "sites": ["PORT", "SEA"],
                "transport_mm": 300_000_000,
                "driven_mm": None,
                "straight_mm": None,
            }
        )

    assert "papers.row" == _code(_sealed(change))


def test_telemetry_of_a_truck_that_its_supplier_signed_for_is_there(bundle: RawBundle) -> None:
    signed = SignedFile(sha256="00" * 32, size=1, path=f"telemetry/{VIN}/2026-03-03.csv.gz")
    others = SignedFile(sha256="00" * 32, size=1, path="telemetry/LTESTHYDR0GEN0009/2026-03-03.csv.gz")

    assert "received.missing" == _code(bundle, signed)
    _verify(bundle, others)


def _frame_change(row: int, offset: int, value: int) -> Callable[[RawParts], object]:
    """Change one byte of a frame and its check byte with it."""

    def change(parts: RawParts) -> None:
        at, _, digits = parts.rows[row].decode().strip().partition(",")
        data = bytearray.fromhex(digits)
        data[-1] ^= data[offset] ^ value
        data[offset] = value
        parts.rows[row] = f"{at},{data.hex()}\n".encode()

    return change


FRAMES: dict[str, tuple[str, Callable[[RawParts], object]]] = {
    "a dropped frame": ("frames.spans", lambda parts: parts.rows.pop(120)),
    "a damaged frame": ("frames.spans", lambda parts: parts.rows.__setitem__(120, parts.rows[120][:-3] + b"0\n")),
    "another current": ("frames.spans", _frame_change(120, 55, 1)),
    "another pressure": ("frames.windows", _frame_change(1, 67, 199)),
    "another odometer at an end": ("frames.stands", _frame_change(390, 39, 0)),
    "an end that comes earlier": ("frames.stands", lambda parts: parts.rows.pop()),
    "a stand that ends later": ("frames.stands", _set(TRUCK, "stand", ended_at_s=1_772_410_501)),
    "a stand elsewhere": ("frames.stands", _set(TRUCK, "stand", 1, site_id="HUB")),
    "a stand too many": ("frames.stands", lambda parts: parts.groups[TRUCK].append(parts.record(TRUCK, "stand", 1))),
    "a stand left out": ("frames.stands", lambda parts: parts.groups[TRUCK].remove(parts.record(TRUCK, "stand", 1))),
    "a fuller tank": ("frames.windows", _set(TRUCK, "window", tank_start={"at_s": T0, "mass_mg": 46_014_067})),
    "a window that ends later": ("frames.windows", _set(TRUCK, "window", to_s=1_772_411_101)),
    "less charge": ("frames.spans", _set(TRUCK, "span", charge_twice=431_999_999)),
    "a longer distance": ("frames.spans", _set(TRUCK, "span", distance_ninths_mm=45_000_009)),
    "a flag in the place of a number": ("frames.spans", _set(TRUCK, "span", 1, unobserved_s=False)),
    "a leg that was not served": ("frames.services", _set(TRUCK, "service", trips=[], fault="no-data")),
    "a leg served by another trip": ("frames.services", _set(TRUCK, "service", trips=[2])),
}  # fmt: skip


@pytest.mark.parametrize("fault", FRAMES)
def test_records_that_do_not_follow_from_the_frames_are_refused(fault: str) -> None:
    code, change = FRAMES[fault]
    parts = make_parts()
    change(parts)
    stands = [number for number, record in enumerate(parts.groups[TRUCK]) if record["kind"] == "stand"]
    for number in stands:
        parts.closed.setdefault((TRUCK, number, "position"), {})
    parts.closed = {
        place: values for place, values in parts.closed.items() if place[0] != TRUCK or place[1] in (0, *stands)
    }

    assert code == _code(seal(parts))


def test_a_stand_at_another_place_is_refused() -> None:
    def change(parts: RawParts) -> None:
        place = next(place for place in parts.closed if place[0] == TRUCK and place[2] == "position")
        parts.closed[place]["latitude_e6"] += 1

    assert "frames.stands" == _code(_sealed(change))


@pytest.mark.parametrize("path", ["vehicles.csv", "consignments.csv"])
def test_a_row_that_is_kept_back_is_missed(path: str) -> None:
    assert "received.missing" == _code(_sealed(lambda parts: parts.hidden.update({path: {1}})))


def test_rows_of_consignments_that_the_bundle_does_not_speak_of_may_stay_closed() -> None:
    _verify(_sealed(lambda parts: parts.hidden.update({"consignments.csv": {2}})))


def test_a_consignment_has_its_row() -> None:
    assert "received.missing" == _code(_sealed(_set("consignment/C1", "consignment", row=None)))


def test_the_row_of_another_carriers_fill_is_held() -> None:
    assert "papers.row" == _code(_sealed(_set("site/STATION", "station_fill", mass_mg=9_000_001)))


@pytest.mark.parametrize("path", [*WHOLE, *WHOLE_IF_RECEIVED])
def test_papers_row_by_row_are_not_enough(path: str) -> None:
    assert "received.missing" == _code(_sealed(lambda parts: parts.whole.discard(path)))


@pytest.mark.parametrize("path", WHOLE_IF_RECEIVED)
def test_a_paper_that_was_never_received_is_not_missed_where_no_record_speaks_of_it(path: str) -> None:
    def change(parts: RawParts) -> None:
        del parts.tables[path]
        for records in parts.groups.values():
            records[:] = [record for record in records if record["kind"] not in ("station_stock", "hub_operation")]
        if path == "hub_operations.csv":
            parts.tables["station_stock.csv"] = parts.tables["station_stock.csv"][:1]
        else:
            parts.tables["hub_operations.csv"] = parts.tables["hub_operations.csv"][:1]

    _verify(_sealed(change))
    assert [path] == list_absent(raw.verify_received(_sealed(change).archive, _sealed(change).logged, STATED_AT))


@pytest.mark.parametrize("path", [*WHOLE, *WHOLE_IF_RECEIVED, "vehicles.csv", "consignments.csv", TELEMETRY_PATH])
def test_a_file_that_is_kept_back_is_missed(bundle: RawBundle, path: str) -> None:
    name = bundle.member(path)
    without = bundle.with_member(name, None).with_member(name.replace(".json", ".bin"), None)

    assert "received.missing" == _code(without)


def test_telemetry_of_another_truck_does_not_stand_in_for_the_trucks_own() -> None:
    parts = make_parts()
    parts.closed[TRUCK, 0, "identity"]["vin"] = "LTESTHYDR0GEN0002"

    assert "received.missing" == _code(seal(parts))


def _received(bundle: RawBundle, path: str, change: Callable[[Any], None]) -> RawBundle:
    return bundle.with_document(bundle.member(path), change)


def _telemetry_rows(bundle: RawBundle) -> list[bytes]:
    name = bundle.member(TELEMETRY_PATH).replace(".json", ".bin")
    return gzip.decompress(bundle.archive[name]).splitlines(keepends=True)


def _with_rows(bundle: RawBundle, rows: list[bytes]) -> RawBundle:
    """The telemetry replaced, with a manifest that says so but for the root, which is in the log."""
    data = gzip.compress(b"".join(rows), mtime=0)
    said = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    name = bundle.member(TELEMETRY_PATH)
    changed = bundle.with_member(name.replace(".json", ".bin"), data)
    return changed.with_document(name, lambda document: document["manifest"].update(said))


def test_a_changed_byte_is_other_content(bundle: RawBundle) -> None:
    name = bundle.member(TELEMETRY_PATH).replace(".json", ".bin")
    data = bytearray(bundle.archive[name])
    data[-1] ^= 1

    assert "received.content" == _code(bundle.with_member(name, bytes(data)))


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: [*rows[:50], *rows[51:]],
        lambda rows: [*rows[:50], rows[51], rows[50], *rows[52:]],
        lambda rows: [*rows[:51], rows[50], *rows[51:]],
        lambda rows: [*rows[:50], rows[51], *rows[51:]],
        lambda rows: [*rows, b"\n"],
    ],
    ids=["dropped", "swapped", "repeated", "replaced", "added"],
)
def test_a_row_dropped_swapped_repeated_replaced_or_added_gives_another_root(
    bundle: RawBundle, change: Callable[[list[bytes]], list[bytes]]
) -> None:
    assert "received.rows" == _code(_with_rows(bundle, change(_telemetry_rows(bundle))))


def test_another_salt_of_a_file_gives_another_root(bundle: RawBundle) -> None:
    assert "received.rows" == _code(_received(bundle, SITES, lambda d: d.update(file_salt="00" * 32)))


@pytest.mark.parametrize(
    ("field", "value"),
    [("received_at_ms", 1), ("path", "telemetry/LTESTHYDR0GEN0002/2026-03-02.csv.gz")],
)
def test_nothing_in_a_manifest_can_be_changed(bundle: RawBundle, field: str, value: Any) -> None:
    assert "received.rows" == _code(_received(bundle, TELEMETRY_PATH, lambda d: d["manifest"].update({field: value})))
    assert "received.row" == _code(
        _received(bundle, "consignments.csv", lambda d: d["manifest"].update({field: value}))
    )


def test_a_content_said_to_be_cut_is_not(bundle: RawBundle) -> None:
    said = {"content_complete": False}

    assert "received.content" == _code(_received(bundle, TELEMETRY_PATH, lambda d: d["manifest"].update(said)))


def _change_record(number: int, **values: Any) -> Callable[[Any], None]:
    return lambda document: document["records"][number].update(values)


@pytest.mark.parametrize(
    "change",
    [
        _change_record(2, salt="00" * 32),
        _change_record(2, entry=base64.b64encode(b"another row\n").decode()),
        _change_record(0, entry=base64.b64encode(b"{}").decode()),
        _change_record(2, hashes=[]),
        _change_record(3, index=9),
        lambda document: document["manifest"].update(size=1),
    ],
    ids=["salt", "entry", "file", "proof", "index", "manifest"],
)
def test_a_row_that_is_not_where_it_says_is_refused(bundle: RawBundle, change: Callable[[Any], None]) -> None:
    assert "received.row" == _code(_received(bundle, "consignments.csv", change))


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["records"].pop(0),
        lambda document: document["records"].pop(1),
        lambda document: document["records"].reverse(),
        lambda document: document["records"].append(document["records"][-1]),
        lambda document: document["records"].clear(),
        lambda document: document["records"][0].update(entry="e30"),
        lambda document: document["records"][0].update(index=-1),
        lambda document: document.update(file_salt="00" * 32),
        lambda document: document.update(format="h2corridor/received/2"),
        lambda document: document["manifest"].update(file_salt="00" * 32),
        lambda document: document["manifest"].update(records="3"),
    ],
)
def test_a_received_document_of_another_form_is_refused(bundle: RawBundle, change: Callable[[Any], None]) -> None:
    assert "received.form" == _code(_received(bundle, "consignments.csv", change))


def test_a_whole_file_has_its_bytes_beside_it(bundle: RawBundle) -> None:
    name = bundle.member(SITES).replace(".json", ".bin")
    other = bundle.member(TELEMETRY_PATH).replace(".json", ".bin")

    assert "received.form" == _code(bundle.with_member(name, None))
    assert "received.form" == _code(_received(bundle, SITES, lambda document: document.update(bytes=other)))


def test_bytes_of_which_no_document_speaks_are_refused(bundle: RawBundle) -> None:
    assert "received.form" == _code(bundle.with_member("received/99.bin", b""))


def test_a_path_that_comes_twice_is_refused(bundle: RawBundle) -> None:
    assert "received.form" == _code(
        bundle.with_member("received/99.json", bundle.archive[bundle.member("consignments.csv")])
    )


def test_a_file_that_is_not_in_the_log_is_refused(bundle: RawBundle) -> None:
    manifest = bundle.document(bundle.member("consignments.csv"))["manifest"]
    leaf = leaf_entry(records=manifest["records"], root=bytes.fromhex(manifest["root"]))

    assert leaf in bundle.logged
    assert "received.log" == _code(
        replace(bundle, logged={each: place for each, place in bundle.logged.items() if each != leaf})
    )


def _opened(bundle: RawBundle, change: Callable[[list[Any]], object]) -> RawBundle:
    return bundle.with_document("opened.json", lambda document: change(document["opened"]) and None)


def test_opened_values_and_salts_must_give_their_hash(bundle: RawBundle) -> None:
    assert "opened.hash" == _code(_opened(bundle, lambda opened: opened[0].update(salt="00" * 32)))
    assert "opened.hash" == _code(_opened(bundle, lambda opened: opened[0]["values"].update(plate="x")))
    assert "opened.hash" == _code(_opened(bundle, lambda opened: opened[0].update({"class": "party"})))


@pytest.mark.parametrize("name", ["identity", "position"])
def test_identities_and_positions_that_stay_closed_are_missed(bundle: RawBundle, name: str) -> None:
    def close(opened: list[Any]) -> None:
        opened.remove(next(each for each in opened if each["class"] == name))

    assert "opened.missing" == _code(_opened(bundle, close))


@pytest.mark.parametrize(
    "change",
    [
        lambda opened: opened.append(opened[0]),
        lambda opened: opened[0].update(record=999),
        lambda opened: opened[0].update(record=-1),
        lambda opened: opened[0].update(group="truck/truck-9"),
        lambda opened: opened[0].update({"class": "position"}),
        lambda opened: opened[0].update(values=[]),
        lambda opened: opened[0].update(salt="00"),
        lambda opened: opened[0].update(note=""),
        lambda opened: opened.append(None),
    ],
)
def test_an_opened_part_of_another_form_is_refused(bundle: RawBundle, change: Callable[[list[Any]], object]) -> None:
    assert "opened.form" == _code(_opened(bundle, change))


def test_the_decision_to_release_is_about_this_statement_and_in_the_log(bundle: RawBundle) -> None:
    def release(**values: Any) -> RawBundle:
        return bundle.with_document("release.json", lambda document: document["release"].update(values))

    assert "release.statement" == _code(release(statement_id="st-fedcba9876543210"))
    assert "release.log" == _code(release(recipient="somebody else"))
    assert "release.form" == _code(release(note=""))
    assert "release.form" == _code(release(purpose=None))


def test_a_file_that_its_supplier_signed_otherwise_is_refused(bundle: RawBundle) -> None:
    manifest = bundle.document(bundle.member("consignments.csv"))["manifest"]
    signed = SignedFile(sha256=manifest["sha256"], size=manifest["size"], path="consignments.csv")

    _verify(bundle, signed, SignedFile(sha256="00" * 32, size=1, path="not-in-the-bundle.csv"))
    assert "signature.file" == _code(bundle, SignedFile(sha256="00" * 32, size=signed.size, path="consignments.csv"))
    assert "signature.file" == _code(bundle, SignedFile(sha256=signed.sha256, size=1, path="consignments.csv"))


def test_a_content_that_unpacks_without_end_is_refused_in_little_memory(bundle: RawBundle) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    bomb = gzip.compress(bytes(raw_received.CONTENT_BYTES_MAX + 1), 1)
    made = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    name = bundle.member(TELEMETRY_PATH)
    said = {"sha256": hashlib.sha256(bomb).hexdigest(), "size": len(bomb)}
    changed = bundle.with_member(name.replace(".json", ".bin"), bomb)

    assert "container.limit" == _code(changed.with_document(name, lambda d: d["manifest"].update(said)))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - max(before, made) < 32 * 1024


def test_telemetry_records_beyond_the_limit_are_refused(bundle: RawBundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_received, "TELEMETRY_RECORDS_MAX", 390)

    assert "container.limit" == _code(bundle)


@pytest.mark.parametrize(("size", "count"), [(4, 1250), (100, 50), (2500, 2)])
def test_rows_that_are_no_frame_are_refused_beyond_the_limit_however_short(
    size: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw_frames, "LOOSE_BYTES_MAX", 5000)
    junk = [b"," + b"23" * size + b"\n"] * count

    _verify(_sealed(lambda parts: parts.rows.extend(junk)))
    assert "container.limit" == _code(_sealed(lambda parts: parts.rows.extend([*junk, b",00\n"])))


def test_rows_that_are_no_frame_are_counted_over_all_files() -> None:
    loose = raw_frames.LooseRows()
    loose.count(bytes(raw_frames.LOOSE_BYTES_MAX), "telemetry/V1/2026-03-02.csv.gz")
    loose.count(b"##" + bytes(20) + b"\0\x03" + bytes(4), "telemetry/V1/2026-03-03.csv.gz")
    with pytest.raises(BundleError) as refused:
        loose.count(b"\0", "telemetry/V2/2026-03-02.csv.gz")

    assert ("container.limit", "telemetry/V2/2026-03-02.csv.gz") == (refused.value.code, refused.value.where)


def test_standings_times_sites_legs_and_fills_are_limited(bundle: RawBundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_frames, "COMPARISONS_MAX", 10)

    assert "container.limit" == _code(bundle)
