"""Append records to a replicated stream and read them back in the order in which the stream holds them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    Header,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import BadRequestError

from h2corridor.model.errors import StorageError

STREAM = "h2corridor-received"
DUPLICATE_WINDOW_S = 600
"""How long the servers remember the ids of records."""
GIVE_UP_S = 120
"""How long an append is tried: well inside the window, so that what is sent again is always known."""
ACKNOWLEDGED_WITHIN_S = 5
PAUSE_S = 0.2
AT_ONCE = 512
"""Records of one append that are under way together."""
READ_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRecord:
    """A record with its place in the stream, counted from 1."""

    sequence: int
    content: bytes


class JetStreamLog:
    """One writer's way to the stream; make it with `open_log`."""

    def __init__(self, client: Client, stream: str, writer: str) -> None:
        self._jetstream: JetStreamContext = client.jetstream(timeout=ACKNOWLEDGED_WITHIN_S)
        self._stream = stream
        self._writer = writer
        self._sent = 0
        self._free = asyncio.Semaphore(AT_ONCE)

    async def append(self, contents: Sequence[bytes]) -> None:
        """Append records; returns when a quorum of the stream's servers has acknowledged every one.

        Raises
        ------
        StorageError
            `frame-log.refused`: not acknowledged in time, or the stream is full. Any of the records may be in the stream.
        """
        first = self._sent
        self._sent += len(contents)
        ids = (f"{self._writer}-{first + offset}" for offset in range(len(contents)))
        await asyncio.gather(*map(self._append_one, ids, contents))

    async def _append_one(self, record_id: str, content: bytes) -> None:
        until = _now() + GIVE_UP_S
        async with self._free:
            while True:
                try:
                    await self._jetstream.publish(
                        _subject(self._stream), content, stream=self._stream, headers={Header.MSG_ID: record_id}
                    )
                    return
                except (NatsError, asyncio.TimeoutError, OSError) as error:
                    # No leader yet, no connection, or no answer in time: the record may be there or not, its id decides.
                    if _now() > until:
                        raise _refused(self._stream, error) from error
                await asyncio.sleep(PAUSE_S)

    async def bounds(self) -> tuple[int, int]:
        """Give the sequences of the first and last record that the stream holds; the first is one more than the last in
        an empty one.
        """
        state = (await self._jetstream.stream_info(self._stream)).state
        return state.first_seq, state.last_seq

    async def read(self, first: int, last: int) -> AsyncIterator[LoggedRecord]:
        """Read the records from one sequence to another, both inclusive, each once.

        Raises
        ------
        StorageError
            `frame-log.refused`: no server gave the next record in time.
        """
        seen: set[str] = set()
        until = _now() + GIVE_UP_S
        while first <= last:
            records = await self._read_some(first, last)
            if records:
                until = _now() + GIVE_UP_S
            elif _now() > until:
                raise _refused(self._stream, f"record {first} was not given within {GIVE_UP_S} s")
            for sequence, record_id, content in records:
                if record_id not in seen:
                    yield LoggedRecord(sequence=sequence, content=content)
                seen.add(record_id)
                first = sequence + 1

    async def _read_some(self, first: int, last: int) -> list[tuple[int, str, bytes]]:
        """Read what comes at once from one sequence on; a reader that lost its server asks again from there."""
        starts = ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=first,
            ack_policy=AckPolicy.NONE,
            inactive_threshold=60,
        )
        found: list[tuple[int, str, bytes]] = []
        try:
            reader = await self._jetstream.pull_subscribe(_subject(self._stream), stream=self._stream, config=starts)
            while first <= last:
                for message in await reader.fetch(min(READ_AT_ONCE, last - first + 1), ACKNOWLEDGED_WITHIN_S):
                    first = message.metadata.sequence.stream + 1
                    found.append((first - 1, (message.headers or {})[Header.MSG_ID], message.data))
            await reader.unsubscribe()
        except (NatsError, asyncio.TimeoutError):
            await asyncio.sleep(PAUSE_S)
        return found

    async def forget(self, last: int) -> None:
        """Remove the records up to a sequence, inclusive: what they say stands elsewhere."""
        await self._jetstream.purge_stream(self._stream, seq=last + 1)


@asynccontextmanager
async def open_log(
    servers: Sequence[str], *, writer: str, stream: str = STREAM, replicas: int = 3
) -> AsyncIterator[JetStreamLog]:
    """Open the stream, made where it is absent.

    Parameters
    ----------
    servers : addresses, as `nats://HOST:PORT`
    writer : names this writer among all that ever wrote; the ids of its records begin with it
    stream : its name
    replicas : how many servers keep it

    Raises
    ------
    StorageError
        `frame-log.refused`: the servers cannot be reached, or have a stream of this name and another kind.
    """
    try:
        client = await nats.connect(
            list(servers), error_cb=_left_to_appends, max_reconnect_attempts=-1, reconnect_time_wait=PAUSE_S
        )
    except (NatsError, asyncio.TimeoutError, OSError) as error:
        raise _refused(stream, error) from error
    try:
        await _ensure(client.jetstream(timeout=GIVE_UP_S), stream, replicas)
        yield JetStreamLog(client, stream, writer)
    finally:
        await client.close()


async def _ensure(jetstream: JetStreamContext, stream: str, replicas: int) -> None:
    wanted = StreamConfig(
        name=stream,
        subjects=[_subject(stream)],
        num_replicas=replicas,
        storage=StorageType.FILE,
        retention=RetentionPolicy.LIMITS,
        discard=DiscardPolicy.NEW,
        duplicate_window=DUPLICATE_WINDOW_S,
    )
    until = _now() + GIVE_UP_S
    while True:
        try:
            await jetstream.add_stream(wanted)
            return
        except BadRequestError as error:
            raise _refused(stream, error) from error
        except (NatsError, asyncio.TimeoutError) as error:
            # A cluster that has just started has no leader yet.
            if _now() > until:
                raise _refused(stream, error) from error
        await asyncio.sleep(PAUSE_S)


async def _left_to_appends(_: Exception) -> None:
    """A lost connection is no fault by itself: appends and reads say when they could not be done."""


def _now() -> float:
    return asyncio.get_running_loop().time()


def _subject(stream: str) -> str:
    return f"{stream}.records"


def _refused(stream: str, why: object) -> StorageError:
    fault = f"the servers of the stream did not do it: {why}."
    next_step = "See that a majority of them runs, reaches each other and has room; then send again what was not acknowledged."
    return StorageError("frame-log.refused", fault, about=stream, next_step=next_step)
