"""Frames of GB/T 32960: both decoders, the stream, and the encoder."""

import gzip
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from h2verify.errors import DecodeError
from h2verify.gbt32960 import (
    EDITIONS,
    FRAME_COLUMNS,
    Blob,
    Edition,
    Field,
    Instant,
    Part,
    Records,
    RowDecoder,
    Run,
    Text,
    as_json,
    decode_frame,
    frame,
    frame_columns_reference,
    frame_to_json,
    instant,
    parts,
    plan,
    ranges,
    read_row,
    reader,
    rows,
    split_stream,
    stream,
    xor_of,
)
from target import PACKAGED_TRIAL, Drawn, Target, require

from h2corridor.app import decode
from h2corridor.model.errors import InputError
from h2corridor.protocols.gbt32960 import (
    array_decoder,
    columns,
    decode_columns,
    device_times,
    encode_data_unit,
    encode_frame,
    encode_read_frame,
    encoder,
    group_plan,
)

VIN = b"TESTVIN0000000001"
COPIES = 5
"""Enough rows of one layout for the array decoder to read them as a group."""
EDITION_YEARS = tuple(EDITIONS)


def good_frames() -> list[bytes]:
    """Frames as trucks send them, and one of every item and command of both editions with its smallest content."""
    received = next(PACKAGED_TRIAL.glob("telemetry/*/*.csv.gz"))
    lines = gzip.decompress(received.read_bytes()).decode().split()[1:]
    return [bytes.fromhex(line.split(",")[1]) for line in lines[:: len(lines) // 6]] + [*_smallest()]


def _smallest() -> Iterator[bytes]:
    time = bytes((26, 3, 2, 8, 15, 30))
    for edition in EDITIONS.values():
        for item in {each.parts: each for each in edition.items.values()}.values():
            unit = encode_data_unit(
                edition=edition.year, command=2, time_raw=time, items=[(item.type, _raw(item.parts, Drawn(b"\1" * 64)))]
            )
            yield encode_frame(edition=edition.year, command=2, vin=VIN, data_unit=unit)
        for command in edition.commands.values():
            body = _raw(command.parts or (), Drawn(b"\1" * 64))
            unit = encode_data_unit(
                edition=edition.year, command=command.code, time_raw=time if command.timed else b"", body=body
            )
            yield encode_frame(edition=edition.year, command=command.code, vin=VIN, data_unit=unit)


def _raw(layout: tuple[Part, ...], drawn: Drawn) -> dict[str, Any]:
    """Raw values for the parts of a layout, with counts that agree."""
    raw: dict[str, Any] = {}
    for part in layout:
        match part:
            case Field():
                raw[part.name] = _number(part, drawn)
            case Run() | Records():
                said = drawn.below(6)
                count = said if said < 4 else (part.count.abnormal, part.count.invalid)[said - 4]
                raw[part.count.name] = count
                raw[part.name] = tuple(_one(part, drawn) for _ in range(count if said < 4 else 0))
            case Blob():
                raw[part.name] = drawn.take(drawn.below(8))
            case Text() | Instant():
                width = part.width if isinstance(part, Text) else 6
                raw[part.name] = drawn.take(width).ljust(width, b"0")
            case _:
                counts = raw[part.count_of]
                count = sum(each for each in (counts if isinstance(counts, tuple) else (counts,)) if each < 0xFE)
                width = raw[part.width_of] if part.width_of else part.width
                raw[part.name] = tuple(drawn.take(width).ljust(width, b"0") for _ in range(count if width else 0))
    return raw


def _one(part: Run | Records, drawn: Drawn) -> Any:
    return _number(part.element, drawn) if isinstance(part, Run) else _raw(part.parts, drawn)


def _number(field: Field, drawn: Drawn) -> int:
    return int.from_bytes(drawn.take(field.width).rjust(field.width, b"\0"))


def _as_json(value: Any) -> str:
    return json.dumps(value)


def check_frame(data: bytes) -> None:
    """A frame, or a DecodeError; what was accepted encodes to its own bytes, and shows as JSON."""
    try:
        read = decode_frame(data)
    except DecodeError as error:
        require(error.code.startswith("gbt32960."), "a DecodeError carries a code of the protocol")
    else:
        _as_json(frame_to_json(read))
        if read.verdict.startswith("accept"):
            require(data == encode_read_frame(read), "what was decoded encodes to the same bytes")
    require(read_row(data).outcome, "every row has an outcome")


def check_data_unit(data: bytes) -> None:
    """Any data unit of any command in a sound frame."""
    drawn = Drawn(data)
    year, command, response, encryption = EDITION_YEARS[drawn.below(2)], drawn.byte(), drawn.byte(), drawn.byte()
    check_frame(
        encode_frame(
            edition=year,
            command=command,
            response=response,
            encryption=encryption,
            vin=VIN,
            data_unit=drawn.rest(),
        )
    )


def _unit_seeds() -> list[bytes]:
    seeds = []
    for each in good_frames():
        year = EDITION_YEARS.index(decode_frame(each).header.edition)
        seeds.append(bytes((year, each[2], each[3], each[21])) + each[24:-1])
    return seeds


def check_encoder(data: bytes) -> None:
    """Values drawn along the field tables come back from the bytes they encode to."""
    drawn = Drawn(data)
    edition: Edition = EDITIONS[EDITION_YEARS[drawn.below(2)]]
    command = [*edition.commands.values()][drawn.below(len(edition.commands))]
    time = drawn.take(6).ljust(6, b"\1")
    items: list[tuple[int, dict[str, Any]]] = []
    body = None
    if command.items:
        kinds = [*edition.items.values()]
        for _ in range(drawn.below(4)):
            item = kinds[drawn.below(len(kinds))]
            items.append((item.type, _raw(item.parts, drawn)))
    elif command.parts:
        body = _raw(command.parts, drawn)
    unit = encode_data_unit(
        edition=edition.year,
        command=command.code,
        time_raw=time if command.timed else b"",
        items=items,
        body=body,
    )
    sound = encode_frame(edition=edition.year, command=command.code, vin=VIN, data_unit=unit)
    read = decode_frame(sound)
    require(sound == encode_read_frame(read), "what was decoded encodes to the same bytes")
    if command.items and read.tail is None:
        require(
            items == [(i.type, _named(raw, i.raw)) for (_, raw), i in zip(items, read.items or (), strict=True)],
            "items",
        )
    elif body is not None and read.body is not None:
        require(body == _named(body, read.body), "a body comes back as it was written")


def _named(written: Mapping[str, Any], read: Mapping[str, Any]) -> dict[str, Any]:
    """What was read under the names that were written: lengths that follow from others are not."""
    return {name: _like(value, read[name]) for name, value in written.items()}


def _like(written: Any, read: Any) -> Any:
    if isinstance(written, Mapping):
        return _named(written, read)
    if isinstance(written, tuple) and len(written) == len(read):
        return tuple(_like(one, other) for one, other in zip(written, read, strict=True))
    return read


def check_rows(data: bytes) -> None:
    """Rows of any bytes, cut anywhere: the array decoder and the remembered layouts give what the reference gives."""
    drawn = Drawn(data)
    found: list[bytes] = []
    while drawn and len(found) < 60:
        kind, changed = drawn.byte(), drawn.word()
        row = drawn.take(drawn.word() % 1_024)
        found += [_copied(row, kind, changed + number) for number in range(1 if kind % 4 == 3 else COPIES)]
    offsets = np.zeros(len(found) + 1, dtype=np.int64)
    offsets[1:] = np.cumsum([len(row) for row in found])
    expected = frame_columns_reference(found)
    made = decode_columns(b"".join(found), offsets)
    listed: dict[str, list[Any]] = {
        name: [value if known else None for value, known in zip(values.tolist(), made.known[name], strict=True)]
        for name, values in made.integers.items()
    }
    for name, coded in made.texts.items():
        listed[name] = [None if code < 0 else coded.texts[code] for code in coded.codes.tolist()]
    digests = zip(*made.digest_units(), strict=True)
    listed["data_unit_digest"] = [digest.tobytes().hex() if known else None for digest, known in digests]
    given = [{name: listed[name][row] for name in FRAME_COLUMNS} for row in range(made.rows)]
    require(expected == given, "the array decoder equals the reference")
    remembered = RowDecoder()
    require(expected == [remembered.read_row_columns(row) for row in found], "remembered layouts equal the reference")


def _copied(row: bytes, kind: int, place: int) -> bytes:
    """A copy of a row; of one that is a frame, with one byte changed and the check byte made right again."""
    if kind % 4 in (0, 3) or len(row) < 26:
        return row
    changed = bytearray(row)
    changed[24 + place % (len(row) - 25)] ^= place & 0xFF
    if kind % 4 == 1:
        changed[22:24] = (len(row) - 25).to_bytes(2)
        changed[-1] = xor_of(bytes(changed[2:-1]))
    return bytes(changed)


def _row_seeds() -> list[bytes]:
    good = good_frames()
    alone = [bytes((kind % 4, 0, 40)) + len(each).to_bytes(2) + each for kind, each in enumerate(good)]
    return [*alone, b"".join(alone[:3]), b"".join(each for each in alone if len(each) < 120)[:2_000]]


def check_stream(data: bytes) -> None:
    """Frames of a stream do not depend on how it arrives, and no byte of it is lost."""
    drawn = Drawn(data)
    sizes = [1 + drawn.byte() for _ in range(3)]
    whole = drawn.rest()
    segments = [*split_stream([whole])]
    require(whole == b"".join(each.data for each in segments), "the segments are the stream")
    at = 0
    for each in segments:
        require(each.offset == at, "segments follow each other")
        require(each.kind != "frame" or each.bcc_ok == (xor_of(each.data[2:]) == 0), "a check byte is right or wrong")
        at += len(each.data)
    chunks, at = [], 0
    while at < len(whole):
        size = sizes[len(chunks) % len(sizes)]
        chunks.append(whole[at : at + size])
        at += size
    require(segments == [*split_stream(chunks)], "segments do not depend on chunks")


def _stream_seeds() -> list[bytes]:
    good = good_frames()
    mixed = [good[0] + b"junk" + good[1], good[2][:-9] + good[3], b"##" + good[0], good[1][:40] + good[0] + good[1]]
    return [bytes((6, 22, 0)) + each for each in [*good, *mixed]]


def check_decode(data: bytes) -> None:
    """`h2corridor decode` on anything: records that show as JSON, one a row or piece."""
    drawn = Drawn(data)
    kind, content = drawn.below(4), drawn.rest()
    if kind == 1:
        content = gzip.compress(content, 1)
    elif kind == 2:
        content = content.hex().encode()
    elif kind == 3:
        content = gzip.compress(b"received_at,frame\n" + content, 1)
    try:
        for record in decode.decode_stream(io.BufferedReader(io.BytesIO(content)), "input"):
            _as_json(record)
    except InputError as error:
        require(error.code == "decode.not-frames", "nothing but text is refused")


def _decode_seeds() -> list[bytes]:
    good = good_frames()
    time = b"2026-03-02T08:15:30.250+08:00,"
    hexed = b"\n".join(each.hex().encode() for each in good[:4])
    return [
        b"\0" + b"".join(good[:3]),
        b"\0" + hexed,
        b"\0" + time + good[0].hex().encode(),
        b"\2" + good[0],
        b"\3" + time + good[0].hex().encode() + b"\n" + time + b"zz\n",
        b"\3" + b"9999-12-31T15:59:59Z," + good[7].hex().encode(),
    ]


READING = (frame, reader, parts, instant, ranges)
TARGETS = (
    Target(name="frame", modules=READING, seeds=good_frames, check=check_frame),
    Target(name="data-unit", modules=(*READING, as_json, encoder), seeds=_unit_seeds, check=check_data_unit),
    Target(name="encoder", modules=(encoder, reader), seeds=_unit_seeds, check=check_encoder),
    Target(
        name="rows",
        modules=(array_decoder, columns, device_times, group_plan, plan, rows),
        seeds=_row_seeds,
        check=check_rows,
        runs=300,
    ),
    Target(name="stream", modules=(stream,), seeds=_stream_seeds, check=check_stream),
    Target(name="decode", modules=(decode, as_json), seeds=_decode_seeds, check=check_decode, runs=800),
)
