"""What a run and its doors stand on is chosen in one place, and a choice that cannot be made is refused there."""

import sys
from pathlib import Path

import pytest

from h2corridor.app.bootstrap import make_request, open_frame_log
from h2corridor.model.errors import UsageError


@pytest.mark.parametrize(
    ("engine", "master", "code"),
    [
        ("polars", None, "engine.unknown"),
        ("spark", None, "engine.master"),
        ("duckdb", "spark://127.0.0.1:7077", "engine.master"),
    ],
)
def test_an_engine_that_cannot_be_chosen_is_refused_before_anything_is_read(
    engine: str, master: str | None, code: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as refused:
        make_request(None, tmp_path, now_ms=0, engine=engine, spark_master=master)

    assert code == refused.value.code


def test_an_engine_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "h2corridor.store.spark", None)

    with pytest.raises(
        UsageError, match=r"engine\.absent: .*In a clone: `pip install \./packages/h2verify '\.\[spark\]'`"
    ):
        make_request(None, tmp_path, now_ms=0, engine="spark", spark_master="spark://127.0.0.1:7077")


def test_a_frame_log_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "h2corridor.store.jetstream", None)

    with pytest.raises(
        UsageError, match=r"frame-log\.absent: .*In a clone: `pip install \./packages/h2verify '\.\[nats\]'`"
    ):
        open_frame_log(tmp_path, "nats://127.0.0.1:4222")
