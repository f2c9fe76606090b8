"""The doors of a workspace: what was acknowledged is in the inbox, whatever happens, and a run reads it from there."""

import asyncio
import csv
import gzip
import importlib.util
import json
import resource
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from h2corridor.app.bootstrap import DoorSettings, make_request, open_doors
from h2corridor.app.live import LiveDoors
from h2corridor.app.trial_run import run_trial
from h2corridor.model.errors import CorridorError, InputError
from h2corridor.model.received_frames import NO_VIN
from h2corridor.model.report import Report
from h2corridor.protocols.gbt32960 import encode_frame

ROOT = Path(__file__).resolve().parents[2]
NOW_MS = 1_772_700_000_000
TIME = bytes((26, 3, 2, 8, 15, 30))
REPLY_BYTES = 31
MANY = 2000


def _soak() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_gateway_soak", ROOT / "bench" / "gateway_soak.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _vin(number: int) -> str:
    return f"LTESTHYDR0GEN{number:04d}"


def _frame(number: int, command: int = 0x02, vin: str = "") -> bytes:
    data_unit = TIME + b"\x80\0\4" + number.to_bytes(4)
    return encode_frame(edition=2016, command=command, vin=(vin or _vin(number)).encode(), data_unit=data_unit)


async def _ask(doors: LiveDoors, data: bytes, replies: int, tls: ssl.SSLContext | None = None) -> list[int]:
    host, _, port = doors.address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port), ssl=tls)
    writer.write(data)
    flags = [(await reader.readexactly(REPLY_BYTES))[3] for _ in range(replies)]
    writer.close()
    return flags


@pytest.fixture
def many_files() -> Iterator[None]:
    """As many open files as two thousand connections take at both ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 3 * MANY
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"the system allows {hard} open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_two_thousand_connections_at_once_are_all_acknowledged_and_found_again(
    tmp_path: Path, many_files: None
) -> None:
    async def all_at_once(doors: LiveDoors) -> tuple[int, set[int]]:
        host, _, port = doors.address.rpartition(":")
        entered = asyncio.Semaphore(200)

        async def enter() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            async with entered:
                return await asyncio.open_connection(host, int(port))

        trucks = await asyncio.gather(*(enter() for _ in range(MANY)))
        for number, (_, writer) in enumerate(trucks):
            writer.write(_frame(number % 10, 0x01) + _soak_frame(number))
        replies = await asyncio.gather(*(reader.readexactly(2 * REPLY_BYTES) for reader, _ in trucks))
        live = doors.status().connections
        for _, writer in trucks:
            writer.transport.abort()
        return live, {flag for reply in replies for flag in (reply[3], reply[REPLY_BYTES + 3])}

    def _soak_frame(number: int) -> bytes:
        frame: bytes = soak.numbered_frame(_vin(number % 10), number)
        return frame

    soak = _soak()
    with open_doors(tmp_path / "w", DoorSettings(), now_ms=lambda: NOW_MS) as doors:
        live, flags = asyncio.run(all_at_once(doors))
    sealed = soak.list_sealed(tmp_path / "w" / "inbox")

    assert (MANY, {0x01}) == (live, flags)
    assert {1} == {sealed[_soak_frame(number)] for number in range(MANY)}
    assert 2 * MANY == sealed.total()


@pytest.mark.slow
def test_killed_at_any_moment_it_loses_and_doubles_no_acknowledged_frame(tmp_path: Path) -> None:
    kept = _soak().run_rounds(tmp_path / "workspace", rounds=3, seed=4)

    assert (0, 0) == (kept.lost, kept.doubled)
    assert kept.acknowledged > 100


def test_what_comes_by_the_doors_gives_the_run_that_a_folder_gives(
    tmp_path: Path, trials_dir: Path, first_run: tuple[Report, Path]
) -> None:
    """A truck's day goes by TCP, everything else stands in the inbox, one table there in a second version."""
    source, workspace = trials_dir / "first-run", tmp_path / "w"
    day = sorted(source.glob("telemetry/*/*.csv.gz"))[0]
    rows = csv.DictReader(gzip.decompress(day.read_bytes()).decode().splitlines())
    frames = [bytes.fromhex(row["frame"]) for row in rows]
    with open_doors(workspace, DoorSettings(), now_ms=lambda: NOW_MS) as doors:
        shutil.copytree(source, workspace / "inbox", dirs_exist_ok=True)
        (workspace / "inbox" / day.relative_to(source)).unlink()
        seals = (workspace / "inbox" / "seals.csv").read_bytes()
        (workspace / "inbox" / "seals.csv").unlink()
        for data in (seals.splitlines(keepends=True)[0], seals):
            doors.inbox.put("seals.csv", [data])
        doors.seal()  # reads the register
        flags = asyncio.run(_ask(doors, b"".join(frames) + b"no frame", len(frames)))
    live = run_trial(make_request(None, workspace, now_ms=NOW_MS), lambda *_: None)
    folder, _ = first_run
    (part,) = (workspace / "inbox").glob(f"telemetry/{day.parent.name}/*.0*.csv.gz")
    manifests = [json.loads(path.read_text()) for path in (workspace / "received").glob("??/*.json")]

    assert {0x01} == set(flags)
    assert folder.trips == live.trips
    assert [each.wtw_kgco2e for each in folder.shipments] == [each.wtw_kgco2e for each in live.shipments]
    assert folder.totals.frames_received + 1 == live.totals.frames_received
    assert [("frame.before-login", f"telemetry/{NO_VIN}/{part.name}", 1)] == [
        (found.check, found.file, found.row) for found in live.findings if found.severity != "info"
    ]
    assert 2 == sum(manifest["path"] == "seals.csv" for manifest in manifests)


def test_bytes_before_any_truck_was_named_have_a_folder_of_their_own(tmp_path: Path) -> None:
    with open_doors(tmp_path / "w", DoorSettings(), now_ms=lambda: NOW_MS) as doors:
        asyncio.run(_ask(doors, b"no frame" + _frame(1, 0x01), 1))
    folders = sorted(path.parent.name for path in (tmp_path / "w" / "inbox").glob("telemetry/*/*.csv.gz"))

    assert [NO_VIN, _vin(1)] == folders


def test_invented_trucks_do_not_fill_the_disk_with_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("h2corridor.app.live.STRANGERS", 3)
    with open_doors(tmp_path / "w", DoorSettings(), now_ms=lambda: NOW_MS) as doors:
        doors.inbox.put("vehicles.csv", [f"vin,plate\n{_vin(1)},A\n".encode()])
        doors.seal()
        for strangers in (range(2, 12), range(5, 15)):
            asyncio.run(_ask(doors, b"".join(_frame(number) for number in (*strangers, 1)), 11))
            doors.seal()
        folders = doors.inbox.list_folders("telemetry")
    rows = [gzip.decompress(path.read_bytes()).count(b"\n") - 1 for path in (tmp_path / "w" / "inbox").glob("*/*/*.gz")]

    assert [NO_VIN, *map(_vin, range(1, 5))] == folders
    assert 22 == sum(rows)


@pytest.mark.parametrize("written", range(5))
def test_what_was_sealed_in_part_is_sealed_whatever_the_register_says_then(
    written: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full behind some of four files; then the register names the truck that had no folder."""
    monkeypatch.setattr("h2corridor.app.live.STRANGERS", 2)
    with open_doors(tmp_path / "w", DoorSettings(), now_ms=lambda: NOW_MS) as doors:
        doors.inbox.put("vehicles.csv", [f"vin,plate\n{_vin(1)},A\n".encode()])
        doors.seal()
        asyncio.run(_ask(doors, b"\0" * 30 + b"".join(map(_frame, (1, 2, 3, 4))), 4))
        with monkeypatch.context() as full:
            add, room = doors.inbox.add_part, iter(range(written))
            full.setattr(
                doors.inbox, "add_part", lambda path, data: add(path, data) if next(room, None) is not None else 1 / 0
            )
            doors.seal()
        doors.inbox.put("vehicles.csv", [f"vin,plate\n{_vin(1)},A\n{_vin(4)},B\n".encode()])
        doors.seal()
        status = doors.status()
    rows = [gzip.decompress(path.read_bytes()).count(b"\n") - 1 for path in (tmp_path / "w" / "inbox").glob("*/*/*.gz")]

    assert ("", 0) == (status.seal_fault, status.segments_waiting)
    assert 5 == sum(rows)


def test_a_number_that_was_sealed_is_not_used_again_where_the_next_one_is_lost(tmp_path: Path) -> None:
    for number in (1, 2):
        with open_doors(tmp_path / "w", DoorSettings(), now_ms=lambda: NOW_MS) as doors:
            asyncio.run(_ask(doors, _frame(1) * number, number))
            doors.seal()
            status = doors.status()
        (tmp_path / "w" / "gateway" / "next").unlink()

    assert ("", 0) == (status.seal_fault, status.segments_waiting)


def test_sealing_goes_on_whatever_a_segment_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_doors(tmp_path / "w", DoorSettings(), now_ms=lambda: NOW_MS) as doors:
        asyncio.run(_ask(doors, _frame(1), 1))
        with monkeypatch.context() as broken:
            broken.setattr("h2corridor.app.live.telemetry_parts", lambda *_: 1 / 0)
            doors.seal()
            fault = doors.status().seal_fault
        doors.seal()
        status = doors.status()

    assert "ZeroDivisionError" in fault
    assert ("", 0) == (status.seal_fault, status.segments_waiting)


def test_a_truck_that_is_not_in_the_register_is_told_so_and_kept(tmp_path: Path) -> None:
    workspace = tmp_path / "w"
    with open_doors(workspace, DoorSettings(), now_ms=lambda: NOW_MS) as doors:
        before = asyncio.run(_ask(doors, _frame(9), 1))
        doors.inbox.put("vehicles.csv", [f"vin,plate\n{_vin(1)},A\n".encode()])
        doors.seal()
        after = asyncio.run(_ask(doors, _frame(1) + _frame(9), 2))
        outcomes = doors.status().outcomes

    assert ([0x01], [0x01, 0x02]) == (before, after)
    assert {"accepted": 2, "unknown-vin": 1} == outcomes
    assert 2 == _soak().list_sealed(workspace / "inbox")[_frame(9)]


def test_sealing_again_after_a_crash_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = tmp_path / "w"
    with open_doors(workspace, DoorSettings(), now_ms=lambda: NOW_MS) as doors:
        asyncio.run(_ask(doors, _frame(1) + _frame(2), 2))
        with monkeypatch.context() as patch:

            def cut_off(number: int) -> None:
                raise CorridorError("storage.failed", "cut off before the segment was forgotten.")

            patch.setattr(doors._log, "remove", cut_off)
            doors.seal()
        fault = doors.status().seal_fault
        doors.seal()

        assert fault.startswith("storage.failed")
        assert "" == doors.status().seal_fault
    assert {_frame(1): 1, _frame(2): 1} == dict(_soak().list_sealed(workspace / "inbox"))
    assert [] == list((workspace / "inbox").glob(".superseded"))


def test_trucks_connect_by_tls_where_a_certificate_is_given(tmp_path: Path) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
        capture_output=True, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("openssl makes no certificate here")
    settings = DoorSettings(tls_cert=cert, tls_key=key)
    with open_doors(tmp_path / "w", settings, now_ms=lambda: NOW_MS) as doors:
        flags = asyncio.run(_ask(doors, _frame(1), 1, ssl.create_default_context(cafile=str(cert))))
        with pytest.raises(asyncio.IncompleteReadError):
            asyncio.run(_ask(doors, _frame(2), 1))

    assert [0x01] == flags
    assert {_frame(1): 1} == dict(_soak().list_sealed(tmp_path / "w" / "inbox"))


def test_a_certificate_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pem").write_text("nothing")
    settings = DoorSettings(tls_cert=tmp_path / "pem", tls_key=tmp_path / "pem")
    with pytest.raises(InputError, match=r"gateway\.tls"), open_doors(tmp_path / "w", settings, now_ms=lambda: NOW_MS):
        pass


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (DoorSettings(gateway="32960"), "gateway.address-form"),
        (DoorSettings(gateway="127.0.0.1:99999"), "gateway.address-form"),
        (DoorSettings(gateway="192.0.2.1:32960"), "gateway.address"),
        (DoorSettings(tls_cert=Path("cert.pem")), "gateway.tls-halves"),
        (DoorSettings(watch=Path("nowhere")), "dataset.absent"),
    ],
)
def test_doors_that_cannot_be_opened_say_why(tmp_path: Path, settings: DoorSettings, code: str) -> None:
    with pytest.raises(CorridorError) as caught, open_doors(tmp_path / "w", settings, now_ms=lambda: NOW_MS):
        pass

    assert code == caught.value.code


def test_doors_are_open_once_a_workspace(tmp_path: Path) -> None:
    with (
        open_doors(tmp_path / "w", DoorSettings(), now_ms=lambda: NOW_MS),
        pytest.raises(CorridorError, match=r"gateway\.busy"),
        open_doors(tmp_path / "w", DoorSettings(), now_ms=lambda: NOW_MS),
    ):
        pass


def test_a_path_with_two_versions_is_refused_until_somebody_says_which_counts(tmp_path: Path, trials_dir: Path) -> None:
    with open_doors(tmp_path / "w", DoorSettings(), now_ms=lambda: NOW_MS) as doors:
        doors.inbox.put("legs.csv", [b"leg_id\n"])
    with pytest.raises(InputError, match=r"dataset\.two-versions: legs\.csv"):
        run_trial(make_request(trials_dir / "first-run", tmp_path / "w", now_ms=NOW_MS), lambda *_: None)


@pytest.mark.parametrize("taken", ["telemetry", f"telemetry/{_vin(1)}/2026-03-05.000000000001.csv.gz"])
def test_no_upload_stands_in_the_way_of_sealing(tmp_path: Path, taken: str) -> None:
    with open_doors(tmp_path / "w", DoorSettings(), now_ms=lambda: NOW_MS) as doors:
        with pytest.raises(InputError, match=r"inbox\.(unknown-path|gateway-part)"):
            doors.inbox.put(taken, [b"x"])
        asyncio.run(_ask(doors, _frame(1), 1))
        doors.seal()
        said = doors.status()

    assert ("", 0) == (said.seal_fault, said.segments_waiting)
    assert {_frame(1): 1} == dict(_soak().list_sealed(tmp_path / "w" / "inbox"))
