"""Frames of many layouts, invented from the field table with one seed: what a decoder meets on a bad day of a fleet.

Both editions, a dozen trucks in turns, lists of three lengths, one value of fifty a sentinel, one row of fifty a
heartbeat, one of a hundred with a wrong check byte, one of two thousand in junk or cut: about what the public trials
hold.
"""

from random import Random
from typing import Any

from h2verify.gbt32960 import EDITIONS, Field, Part, Records, Run

from h2corridor.protocols.gbt32960 import encode_data_unit, encode_frame

HEARTBEAT = 7
REALTIME = 2
TRUCKS = 12
ITEMS = {
    2016: ((1, 3, 5, 6), (1, 2, 3, 5, 6, 7), (1, 3, 5, 6, 8, 9), (1, 2, 3, 5, 6, 7, 8, 9)),
    2025: ((1, 3, 5, 0x30), (1, 2, 3, 5, 6, 0x30), (1, 3, 5, 7, 8, 0x30)),
}
LISTED = {"cells_v": 48, "probes_c": 16, "probe_temps_c": 8, "coolant_outlet_temps_c": 2}
RECORDS = {"stacks": 2, "motors": 1, "subsystems": 1, "packs": 1}
SENTINEL_SHARE = 0.02


def make_frames(rows: int, seed: int = 1) -> list[bytes]:
    """So many rows, in the order they might arrive in."""
    random = Random(seed)
    trucks = [
        (year, f"LBENCHMIX{number:08d}".encode()) for number in range(TRUCKS) for year in (2016 + number % 2 * 9,)
    ]
    at = [(items, random.choice((0, 1, 2)) * 4) for items in range(4)]
    made: list[bytes] = []
    while len(made) < rows:
        year, vin = random.choice(trucks)
        number, more = random.choice(at)
        if random.random() < 0.02:
            made.append(encode_frame(edition=year, command=HEARTBEAT, vin=vin, data_unit=b""))
            continue
        items = [
            (item, _values(random, EDITIONS[year].items[item].parts, more))
            for item in ITEMS[year][number % len(ITEMS[year])]
        ]
        time_raw = bytes((26, 3, 2, *divmod(len(made) // 60 % 1440, 60), len(made) % 60))
        unit = encode_data_unit(edition=year, command=REALTIME, time_raw=time_raw, items=items)
        made.append(_damaged(random, encode_frame(edition=year, command=REALTIME, vin=vin, data_unit=unit)))
    return made


def _damaged(random: Random, frame: bytes) -> bytes:
    kind = random.randrange(4000)
    if kind < 40:
        return frame[:-1] + bytes((frame[-1] ^ 0x55,))
    if kind == 40:
        return b"\x00\x01" + frame
    if kind == 41:
        return frame[: len(frame) // 2]
    return frame


def _values(random: Random, parts: tuple[Part, ...], more: int) -> dict[str, Any]:
    """Raw values of an item; lists are longer by `more`."""
    raw: dict[str, Any] = {}
    for part in parts:
        match part:
            case Field():
                raw[part.name] = _value(random, part)
            case Run():
                count = LISTED.get(part.name, 0)
                count += more if count else 0
                raw |= {part.count.name: count, part.name: tuple(_value(random, part.element) for _ in range(count))}
            case Records():
                count = RECORDS[part.name]
                records = tuple(_values(random, part.parts, more) for _ in range(count))
                raw |= {part.count.name: count, part.name: records}
    return raw


def _value(random: Random, field: Field) -> int:
    if field.sentinels and random.random() < SENTINEL_SHARE:
        return random.choice((field.abnormal, field.invalid))
    first, last = field.valid or (0, min(field.abnormal - 1, 250))
    return random.randint(first, last)
