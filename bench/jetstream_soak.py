"""Frames appended to a stream of three servers while its leader is killed again and again.

    python bench/jetstream_soak.py [KILLS]          so many leaders (10, or SOAK_KILLS), killed with SIGKILL

Writers append without pause. Every few seconds the server that leads the stream is killed and, once another leads,
started again. At the end the stream is read back: what was acknowledged and is absent is lost, what stands in it twice
is doubled.
"""

import asyncio
import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import nats
from nats_cluster import NatsCluster, started_cluster

from h2corridor.model.received_frames import ReceivedFrame
from h2corridor.store.jetstream import JetStreamLog
from h2corridor.store.jetstream.frame_log import NUMBERS_FROM

KILLS_DEFAULT = 10
WRITERS, BATCH, CONTENT_BYTES = 4, 64, 400
BETWEEN_KILLS_S, LEADER_WITHIN_S = 3.0, 60.0
STREAM = "soak"


@dataclass
class Counts:
    """What happened."""

    acknowledged: set[bytes] = field(default_factory=set)
    appends: int = 0
    slowest_s: float = 0.0
    kills: int = 0
    lost: int = 0
    doubled: int = 0
    stored: int = 0


async def soak(cluster: NatsCluster, kills: int, *, between_s: float = BETWEEN_KILLS_S) -> Counts:
    """Append under load, kill leaders, read back."""
    counts = Counts()
    stop = asyncio.Event()
    logs = [
        await asyncio.to_thread(JetStreamLog, cluster.addresses, writer=f"w{number}", stream=STREAM)
        for number in range(WRITERS)
    ]
    writers = [asyncio.create_task(_write(log, number, counts, stop)) for number, log in enumerate(logs)]
    for _ in range(kills):
        await asyncio.sleep(between_s)
        await _kill_leader(cluster)
        counts.kills += 1
    await asyncio.sleep(between_s)
    stop.set()
    await asyncio.gather(*writers)
    await asyncio.to_thread(_count, logs[0], counts)
    for log in logs:
        await asyncio.to_thread(log.close)
    return counts


async def _write(log: JetStreamLog, number: int, counts: Counts, stop: asyncio.Event) -> None:
    batch = 0
    while not stop.is_set():
        frames = [_frame(f"{number}-{batch}-{place}") for place in range(BATCH)]
        began = time.monotonic()
        await log.append(frames)
        counts.slowest_s = max(counts.slowest_s, time.monotonic() - began)
        counts.acknowledged.update(frame.data for frame in frames)
        counts.appends += 1
        batch += 1


def _frame(name: str) -> ReceivedFrame:
    data = name.encode().ljust(CONTENT_BYTES, b".")
    return ReceivedFrame(received_at_ms=0, source="127.0.0.1:1/1", vin="LZYTBGCW0N1000001", data=data)


async def _kill_leader(cluster: NatsCluster) -> None:
    """Kill the server that leads, wait until another does, start it again and wait until it has caught up."""
    number = await _leader(cluster, other_than=None)
    await asyncio.to_thread(cluster.kill, number)
    await _leader(cluster, other_than=number)
    cluster.start(number)
    await asyncio.to_thread(cluster.wait_until_current, number)


async def _leader(cluster: NatsCluster, other_than: int | None) -> int:
    until = time.monotonic() + LEADER_WITHIN_S
    while time.monotonic() < until:
        try:
            client = await nats.connect(cluster.addresses, allow_reconnect=False, error_cb=_expected)
            try:
                found = (await client.jetstream(timeout=2).stream_info(STREAM)).cluster
            finally:
                await client.close()
            if found and found.leader and found.leader != f"n{other_than}":
                return int(re.sub(r"\D", "", found.leader))
        except (nats.errors.Error, OSError, TimeoutError):
            pass
        await asyncio.sleep(0.2)
    raise TimeoutError(f"no leader within {LEADER_WITHIN_S} s")


async def _expected(_: Exception) -> None:
    """A server that was killed does not answer."""


def _count(log: JetStreamLog, counts: Counts) -> None:
    log.finish()
    (number,) = log.list_finished()
    read = Counter(frame.data for frame in log.read(number))
    counts.stored = number - NUMBERS_FROM - 1  # the stream counts from 1, and the mark is its last
    counts.lost = len(counts.acknowledged - read.keys())
    counts.doubled = counts.stored - len(read)


def main(arguments: list[str]) -> int:
    """Soak, print the counts."""
    kills = int(arguments[0] if arguments else os.environ.get("SOAK_KILLS", KILLS_DEFAULT))
    if shutil.which("nats-server") is None:
        raise SystemExit("needs nats-server (Debian: apt-get install nats-server)")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, started_cluster(Path(folder)) as cluster:
        counts = asyncio.run(soak(cluster, kills))
    seconds = time.monotonic() - began
    sys.stdout.write(
        f"{counts.kills:9d}  leaders killed in {seconds:.0f} s\n"
        f"{len(counts.acknowledged):9d}  frames acknowledged in {counts.appends} appends,"
        f" the slowest took {counts.slowest_s:.1f} s\n"
        f"{counts.stored:9d}  records in the stream\n"
        f"{counts.lost:9d}  acknowledged frames lost\n"
        f"{counts.doubled:9d}  frames doubled\n"
    )
    return 1 if counts.lost or counts.doubled or not counts.acknowledged else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
