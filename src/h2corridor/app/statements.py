"""What a run states: records committed to, statements logged, signed and kept; the same run again adds nothing."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from h2verify import canonical
from h2verify.note import Checkpoint, parse_note
from h2verify.supplier_notes import FillText, parse_supplier_text
from msgspec import structs

from h2corridor.accounting.kernel import Edition
from h2corridor.app.chains import references_of
from h2corridor.app.record_entries import record_entries
from h2corridor.app.reporting import instant_text
from h2corridor.app.superseding import Place, StatusChange, place_of, settle_statuses, superseding
from h2corridor.evidence import LogSigner
from h2corridor.evidence.keys import key_reference
from h2corridor.evidence.salts import disclosed_finding_id
from h2corridor.model.errors import EvidenceError
from h2corridor.model.report import FindingRow
from h2corridor.model.signatures import SupplierSignature
from h2corridor.model.trial import TrialFacts
from h2corridor.statements.activity_tree import ENTRY_TYPE, ActivityTree, Groups
from h2corridor.statements.drafting import StatedFigure, draft_statement
from h2corridor.statements.release import release_entry
from h2corridor.statements.statement import (
    Statement,
    editions_of,
    read_statement,
    says_the_same,
    sign_statement,
    sign_status,
    statement_entry,
)
from h2corridor.store.files import Receipt, StatementFiles, Workspace
from h2corridor.store.files.statements import Sources

TELEMETRY = "telemetry/"
FILLS = "refuellings.csv"


class ReceivedByFolder:
    """Digests of received files by path: tables and notes for everybody, telemetry by the folder of its truck."""

    def __init__(self, receipts: Mapping[str, Receipt]) -> None:
        self._folders: dict[str, Sources] = {"": {}}
        for path, receipt in sorted(receipts.items()):
            folder = path[: path.rfind("/") + 1] if path.startswith(TELEMETRY) else ""
            self._folders.setdefault(folder, {})[path] = receipt.manifest.sha256

    def list_behind(self, figure: StatedFigure) -> Sources:
        """The files behind a figure: every table and note, and the telemetry of the trucks that carried it."""
        trucks = sorted({f"{TELEMETRY}{leg.vin}/" for leg in figure.legs if leg.vin is not None})
        return {path: sha256 for name in ("", *trucks) for path, sha256 in self._folders.get(name, {}).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stating:
    """What every statement of a run is made with.

    `groups` are the run's activity records, `received` its files, `in_force` the statements that stood before,
    `signatures` those of suppliers that hold, `editions` every rule set and comparison that was used.
    """

    workspace: Workspace
    facts: TrialFacts
    groups: Groups
    received: ReceivedByFolder
    in_force: Mapping[Place, Statement]
    signatures: Sequence[SupplierSignature]
    editions: Sequence[Edition]
    salt_seed: bytes
    log: LogSigner
    issuer: LogSigner
    now_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """The statement's id for each figure, in their order; the log's state after all of them; whose status changed."""

    ids: Sequence[str]
    checkpoint: Checkpoint
    changed: Sequence[StatusChange]


def state_figures(stating: Stating, figures: Sequence[StatedFigure]) -> Stated:
    """State figures, each once whatever the number of runs.

    1 commit   per figure, what is said, where it was not said before, and the activity tree it rests on; both kept
    2 log      their entries in one append, with decisions to release and documents of the trial's record that a killed
                command has kept only
    3 name     in `policy.txt` the editions of all statements, so that none is signed that it does not cover
    4 sign     each statement with its proof inside, and its status
    5 settle   the statuses of statements that others took the place of
    6 tidy     what a run that was cut off before its append has left goes

    Raises
    ------
    EvidenceError
        The log or what is kept does not hold.
    StorageError
        The disk is full or refuses.
    """
    kept = stating.workspace.statements
    said: list[Statement] = []
    entries: list[bytes] = []
    if figures:
        tree = ActivityTree.commit(stating.groups, stating.salt_seed)
        known = set(stating.workspace.list_entries())
        for edition in stating.editions:
            kept.keep_edition(edition.digest, edition.files)
        said = [_say(stating, figure, tree, known) for figure in figures]
        entries = [entry for each in said if (entry := statement_entry(each)) not in known]
        if entries:
            kept.keep_tree(tree)
            entries = [tree.index.entry(), *entries]
    entries += [release_entry(each) for name in kept.list_ids() for each in kept.list_releases(name)]
    entries += record_entries(stating.workspace)
    checkpoint = stating.workspace.append_entries(entries, stating.log)
    logged = set(stating.workspace.list_entries())
    drafts = [each for each in kept.list_drafts() if statement_entry(each) in logged]
    editions = _editions_used(kept, logged).union(*(editions_of(each) for each in drafts))
    stating.workspace.extend_policy(stating.log.vkey, issuer_vkeys=[stating.issuer.vkey], editions=editions)
    for draft in drafts:
        sign_draft(stating.workspace, draft, stating.issuer)
    changed = settle_statuses(
        kept,
        said,
        trial_id=stating.facts.trial.trial_id,
        editions=[each.label for each in stating.editions],
        consignments=[each.consignment_id for each in stating.facts.consignments],
        as_of=instant_text(stating.now_ms, stating.facts.trial),
        issuer=stating.issuer,
    )
    kept.remove_unfinished(_activity_roots(logged))
    return Stated(ids=[str(each["statement_id"]) for each in said], checkpoint=checkpoint, changed=changed)


def sign_draft(workspace: Workspace, draft: Statement, issuer: LogSigner) -> None:
    """Sign what is said, with the proof that its digest is in the log, and keep it."""
    statement_id = str(draft["statement_id"])
    proof = workspace.prove_entry(statement_entry(draft), about=statement_id)
    status = sign_status(statement_id, draft["validity"]["stated_at"], issuer)
    workspace.statements.keep_signed(statement_id, sign_statement(draft, proof, issuer), status)


def _editions_used(kept: StatementFiles, logged: Collection[bytes]) -> set[tuple[str, str]]:
    """The editions of every statement that is kept as it was logged; one that is damaged is for `log fsck` to name."""
    used: set[tuple[str, str]] = set()
    for name in kept.list_ids():
        with suppress(EvidenceError):
            statement, _ = read_statement(kept.get(name, "statement.json"), about=name)
            if statement_entry(statement) in logged:
                used.update(editions_of(statement))
    return used


def _say(stating: Stating, figure: StatedFigure, tree: ActivityTree, logged: Collection[bytes]) -> Statement:
    """What is said of a figure: what was said and logged before, where it says the same."""
    sources = stating.received.list_behind(figure)
    figure = replace(figure, findings=[_disclosed(stating, each) for each in figure.findings])
    draft = draft_statement(
        figure,
        stating.facts,
        activity=tree.index,
        signatures=_signatures(stating, figure, sources),
        issuer_key=key_reference(stating.issuer.key),
        now_ms=stating.now_ms,
    )
    statement_id = str(draft["statement_id"])
    before = stating.workspace.statements.find_said(statement_id)
    if before is not None and not says_the_same(before, draft):
        fault = "a statement of this id says something else."
        next_step = "Run `h2corridor log fsck`; restore the file from a copy."
        raise EvidenceError("evidence.statement", fault, about=statement_id, next_step=next_step)
    if before is not None and statement_entry(before) in logged:
        return before
    draft = superseding(stating.workspace, draft, sources, stating.in_force.get(place_of(draft)))
    documents = {"chain.json": figure.chain, "figures.json": figure.figures}
    stating.workspace.statements.keep_draft(draft, documents, sources)
    return draft


def _disclosed(stating: Stating, finding: FindingRow) -> FindingRow:
    return structs.replace(finding, finding_id=disclosed_finding_id(stating.salt_seed, finding.finding_id))


def _signatures(stating: Stating, figure: StatedFigure, sources: Sources) -> list[SupplierSignature]:
    """What suppliers signed of the files and fills behind a figure, in order of what and who."""
    papers = set(references_of(figure.chain_document))
    rows = {each.refuelling_id: each.row for each in stating.facts.refuellings}
    found = []
    for signature in stating.signatures:
        text = parse_supplier_text(parse_note(signature.note).text)
        if isinstance(text, FillText):
            bears = f"{FILLS}#{rows.get(text.refuelling_id)}" in papers
        else:
            bears = any(file.path in sources for file in text.files)
        if bears:
            found.append(signature)
    return sorted(found, key=lambda each: (each.kind, each.about, each.digest, each.key))


def _activity_roots(entries: set[bytes]) -> set[str]:
    found = (canonical.parse(entry) for entry in entries if ENTRY_TYPE.encode() in entry)
    return {str(entry["root"]) for entry in found if isinstance(entry, dict) and entry.get("type") == ENTRY_TYPE}
