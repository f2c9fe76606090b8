"""Public keys and their fingerprints for a terminal."""

from collections.abc import Sequence
from typing import IO

from h2corridor.app.public_keys import PublicKey
from h2corridor.console.texts import Language, text


def print_keys(keys: Sequence[PublicKey], language: Language, file: IO[str]) -> None:
    """Write each key with its whole fingerprint on a line of its own, then how they are to be handed on."""
    lines = []
    for each in keys:
        role = text("key_log" if each.role == "log" else "key_issuer", language)
        count = "" if each.statements is None else text("key_statements", language, count=each.statements)
        lines += [f"{role}  {each.key}{count}", f"  {each.fingerprint}"]
    file.write("".join(f"{line}\n" for line in [*lines, text("key_hint", language)]))
