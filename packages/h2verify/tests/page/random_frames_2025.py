"""Frames of edition 2025 at random: vehicle, hydrogen system, stacks, position, and items with counts."""

import random

from h2verify.gbt32960 import xor_of

VIN = b"LTESTHYDR0GEN0002"


def frame_2025(draw: random.Random) -> bytes:
    """A whole real-time frame of items in any order."""
    items = [_vehicle(draw), _hydrogen(draw), _stacks(draw), _position(draw)]
    items += draw.sample([_alarm(draw), _temperatures(draw), _custom(draw), _signature(draw)], draw.randrange(5))
    draw.shuffle(items)
    unit = bytes((26, 3, draw.randrange(1, 32), draw.randrange(24), draw.randrange(60), draw.randrange(60)))
    unit += b"".join(items)
    checked = bytes((draw.choice((2, 3)), 0xFE)) + VIN + b"\x01" + len(unit).to_bytes(2) + unit
    return b"$$" + checked + bytes((xor_of(checked),))


def _two(draw: random.Random, last: int) -> bytes:
    return draw.choice((draw.randrange(last + 1), draw.randrange(last + 1), 0xFFFE, 0xFFFF)).to_bytes(2)


def _vehicle(draw: random.Random) -> bytes:
    moved = _two(draw, 5000) + draw.randrange(10_000_000).to_bytes(4)
    return b"\x01\x01\x03\x01" + moved + _two(draw, 60_000) * 2 + b"\x50\x01\x00" + _two(draw, 60_000)


def _hydrogen(draw: random.Random) -> bytes:
    return b"\x03" + _two(draw, 250) + b"\x01" + _two(draw, 60_000) + b"\x01" + _two(draw, 1000) + b"\x01\x01\x40\x50"


def _stacks(draw: random.Random) -> bytes:
    count = draw.choice((0, 1, 2, 2, 2, 0xFE, 0xFF))
    stacks = b""
    for number in range(count if count < 0xFE else 0):
        probes = draw.randrange(3)
        stacks += bytes((number + 1,)) + _two(draw, 20_000) + draw.randrange(20_000).to_bytes(2)
        stacks += _two(draw, 5000) * 2 + b"\x60" + probes.to_bytes(2) + b"\x64" * probes
    return bytes((0x30, count)) + stacks


def _position(draw: random.Random) -> bytes:
    places = draw.randrange(181_000_000).to_bytes(4) + draw.randrange(91_000_000).to_bytes(4)
    return bytes((5, draw.randrange(8), draw.randrange(4))) + places


def _alarm(draw: random.Random) -> bytes:
    faults = b"".join(bytes((count,)) + draw.randbytes(4 * count) for count in (0, 1, 2, 0))
    return b"\x06\x01" + draw.randbytes(4) + faults + b"\x01" + draw.randbytes(2)


def _temperatures(draw: random.Random) -> bytes:
    return b"\x08\x01\x01" + (3).to_bytes(2) + draw.randbytes(3)


def _custom(draw: random.Random) -> bytes:
    size = draw.randrange(20)
    return bytes((draw.randrange(0x80, 0xFF),)) + size.to_bytes(2) + draw.randbytes(size)


def _signature(draw: random.Random) -> bytes:
    return b"\xff\x01" + (4).to_bytes(2) + draw.randbytes(4) + (0).to_bytes(2)
