"""A gateway killed under load, again and again: what a client saw acknowledged is in the sealed files, exactly once.

    python bench/gateway_soak.py [ROUNDS] [SEED]

A process receives and seals twenty times a second; clients on several connections send frames that differ; after a
random time it is killed (`kill -9`), and another one begins on the same workspace. At the end all is sealed and every
frame is counted.
"""

import asyncio
import gzip
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from h2corridor.app.bootstrap import DoorSettings, open_doors
from h2corridor.protocols.gbt32960 import encode_frame
from h2corridor.store.files import Workspace

CONNECTIONS = 8
FRAMES_AT_ONCE = 5
REPLY_BYTES = 31
ALIVE_SECONDS = (0.05, 0.6)
NOW_MS = 1_772_409_600_000
_SERVER = """
import sys, threading
from pathlib import Path
from h2corridor.app.live import LiveDoors, LiveRequest
from h2corridor.store.files import SegmentLog
workspace = Path(sys.argv[1])
request = LiveRequest(host="127.0.0.1", port=0, now_ms=lambda: 1_772_409_600_000, seal_seconds=0.05)
print(LiveDoors(workspace, SegmentLog(workspace / "gateway"), request).address, flush=True)
threading.Event().wait()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of the frames of all rounds."""

    rounds: int
    sent: int
    acknowledged: int
    lost: int
    doubled: int
    sealed: int


def numbered_frame(vin: str, number: int) -> bytes:
    """A frame that no other equals: its number stands in the data unit, as an item of the manufacturer's own."""
    time_raw = bytes((26, 3, 2, 8, 0, 0))
    return encode_frame(
        edition=2016, command=0x02, vin=vin.encode(), data_unit=time_raw + b"\x80\0\x08" + number.to_bytes(8)
    )


def list_sealed(inbox: Path) -> Counter[bytes]:
    """How often each frame stands in the telemetry files of an inbox."""
    found: Counter[bytes] = Counter()
    for path in inbox.glob("telemetry/*/*.csv.gz"):
        lines = gzip.decompress(path.read_bytes()).splitlines()[1:]
        found.update(bytes.fromhex(line.partition(b",")[2].decode()) for line in lines)
    return found


def run_rounds(workspace: Path, rounds: int, seed: int) -> Kept:
    """Kill a receiving process `rounds` times, then count."""
    chance = random.Random(seed)
    Workspace.create_or_open(workspace, now_ms=NOW_MS, software="soak").close()
    sent: set[bytes] = set()
    acknowledged: set[bytes] = set()
    for number in range(rounds):
        load = _Load(number, sent, acknowledged)
        _one_round(workspace, chance.uniform(*ALIVE_SECONDS), load)
    with open_doors(workspace, DoorSettings(), now_ms=lambda: NOW_MS):
        pass  # closing seals
    sealed = list_sealed(workspace / "inbox")
    return Kept(
        rounds=rounds,
        sent=len(sent),
        acknowledged=len(acknowledged),
        lost=len(acknowledged - sealed.keys()),
        doubled=sum(count > 1 for count in sealed.values()),
        sealed=len(sealed),
    )


def _one_round(workspace: Path, alive_s: float, load: "_Load") -> None:
    process = subprocess.Popen([sys.executable, "-c", _SERVER, str(workspace)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        host, _, port = process.stdout.readline().strip().rpartition(":")

        async def kill_under_load() -> None:
            clients = [asyncio.create_task(load.send(host, int(port), each)) for each in range(CONNECTIONS)]
            await asyncio.sleep(alive_s)
            process.send_signal(signal.SIGKILL)
            await asyncio.gather(*clients)

        asyncio.run(kill_under_load())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@dataclass(frozen=True, slots=True)
class _Load:
    """The clients of one round, and what they have sent and seen acknowledged so far."""

    round_number: int
    sent: set[bytes]
    acknowledged: set[bytes]

    async def send(self, host: str, port: int, client: int) -> None:
        """Send a few frames, await their replies, and so on until the server is gone."""
        serial = self.round_number << 32
        with suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                while True:
                    numbers = range(serial, serial + FRAMES_AT_ONCE)
                    serial += FRAMES_AT_ONCE
                    frames = [numbered_frame(f"LTESTHYDR0GEN{client:04d}", number) for number in numbers]
                    self.sent.update(frames)
                    writer.write(b"".join(frames))
                    for frame in frames:
                        reply = await reader.readexactly(REPLY_BYTES)
                        if reply[3] == 0x01:
                            self.acknowledged.add(frame)
            finally:
                writer.transport.abort()


def main() -> None:
    """Print what was counted; fails where a frame is lost or stands twice."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns()
    with tempfile.TemporaryDirectory() as folder:
        kept = run_rounds(Path(folder) / "workspace", rounds, seed)
    sys.stdout.write(
        f"gateway killed {kept.rounds} times (seed {seed}): {kept.sent} frames sent, {kept.acknowledged} acknowledged, "
        f"{kept.lost} of these lost, {kept.doubled} doubled; {kept.sealed} sealed\n"
    )
    sys.exit(1 if kept.lost or kept.doubled or not kept.acknowledged else 0)


if __name__ == "__main__":
    main()
