"""The live doors of a workspace: the gateway on its own event loop, sealing, a watched folder, what HTTP hands in.

    frames   TCP ─▶ Gateway ─▶ FrameLog ─▶ seal ─▶ inbox/telemetry/<VIN>/<day>.<segment>.csv.gz
    files    watched folder, upload ─▶ inbox/<path>

Sealing again after a crash at any moment gives the same files: a segment is forgotten only when all of its parts are
durable.
"""

import asyncio
import csv
import io
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterable, Mapping, Set
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from h2corridor.app.watching import FolderWatch
from h2corridor.intake.driver_columns import refuse_driver_columns
from h2corridor.intake.gateway import FrameLog, Gateway, GatewayLimits, GatewayStatus, LastFrame, telemetry_parts
from h2corridor.intake.supplied_paths import require_supplied_path
from h2corridor.model.errors import CorridorError, StorageError
from h2corridor.model.received_frames import NO_VIN
from h2corridor.protocols.gbt32960 import Session, SessionRules
from h2corridor.store.files import Inbox, Workspace

REGISTER = "vehicles.csv"
TELEMETRY = "telemetry"
SEAL_SECONDS = 900
STRANGERS, STRANGERS_WITHOUT_REGISTER = 100, 10_000
"""So many VINs that no register names have folders of their own, beside a register and without one."""
_ANSWER_SECONDS = 30

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRequest:
    """Where to listen and what to hold frames against.

    Attributes
    ----------
    host, port : where trucks connect; port 0 takes a free one
    tls : the context of an encrypted listener; None: in clear
    users : users of platforms with the SHA-256 of their passwords; None: any
    watch : a folder whose files are taken in; None: none
    seal_seconds : how long a segment is written before it is sealed
    """

    host: str
    port: int
    now_ms: Callable[[], int]
    tls: ssl.SSLContext | None = None
    users: Mapping[str, bytes] | None = None
    watch: Path | None = None
    seal_seconds: float = SEAL_SECONDS
    limits: GatewayLimits | None = None


class LiveDoors:
    """Open doors; `close` leaves everything that was acknowledged sealed in the inbox.

    Raises
    ------
    InputError
        The folder to watch is none.
    StorageError
        `gateway.address`: the operating system does not give this address.
    """

    def __init__(self, workspace: Path, log: FrameLog, request: LiveRequest) -> None:
        self.inbox = Inbox(
            Workspace.open(workspace).inbox_path, require_path=require_supplied_path, refuse=refuse_driver_columns
        )
        self._log = log
        self._request = request
        self._register = Register(workspace)
        self._seal_fault = ""
        self._sealed_at_ms: int | None = None
        self._watch = None if request.watch is None else FolderWatch(request.watch, self.inbox)
        self._ended = threading.Event()
        self._sealing = threading.Lock()
        self._gateway = Gateway(
            log,
            SessionRules(now_ms=request.now_ms, is_registered=self._register.has, users=request.users),
            request.now_ms,
            request.limits,
        )
        self._loop = asyncio.new_event_loop()
        self._threads = [threading.Thread(target=self._loop.run_forever, name="gateway", daemon=True)]
        self._threads[0].start()
        try:
            self._port = self._on_loop(self._gateway.start(request.host, request.port, request.tls)).result()
        except OSError as error:
            self._end_loop()
            raise StorageError(
                "gateway.address",
                f"the operating system does not give it: {error}.",
                about=f"{request.host}:{request.port}",
                next_step="Choose another address with --gateway.",
            ) from error
        self._begin(self._seal_by_and_by, "sealing")
        if self._watch is not None:
            self._begin(self._watch.run, "watching", self._ended)

    @property
    def address(self) -> str:
        """Where trucks connect, as HOST:PORT."""
        return f"{self._request.host}:{self._port}"

    def close(self) -> None:
        """Take no more, answer what is under way, and seal."""
        self._on_loop(self._gateway.stop()).result()
        self._ended.set()
        self._end_loop()
        for thread in self._threads[1:]:
            thread.join()
        self.seal()

    def seal(self) -> None:
        """Turn every segment into telemetry parts; one that cannot be stays, and the status says why."""
        with self._sealing:
            self._seal_fault = "\n".join(self._seal_all())

    def _seal_all(self) -> list[str]:
        """Seal what can be sealed; what went wrong, whatever it is: the next round tries again."""
        faults = []
        try:
            self._register.reload()
            self._log.finish()
            for number in self._log.list_finished():
                try:
                    self._seal_one(number)
                except Exception as error:
                    faults.append(_message(error))
            faults += self._log.list_faults()
        except Exception as error:
            faults.append(_message(error))
        return faults

    def receive(self, data: bytes, source: str, vin: str | None) -> None:
        """Keep bytes that came by another door than TCP, as a connection of its own would have.

        Raises
        ------
        StorageError
            They are not durable.
        """
        session = Session(SessionRules(now_ms=self._request.now_ms))
        session.vin = vin
        rows = [*session.feed(data), *session.close()]
        if not self._on_loop(self._gateway.keep(rows, source)).result(_ANSWER_SECONDS):
            raise StorageError("gateway.not-kept", "the disk refused.", about=source, next_step="Send it again later.")

    def status(self) -> GatewayStatus:
        """The gateway at this moment."""
        tally = self._gateway.tally
        return GatewayStatus(
            address=self.address,
            uses_tls=self._request.tls is not None,
            connections=self._gateway.connections,
            connections_ever=tally.connections_ever,
            turned_away=tally.turned_away,
            rows=tally.rows,
            acknowledged=tally.acknowledged,
            not_kept=tally.not_kept,
            bytes_not_frames=tally.bytes_not_frames,
            outcomes=dict(tally.outcomes),
            disk_fault=tally.disk_fault,
            segments_waiting=len(self._log.list_finished()),
            sealed_at_ms=self._sealed_at_ms,
            seal_fault=self._seal_fault,
            watch_faults=[] if self._watch is None else list(self._watch.faults.values()),
            trucks=self._on_loop(self._trucks()).result(_ANSWER_SECONDS),
        )

    async def _trucks(self) -> list[LastFrame]:
        return self._gateway.trucks()

    def _seal_one(self, number: int) -> None:
        """Seal a segment; one that was sealed in part before gives the same files, whatever the register says now."""
        nobodys = f"{TELEMETRY}/{NO_VIN}/"
        if self.inbox.has_part(nobodys, number):  # written last: every other file of the segment is there
            has_folder: Callable[[str], bool] = cache(lambda vin: self.inbox.has_part(f"{TELEMETRY}/{vin}", number))
        else:
            has_folder = TruckFolders(self._register, set(self.inbox.list_folders(TELEMETRY)) - {NO_VIN}).has
        parts = telemetry_parts(self._log.read(number), number, has_folder)
        for path in sorted(parts, key=lambda path: path.startswith(nobodys)):
            self.inbox.add_part(path, parts[path])
        self._log.remove(number)
        self._sealed_at_ms = self._request.now_ms()

    def _seal_by_and_by(self) -> None:
        while not self._ended.wait(self._request.seal_seconds):
            self.seal()

    def _begin(self, target: Callable[..., None], name: str, *arguments: object) -> None:
        thread = threading.Thread(target=target, name=name, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _on_loop(self, coroutine: Coroutine[object, object, T]) -> "Future[T]":
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def _end_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._threads[0].join()
        self._loop.close()


def _message(error: Exception) -> str:
    return error.message if isinstance(error, CorridorError) else repr(error)


class TruckFolders:
    """Which trucks have a folder of their own: those of the register, and so many others: VINs cost nothing to invent,
    and a truck may come before its line in the register does.
    """

    def __init__(self, register: "Register", known: Iterable[str]) -> None:
        self._register = register
        self._known = set(known)
        self._strange = sum(not register.names(vin) for vin in self._known)

    def has(self, vin: str) -> bool:
        """Whether a truck has a folder; one that may have one has it from now on."""
        if self._register.names(vin) or vin in self._known:
            return True
        if self._strange >= self._register.strangers_max:
            return False
        self._known.add(vin)
        self._strange += 1
        return True


class Register:
    """The trucks of `vehicles.csv`, from the inbox or else as last received; without one every truck is registered."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._vins: Set[str] | None = None
        self.reload()

    def has(self, vin: str) -> bool:
        """Whether a truck is in the register, or there is none."""
        return self._vins is None or vin in self._vins

    def names(self, vin: str) -> bool:
        """Whether there is a register and a truck is in it."""
        return self._vins is not None and vin in self._vins

    @property
    def strangers_max(self) -> int:
        """How many trucks that it does not name may have a folder."""
        return STRANGERS_WITHOUT_REGISTER if self._vins is None else STRANGERS

    def reload(self) -> None:
        """Read the register anew; one that cannot be read counts as none, and the run says what is wrong with it."""
        content = self._content()
        if content is None:
            self._vins = None
            return
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig", "replace"), newline=""))
        try:
            self._vins = frozenset(row.get("vin") or "" for row in rows) - {""} or None
        except csv.Error:
            self._vins = None

    def _content(self) -> bytes | None:
        workspace = Workspace.open(self._workspace)
        try:
            return (workspace.inbox_path / REGISTER).read_bytes()
        except OSError:
            received = [each for each in workspace.list_receipts() if each.manifest.path == REGISTER]
        if not received:
            return None
        latest = max(received, key=lambda each: each.manifest.received_at_ms)
        with workspace.open_received(latest) as file:
            return file.read()
