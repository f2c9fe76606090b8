"""The frame log as a replicated stream: records, and between them marks that end a segment.

    <stream>.records    one received frame a message, as MessagePack, in the order in which the servers took them
    <stream>.marks      ends a segment; its number is `NUMBERS_FROM` and the mark's sequence in the stream

A mark stands in the one order of the stream, so all servers agree on what a segment holds, and no number is used twice.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
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
from h2corridor.model.received_frames import ReceivedFrame

STREAM = "h2corridor-received"
NUMBERS_FROM = 500_000_000_000
"""Where a workspace has segments in files too, or had them, their numbers are smaller."""
DUPLICATE_WINDOW_S = 600
"""How long the servers remember the ids of records."""
GIVE_UP_S = 120
"""How long anything is tried: well inside the window, so that the servers know what is sent again."""
ANSWERED_WITHIN_S = 5
PAUSE_S = 0.2
AT_ONCE = 512
"""Records that are under way together, and messages that are read together."""

_FAULTS = (NatsError, TimeoutError, OSError)
_Result = TypeVar("_Result")


class JetStreamLog:
    """One writer's way to the stream, which is made where it is absent; a port of `intake.gateway.FrameLog`.

    Parameters
    ----------
    servers : addresses, as `nats://HOST:PORT`
    writer : names this writer among all that ever wrote; the ids of its records begin with it
    stream : the stream's name
    replicas : how many servers keep it
    on_close : called when the servers have been let go of

    Raises
    ------
    StorageError
        `frame-log.refused`: the servers cannot be reached, or have a stream of this name and another kind.
    """

    def __init__(
        self,
        servers: Sequence[str],
        *,
        writer: str,
        stream: str = STREAM,
        replicas: int = 3,
        on_close: Callable[[], None] = lambda: None,
    ) -> None:
        self._on_close = on_close
        self._stream = stream
        self._writer = writer
        self._sent = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="jetstream", daemon=True)
        self._thread.start()
        self._client = Client()
        self._jetstream: JetStreamContext = self._client.jetstream(timeout=ANSWERED_WITHIN_S)
        self._free = asyncio.Semaphore(AT_ONCE)
        try:
            self._wait(self._open(servers, replicas))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the servers."""
        if self._loop.is_closed():
            return
        try:
            self._wait(self._client.close())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
        finally:
            self._on_close()

    async def append(self, frames: Sequence[ReceivedFrame]) -> None:
        """Return when a majority of the stream's servers has acknowledged every frame.

        Raises
        ------
        StorageError
            `frame-log.refused`: not in time. Any of them may be in the log, none is to be acknowledged.
        """
        await asyncio.wrap_future(self._begin(self._append([msgspec.msgpack.encode(frame) for frame in frames])))

    def finish(self) -> None:
        """Set a mark behind the last record, if one came since the last mark."""
        self._wait(self._finish())

    def list_finished(self) -> Sequence[int]:
        """The numbers of the segments that can be sealed, in order."""
        return [NUMBERS_FROM + mark for mark in self._wait(self._marks())]

    def list_faults(self) -> Sequence[str]:
        """Nothing: the servers keep whole messages."""
        return ()

    def read(self, number: int) -> Iterator[ReceivedFrame]:
        """The frames of a finished segment, each once."""
        end = number - NUMBERS_FROM
        at = 1 + max((mark for mark in self._wait(self._marks()) if mark < end), default=0)
        seen: set[str] = set()
        while True:
            for message in self._wait(self._read(f"{self._stream}.*", at)):
                at = message.metadata.sequence.stream + 1
                if at > end:
                    return
                record_id = (message.headers or {}).get(Header.MSG_ID, "")
                if record_id not in seen:
                    seen.add(record_id)
                    yield msgspec.msgpack.decode(message.data, type=ReceivedFrame)

    def remove(self, number: int) -> None:
        """Forget a finished segment; the earliest goes first, for a stream is cut at its beginning.

        Raises
        ------
        StorageError
            `frame-log.order`: an earlier one is still there.
        """
        finished = self.list_finished()
        if number not in finished[:1]:
            fault = f"segment {number} is not the earliest of {list(finished)}."
            next_step = "Seal and remove the earlier ones first."
            raise StorageError("frame-log.order", fault, about=self._stream, next_step=next_step)
        self._wait(self._tried(lambda: self._jetstream.purge_stream(self._stream, seq=number - NUMBERS_FROM + 1)))

    def _begin(self, work: Coroutine[Any, Any, _Result]) -> Future[_Result]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _wait(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return self._begin(work).result()

    async def _open(self, servers: Sequence[str], replicas: int) -> None:
        wanted = StreamConfig(
            name=self._stream,
            subjects=[f"{self._stream}.*"],
            num_replicas=replicas,
            storage=StorageType.FILE,
            retention=RetentionPolicy.LIMITS,
            discard=DiscardPolicy.NEW,
            duplicate_window=DUPLICATE_WINDOW_S,
        )
        connected = self._client.connect(
            list(servers), error_cb=_left_to_calls, max_reconnect_attempts=-1, reconnect_time_wait=1
        )
        try:
            await asyncio.wait_for(connected, ANSWERED_WITHIN_S)
        except _FAULTS as error:
            raise self._refused(error) from error
        await self._tried(lambda: self._jetstream.add_stream(wanted))

    async def _append(self, contents: Sequence[bytes]) -> None:
        first = self._sent
        self._sent += len(contents)
        await asyncio.gather(
            *(self._publish("records", f"{self._writer}-{number}", each) for number, each in enumerate(contents, first))
        )

    async def _publish(self, kind: str, message_id: str, content: bytes) -> None:
        # No answer leaves open whether the message is there: it is sent again, and its id decides.
        async with self._free:
            await self._tried(
                lambda: self._jetstream.publish(
                    f"{self._stream}.{kind}", content, stream=self._stream, headers={Header.MSG_ID: message_id}
                )
            )

    async def _finish(self) -> None:
        marks = await self._marks()
        state = (await self._tried(lambda: self._jetstream.stream_info(self._stream))).state
        if state.messages and state.last_seq not in marks:
            await self._publish("marks", f"{self._writer}-mark-after-{state.last_seq}", b"")

    async def _marks(self) -> list[int]:
        marks: list[int] = []
        while found := await self._read(f"{self._stream}.marks", marks[-1] + 1 if marks else 1):
            marks += [message.metadata.sequence.stream for message in found]
        return marks

    async def _read(self, subject: str, first: int) -> list[Msg]:
        """Read at most `AT_ONCE` messages of a subject from a sequence on; none when there are none."""
        from_there = ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=first,
            ack_policy=AckPolicy.NONE,
            inactive_threshold=60,
        )

        async def read() -> list[Msg]:
            reader = await self._jetstream.pull_subscribe(subject, stream=self._stream, config=from_there)
            waiting = (await reader.consumer_info()).num_pending or 0
            found = await reader.fetch(min(waiting, AT_ONCE), ANSWERED_WITHIN_S) if waiting else []
            await reader.unsubscribe()
            return found

        messages: list[Msg] = await self._tried(read)
        return messages

    async def _tried(self, call: Any) -> Any:
        """Give what a call gives; one that fails is made again for so long, as when the servers choose a leader."""
        until = self._loop.time() + GIVE_UP_S
        while True:
            try:
                return await call()
            except _FAULTS as error:
                if isinstance(error, BadRequestError) or self._loop.time() > until:
                    raise self._refused(error) from error
            await asyncio.sleep(PAUSE_S)

    def _refused(self, why: Exception) -> StorageError:
        fault = f"the servers of the stream refused or did not answer: {why!r}."
        next_step = "See that a majority of them runs, reaches each other and has room for this stream."
        return StorageError("frame-log.refused", fault, about=self._stream, next_step=next_step)


async def _left_to_calls(_: Exception) -> None:
    """A lost connection is no fault by itself: the call that could not be made says so."""
