"""One server with every kind of hostile client at once, and a good one beside them that is served all the same."""

import asyncio
import random
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest

from h2corridor.intake.gateway import Gateway, GatewayLimits, server
from h2corridor.model.errors import StorageError
from h2corridor.model.received_frames import ReceivedFrame
from h2corridor.protocols.gbt32960 import SessionRules, encode_frame

TIME = bytes((26, 3, 2, 8, 15, 30))
NOW_MS = 1_772_409_600_000
REPLY_BYTES = 31
REGISTERED = frozenset(f"LTESTHYDR0GEN{number:04d}" for number in range(20))
LIMITS = GatewayLimits(connections_max=60, first_seconds=0.4, idle_seconds=0.4, slow_seconds=0.4)
# Where good clients speak at the same time: as long as a busy machine may take to give each of them its turn.
PATIENT = GatewayLimits(connections_max=60, first_seconds=4, idle_seconds=4, slow_seconds=4)


class _Memory:
    """A frame log that takes a moment, as a disk does, and may be full."""

    def __init__(self) -> None:
        self.frames: list[ReceivedFrame] = []
        self.is_full = False

    async def append(self, frames: Sequence[ReceivedFrame]) -> None:
        await asyncio.sleep(0.001)
        if self.is_full:
            raise StorageError("storage.full", "the disk is full.")
        self.frames += frames

    def finish(self) -> None: ...

    def list_finished(self) -> Sequence[int]:
        return []

    def list_faults(self) -> Sequence[str]:
        return []

    def read(self, number: int) -> Iterator[ReceivedFrame]:
        return iter(())

    def remove(self, number: int) -> None: ...

    def sources_of(self, vin: str) -> Counter[str]:
        return Counter(frame.source for frame in self.frames if frame.vin == vin)


def _frame(number: int, vin: str = "LTESTHYDR0GEN0001", command: int = 0x02) -> bytes:
    return encode_frame(
        edition=2016, command=command, vin=vin.encode(), data_unit=TIME + b"\x80\0\4" + number.to_bytes(4)
    )


def _vin(number: int) -> str:
    return f"LTESTHYDR0GEN{number:04d}"


@asynccontextmanager
async def _serving(limits: GatewayLimits = LIMITS) -> AsyncIterator[tuple[Gateway, _Memory, int]]:
    log = _Memory()
    rules = SessionRules(now_ms=lambda: NOW_MS, is_registered=REGISTERED.__contains__)
    gateway = Gateway(log, rules, lambda: NOW_MS, limits)
    port = await gateway.start("127.0.0.1", 0)
    try:
        yield gateway, log, port
    finally:
        await gateway.stop()


async def _ask(port: int, frames: Sequence[bytes]) -> list[int]:
    """Send each frame when the one before was answered; the response flags."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    flags = []
    for frame in frames:
        writer.write(frame)
        flags.append((await reader.readexactly(REPLY_BYTES))[3])
    writer.close()
    return flags


async def _until_closed(reader: asyncio.StreamReader) -> bytes:
    with suppress(ConnectionError):
        return await reader.read(-1)
    return b""


async def _slow(port: int) -> None:
    """A byte at a time, and the last one never."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for byte in _frame(0, _vin(2))[:-1]:
        writer.write(bytes((byte,)))
        await asyncio.sleep(0)

    assert b"" == await _until_closed(reader)
    writer.close()


async def _silent(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    assert b"" == await _until_closed(reader)
    writer.close()


async def _deaf(port: int) -> None:
    """Sends and never takes a reply: it is dropped, and until then waits for itself only."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, ("127.0.0.1", port))
    batch = b"".join(_frame(number, _vin(3)) for number in range(500))
    with pytest.raises(ConnectionError):
        while True:
            await loop.sock_sendall(client, batch)
    client.close()


async def _oversized(port: int) -> None:
    """A header that promises the longest frame there is, and then nothing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = b"##\x02\xfe" + _vin(4).encode() + b"\x01\xff\xfb"
    writer.write(_frame(0, _vin(4), 0x01) + head + b"\0" * 30_000)

    assert REPLY_BYTES == len(await _until_closed(reader))
    writer.close()


async def _garbage(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    chance = random.Random(1)
    with suppress(ConnectionError):
        for _ in range(40):
            writer.write(chance.randbytes(65_536))
            await writer.drain()
    await _until_closed(reader)
    writer.close()


async def _reconnecting(port: int) -> None:
    for _ in range(30):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(_frame(0, _vin(5))[:30])
        writer.transport.abort()
        await asyncio.sleep(0)


async def _cloned(port: int) -> None:
    frames = [_frame(number, _vin(6)) for number in range(5)]

    assert [[0x01] * 5] * 2 == await asyncio.gather(_ask(port, frames), _ask(port, frames))


async def _unregistered(port: int) -> None:
    assert [0x02, 0x02] == await _ask(port, [_frame(0, _vin(99), 0x01), _frame(1, _vin(99))])


HOSTILE: tuple[Callable[[int], Awaitable[None]], ...] = (
    _slow, _silent, _deaf, _oversized, _garbage, _reconnecting, _cloned, _unregistered,
)  # fmt: skip


def test_whatever_hostile_clients_do_a_good_one_is_acknowledged_and_all_bytes_are_kept() -> None:
    async def all_at_once() -> tuple[list[int], _Memory, Gateway]:
        async with _serving(PATIENT) as (gateway, log, port):
            flags: list[int] = []

            async def good() -> None:
                number = 0
                while True:
                    flags.extend(await _ask(port, [_frame(number)]))
                    number += 1

            beside = asyncio.create_task(good())
            try:
                await asyncio.gather(*(hostile(port) for hostile in HOSTILE))
            finally:
                beside.cancel()
                with suppress(asyncio.CancelledError):
                    await beside
        return flags, log, gateway

    flags, log, gateway = asyncio.run(all_at_once())
    good = [frame.data for frame in log.frames if frame.vin == _vin(1)]

    assert len(flags) > 20
    assert {0x01} == set(flags)
    assert [_frame(number) for number in range(len(flags))] == good[: len(flags)]
    assert [5, 5] == sorted(log.sources_of(_vin(6)).values())
    assert [_frame(0, _vin(99), 0x01), _frame(1, _vin(99))] == [f.data for f in log.frames if f.vin == _vin(99)]
    assert [_frame(0, _vin(2))[:-1]] == [frame.data for frame in log.frames if frame.data[4:21] == _vin(2).encode()]
    assert 30_024 + len(_frame(0)) == sum(len(frame.data) for frame in log.frames if frame.vin == _vin(4))
    assert gateway.tally.bytes_not_frames > 1_000_000
    assert 0 == gateway.connections


def test_a_connection_too_many_is_closed_at_once_and_the_others_stay() -> None:
    """Of four places one address has two at most."""

    async def crowd() -> tuple[list[int], int]:
        async with _serving(GatewayLimits(connections_max=4)) as (gateway, _, port):
            kept = [await _from(address, port) for address in ("127.0.0.1", "127.0.0.2") * 2]
            for address in ("127.0.0.1", "127.0.0.3"):
                reader, writer = await _from(address, port)

                assert b"" == await _until_closed(reader)
                writer.close()
            for _, each in kept:
                each.write(_frame(0))
            return [(await each.readexactly(REPLY_BYTES))[3] for each, _ in kept], gateway.tally.turned_away

    assert ([0x01] * 4, 2) == asyncio.run(crowd())


def test_one_address_takes_no_place_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_connections_possible", lambda: 4)

    async def crowd() -> list[int]:
        async with _serving(GatewayLimits(connections_max=1000)) as (gateway, _, port):
            silent = [await _from("127.0.0.1", port) for _ in range(6)]
            reader, writer = await _from("127.0.0.2", port)
            writer.write(_frame(0))
            flags = [(await reader.readexactly(REPLY_BYTES))[3]]
            for _, each in silent:
                each.close()
            while gateway.connections > 1:
                await asyncio.sleep(0.001)
            again = await _from("127.0.0.1", port)
            again[1].write(_frame(1))
            return [*flags, (await again[0].readexactly(REPLY_BYTES))[3]]

    assert [0x01, 0x01] == asyncio.run(crowd())


async def _from(address: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))


def test_a_truck_on_two_live_connections_is_shown_as_a_double() -> None:
    async def clones() -> list[tuple[str, int]]:
        async with _serving() as (gateway, _, port):
            both = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
            for reader, writer in both:
                writer.write(_frame(0))
                await reader.readexactly(REPLY_BYTES)
            return [(truck.vin, truck.connections) for truck in gateway.trucks()]

    assert [(_vin(1), 2)] == asyncio.run(clones())


def test_a_full_disk_is_answered_with_errors_until_space_returns() -> None:
    async def full_for_a_while() -> tuple[list[int], list[bytes], str]:
        async with _serving() as (gateway, log, port):
            flags = await _ask(port, [_frame(0)])
            log.is_full = True
            flags += await _ask(port, [_frame(1)])
            fault = gateway.tally.disk_fault
            log.is_full = False
            flags += await _ask(port, [_frame(2)])
            return flags, [frame.data for frame in log.frames], fault

    flags, kept, fault = asyncio.run(full_for_a_while())

    assert [0x01, 0x02, 0x01] == flags
    assert [_frame(0), _frame(2)] == kept
    assert fault.startswith("storage.full")


def test_stopping_answers_what_is_under_way() -> None:
    async def stop_at_once() -> tuple[bytes, list[bytes]]:
        async with _serving() as (gateway, log, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(_frame(0) + _frame(1)[:20])
            while not gateway.connections or not log.frames:
                await asyncio.sleep(0)
            await gateway.stop()
            answered = await _until_closed(reader)
            return answered, [frame.data for frame in log.frames]

    answered, kept = asyncio.run(stop_at_once())

    assert (REPLY_BYTES, 0x01) == (len(answered), answered[3])
    assert [_frame(0), _frame(1)[:20]] == kept
