"""Users' own factor files, read from a disk."""

from pathlib import Path

from h2corridor.accounting.kernel import FactorPack, read_factor_pack
from h2corridor.model.errors import InputError

PACK_BYTES_MAX = 16 * 1024 * 1024


def read_pack(path: Path) -> FactorPack:
    """The factor file at a path.

    Raises
    ------
    InputError
        `factors.unreadable`: not a file, too large, or no TOML. `factors.bad-entry`: it has a fault.
    """
    return read_factor_pack(read_pack_bytes(path), about=str(path))


def read_pack_bytes(path: Path) -> bytes:
    """The bytes of a factor file.

    Raises
    ------
    InputError
        `factors.unreadable`: not a file, or too large.
    """
    next_step = "Name a factor file, a TOML file with [pack] and [[parameter]] entries."
    try:
        with path.open("rb") as file:
            data = file.read(PACK_BYTES_MAX + 1)
    except OSError as error:
        fault = f"cannot be read: {error.strerror or error}."
        raise InputError("factors.unreadable", fault, about=str(path), next_step=next_step) from error
    if len(data) > PACK_BYTES_MAX:
        fault = f"more than {PACK_BYTES_MAX} bytes."
        raise InputError("factors.unreadable", fault, about=str(path), next_step=next_step)
    return data
