// The eighteen steps in their order (section 10), and the result. Bytes in, a result out, whatever the bytes are.

const STEPS = [
  ["container", "figure", ["container."]],
  ["manifest", "figure", ["canonical.", "manifest.", "depth."]],
  ["statement", "figure", ["statement.", "identity.", "status."]],
  ["log", "figure", ["log."]],
  ["trust", "figure", ["policy."]],
  ["editions", "figure", ["edition."]],
  ["binding", "figure", ["binding.", "chain.", "figures."]],
  ["derivation", "figure", ["derivation."]],
  ["figure", "figure", ["figure.", "comparison."]],
  ["suppliers", "figure", ["signature.form", "signature.missing", "signature.extra", "signature.unknown-key", "signature.invalid"]],
  ["activity-log", "activity", ["proofs.", "log.checkpoint", "log.origin", "log.consistency", "log.inclusion", "policy.quorum", "activity.tree", "activity.late"]],
  ["records", "activity", ["activity.form", "activity.duplicate-group", "activity.group", "activity.records", "activity.group-missing"]],
  ["recompute-activity", "activity", ["activity.trips", "activity.hydrogen", "activity.chain", "activity.statement", "signature.fill"]],
  ["release", "raw", ["release."]],
  ["received", "raw", ["received."]],
  ["opened", "raw", ["opened."]],
  ["papers", "raw", ["papers.", "signature.file"]],
  ["recompute-frames", "raw", ["frames."]],
].map(([id, depth, codes], at) => Object.freeze({ number: at + 1, id, depth, codes }));

const NOT_A_BUNDLE_CODES = ["container.not-zip", "container.no-manifest"];

/** One verification: what earlier steps found, for later ones. */
class Run {
  constructor(bytes, { depth = null, policy = null } = {}) {
    this.data = bytes;
    this.asked = depth;
    this.policyBytes = policy;
    this.depth = null;
    this.trust = "unpinned";
    this.details = new Map();
    this.refusal = null;
    this.refusedAt = null;
  }

  /** Goes through the steps until one does not hold; awaits `onStep(step)` before each. */
  async go(onStep) {
    for (const step of STEPS) {
      if (this.depth !== null && !depthsUpTo(this.depth).includes(step.depth)) break;
      await onStep(step);
      try {
        this.details.set(step.number, CHECKS[step.id](this));
      } catch (error) {
        this.refuseAt(step, error);
        return;
      }
    }
  }

  refuseAt(step, error) {
    const known = error instanceof Refusal;
    this.refusal = known ? error : new Refusal("internal", `this page could not cope with the bundle (${error})`, step.id);
    this.refusedAt = known ? stepOfCode(error.code, step.number) : step.number;
  }

  result() {
    const code = this.refusal?.code ?? null;
    const fingerprint = this.signed?.identity.issuer.fingerprint ?? "";
    const held = `All ${this.details.size} steps of depth ${this.depth} hold.`;
    return {
      verdict: _verdictWords(code, this.trust, fingerprint),
      reason: code === null ? held : this.refusal.message,
      reason_code: code,
      depth: this.depth,
      trust: this.trust,
      status: code === null ? this.signed.standing : null,
      steps: STEPS.map((step) => this._stepResult(step)),
      figure: code === null ? { ...this.signed.statement, issuer_fingerprint: fingerprint } : null,
    };
  }

  _stepResult({ number, id, depth }) {
    const refused = number === this.refusedAt;
    const before = this.refusedAt === null || number < this.refusedAt;
    const holds = before && this.details.has(number);
    const status = refused ? "refused" : holds ? "holds" : "not reached";
    return { number, id, depth, status, details: holds ? this.details.get(number) : {} };
  }
}

function _verdictWords(code, trust, fingerprint) {
  if (code === null) return trust === "pinned" ? "recomputed, matches" : `consistent; signer not pinned by you: ${fingerprint}`;
  return NOT_A_BUNDLE_CODES.includes(code) ? "not a bundle" : "refused";
}

/** The step that a code belongs to: the running one where it lists the code, else the first that does, else it. */
function stepOfCode(code, running) {
  const lists = (step) => step.codes.some((own) => code === own || (own.endsWith(".") && code.startsWith(own)));
  const candidates = STEPS.filter((step) => step.number <= running && lists(step)).map((step) => step.number);
  if (code === "container.limit" || !candidates.length || candidates.includes(running)) return running;
  return candidates[0];
}

/** Each step: takes the run, keeps what later steps need, gives counts and names, refuses what does not hold. */
const CHECKS = {
  container(run) {
    run.bundle = new Bundle(readArchive(run.data));
    const sizes = [...run.bundle.members.values()].map((member) => member.bytes.length);
    return { members: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
  },

  manifest(run) {
    run.manifest = readManifest(run.bundle, run.asked);
    run.depth = run.asked ?? run.manifest.depth;
    return { members: run.bundle.members.size - 1, depth: run.manifest.depth };
  },

  statement(run) {
    run.signed = readStatement(run.bundle, run.manifest.statementId);
    const { issuer } = run.signed.identity;
    const { statement, standing } = run.signed;
    return { statement_id: statement.statement_id, key: issuer.label, fingerprint: issuer.fingerprint, as_of: standing.as_of };
  },

  log(run) {
    run.checkpoint = verifyLog(run.signed);
    return { origin: run.checkpoint.origin, index: run.signed.proof.index, size: Number(run.checkpoint.size) };
  },

  trust(run) {
    const { policy, cosignatures } = verifyTrust(run.policyBytes, run.signed, run.checkpoint);
    run.policy = policy;
    if (policy) run.trust = "pinned";
    return { witnesses: cosignatures };
  },

  editions(run) {
    run.editions = verifyEditions(run.bundle, run.signed.statement);
    return { editions: run.editions.size, names: [...run.editions.keys()].join(", ") };
  },

  binding(run) {
    Object.assign(run, verifyBinding(run.bundle, run.signed.statement));
    const { shipment, elements } = run.chain;
    return { consignment_id: shipment.id, mass_kg: shipment.mass_kg, elements: elements.length };
  },

  derivation(run) {
    run.values = verifyFigures(run.chain, run.figures, run.editions);
    const lists = [run.figures.steps, ...run.figures.comparisons.map((each) => each.steps)];
    return { steps: lists.reduce((sum, steps) => sum + steps.length, 0), comparisons: lists.length - 1 };
  },

  figure(run) {
    return { numbers: verifyShown(run.signed.statement, run.figures, run.values, run.chain, run.editions) };
  },

  suppliers(run) {
    run.notes = verifySuppliers(run.bundle, run.signed, run.manifest.depth === "raw");
    return { notes: run.notes.length };
  },

  "activity-log"(run) {
    run.logged = verifyProofs(run.bundle, run.signed, run.checkpoint, run.policy);
    return { entries: run.logged.entries.size, size: Number(run.logged.size) };
  },

  records(run) {
    run.groups = readGroups(run.bundle, run.signed.statement);
    const counts = [...run.groups.values()].map((records) => records.length);
    return { groups: counts.length, records: counts.reduce((sum, count) => sum + count, 0) };
  },

  "recompute-activity"(run) {
    verifyActivity(run.groups, run.chain, run.signed.statement.consignment.consignment_id);
    verifyStated(run.groups, run.signed.statement);
    verifyFillNotes(run.notes, run.groups);
    return { trucks: [...run.groups.keys()].filter((name) => name.startsWith("truck/")).length };
  },

  release(run) {
    const document = run.bundle.document("release.json");
    verifyRelease(document, run.signed.statement.statement_id, run.logged.entries);
    const { recipient, decided_by: decidedBy, purpose } = document.release;
    return { recipient, decided_by: decidedBy, purpose };
  },

  received(run) {
    run.received = verifyReceived(run.bundle, run.logged.entries, run.signed.proof.index);
    return { files: run.received.size };
  },

  opened(run) {
    run.opened = verifyOpened(run.bundle.document("opened.json"), run.groups);
    return { opened: run.bundle.document("opened.json").opened.length };
  },

  papers(run) {
    const records = verifyPapers(run.received, run.opened, run.groups, run.signed.statement, run.notes);
    const absent = absentFiles(run.received);
    return {
      records,
      absent_en: absent.length ? ` Not received, the operator says: ${absent.join(", ")}.` : "",
      absent_zh: absent.length ? `运营方称未收到：${absent.join("、")}。` : "",
    };
  },

  "recompute-frames"(run) {
    return verifyFrames(run.received, run.opened, run.groups);
  },
};

/** The records of each group by its name (step 12). */
function readGroups(bundle, statement) {
  const groups = new Map();
  for (const name of numberedMembers(bundle.members, "activity/", ".json").sort()) {
    const { root, groups: count } = statement.activity;
    const { name: group, records } = readGroup(bundle.document(name), bytesOfHex(root), count);
    must(!groups.has(group), "activity.duplicate-group", `the group ${group} stands there twice`, name);
    groups.set(group, records);
  }
  return groups;
}

/** Verifies a bundle; see `Run`. Gives the run, whose `result()` is the JSON that h2verify gives. */
async function verifyBundle(bytes, options = {}, onStep = async () => {}) {
  const run = new Run(bytes, options);
  await run.go(onStep);
  return run;
}
