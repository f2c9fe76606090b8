"""Users of other platforms: a file of names and SHA-256 of their passwords."""

import re
from collections.abc import Mapping
from pathlib import Path

from h2corridor.model.errors import InputError

_LINE = re.compile(r"([\x21-\x39\x3b-\x7e]{1,12}):([0-9a-f]{64})")
_BYTES_MAX = 1 << 20


def read_users(path: Path) -> Mapping[str, bytes]:
    """The users in a file of lines `name:<SHA-256 of the password, hexadecimal>`; blank lines and `#` are passed over.

    Raises
    ------
    InputError
        `users.unreadable`: the file cannot be read. `users.line`: a line says something else; it is not repeated in
        the message.
    """
    try:
        lines = path.read_bytes()[:_BYTES_MAX].decode("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        next_step = "Give an ASCII file that this user can read."
        raise InputError(
            "users.unreadable", f"cannot be read: {error}.", about=str(path), next_step=next_step
        ) from error
    users: dict[str, bytes] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise InputError(
                "users.line",
                "expected name:<SHA-256 of the password, 64 hexadecimal digits>.",
                about=str(path),
                where=f"line {number}",
                next_step="Make the digest with `printf %s PASSWORD | sha256sum`.",
            )
        users[match[1]] = bytes.fromhex(match[2])
    return users
