"""The file `policy.txt`: under whose keys, and by which editions, a stranger checks what this operator hands out.

    log <vkey>                        the workspace's log, before any other
    signer <vkey>                     who issued statements here, in order of their first run
    edition <id>/<edition> <sha256>   every edition that a statement was made by, sorted
    quorum none                       no witness is asked for

Invariants
----------
- A line that stands there stays: an operator may add witnesses, editions and remarks. What is missing is added.
- Nothing is added twice: what lacks nothing stays as it is, byte for byte.
"""

import re
from collections.abc import Collection, Sequence

from h2verify.errors import ProofError
from h2verify.note import VerifierKey, parse_verifier_key
from h2verify.policy import parse_policy, split_lines

_KEYWORD = re.compile(r"[ \t]*([^ \t]*)")
_EMPTY = b"quorum none\n"


def read_own_keys(data: bytes) -> tuple[VerifierKey, tuple[VerifierKey, ...]]:
    """The log's key and the issuers' in an operator's policy; it may have no issuer yet.

    Raises
    ------
    ProofError
        `policy.form`: the bytes are no policy, or one that names no log.
    """
    policy = parse_policy(data)
    if not policy.logs:
        raise ProofError("policy.form", "expected a line `log <key>`, came none")
    return policy.logs[0], policy.signers


def extend_policy(
    data: bytes, *, log_vkey: str, issuer_vkeys: Sequence[str] = (), editions: Collection[tuple[str, str]] = ()
) -> bytes:
    """The policy in `data` with the lines that it lacks; a new one where there are none.

    Parameters
    ----------
    log_vkey : the key of the workspace's log
    issuer_vkeys : keys that may issue statements
    editions : name (`<id>/<edition>`) and digest of each edition that a statement was made by

    Raises
    ------
    ProofError
        `policy.form`: what stands there is no policy.
    """
    data = data if data.strip() else _EMPTY
    before = parse_policy(data)
    lines = split_lines(data)
    if parse_verifier_key(log_vkey) not in before.logs[:1]:
        lines = [f"log {_as_read(log_vkey)}", *(line for line in lines if not _is_log(line, log_vkey))]
    known = {key.public_key for key in before.signers}
    for vkey in dict.fromkeys(issuer_vkeys):
        if parse_verifier_key(vkey).public_key not in known:
            lines.insert(_end_of(lines, "log", "signer"), f"signer {_as_read(vkey)}")
    for name, digest in sorted({*editions} - {*before.editions}):
        _insert_edition(lines, f"edition {name} {digest}")
    if lines == split_lines(data):
        return data
    return "\n".join(lines if lines[-1] == "" else [*lines, ""]).encode("latin-1")


def _insert_edition(lines: list[str], line: str) -> None:
    """Put an edition before the first that sorts after it, or else behind the last, or else behind the keys."""
    later = [place for place, each in enumerate(lines) if _keyword(each) == "edition" and each > line]
    behind = _end_of(lines, "edition") or _end_of(lines, "log", "signer")
    lines.insert(min(later, default=behind), line)


def _end_of(lines: Sequence[str], *keywords: str) -> int:
    """The place behind the last line with one of these keywords; 0 without one."""
    return max((place for place, line in enumerate(lines, start=1) if _keyword(line) in keywords), default=0)


def _is_log(line: str, vkey: str) -> bool:
    """Whether a line names the log of this public key, under whatever name."""
    return _keyword(line) == "log" and vkey.split("+", 2)[2] in line


def _keyword(line: str) -> str:
    found = _KEYWORD.match(line)
    return found[1] if found else ""


def _as_read(vkey: str) -> str:
    """A key as it stands among lines that are read as Latin-1."""
    return vkey.encode().decode("latin-1")
