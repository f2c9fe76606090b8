"""A filed trial report checked offline: the file, the proof that came with it, and a policy that names the log.

1 the checkpoint is signed by a log of the policy, and cosigned as the policy asks
2 the proof leads from the report's digest to the root of that checkpoint
"""

import hashlib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from h2verify.errors import ProofError
from h2verify.merkle import leaf_hash, verify_inclusion
from h2verify.note import Checkpoint, parse_note, verify_checkpoint, verify_note
from h2verify.policy import parse_policy, require_quorum

from h2corridor.model.errors import EvidenceError, UsageError
from h2corridor.model.trial_report import decode_trial_report
from h2corridor.statements.statement import LogProof
from h2corridor.statements.trial_record import report_entry

_BYTES_MAX = 1 << 28
_Hash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]


class ReportProof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the report with this digest stands in the log, and the way from there to the root of a checkpoint."""

    format: Literal["h2corridor/trial-report-proof/1"] = "h2corridor/trial-report-proof/1"
    sha256: _Hash
    index: Annotated[int, msgspec.Meta(ge=0)]
    hashes: Annotated[tuple[_Hash, ...], msgspec.Meta(max_length=64)]
    checkpoint: Annotated[str, msgspec.Meta(max_length=1 << 16)]


def encode_proof(report: bytes, proof: LogProof) -> bytes:
    """The proof of a report as it is handed out beside it."""
    said = ReportProof(
        sha256=hashlib.sha256(report).hexdigest(),
        index=proof.index,
        hashes=tuple(each.hex() for each in proof.hashes),
        checkpoint=proof.checkpoint.decode(),
    )
    return msgspec.json.format(msgspec.json.encode(said), indent=1) + b"\n"


def check_report_proof(report: Path, proof: Path, policy: Path) -> dict[str, object]:
    """Check a report without a workspace, and say where it stands in which log.

    Raises
    ------
    UsageError
        `trial.report-file`: a file cannot be read, or is no proof.
    WorkspaceError
        `report.unreadable`: it is no trial report.
    EvidenceError
        `evidence.report-proof`: the policy is none or does not name the log, or the proof does not hold.
    """
    data, said = _read(report), _read_proof(proof)
    trial, digest = decode_trial_report(data).trial, hashlib.sha256(data).hexdigest()
    try:
        if said.sha256 != digest:
            raise ProofError("proof.other-report", f"the proof is of the report {said.sha256}")
        head = _verify_head(said.checkpoint.encode(), _read(policy))
        path = [bytes.fromhex(each) for each in said.hashes]
        verify_inclusion(said.index, head.size, leaf_hash(report_entry(data)), path, head.root)
    except ProofError as error:
        next_step = "Ask who filed it for the report with its proof, and take the policy from whom you trust."
        fault = f"the report {digest} is not shown to be in the log: {error}."
        raise EvidenceError("evidence.report-proof", fault, about=report.name, next_step=next_step) from error
    return {"trial": trial, "sha256": digest, "index": said.index, "origin": head.origin, "size": head.size}


def _verify_head(checkpoint: bytes, policy_text: bytes) -> Checkpoint:
    policy, signed = parse_policy(policy_text), parse_note(checkpoint)
    (log, *_) = verify_note(signed, policy.logs)
    require_quorum(policy, signed)
    return verify_checkpoint(checkpoint, log)


def _read_proof(file: Path) -> ReportProof:
    try:
        return msgspec.json.decode(_read(file), type=ReportProof)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _refused(file, f"expected a proof of a trial report, came: {error}.") from error


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(_BYTES_MAX + 1)
    except OSError as error:
        raise _refused(file, f"cannot be read: {error.strerror}.") from error
    if len(data) > _BYTES_MAX:
        raise _refused(file, f"expected at most {_BYTES_MAX} bytes.")
    return data


def _refused(file: Path, fault: str) -> UsageError:
    next_step = "Give the report, the proof that `h2corridor trial file` wrote beside it, and a policy."
    return UsageError("trial.report-file", fault, about=str(file), next_step=next_step)
