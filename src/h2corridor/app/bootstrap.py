"""The one place that chooses implementations: table engine, frame log, the sources of keys and randomness."""

import os
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from h2corridor.app.engines import OpenEngine
from h2corridor.app.live import SEAL_SECONDS, LiveDoors, LiveRequest
from h2corridor.app.trial_run import DEFAULT_COMPARISONS, DEFAULT_RULES, SOFTWARE, TrialRequest
from h2corridor.evidence import LogSigner
from h2corridor.intake.gateway import FrameLog, GatewayLimits, read_users
from h2corridor.model.errors import InputError, UsageError
from h2corridor.store import duckdb
from h2corridor.store.files import (
    SegmentLog,
    Workspace,
    is_workspace,
    load_keys,
    load_or_create_issuer,
    load_or_create_keys,
    load_or_create_salt_seed,
    load_salt_seed,
    lock_gateway,
)


def make_request(
    dataset: Path | None,
    workspace: Path,
    *,
    now_ms: int,
    keys: Path | None = None,
    salt_seed: Path | None = None,
    rules: Sequence[str] | None = None,
    comparisons: Sequence[str] | None = None,
    threads: int = 2,
    memory_mb: int = 1024,
    engine: str = "duckdb",
    spark_master: str | None = None,
    from_nothing: bool = False,
) -> TrialRequest:
    """Give what a run is asked to do, with the operating system's randomness where keys or salts have to be made.

    Parameters
    ----------
    dataset, workspace : folders; without the first the run reads what came by a door alone
    now_ms : time of receipt [ms since 1970-01-01 UTC]
    keys : folder with `log.key` and `issuer.key`; the workspace's own otherwise
    salt_seed : file with the seed of the salts; the workspace's own otherwise
    rules, comparisons : rule sets and methods as `ID` or `ID@EDITION`
    threads : of the embedded table engine, and processes that decode
    memory_mb : limit of the embedded table engine
    engine : `duckdb`, embedded, or `spark`
    spark_master : the cluster of `spark`, as `spark://HOST:PORT`
    from_nothing : compute everything, and compare it with what earlier runs left
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
        comparisons=tuple(comparisons) if comparisons else DEFAULT_COMPARISONS,
        processes=threads,
        from_nothing=from_nothing,
    )


def open_frame_log(workspace: Path, servers: str | None) -> FrameLog:
    """Give the log in which received frames become durable; it is to be closed.

    Parameters
    ----------
    workspace : a folder
    servers : those of NATS JetStream, as `nats://HOST:PORT,nats://HOST:PORT`; None: files of the workspace
    """
    if servers is None:
        opened = Workspace.open(workspace)
        return SegmentLog(opened.gateway_path, list_parts=opened.list_part_paths)
    try:
        from h2corridor.store.jetstream import JetStreamLog
    except ModuleNotFoundError as error:
        fault = f"a frame log on NATS needs the package {error.name}, which is not installed."
        next_step = "In a clone: `pip install ./packages/h2verify '.[nats]'`."
        raise UsageError("frame-log.absent", fault, next_step=next_step) from error
    lock = lock_gateway(Workspace.open(workspace).gateway_path)

    def let_go() -> None:
        if lock is not None:
            os.close(lock)

    return JetStreamLog(servers.split(","), writer=os.urandom(8).hex(), on_close=let_go)


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
        from h2corridor.store.spark import open_engine
    except ModuleNotFoundError as error:
        fault = f"the engine spark needs the package {error.name}, which is not installed."
        next_step = "In a clone: `pip install ./packages/h2verify '.[spark]'`; Java 17 beside it. Or --engine duckdb."
        raise UsageError("engine.absent", fault, next_step=next_step) from error
    return partial(open_engine, master=spark_master)


def make_release_signer(workspace: Path, keys: Path | None) -> LogSigner:
    """Give the signer of an existing log; keys that are absent are not made.

    Parameters
    ----------
    workspace : a folder
    keys : folder with `log.key`; the workspace's own otherwise
    """
    return load_keys(keys or Workspace.open(workspace).keys_path)


def make_record_signer(keys: Path | None) -> Callable[[Path], LogSigner]:
    """Give what loads the log's signer, for whoever adds to a trial's record; keys are made where no log was begun.

    Parameters
    ----------
    keys : folder with `log.key`; the workspace's own otherwise
    """

    def log_of(folder: Path) -> LogSigner:
        begun = (folder.parent / "log" / "checkpoint").exists()
        return load_keys(keys or folder) if begun else load_or_create_keys(keys or folder, randomness=os.urandom)

    return log_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSettings:
    """How the doors of a workspace are opened, as a person says it.

    Attributes
    ----------
    gateway : HOST:PORT where trucks connect; port 0 takes a free one
    tls_cert, tls_key : PEM files of an encrypted listener; both or neither
    platform_users : file of users of platforms; None: any
    watch : a folder whose files are taken in; None: none
    frame_log : servers of NATS JetStream where frames become durable; None: files of the workspace
    seal_seconds : how long a segment is written before it is sealed
    """

    gateway: str = "127.0.0.1:0"
    tls_cert: Path | None = None
    tls_key: Path | None = None
    platform_users: Path | None = None
    watch: Path | None = None
    frame_log: str | None = None
    seal_seconds: float = SEAL_SECONDS
    limits: GatewayLimits | None = None


@contextmanager
def open_doors(workspace: Path, settings: DoorSettings, *, now_ms: Callable[[], int]) -> Iterator[LiveDoors]:
    """Open the live doors of a workspace, which is made if it is absent; at the end what came is sealed.

    Raises
    ------
    WorkspaceError
        `gateway.busy`: another process receives there; and as `Workspace.create_or_open`.
    UsageError
        `gateway.address-form`, `gateway.tls-halves`.
    InputError
        `gateway.tls`: the certificate or its key cannot be used; and as `read_users`.
    StorageError
        The address is not to be had, or the disk refuses.
    """
    host, port = _host_and_port(settings.gateway)
    request = LiveRequest(
        host=host,
        port=port,
        now_ms=now_ms,
        tls=_tls(settings),
        users=read_users(settings.platform_users) if settings.platform_users else None,
        watch=settings.watch,
        seal_seconds=settings.seal_seconds,
        limits=settings.limits,
    )
    if not is_workspace(workspace):
        Workspace.create_or_open(workspace, now_ms=now_ms(), software=SOFTWARE).close()
    log = open_frame_log(workspace, settings.frame_log)
    try:
        doors = LiveDoors(workspace, log, request)
        try:
            yield doors
        finally:
            doors.close()
    finally:
        log.close()


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        fault = f"expected HOST:PORT, came {text}."
        raise UsageError("gateway.address-form", fault, next_step="For instance 0.0.0.0:32960.")
    return host.strip("[]"), int(port)


def _tls(settings: DoorSettings) -> ssl.SSLContext | None:
    if settings.tls_cert is None and settings.tls_key is None:
        return None
    if settings.tls_cert is None or settings.tls_key is None:
        fault = "expected a certificate and its key, came one of the two."
        raise UsageError("gateway.tls-halves", fault, next_step="Give --tls-cert and --tls-key.")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(settings.tls_cert, settings.tls_key)
    except (OSError, ValueError) as error:
        fault = f"cannot be used as a certificate with its key: {error}."
        next_step = "Give PEM files that belong together; the key without a passphrase."
        raise InputError("gateway.tls", fault, about=str(settings.tls_cert), next_step=next_step) from error
    return context
