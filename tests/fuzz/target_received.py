"""What suppliers hand over: telemetry files, tables, the trial's header, signatures."""

import gzip
import hashlib
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

import numpy as np
from h2verify import content, rows
from h2verify.bundle.raw_received import Received, ReceivedFile
from h2verify.content import FileContent
from h2verify.errors import BundleError
from h2verify.papers import TABLES, find_instant_ms, read_standing, read_telemetry
from h2verify.papers import cells as papers_cells
from h2verify.papers import read_trial_header as read_header_again
from h2verify.papers import standing as papers_standing
from h2verify.papers import tables as papers_tables
from h2verify.papers import telemetry as papers_telemetry
from h2verify.papers import trial_header as papers_trial_header
from h2verify.rows import split_records
from target import PACKAGED_TRIAL, Drawn, Target, require

from h2corridor.evidence import format_private_key, parse_private_key
from h2corridor.evidence.supplier_notes import add_signature
from h2corridor.intake import (
    TelemetryReader,
    cells,
    delimited,
    finding_runs,
    gunzip,
    list_tables,
    list_telemetry_paths,
    read_signatures,
    read_trial_facts,
    received_times,
    references,
    row_rules,
    signatures,
    table_rows,
    telemetry,
    telemetry_paths,
    telemetry_records,
    trial_header,
    trial_tables,
)
from h2corridor.intake.cells import parse_instant_ms
from h2corridor.intake.gunzip import GzipContent
from h2corridor.intake.received_times import read_received_times
from h2corridor.intake.table_rows import read_table
from h2corridor.model.errors import InputError
from h2corridor.model.findings import Finding
from h2corridor.quality.catalogue import describe

PATH = "telemetry/LFHUEZJP1TG007811/2026-03-02.csv.gz"
HEADER = b"received_at,frame\n"
CONTENT_MAX = 1 << 24
NOTE = "signatures/fill.note"
CARRIER = parse_private_key(format_private_key("FR-P01", bytes([3]) * 32), about="key")


def describe_all(findings: Sequence[Finding]) -> None:
    """Every finding is one of the catalogue and reads in both languages."""
    for each in findings:
        for language in ("zh", "en"):
            require(all(describe(each, language)), "a finding has a message and a next step")  # type: ignore[arg-type]  # one of the two


# Telemetry files


def _packed(kind: int, content_bytes: bytes, size: int) -> bytes:
    """A gz file of one or two members, sound, cut, or with something after it."""
    half = size % (len(content_bytes) + 1)
    if kind == 0:
        return content_bytes
    if kind == 1:
        return gzip.compress(content_bytes[:half], 1) + gzip.compress(content_bytes[half:], 1)
    packed = gzip.compress(HEADER + content_bytes if kind > 3 else content_bytes, 1)
    if kind == 2:
        return packed[: size % (len(packed) + 1)]
    return packed + bytes(size % 3) if kind == 3 else packed


def check_telemetry(data: bytes) -> None:
    """Batches and findings; the rows, and their numbers, are those that a stranger reads."""
    drawn = Drawn(data)
    packed = _packed(drawn.below(6), *_sized(drawn))
    reader = TelemetryReader(PATH, io.BytesIO(packed), content_bytes_max=CONTENT_MAX)
    ours = []
    for batch in reader:
        require(len(batch.offsets) == len(batch) + 1, "a frame a row")
        for place, row in enumerate(batch.rows.tolist()):
            if batch.problems[place] == 0:
                at_ms = int(batch.received_at_ms[place]) if batch.received_at_known[place] else None
                ours.append((row, at_ms, batch.frame_bytes[batch.offsets[place] : batch.offsets[place + 1]]))
    describe_all(reader.findings)
    require(len(reader.findings) <= 20_000, "findings have an end")
    theirs = [(row.row, row.received_at_ms, row.frame) for row in read_telemetry(_records_of_a_stranger(packed))]
    require(ours == theirs, "a stranger reads the same rows")


def _sized(drawn: Drawn) -> tuple[bytes, int]:
    size = drawn.word()
    return drawn.rest(), size


def _records_of_a_stranger(packed: bytes) -> Iterator[tuple[bytes, bool]]:
    file = ReceivedFile(path=PATH, size=len(packed), sha256="", logged_index=0, member="received/1.bin")
    return Received({"received/1.bin": packed}, {PATH: file}).iterate_records(PATH)


def _telemetry_seeds() -> list[bytes]:
    received = gzip.decompress((PACKAGED_TRIAL / PATH).read_bytes()).split(b"\n")
    lines = b"\n".join(received[:4]) + b"\n"
    short = b"2026-03-02T08:15:30.250+08:00,2323\n2026-03-02T00:15:30Z,24\n"
    quoted = b'"2026-03-02T08:15:30.250+08:00","2323"\n"a\nb",zz\n,\n\n'
    seeds = [lines, HEADER + short, HEADER + quoted, b"\xef\xbb\xbfframe,x,received_at\n" + short, HEADER + b"\r,\n"]
    framed = [bytes((kind, 0, 60)) + each for each in seeds for kind in (1, 2, 3)]
    return [*framed, b"\0\0\0" + gzip.compress(lines), bytes((4, 0, 0)) + short + quoted]


def check_content(data: bytes) -> None:
    """The content of a gz file is the same for both readers, in whatever chunks it comes."""
    drawn = Drawn(data)
    size, kind = 1 + drawn.byte(), drawn.below(4)
    packed = _packed(kind, *_sized(drawn))
    whole = FileContent("x.gz", [packed])
    unpacked = b"".join(whole)
    chunked = FileContent("x.gz", [packed[at : at + size] for at in range(0, len(packed), size)])
    require(unpacked == b"".join(chunked), "content does not depend on chunks")
    require((whole.complete, whole.is_cut) == (chunked.complete, chunked.is_cut), "nor does whether it is complete")
    other = GzipContent(io.BytesIO(packed), CONTENT_MAX)
    require(unpacked == b"".join(other), "both readers give the same content")
    require(whole.complete == (other.fault is None), "and the same faults")


def _content_seeds() -> list[bytes]:
    packed = gzip.compress(HEADER * 3)
    return [
        bytes((7, 0, 0, 0)) + each for each in (packed, packed + packed, packed + b"\0\0", packed + b"x", packed[:-3])
    ]


def check_records(data: bytes) -> None:
    """Records do not depend on chunks, and joined they are the content."""
    drawn = Drawn(data)
    size, longest = 1 + drawn.byte(), 1 + drawn.byte()
    text = drawn.rest()
    whole = [*split_records([text], max_record_bytes=longest)]
    chunks = [text[at : at + size] for at in range(0, len(text), size)]
    require(whole == [*split_records(chunks, max_record_bytes=longest)], "records do not depend on chunks")
    require(text == b"".join(whole), "records are the content")
    require(all(len(each) <= longest for each in whole), "no piece is longer than a record may be")


def _record_seeds() -> list[bytes]:
    texts = [b'a,"b\nc",d\ne\n', b'"a""b"\n"c', b"\n\n\r\n,\n", b'x"y\n"z\n', b"a" * 40 + b"\n"]
    return [bytes((size, longest)) + each for each in texts for size, longest in ((0, 255), (3, 9))]


def check_times(data: bytes) -> None:
    """Times of receipt read in arrays are those read one by one, by the platform and by a stranger."""
    texts = data.split(b"\n")
    ends = np.cumsum([len(each) for each in texts]).astype(np.int64)
    starts = ends - np.array([len(each) for each in texts], dtype=np.int64)
    joined = np.frombuffer(b"".join(texts), dtype=np.uint8)
    instants, known = read_received_times(joined, starts, ends)
    for text, instant, is_known in zip(texts, instants.tolist(), known.tolist(), strict=True):
        one = parse_instant_ms(text.decode("latin-1")) if 0 < len(text) <= 64 else ""
        require((instant if is_known else None) == (one if isinstance(one, int) else None), "arrays equal the reader")
        if len(text) <= 64:
            found = find_instant_ms(text.decode("latin-1"))
            require(found == (one if isinstance(one, int) else None), "a stranger reads the same instant")


def _time_seeds() -> list[bytes]:
    times = (
        b"2026-03-02T08:15:30.250+08:00",
        b"2024-02-29T23:59:59+14:00",
        b"2026-03-02T00:15:30.000Z",
        b"2026-03-02T00:15:30Z",
        b"2026-03-02T00:15:30.1234-00:59",
        b"0001-01-01T00:00:00Z",
        b"9999-12-31T23:59:59.999Z",
    )
    return [*times, b"\n".join(times), b"\n"]


def check_paths(data: bytes) -> None:
    """Any paths are telemetry files or findings."""
    paths = data.decode("utf-8", "surrogateescape").split("\n")
    found, findings = list_telemetry_paths(paths)
    describe_all(findings)
    wrong = [each.file for each in findings if each.check == "telemetry.path-wrong"]
    told = [*(each.path for each in found), *wrong]
    require(sorted(told) == sorted(path for path in paths if path.startswith("telemetry/")), "no path is passed over")


# Tables


class Handed:
    """A data set in memory: files of the packaged trial, some of them replaced."""

    def __init__(self, changed: Mapping[str, bytes], *, beside: Collection[str] | None = None) -> None:
        kept = good_files() if beside is None else {name: good_files()[name] for name in beside}
        self._files = {**kept, **changed}

    def list_paths(self) -> Sequence[str]:
        """Every file, sorted."""
        return sorted(self._files)

    def read_bytes(self, path: str) -> bytes | None:
        """A file's content, None where it is absent."""
        return self._files.get(path)


@cache
def good_files() -> Mapping[str, bytes]:
    """The packaged trial without its telemetry."""
    return {path.name: path.read_bytes() for path in sorted(PACKAGED_TRIAL.iterdir()) if path.is_file()}


def check_tables(data: bytes) -> None:
    """Any table of the trial format: rows and findings, or an InputError; a stranger lets the same rows stand."""
    drawn = Drawn(data)
    table = list_tables()[drawn.below(len(list_tables()))]
    header = good_files()[table.file].split(b"\n")[0] + b"\n"
    text = (header if drawn.below(4) else b"") + drawn.rest()
    try:
        named = {column.refers for column in table.columns if column.refers}
        _, findings = read_trial_facts(Handed({table.file: text}, beside={"trial.toml", *named}))
        read = read_table(table, text)
    except InputError:
        return
    describe_all(findings)
    if table.file in TABLES:
        stands = [row.row for row in read_standing(table.file, split_records([text]))]
        require([row.row for row in read.rows if hasattr(row, "row")] == stands, "a stranger lets the same rows stand")


def _table_seeds() -> list[bytes]:
    seeds = []
    for number, table in enumerate(list_tables()):
        head, _, lines = good_files()[table.file].partition(b"\n")
        seeds += [bytes((number, 1)) + lines, bytes((number, 0)) + head + b"\r\n" + lines.split(b"\n")[0] + b"\r\n"]
    return seeds


def check_header(data: bytes) -> None:
    """`trial.toml`: a trial, or an InputError; a stranger who can read it reads the same."""
    try:
        trial, findings = trial_header.read_trial_header(Handed({"trial.toml": data}))
    except InputError:
        return
    describe_all(findings)
    try:
        again = read_header_again(split_records([data]))
    except BundleError:
        return
    ours = (trial.trial_id, trial.title_en, trial.title_zh, trial.period_start_ms, trial.period_end_ms)
    theirs = (again.trial_id, again.title_en, again.title_zh, again.period_start_ms, again.period_end_ms)
    require(ours == theirs, "a stranger reads the same header")


def _header_seeds() -> list[bytes]:
    good = good_files()["trial.toml"]
    dated = good.replace(b'"2026', b"2026", 1).replace(b'08:00"', b"08:00", 1)
    return [good, dated, good + b"[extra]\na.b = [1, 2.5, {c = 'd'}]\n", good.replace(b"format = 1", b"format = 0x1")]


# Signatures


@cache
def _signed(text: str) -> bytes:
    return add_signature(text, CARRIER, existing=None, about=NOTE)


@cache
def _facts() -> trial_tables.TrialFacts:
    return read_trial_facts(Handed({}))[0]


def _digests() -> Mapping[str, tuple[str, int]]:
    return {name: (hashlib.sha256(each).hexdigest(), len(each)) for name, each in good_files().items()}


def check_signatures(data: bytes) -> None:
    """Keys and notes of suppliers: signatures that hold, and findings for all that do not; nothing is raised."""
    drawn = Drawn(data)
    kind, said = drawn.below(3), drawn.rest()
    keys = f"FR-P01 {CARRIER.vkey}\n".encode()
    if kind == 0:
        note = said
    elif kind == 1:
        note = _signed_or_empty(said)
    else:
        keys, note = said, _signed(_fill_text())
    held, findings = read_signatures(Handed({signatures.KEYS_FILE: keys, NOTE: note}), _facts(), _digests())
    describe_all(findings)
    require(all(each.note == note for each in held), "a signature that holds is one that was handed in")
    require(kind == 2 or {each.party_id for each in held} <= {"FR-P01"}, "who did not sign has not signed")


def _signed_or_empty(said: bytes) -> bytes:
    try:
        return _signed(said.decode("utf-8"))
    except UnicodeDecodeError:
        return b""


def _fill_text() -> str:
    fill = good_files()["refuellings.csv"].decode().splitlines()[1].split(",")
    columns = good_files()["refuellings.csv"].decode().splitlines()[0].split(",")
    row = dict(zip(columns, fill, strict=True))
    names = ("refuelling_id", "station_id", "started_at", "ended_at", "mass_kg")
    return "h2corridor/fill/1\n" + "".join(f"{name}: {row[name]}\n" for name in names)


def _signature_seeds() -> list[bytes]:
    digest, size = _digests()["legs.csv"]
    manifest = f"h2corridor/file-manifest/1\nFR-P01\n{digest}  {size}  legs.csv\n"
    other = f"h2corridor/file-manifest/1\nFR-P01\n{'0' * 64}  3  telemetry/LFHUEZJP1TG007811/x.csv.gz\n"
    keys = f"FR-P01 {CARRIER.vkey}\n# note\nFR-P03 {CARRIER.vkey}\n".encode()
    texts = (manifest, other, _fill_text(), _fill_text().replace("mass_kg: ", "mass_kg: 1"))
    return [*(b"\1" + each.encode() for each in texts), *(b"\0" + _signed(each) for each in texts), b"\2" + keys]


TELEMETRY = (telemetry, telemetry_records, finding_runs, papers_telemetry)
TABLE_READERS = (delimited, table_rows, cells, references, row_rules, papers_standing, papers_tables, papers_cells)
TARGETS = (
    Target(name="telemetry", modules=TELEMETRY, seeds=_telemetry_seeds, check=check_telemetry, runs=1_000),
    Target(name="gz", modules=(content, gunzip), seeds=_content_seeds, check=check_content),
    Target(name="records", modules=(rows,), seeds=_record_seeds, check=check_records),
    Target(name="received-times", modules=(received_times, cells, papers_cells), seeds=_time_seeds, check=check_times),
    Target(name="telemetry-paths", modules=(telemetry_paths,), seeds=lambda: [PATH.encode()], check=check_paths),
    Target(name="tables", modules=TABLE_READERS, seeds=_table_seeds, check=check_tables, runs=500),
    Target(name="trial-header", modules=(trial_header, papers_trial_header), seeds=_header_seeds, check=check_header),
    Target(name="signatures", modules=(signatures,), seeds=_signature_seeds, check=check_signatures),
)
