"""The one place that chooses implementations: where keys, salts and randomness of a run come from."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from h2corridor.app.trial_run import DEFAULT_RULES, TrialRequest
from h2corridor.evidence import LogSigner
from h2corridor.store.files import (
    Workspace,
    load_keys,
    load_or_create_issuer,
    load_or_create_keys,
    load_or_create_salt_seed,
    load_salt_seed,
)


def make_request(
    dataset: Path,
    workspace: Path,
    *,
    now_ms: int,
    keys: Path | None = None,
    salt_seed: Path | None = None,
    rules: Sequence[str] | None = None,
    threads: int = 2,
    memory_mb: int = 1024,
) -> TrialRequest:
    """Give what a run is asked to do, with the operating system's randomness where keys or salts have to be made.

    Parameters
    ----------
    dataset, workspace : folders
    now_ms : time of receipt [ms since 1970-01-01 UTC]
    keys : folder with `log.key` and `issuer.key`; the workspace's own otherwise
    salt_seed : file with the seed of the salts; the workspace's own otherwise
    rules : rule sets as `ID` or `ID@EDITION`
    threads, memory_mb : limits of the table engine
    """

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
        rules=tuple(rules) if rules else DEFAULT_RULES,
        threads=threads,
        memory_mb=memory_mb,
    )


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
