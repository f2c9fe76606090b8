"""The same expressions on a cluster of two workers and on the embedded engine: the same bytes, rows and refusals."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from h2corridor.app.bootstrap import make_request
from h2corridor.app.engines import RunEngine
from h2corridor.app.frames import FRAMES_SCHEMA
from h2corridor.app.trial_run import run_trial
from h2corridor.evidence.keys import format_private_key
from h2corridor.model.errors import StorageError
from h2corridor.store import duckdb

sys.path.insert(0, str(Path(__file__).parents[2] / "app"))

from made_runs import NOW_MS, read_files

pytestmark = pytest.mark.slow

Engines = tuple[RunEngine, RunEngine]


@pytest.fixture(scope="module")
def runs(trials_dir: Path, spark_master: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The workspaces of one trial, run on the embedded engine and on the cluster with the same keys and salts."""
    keys = tmp_path_factory.mktemp("keys")
    (keys / "log.key").write_text(format_private_key("test.example/corridor", bytes(range(32))) + "\n")
    (keys / "salt.seed").write_bytes(bytes(range(32, 64)))
    # A name that readers of patterns would take for one.
    folder = tmp_path_factory.mktemp("runs") / "corridor {1} [走廊]"
    workspaces = folder / "embedded", folder / "cluster"
    chosen: tuple[dict[str, str], ...] = ({}, {"engine": "spark", "spark_master": spark_master})
    for workspace, choice in zip(workspaces, chosen, strict=True):
        request = make_request(
            trials_dir / "first-run", workspace, now_ms=NOW_MS, keys=keys, salt_seed=keys / "salt.seed", **choice
        )
        run_trial(request, lambda *_: None)
    return workspaces


@pytest.fixture(scope="module")
def engines(spark_master: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    from h2corridor.store import spark

    with ExitStack() as opened:
        yield (
            opened.enter_context(duckdb.open_engine(tmp_path_factory.mktemp("d"), threads=1, memory_mb=256)),
            opened.enter_context(spark.open_engine(tmp_path_factory.mktemp("s"), master=spark_master)),
        )


def _on_each(engines: Engines, name: str, rows: dict[str, list[Any]], expression: Callable[[Any], Any]) -> list[Any]:
    schema = {column: "string" if any(isinstance(each, str) for each in rows[column]) else "int64" for column in rows}
    return [engine.list_rows(expression(engine.create(name, rows, schema))) for engine in engines]


def test_a_run_on_a_cluster_is_the_embedded_run_to_the_byte(runs: tuple[Path, Path]) -> None:
    embedded, cluster = (read_files(workspace) for workspace in runs)

    differing = {name for name in embedded | cluster if embedded.get(name) != cluster.get(name)}

    # what is kept of a truck is noted with the engine that made it
    assert {"report/report.json"} == {name for name in differing if not re.fullmatch(r"tables/trucks/.*\.json", name)}
    report = (runs[0] / "report" / "report.json").read_text()
    assert report.replace('"engine": "duckdb"', '"engine": "spark"') == (runs[1] / "report" / "report.json").read_text()


def test_integers_beyond_what_a_double_holds_come_back_whole_beside_absent_ones(engines: Engines) -> None:
    rows = {"n": [2**62 + 1, None, -(2**53) - 1]}
    expected = [{"n": -(2**53) - 1}, {"n": 2**62 + 1}, {"n": None}]

    for given in _on_each(engines, "large", rows, lambda table: table.order_by("n")):
        assert expected == given


def test_division_rounds_down_and_texts_stand_in_the_order_of_their_bytes(engines: Engines) -> None:
    rows = {"n": [-7, 7, -8, None], "by": [2, 2, -3, 2], "name": ["é", "z", "Z", "中"]}
    expected = [
        {"name": "Z", "half": 2, "least": -8},
        {"name": "z", "half": 3, "least": 2},
        {"name": "é", "half": -4, "least": -7},
        {"name": "中", "half": None, "least": 2},
    ]

    def expression(table: Any) -> Any:
        return table.select("name", half=table.n // table.by, least=ibis.least(table.n, table.by)).order_by("name")

    for given in _on_each(engines, "divided", rows, expression):
        assert expected == given


def test_a_table_stays_what_it_was_when_another_is_opened(engines: Engines, tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.parquet" for n in (1, 2)]
    for n, path in enumerate(paths):
        pq.write_table(pa.table({"n": [n]}), path)
    for engine in engines:
        first, second = (engine.open_parquet([path]) for path in paths)

        assert [[{"n": 0}], [{"n": 1}]] == [engine.list_rows(first), engine.list_rows(second)]


def test_a_sum_that_does_not_fit_is_refused(engines: Engines) -> None:
    table = engines[1].create("huge", {"n": [2**62, 2**62]}, {"n": "int64"})

    with pytest.raises(Exception, match="ARITHMETIC_OVERFLOW"):
        engines[1].list_rows(table.agg(n=table.n.sum()))


def test_no_received_file_is_an_empty_table(engines: Engines) -> None:
    for engine in engines:
        frames = engine.keep("kept", engine.open_parquet([], FRAMES_SCHEMA))

        assert [] == list(engine.list_rows(frames.select("file", "row")))


def test_rows_that_workers_wrote_where_nobody_sees_them_are_missed(
    engines: Engines, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from h2corridor.store.spark import engine

    table = engines[1].create("seen", {"n": [1, 2]}, {"n": "int64"})
    monkeypatch.setattr(engine, "_uri", lambda path: f"file://{tmp_path}/{path.name}")

    with pytest.raises(StorageError, match=r"engine\.not-shared: .*wrote 2 rows, 0 are seen"):
        engines[1].keep("unseen", table)


def test_a_cluster_that_is_not_there_is_named(free_port: Callable[[], int], spark_master: str, tmp_path: Path) -> None:
    from h2corridor.store import spark

    address = f"spark://127.0.0.1:{free_port()}"

    with pytest.raises(StorageError, match=r"engine\.failed") as refused, spark.open_engine(tmp_path, master=address):
        pass
    assert address == refused.value.about
