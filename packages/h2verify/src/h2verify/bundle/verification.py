"""The eighteen steps in their order: each is one function that raises; the first refusal ends the run.

No input or output, no clock: bytes in, a result out. Whatever the bytes are, a result comes out.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from h2verify import canonical
from h2verify.bundle import limits, log_proof, result
from h2verify.bundle.container import Archive, read_container
from h2verify.bundle.manifest import DEPTHS, Depth, Manifest, depths_up_to, read_manifest
from h2verify.bundle.result import Result, StepResult
from h2verify.bundle.statement import SignedStatement, key_fingerprint, key_reference, read_statement
from h2verify.bundle.steps import STEPS, StepWords, find_step
from h2verify.bundle.trust import pinned_words
from h2verify.errors import VerifyError

if TYPE_CHECKING:
    from h2verify.bundle.editions import Bound
    from h2verify.bundle.raw import Opened, Received
    from h2verify.bundle.suppliers import SupplierNote
    from h2verify.policy import Policy

INTERNAL = "internal"

Details = Mapping[str, int | str]
Records = Sequence[Mapping[str, Any]]


def verify_bundle(data: bytes, *, depth: str | None = None, policy: bytes | None = None) -> Result:
    """Verify an evidence bundle from its bytes alone.

    Parameters
    ----------
    data : bytes
        The bundle, as received.
    depth : str, optional
        How far down to go: `figure`, `activity` or `raw`; all there is when absent.
    policy : bytes, optional
        Whom the reader trusts, as C2SP tlog-policy text with `signer` lines. Without it signers are not pinned.

    Returns
    -------
    Result
        Never an exception: what this program itself cannot cope with is a refusal `internal`.

    Raises
    ------
    ValueError
        For a depth that is none.
    """
    if depth is not None and depth not in DEPTHS:
        raise ValueError(f"depth is one of {', '.join(DEPTHS)}, not {depth!r}")
    return _Run(data, depth, policy).result()


class _Run:
    """One verification: what earlier steps found, for later ones."""

    archive: Archive
    manifest: Manifest
    signed: SignedStatement
    head: log_proof.LogHead
    logged: Mapping[bytes, int]
    _tables: Mapping[str, Mapping[str, bytes]]
    _bound: "Bound"
    _files: "Received"
    _closed: "Opened"

    def __init__(self, data: bytes, depth: str | None, policy: bytes | None) -> None:
        self._data = data
        self._asked = depth
        self._policy_text = policy
        self._policy: Policy | None = None
        self._depth: Depth | None = None
        self._trust: Literal["pinned", "unpinned"] = "unpinned"
        self._details: dict[int, Details] = {}
        self._notes: Sequence[SupplierNote] = ()
        self._groups: Mapping[str, Records] = {}
        self._checks: dict[str, Callable[[], Details]] = {
            "container": self._container,
            "manifest": self._manifest,
            "statement": self._statement,
            "log": self._log,
            "trust": self._verify_trust,
            "editions": self._editions,
            "binding": self._binding,
            "derivation": self._derivation,
            "figure": self._figure,
            "suppliers": self._suppliers,
            "activity-log": self._activity_log,
            "records": self._records,
            "recompute-activity": self._recompute_activity,
            "release": self._release,
            "received": self._received,
            "opened": self._opened,
            "papers": self._papers,
            "recompute-frames": self._recompute_frames,
        }

    def result(self) -> Result:
        """Go through the steps until one does not hold."""
        for step in STEPS:
            if not self._is_reached(step):
                break
            try:
                self._details[step.number] = self._checks[step.id]()
            except VerifyError as error:
                return self._refused(find_step(error.code, step.number), error)
            except Exception as error:  # whatever the bytes provoke is a refusal, never a traceback
                fault = f"this program could not cope with the bundle ({type(error).__name__})"
                return self._refused(step.number, VerifyError(INTERNAL, fault, where=step.id))
        return self._held()

    def _is_reached(self, step: StepWords) -> bool:
        return self._depth is None or step.depth in depths_up_to(self._depth)

    def _held(self) -> Result:
        fingerprint = key_fingerprint(self.signed.identity.issuer)
        count = len(self._details)
        return Result(
            verdict=result.verdict_of(None, self._trust, fingerprint),
            reason=f"All {count} steps of depth {self._depth} hold.",
            reason_code=None,
            depth=self._depth,
            trust=self._trust,
            status=self.signed.standing.as_json(),
            steps=self._steps(),
            figure={**self.signed.statement, "issuer_fingerprint": fingerprint},
            file_sha256=self._file_sha256(),
        )

    def _refused(self, number: int, error: VerifyError) -> Result:
        return Result(
            verdict=result.verdict_of(error.code, self._trust, ""),
            reason=error.message,
            reason_code=error.code,
            depth=self._depth,
            trust=self._trust,
            status=None,
            steps=self._steps(refused=number, code=error.code),
            figure=None,
            file_sha256=self._file_sha256(),
        )

    def _file_sha256(self) -> str | None:
        return hashlib.sha256(self._data).hexdigest() if len(self._data) <= limits.FILE_BYTES_MAX else None

    def _steps(self, refused: int | None = None, code: str | None = None) -> tuple[StepResult, ...]:
        steps = []
        for words in STEPS:
            if words.number == refused:
                steps.append(StepResult(words=words, status="refused", code=code))
            elif words.number in self._details and (refused is None or words.number < refused):
                steps.append(StepResult(words=words, status="holds", details=self._details[words.number]))
            else:
                steps.append(StepResult(words=words, status="not reached"))
        return tuple(steps)

    # Steps 1 to 5: the file, and who stands behind it.

    def _container(self) -> Details:
        self.archive = read_container(self._data)
        unpacked = sum(member.size for member in self.archive.members.values())
        return {"members": len(self.archive), "bytes": unpacked}

    def _manifest(self) -> Details:
        self.manifest = read_manifest(self.archive, self._asked)
        self._depth = self.manifest.depth if self._asked is None else _depth(self._asked)
        return {"members": len(self.archive) - 1, "depth": self.manifest.depth}

    def _statement(self) -> Details:
        self.signed = read_statement(self.archive, self.manifest)
        return {
            "statement_id": self.signed.statement["statement_id"],
            "key": key_reference(self.signed.identity.issuer),
            "fingerprint": key_fingerprint(self.signed.identity.issuer),
            "as_of": self.signed.standing.as_of,
            **self.signed.standing.words(),
        }

    def _log(self) -> Details:
        self.head = log_proof.verify_log(self.signed)
        checkpoint = self.head.checkpoint
        return {"origin": checkpoint.origin, "index": self.signed.log_proof["index"], "size": checkpoint.size}

    def _verify_trust(self) -> Details:
        self._policy, witnesses = log_proof.verify_trust(self._policy_text, self.signed, self.head)
        fingerprint = key_fingerprint(self.signed.identity.issuer)
        if self._policy is None:
            return {
                "witnesses": 0,
                "witnesses_named": 0,
                "editions_pinned": 0,
                "trust_en": f"You gave no policy. Ask the issuer by another way whether this is its key: {fingerprint}",
                "trust_zh": f"您没有给出信任策略。请通过其他途径向签发方确认其密钥指纹：{fingerprint}",
            }
        self._trust = "pinned"
        named, pinned = len(self._policy.witnesses), len(self._policy.editions)
        return {
            "witnesses": witnesses,
            "witnesses_named": named,
            "editions_pinned": pinned,
            **pinned_words(witnesses, named=named, editions=pinned),
        }

    # Steps 6 to 10: the figure.

    def _editions(self) -> Details:
        from h2verify.bundle.editions import verify_editions

        self._tables = verify_editions(self.archive, self.signed.statement)
        return {"editions": len(self._tables), "names": ", ".join(self._tables)}

    def _binding(self) -> Details:
        from h2verify.bundle.editions import verify_binding

        self._bound = verify_binding(self.archive, self.signed.statement)
        chain = self._bound.chain
        return {
            "consignment_id": chain["shipment"]["id"],
            "mass_kg": chain["shipment"]["mass_kg"],
            "elements": len(chain["elements"]),
        }

    def _derivation(self) -> Details:
        from h2verify.bundle.derivations import verify_figures

        figures = self._bound.figures
        verify_figures(self._bound.chain, figures, self._tables)
        compared = sum(len(each["steps"]) for each in figures["comparisons"])
        return {"steps": len(figures["steps"]) + compared, "comparisons": len(figures["comparisons"])}

    def _figure(self) -> Details:
        from h2verify.bundle.shown import verify_shown
        from h2verify.editions import read_edition_tables

        methods = [each["method"] for each in self.signed.statement["comparisons"]]
        tables = {method: read_edition_tables(method, self._tables[method]) for method in methods}
        supports = {method: each.parameters.support for method, each in tables.items()}
        return {"numbers": verify_shown(self.signed.statement, self._bound.figures, self._bound.chain, supports)}

    def _suppliers(self) -> Details:
        from h2verify.bundle.suppliers import verify_suppliers

        self._notes = verify_suppliers(self.archive, self.signed, is_raw=self.manifest.depth == "raw")
        return {"notes": len(self._notes)}

    # Steps 11 to 13: the activity.

    def _activity_log(self) -> Details:
        data = self.archive["proofs.json"]
        self.logged, size = log_proof.verify_proofs(data, self.signed, self.head, self._policy)
        return {"entries": len(self.logged), "size": size}

    def _records(self) -> Details:
        from h2verify.bundle.records import read_groups

        self._groups = read_groups(self.archive, self.signed.statement)
        return {"groups": len(self._groups), "records": sum(len(each) for each in self._groups.values())}

    def _recompute_activity(self) -> Details:
        from h2verify.bundle.activity import verify_activity, verify_stated
        from h2verify.bundle.records import verify_fill_notes

        consignment_id = self.signed.statement["consignment"]["consignment_id"]
        verify_activity(self._groups, self._bound.chain, consignment_id)
        verify_stated(self._groups, self.signed.statement)
        verify_fill_notes(self._notes, self._groups)
        return {"trucks": sum(name.startswith("truck/") for name in self._groups)}

    # Steps 14 to 18: the raw data.

    def _release(self) -> Details:
        from h2verify.bundle.raw import verify_release

        document = canonical.parse_canonical(self.archive["release.json"])
        release = verify_release(document, self.signed.statement["statement_id"], self.logged)
        return {name: release[name] for name in ("recipient", "decided_by", "purpose")}

    def _received(self) -> Details:
        from h2verify.bundle.raw import verify_received

        self._files = verify_received(self.archive, self.logged, self.signed.log_proof["index"])
        return {"files": len(self._files.files)}

    def _opened(self) -> Details:
        from h2verify.bundle.raw import verify_opened

        self._closed = verify_opened(canonical.parse_canonical(self.archive["opened.json"]), self._groups)
        return {"opened": len(self._closed)}

    def _papers(self) -> Details:
        from h2verify.bundle.raw import list_absent, verify_papers
        from h2verify.supplier_notes import FileManifestText

        lines = [line for note in self._notes if isinstance(note.says, FileManifestText) for line in note.says.files]
        held = verify_papers(self._files, self._closed, self._groups, self.signed.statement, lines)
        absent = list_absent(self._files)
        return {
            "records": held,
            "absent_en": f" Not received, the operator says: {', '.join(absent)}." if absent else "",
            "absent_zh": f"运营方称未收到：{'、'.join(absent)}。" if absent else "",
        }

    def _recompute_frames(self) -> Details:
        from h2verify.bundle.raw import verify_frames

        counts = verify_frames(self._files, self._closed, self._groups).values()
        return {"trucks": len(counts), "readings": sum(each.readings for each in counts)}


def _depth(name: str) -> Depth:
    return next(depth for depth in DEPTHS if depth == name)
