"""The frame log on three servers: segments, ids, a leader that is killed, servers that are not there."""

import asyncio
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))

from h2corridor.model.errors import StorageError
from h2corridor.model.received_frames import ReceivedFrame

if importlib.util.find_spec("nats") is None and os.environ.get("H2CORRIDOR_REQUIRE_SERVERS") != "1":
    pytest.skip("needs nats-py: pip install 'h2corridor[nats]'", allow_module_level=True)

import jetstream_soak
from nats_cluster import NatsCluster, started_cluster

from h2corridor.store.jetstream import JetStreamLog, frame_log
from h2corridor.store.jetstream.frame_log import NUMBERS_FROM


def _frames(*names: str) -> list[ReceivedFrame]:
    return [
        ReceivedFrame(received_at_ms=n, source="127.0.0.1:1/1", vin=None, data=name.encode() + b"\x00\xff")
        for n, name in enumerate(names)
    ]


def _numbers(*sequences: int) -> list[int]:
    return [NUMBERS_FROM + each for each in sequences]


@pytest.fixture(scope="module")
def cluster(require: Callable[[bool, str], None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsCluster]:
    require(shutil.which("nats-server") is not None, "needs nats-server (Debian: apt-get install nats-server)")
    with started_cluster(tmp_path_factory.mktemp("nats")) as started:
        yield started


@pytest.fixture
def open_log(cluster: NatsCluster, request: pytest.FixtureRequest) -> Iterator[Callable[..., JetStreamLog]]:
    """Open the log in a stream of the test's own."""
    logs: list[JetStreamLog] = []

    def opened(writer: str) -> JetStreamLog:
        logs.append(JetStreamLog(cluster.addresses, writer=writer, stream=request.node.name))
        return logs[-1]

    yield opened
    for log in logs:
        log.close()


def test_frames_come_back_as_they_were_appended_segment_by_segment(open_log: Callable[..., JetStreamLog]) -> None:
    log = open_log("w")
    first, second = _frames("a", "b", "c"), _frames("d")
    asyncio.run(log.append(first))
    log.finish()
    log.finish()
    asyncio.run(log.append(second))

    assert _numbers(4) == log.list_finished()
    assert first == list(log.read(NUMBERS_FROM + 4)) == list(log.read(NUMBERS_FROM + 4))
    log.finish()
    assert _numbers(4, 6) == log.list_finished()
    assert second == list(log.read(NUMBERS_FROM + 6))


def test_a_segment_goes_after_the_earlier_ones_and_its_number_is_not_used_again(
    open_log: Callable[..., JetStreamLog],
) -> None:
    log = open_log("w")
    for name in ("a", "b"):
        asyncio.run(log.append(_frames(name)))
        log.finish()

    with pytest.raises(StorageError, match=r"frame-log\.order"):
        log.remove(NUMBERS_FROM + 4)
    log.remove(NUMBERS_FROM + 2)
    assert _numbers(4) == log.list_finished()
    assert _frames("b") == list(log.read(NUMBERS_FROM + 4))
    log.remove(NUMBERS_FROM + 4)
    log.finish()
    assert [] == log.list_finished()
    asyncio.run(log.append(_frames("c")))
    log.finish()
    assert _numbers(6) == log.list_finished()


def test_a_record_sent_again_stands_in_the_log_once(
    open_log: Callable[..., JetStreamLog], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame_log, "DUPLICATE_WINDOW_S", 0.5)
    asyncio.run(open_log("w").append(_frames("a", "b")))
    again = open_log("w")
    asyncio.run(again.append(_frames("a")))
    asyncio.run(asyncio.sleep(2))
    asyncio.run(again.append(_frames("b")))
    again.finish()

    assert _numbers(4) == again.list_finished(), "inside the window the servers drop it, outside they do not"
    assert [b"a\x00\xff", b"b\x00\xff"] == [frame.data for frame in again.read(NUMBERS_FROM + 4)]


@pytest.mark.slow
def test_a_leader_killed_under_load_loses_and_doubles_nothing(cluster: NatsCluster) -> None:
    counts = asyncio.run(jetstream_soak.soak(cluster, 1, between_s=1))

    assert (1, 0, 0) == (counts.kills, counts.lost, counts.doubled)
    assert counts.stored == len(counts.acknowledged) > 0


def test_servers_that_are_not_there_are_named(free_port: Callable[[], int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_log, "ANSWERED_WITHIN_S", 1)

    with pytest.raises(StorageError, match=r"frame-log\.refused"):
        JetStreamLog([f"nats://127.0.0.1:{free_port()}"], writer="w")
