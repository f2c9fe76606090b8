"""The TCP server: many connections, a session each; a reply goes out when the frame log says its frame is durable.

A connection has one batch under way at a time: while it is being made durable nothing more is read from it, so that a
client that sends faster than the disk writes waits, and no one else does.
"""

import asyncio
import resource
import socket
import ssl
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from h2corridor.intake.gateway.frame_log import FrameLog
from h2corridor.intake.gateway.status import LastFrame, Tally
from h2corridor.model.errors import StorageError
from h2corridor.model.received_frames import ReceivedFrame
from h2corridor.protocols.gbt32960 import Session, SessionRow, SessionRules

READ_BYTES = 65_536
REPLY_BYTES = 32_768
"""So many bytes of replies wait for one client, here and again in the operating system."""
VINS_OF_A_CONNECTION_MAX = 1_000
HANDSHAKE_SECONDS = 10
FILES_OF_ITS_OWN = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayLimits:
    """What a client may take up.

    Attributes
    ----------
    connections_max : int
        Further ones are closed at once; and those of one address beyond half of them, so that no sender takes every
        place. Trucks of one mobile network may share an address.
    first_seconds : float
        A connection on which no whole frame comes for so long after it began is closed.
    idle_seconds : float
        So is one on which none comes for so long after the last one.
    slow_seconds : float
        So is one that does not take its replies for so long.
    """

    connections_max: int = 10_000
    first_seconds: float = 30
    idle_seconds: float = 600
    slow_seconds: float = 30


class _Connection:
    """A live connection: its task, whether that waits for bytes, and the trucks that spoke on it."""

    def __init__(self, task: "asyncio.Task[None]", address: str, source: str) -> None:
        self.task = task
        self.address = address
        self.source = source
        self.is_waiting = False
        self.vins: set[str] = set()


class Gateway:
    """Takes connections until it is stopped; lives on one event loop.

    Parameters
    ----------
    log
        Where frames become durable.
    rules
        What sessions are judged by.
    now_ms
        The time of receipt.
    """

    def __init__(
        self, log: FrameLog, rules: SessionRules, now_ms: Callable[[], int], limits: GatewayLimits | None = None
    ) -> None:
        self.tally = Tally()
        self._log = log
        self._rules = rules
        self._now_ms = now_ms
        self._limits = limits or GatewayLimits()
        self._connections_max = min(self._limits.connections_max, _connections_possible())
        self._of_address: Counter[str] = Counter()
        self._live: dict[str, _Connection] = {}
        self._is_stopping = False
        self._server: asyncio.Server | None = None

    @property
    def connections(self) -> int:
        """How many are live."""
        return len(self._live)

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Take connections; give the port, which is a free one where 0 was asked for."""
        self._server = await asyncio.start_server(
            self._serve,
            host,
            port,
            ssl=tls,
            ssl_handshake_timeout=None if tls is None else HANDSHAKE_SECONDS,
            limit=READ_BYTES,
            backlog=1024,
            reuse_address=True,
        )
        bound: int = self._server.sockets[0].getsockname()[1]
        return bound

    async def stop(self) -> None:
        """Take no more, let what is under way become durable and be answered, then close."""
        self._is_stopping = True
        if self._server is not None:
            self._server.close()
        tasks = [connection.task for connection in self._live.values()]
        for connection in self._live.values():
            if connection.is_waiting:
                connection.task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=self._limits.slow_seconds)

    async def keep(self, rows: Sequence[SessionRow], source: str) -> bool:
        """Make rows durable; False where the disk refuses: then nothing may be acknowledged."""
        received_at_ms = self._now_ms()
        frames = [
            ReceivedFrame(received_at_ms=received_at_ms, source=source, vin=row.vin, data=row.data) for row in rows
        ]
        try:
            await self._log.append(frames)
        except StorageError as error:
            self.tally.lost(rows, error.message)
            return False
        self.tally.kept(rows, received_at_ms, source)
        return True

    def trucks(self) -> list[LastFrame]:
        """The latest frame of every truck; one that speaks on two live connections has a double."""
        speaking = Counter(vin for connection in self._live.values() for vin in connection.vins)
        return [
            LastFrame(vin=vin, received_at_ms=at_ms, source=source, connections=speaking[vin])
            for vin, (at_ms, source) in sorted(self.tally.latest.items())
        ]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        peer = writer.get_extra_info("peername") or ("unknown", 0)
        if task is None or self._is_stopping or not self._has_place(peer[0]):
            self.tally.turned_away += 1
            writer.transport.abort()
            return
        self.tally.connections_ever += 1
        connection = _Connection(task, peer[0], f"{peer[0]}:{peer[1]}/{self.tally.connections_ever}")
        self._live[connection.source] = connection
        self._of_address[connection.address] += 1
        session = Session(self._rules)
        _bound_buffers(writer)
        try:
            await self._converse(session, connection, reader, writer)
        except (OSError, TimeoutError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            rest = session.close()
            if rest:
                await self.keep(rest, connection.source)
            del self._live[connection.source]
            self._of_address[connection.address] -= 1
            if not self._of_address[connection.address]:
                del self._of_address[connection.address]
            writer.close()
            try:
                async with asyncio.timeout(self._limits.slow_seconds):
                    await writer.wait_closed()
            except (OSError, TimeoutError):
                writer.transport.abort()

    def _has_place(self, address: str) -> bool:
        most = self._connections_max
        return len(self._live) < most and self._of_address[address] < max(1, most // 2)

    async def _converse(
        self,
        session: Session,
        connection: _Connection,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        clock = asyncio.get_running_loop().time
        deadline = clock() + self._limits.first_seconds
        while not (session.is_exhausted or self._is_stopping):
            async with asyncio.timeout_at(deadline):
                connection.is_waiting = True
                chunk = await reader.read(READ_BYTES)
                connection.is_waiting = False
            if not chunk:
                return
            rows = session.feed(chunk)
            if not rows:
                continue
            deadline = clock() + self._limits.idle_seconds
            await self._answer(rows, connection, writer)

    async def _answer(self, rows: Sequence[SessionRow], connection: _Connection, writer: asyncio.StreamWriter) -> None:
        kept = await self.keep(rows, connection.source)
        if len(connection.vins) < VINS_OF_A_CONNECTION_MAX:
            connection.vins.update(row.vin for row in rows if row.vin is not None)
        replies = b"".join(row.reply if kept else row.refusal for row in rows)
        if replies:
            writer.write(replies)
            async with asyncio.timeout(self._limits.slow_seconds):
                await writer.drain()


def _connections_possible() -> int:
    """So many connections the operating system gives this process files for, beside those that it needs itself."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if soft == resource.RLIM_INFINITY else max(1, soft - FILES_OF_ITS_OWN)


def _bound_buffers(writer: asyncio.StreamWriter) -> None:
    writer.transport.set_write_buffer_limits(high=REPLY_BYTES)
    found = writer.get_extra_info("socket")
    if found is not None:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, REPLY_BYTES)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, READ_BYTES)
