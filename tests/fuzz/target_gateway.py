"""The gateway: a connection's side of the platform, and the segments in which received frames stand."""

import shutil
import tempfile
from pathlib import Path

from h2verify.gbt32960 import decode_frame
from target import Drawn, Target, require
from target_frames import good_frames

from h2corridor.intake.gateway import parts, telemetry_parts
from h2corridor.model.errors import CorridorError
from h2corridor.model.received_frames import ReceivedFrame
from h2corridor.protocols.gbt32960 import Session, SessionRules, session
from h2corridor.store.files import SegmentLog, segments

NOW_MS = 1_772_582_400_000
USERS = {"port": b"\1" * 32}


def check_session(data: bytes) -> None:
    """Every byte comes out in one row, in order; a reply is a sound frame; the stream may arrive in any pieces."""
    drawn = Drawn(data)
    sizes = [1 + drawn.byte() for _ in range(3)]
    registered, users = bool(drawn.byte() % 2), USERS if drawn.byte() % 2 else None
    whole = drawn.rest()
    rules = SessionRules(now_ms=lambda: NOW_MS, is_registered=lambda _vin: registered, users=users)
    at_once, in_pieces = Session(rules), Session(rules)
    found = [*at_once.feed(whole), *at_once.close()]
    require(whole == b"".join(row.data for row in found), "the rows are the stream")
    for row in found:
        require(row.outcome != "accepted" or row.reply, "what is accepted is answered")
        for reply in (row.reply, row.refusal):
            require(not reply or decode_frame(reply).verdict.startswith("accept"), "a reply is a sound frame")
    pieces, at, turn = [], 0, 0
    while at < len(whole):
        pieces += in_pieces.feed(whole[at : at + sizes[turn % 3]])
        at, turn = at + sizes[turn % 3], turn + 1
    require(found == [*pieces, *in_pieces.close()], "rows do not depend on pieces")
    frames = [ReceivedFrame(received_at_ms=NOW_MS, source="fuzz", vin=row.vin, data=row.data) for row in found]
    require(bool(telemetry_parts(frames, 1)) == bool(frames), "what was received becomes telemetry parts")


def _session_seeds() -> list[bytes]:
    good = good_frames()
    return [bytes((6, 22, 0, 1, 0)) + each for each in (*good, b"".join(good[-12:]), good[0] + b"junk" + good[1][:-1])]


def check_segment(data: bytes) -> None:
    """A segment that a killed process left, with any bytes: what holds is read, what does not is an error or cut."""
    folder = Path(tempfile.mkdtemp(prefix="h2corridor-fuzz-"))
    try:
        kind, content = data[:1] or b"\0", data[1:]
        (folder / ("000000000001.segment" if kind[0] % 2 else "000000000001.open")).write_bytes(content)
        log = SegmentLog(folder)
        try:
            for number in log.list_finished():
                require(all(frame.received_at_ms is not None for frame in log.read(number)), "records are read")
        except CorridorError:
            require(kind[0] % 2 == 1, "what is left after a crash can be read")
        finally:
            log.close()
    finally:
        shutil.rmtree(folder)


def _segment_seeds() -> list[bytes]:
    records = [
        segments._encode(ReceivedFrame(received_at_ms=NOW_MS, source="a", vin=vin, data=frame))
        for vin, frame in zip(("TESTVIN0000000001", None, "TESTVIN0000000002"), good_frames(), strict=False)
    ]
    whole = segments.MAGIC + b"".join(records)
    return [b"\0" + whole, b"\1" + whole, b"\0" + whole[:-3], b"\1" + whole[:-3], b"\0" + segments.MAGIC]


TARGETS = (
    Target(name="session", modules=(session, parts), seeds=_session_seeds, check=check_session, runs=800),
    Target(name="segment", modules=(segments,), seeds=_segment_seeds, check=check_segment, runs=200),
)
