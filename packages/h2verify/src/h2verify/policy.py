"""Whom a reader trusts, as a text: C2SP tlog-policy with two more keywords, `signer` and `edition`.

    log <vkey> [<url>]                        a log whose checkpoints count
    witness <name> <vkey> [<url>]             who may cosign a checkpoint
    group <name> <n|any|all> <member>...      members are witnesses and groups named above it
    quorum <name>|none                        whose cosignatures a checkpoint needs; exactly one such line
    signer <vkey>                             who may issue statements
    edition <id>/<edition> <sha256>           an edition and its digest: once one is named, no other counts

A name is a member of at most one group, and is named before it is used: so no group can contain itself.

Editors of Windows write a byte order mark and end lines with CRLF. Both are taken off here; tlog-policy itself refuses
them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from h2verify import note
from h2verify.errors import ProofError

POLICY_BYTES_MAX = 1 << 20
LINES_MAX = 2_000
NAMES_MAX = 1_000

_EDITION = re.compile(r"[a-z0-9][a-z0-9-]{0,63}/[0-9][0-9.]{0,31}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WITNESS_TYPES = (note.COSIGNATURE_ED25519, note.COSIGNATURE_ML_DSA_44)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Somebody who cosigns checkpoints, by the name the policy gives."""

    name: str
    key: note.VerifierKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Names of which at least `threshold` must have witnessed a checkpoint."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A parsed policy; `quorum` is None for `none`. Groups stand in the order in which they were named.

    `editions` are names (`<id>/<edition>`) and digests; where there is none, editions are not pinned.
    """

    logs: tuple[note.VerifierKey, ...]
    signers: tuple[note.VerifierKey, ...]
    witnesses: tuple[Witness, ...]
    groups: tuple[Group, ...]
    quorum: str | None
    editions: tuple[tuple[str, str], ...] = ()


def split_lines(data: bytes) -> list[str]:
    """The lines of a file's bytes as Latin-1, without their ends and a byte order mark; the last is empty where the
    file ends with a line end.

    Raises
    ------
    ProofError
        `policy.form`: more bytes or lines than a policy may have, or a control character.
    """
    if len(data) > POLICY_BYTES_MAX or data.count(b"\n") >= LINES_MAX:
        raise _fault(f"expected at most {POLICY_BYTES_MAX} bytes and {LINES_MAX} lines")
    text = data.removeprefix(_BYTE_ORDER_MARK).decode("latin-1").replace("\r\n", "\n")
    if any((char < " " and char not in "\t\n") or char == "\x7f" for char in text):
        raise _fault("a policy holds no control characters but tabs and line ends (LF or CRLF)")
    return text.split("\n")


def parse_policy(data: bytes) -> Policy:
    """The policy in a file's bytes.

    Raises
    ------
    ProofError
        `policy.form`: a line that is none, a name unknown or named twice, a key twice or of the wrong type, no quorum.
    """
    reader = _PolicyReader()
    for number, line in enumerate(split_lines(data), start=1):
        words = line.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if words and not words[0].startswith("#"):
            reader.read(words, f"line {number}")
    return reader.policy()


def require_quorum(policy: Policy, checkpoint: note.Note) -> int:
    """The number of witnesses of the policy whose cosignatures hold.

    A witness whose kind of key is not verified here (ML-DSA-44) has not witnessed.

    Raises
    ------
    ProofError
        `policy.quorum`: too few cosignatures, or one of a known witness that does not hold.
    """
    witnessed: set[str] = set()
    for witness in policy.witnesses:
        if witness.key.key_type != note.COSIGNATURE_ED25519:
            continue
        status = note.signature_status(checkpoint, witness.key)
        if status == "invalid":
            raise ProofError("policy.quorum", f"the cosignature of {witness.key.name} does not hold")
        if status == "valid":
            witnessed.add(witness.name)
    count = len(witnessed)
    for group in policy.groups:
        if len(witnessed.intersection(group.members)) >= group.threshold:
            witnessed.add(group.name)
    if policy.quorum is not None and policy.quorum not in witnessed:
        fault = f"{count} of {len(policy.witnesses)} witnesses cosigned; that does not reach {policy.quorum}"
        raise ProofError("policy.quorum", fault)
    return count


class _PolicyReader:
    """What the lines so far have said."""

    def __init__(self) -> None:
        self._logs: list[note.VerifierKey] = []
        self._signers: list[note.VerifierKey] = []
        self._witnesses: list[Witness] = []
        self._groups: list[Group] = []
        self._names: set[str] = {"none"}
        self._free: set[str] = set()
        self._quorums: list[str] = []
        self._editions: list[tuple[str, str]] = []

    def read(self, words: list[str], where: str) -> None:
        read_line: dict[str, Callable[[list[str], str], None]] = {
            "log": self._read_log,
            "witness": self._read_witness,
            "group": self._read_group,
            "quorum": self._read_quorum,
            "signer": self._read_signer,
            "edition": self._read_edition,
        }
        if words[0] not in read_line:
            raise _fault(f"{words[0][:40]!r} is no keyword of a policy", where)
        read_line[words[0]](words[1:], where)

    def policy(self) -> Policy:
        if len(self._quorums) != 1:
            raise _fault(f"expected exactly one quorum line, came {len(self._quorums)}")
        return Policy(
            logs=tuple(self._logs),
            signers=tuple(self._signers),
            witnesses=tuple(self._witnesses),
            groups=tuple(self._groups),
            quorum=None if self._quorums[0] == "none" else self._quorums[0],
            editions=tuple(self._editions),
        )

    def _read_log(self, words: list[str], where: str) -> None:
        _require_words(words, 1, 2, where)
        _add_key(self._logs, _key(words[0], (note.ED25519,), where), where)

    def _read_signer(self, words: list[str], where: str) -> None:
        _require_words(words, 1, 1, where)
        _add_key(self._signers, _key(words[0], (note.ED25519,), where), where)

    def _read_edition(self, words: list[str], where: str) -> None:
        _require_words(words, 2, 2, where)
        name, digest = words
        if not _EDITION.fullmatch(name) or not _SHA256.fullmatch(digest):
            raise _fault("an edition is <id>/<edition> and its SHA-256", where)
        if (name, digest) in self._editions:
            raise _fault("this edition stands twice", where)
        self._editions.append((name, digest))

    def _read_witness(self, words: list[str], where: str) -> None:
        _require_words(words, 2, 3, where)
        key = _key(words[1], _WITNESS_TYPES, where)
        if any(key.public_key == other.key.public_key for other in self._witnesses):
            raise _fault("this witness's key stands twice", where)
        self._add_name(words[0], where)
        self._witnesses.append(Witness(name=words[0], key=key))

    def _read_group(self, words: list[str], where: str) -> None:
        _require_words(words, 3, NAMES_MAX, where)
        name, threshold, *members = words
        for member in members:
            if member not in self._free:
                raise _fault(f"{member[:60]!r} is named nowhere above, or is a member already", where)
            self._free.discard(member)
        self._add_name(name, where)
        self._groups.append(
            Group(name=name, threshold=_threshold(threshold, len(members), where), members=tuple(members))
        )

    def _read_quorum(self, words: list[str], where: str) -> None:
        _require_words(words, 1, 1, where)
        if words[0] not in self._names:
            raise _fault(f"{words[0][:60]!r} is named nowhere above", where)
        self._quorums.append(words[0])

    def _add_name(self, name: str, where: str) -> None:
        if name in self._names or len(self._names) > NAMES_MAX:
            raise _fault(f"the name {name[:60]!r} is taken, or there are more than {NAMES_MAX}", where)
        self._names.add(name)
        self._free.add(name)


def _threshold(word: str, members: int, where: str) -> int:
    if word in ("any", "all"):
        return 1 if word == "any" else members
    if not (word.isascii() and word.isdigit() and word[0] != "0" and len(word) <= 4 and int(word) <= members):
        raise _fault(f"a threshold is any, all or a number from 1 to {members}, came {word[:20]!r}", where)
    return int(word)


def _key(text: str, kinds: tuple[int, ...], where: str) -> note.VerifierKey:
    try:
        key = note.parse_verifier_key(text.encode("latin-1").decode("utf-8"))
    except (ProofError, UnicodeDecodeError) as error:
        raise _fault(f"no public key of a note signer: {error}", where) from error
    if key.key_type not in kinds:
        raise _fault(f"a key of type {key.key_type:#04x} cannot stand here", where)
    return key


def _add_key(keys: list[note.VerifierKey], key: note.VerifierKey, where: str) -> None:
    if any(key.public_key == other.public_key for other in keys):
        raise _fault("this key stands twice", where)
    keys.append(key)


def _require_words(words: list[str], least: int, most: int, where: str) -> None:
    if not least <= len(words) <= most:
        raise _fault(f"expected {least} to {most} words after the keyword, came {len(words)}", where)


def _fault(fault: str, where: str = "") -> ProofError:
    return ProofError("policy.form", f"{fault}.", where=where, next_step="See c2sp.org/tlog-policy.")
