"""The operator's secrets on disk: the keys that sign log and statements, and the seed of the salts."""

from collections.abc import Callable
from pathlib import Path

from h2corridor.evidence.keys import (
    SEED_BYTES,
    LogSigner,
    default_origin,
    format_private_key,
    issuer_name,
    parse_private_key,
)
from h2corridor.model.errors import InputError
from h2corridor.store.files import durable

KEY_FILE = "log.key"
VKEY_FILE = "log.vkey"
ISSUER_KEY_FILE = "issuer.key"
ISSUER_VKEY_FILE = "issuer.vkey"
SALT_SEED_FILE = "salt.seed"
_MIN_SALT_SEED_BYTES = 16
_MAX_SECRET_BYTES = 4096

Randomness = Callable[[int], bytes]
"""So many unpredictable bytes."""


def load_or_create_keys(folder: Path, *, randomness: Randomness, origin: str | None = None) -> LogSigner:
    """The signer whose key lies in `folder/log.key`; where there is none, one is made (folder 0700, file 0600).

    Parameters
    ----------
    folder
        The operator's keys; `log.vkey` beside the key is its public half.
    randomness
        Called for 32 bytes when a key is made.
    origin
        The log's name for a new key, such as `example.org/corridor`; without it a name follows from the key.

    Raises
    ------
    InputError
        `keys.form` for a file that is no note key, `keys.mismatch` when `log.vkey` belongs to another key or the key
        has another name than the origin asked for.
    StorageError
        When the key cannot be written.
    """
    signer = _load_or_create(
        folder, KEY_FILE, VKEY_FILE, name_of=lambda seed: origin or default_origin(seed), randomness=randomness
    )
    if origin is not None and origin != signer.key.name:
        fault = f"the key signs as {signer.key.name}, asked for was {origin}"
        next_step = "Give the folder of that log's key."
        raise InputError("keys.mismatch", fault, about=str(folder / KEY_FILE), next_step=next_step)
    return signer


def load_keys(folder: Path) -> LogSigner:
    """The signer whose key lies in `folder/log.key`; it is never made here.

    Raises
    ------
    InputError
        `keys.unreadable` when it is not there, `keys.form` for a file that is no note key.
    """
    path = folder / KEY_FILE
    return parse_private_key(_read_secret(path).decode("utf-8", "replace"), about=str(path))


def load_or_create_issuer(folder: Path, log: LogSigner, *, randomness: Randomness) -> LogSigner:
    """The signer of statements, whose key lies in `folder/issuer.key`; where there is none, one is made (0600).

    Parameters
    ----------
    log
        The log's signer: a new issuer is named after it.
    randomness
        Called for 32 bytes when a key is made.

    Raises
    ------
    InputError
        `keys.form` for a file that is no note key, `keys.mismatch` when `issuer.vkey` belongs to another key.
    StorageError
        When the key cannot be written.
    """
    name = issuer_name(log.key.name)
    return _load_or_create(folder, ISSUER_KEY_FILE, ISSUER_VKEY_FILE, name_of=lambda _: name, randomness=randomness)


def _load_or_create(
    folder: Path, key_file: str, vkey_file: str, *, name_of: Callable[[bytes], str], randomness: Randomness
) -> LogSigner:
    path = folder / key_file
    if not path.exists():
        seed = randomness(SEED_BYTES)
        text = format_private_key(name_of(seed), seed)
        durable.make_folder(folder, mode=0o700)
        durable.write_file(path, f"{text}\n".encode(), mode=0o600)
    signer = parse_private_key(_read_secret(path).decode("utf-8", "replace"), about=str(path))
    public = folder / vkey_file
    if not public.exists():
        durable.write_file(public, f"{signer.vkey}\n".encode())
    elif _read_secret(public) != f"{signer.vkey}\n".encode():
        fault = f"is not the public half of {key_file}"
        next_step = f"Remove {vkey_file}; it is written again from the key."
        raise InputError("keys.mismatch", fault, about=str(public), next_step=next_step)
    return signer


def load_or_create_salt_seed(folder: Path, *, randomness: Randomness) -> bytes:
    """The seed in `folder/salt.seed`; where there is none, 32 random bytes are kept there (0600)."""
    path = folder / SALT_SEED_FILE
    if not path.exists():
        durable.make_folder(folder, mode=0o700)
        durable.write_file(path, randomness(SEED_BYTES), mode=0o600)
    return load_salt_seed(path)


def load_salt_seed(path: Path) -> bytes:
    """The seed of the salts: the bytes of a file as they stand, 16 to 4096 of them."""
    seed = _read_secret(path)
    if not _MIN_SALT_SEED_BYTES <= len(seed) <= _MAX_SECRET_BYTES:
        fault = f"expected {_MIN_SALT_SEED_BYTES} to {_MAX_SECRET_BYTES} bytes of salt seed, got {len(seed)}"
        next_step = f"Make one, for instance {SEED_BYTES} bytes from /dev/urandom, and keep it."
        raise InputError("keys.salt-seed", fault, about=str(path), next_step=next_step)
    return seed


def _read_secret(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_SECRET_BYTES + 1)
    except OSError as error:
        fault = f"cannot be read: {error.strerror}"
        raise InputError("keys.unreadable", fault, about=str(path), next_step="Check the path.") from error
