"""How many frames a second become durable through the gateway, beside what the disk alone does in the same moments.

    python bench/gateway.py [FRAMES]

Interleaved, so that both see the same disk: one frame at a time appended and synced to a file of its own
(`fdatasync`), then one client that waits for each reply, then many clients at once. What counts are the ratios; the
rates are this machine's.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from h2corridor.app.bootstrap import DoorSettings, open_doors
from h2corridor.app.live import LiveDoors
from h2corridor.protocols.gbt32960 import encode_frame

ROUNDS = 5
SYNCED_FRAMES = 200
CLIENTS = 50
AT_ONCE = 20
REPLY_BYTES = 31
NOW_MS = 1_772_409_600_000


def _frame(number: int) -> bytes:
    data_unit = bytes((26, 3, 2, 8, 0, 0)) + b"\x80\0\xf0" + number.to_bytes(240)
    return encode_frame(edition=2016, command=0x02, vin=b"LTESTHYDR0GEN0001", data_unit=data_unit)


def disk_rate(folder: Path) -> float:
    """Frames a second that the disk takes one by one, each synced."""
    frame = _frame(0)
    descriptor = os.open(folder / "synced", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    begun = time.perf_counter()
    for _ in range(SYNCED_FRAMES):
        os.write(descriptor, frame)
        os.fdatasync(descriptor)
    taken = time.perf_counter() - begun
    os.close(descriptor)
    return SYNCED_FRAMES / taken


def gateway_rate(doors: LiveDoors, frames: int, clients: int, at_once: int) -> float:
    """Frames a second that clients together see acknowledged."""
    host, _, port = doors.address.rpartition(":")
    each = max(1, frames // clients // at_once)
    batch = b"".join(_frame(number) for number in range(at_once))

    async def client() -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        for _ in range(each):
            writer.write(batch)
            await reader.readexactly(REPLY_BYTES * at_once)
        writer.close()

    async def together() -> float:
        begun = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(clients)))
        return each * clients * at_once / (time.perf_counter() - begun)

    return asyncio.run(together())


def main() -> None:
    """Print the medians of all rounds and their ratios."""
    frames = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    disk, one, many = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_doors(folder / "workspace", DoorSettings(), now_ms=lambda: NOW_MS) as doors:
            for _ in range(ROUNDS):
                disk.append(disk_rate(folder))
                one.append(gateway_rate(doors, SYNCED_FRAMES, 1, 1))
                many.append(gateway_rate(doors, frames, CLIENTS, AT_ONCE))
    rates = [statistics.median(each) for each in (disk, one, many)]
    sys.stdout.write(
        f"gateway, median of {ROUNDS}: the disk alone {rates[0]:,.0f} synced frames/s; "
        f"one client that waits {rates[1]:,.0f}/s, ratio {rates[1] / rates[0]:.2f}; "
        f"{CLIENTS} clients with {AT_ONCE} frames under way each {rates[2]:,.0f}/s, ratio {rates[2] / rates[0]:.2f}\n"
    )


if __name__ == "__main__":
    main()
