"""The one place that chooses implementations: the table engine, where keys, salts and randomness of a run come from."""

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from h2corridor.app.engines import OpenEngine
from h2corridor.app.trial_run import DEFAULT_RULES, TrialRequest
from h2corridor.evidence import LogSigner
from h2corridor.intake.gateway import FrameLog
from h2corridor.model.errors import UsageError
from h2corridor.store import duckdb
from h2corridor.store.files import (
    SegmentLog,
    Workspace,
    load_keys,
    load_or_create_issuer,
    load_or_create_keys,
    load_or_create_salt_seed,
    load_salt_seed,
)


class ClosableFrameLog(FrameLog, Protocol):
    """A frame log with what its owner does last."""

    def close(self) -> None:
        """Let go of it."""


def make_request(
    dataset: Path | None,
    workspace: Path,
    *,
    now_ms: int,
    keys: Path | None = None,
    salt_seed: Path | None = None,
    rules: Sequence[str] | None = None,
    threads: int = 2,
    memory_mb: int = 1024,
    engine: str = "duckdb",
    spark_master: str | None = None,
) -> TrialRequest:
    """Give what a run is asked to do, with the operating system's randomness where keys or salts have to be made.

    Parameters
    ----------
    dataset, workspace : folders; without the first the run reads what came by a door alone
    now_ms : time of receipt [ms since 1970-01-01 UTC]
    keys : folder with `log.key` and `issuer.key`; the workspace's own otherwise
    salt_seed : file with the seed of the salts; the workspace's own otherwise
    rules : rule sets as `ID` or `ID@EDITION`
    threads, memory_mb : limits of the embedded table engine
    engine : `duckdb`, embedded, or `spark`
    spark_master : the cluster of `spark`, as `spark://HOST:PORT`
    """
    open_engine = _choose_engine(engine, spark_master) or partial(
        duckdb.open_engine, threads=threads, memory_mb=memory_mb
    )

    def log_of(folder: Path) -> LogSigner:
        return load_or_create_keys(keys or folder, randomness=os.urandom)

    def issuer_of(folder: Path, log: LogSigner) -> LogSigner:
        return load_or_create_issuer(keys or folder, log, randomness=os.urandom)

    def salt_seed_of(folder: Path) -> bytes:
        return load_salt_seed(salt_seed) if salt_seed else load_or_create_salt_seed(folder, randomness=os.urandom)

    return TrialRequest(
        dataset=dataset,
        workspace=workspace,
        now_ms=now_ms,
        log_of=log_of,
        issuer_of=issuer_of,
        salt_seed_of=salt_seed_of,
        open_engine=open_engine,
        rules=tuple(rules) if rules else DEFAULT_RULES,
    )


def open_frame_log(workspace: Path, servers: str | None) -> ClosableFrameLog:
    """Give the log in which received frames become durable; it is to be closed.

    Parameters
    ----------
    workspace : a folder
    servers : those of NATS JetStream, as `nats://HOST:PORT,nats://HOST:PORT`; None: files of the workspace
    """
    if servers is None:
        return SegmentLog(Workspace.open(workspace).gateway_path)
    try:
        from h2corridor.store.jetstream import JetStreamLog
    except ModuleNotFoundError as error:
        fault = f"a frame log on NATS needs the package {error.name}, which is not installed."
        raise UsageError("frame-log.absent", fault, next_step="Install h2corridor[nats].") from error
    return JetStreamLog(servers.split(","), writer=os.urandom(8).hex())


def _choose_engine(engine: str, spark_master: str | None) -> OpenEngine | None:
    """Give how to open the engine that was asked for, None for the embedded one."""
    if engine not in ("duckdb", "spark"):
        raise UsageError("engine.unknown", f"expected duckdb or spark, came {engine}.", next_step="Choose one of them.")
    if (engine == "spark") != (spark_master is not None):
        fault = "the engine spark and the address of its master go together, came one without the other."
        next_step = "Give both: --engine spark --spark-master spark://HOST:PORT."
        raise UsageError("engine.master", fault, next_step=next_step)
    if spark_master is None:
        return None
    try:
        from h2corridor.store import spark
    except ModuleNotFoundError as error:
        fault = f"the engine spark needs the package {error.name}, which is not installed."
        raise UsageError("engine.absent", fault, next_step="Install h2corridor[spark], and Java 17.") from error
    return partial(spark.open_engine, master=spark_master)


def make_release_signer(workspace: Path, keys: Path | None) -> LogSigner:
    """Give the signer of an existing log; keys that are absent are not made.

    Parameters
    ----------
    workspace : a folder
    keys : folder with `log.key`; the workspace's own otherwise
    """
    return load_keys(keys or Workspace.open(workspace).keys_path)
