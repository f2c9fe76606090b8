// Steps 4, 5 and 11: the log's checkpoint, what it commits to, and whether the reader trusts those who signed.

const PROOFS_FORMAT = "h2corridor/log-proofs/1";
const ACTIVITY_TYPE = "h2corridor/activity/1";
const LOG_ENTRIES_MAX = 4_000;

const _ENTRY_FORMS = {
  [ACTIVITY_TYPE]: objectOf({ groups: WHOLE, root: SHA256_HEX, type: TEXT }),
  "h2corridor/received-file/1": objectOf({ records: WHOLE, root: SHA256_HEX, type: TEXT }),
  "h2corridor/release/1": objectOf({ digest: SHA256_HEX, type: TEXT }),
  [STATEMENT_TYPE]: objectOf({ digest: SHA256_HEX, type: TEXT }),
};
const _ENTRY = (value, place) => {
  const known = isObject(value) && typeof value.type === "string" && Object.hasOwn(_ENTRY_FORMS, value.type);
  return known ? _ENTRY_FORMS[value.type](value, place) : place;
};
const _PROOFS = objectOf({
  checkpoint: TEXT,
  consistency: PROOF_HASHES,
  entries: listOf(objectOf({ entry: _ENTRY, hashes: PROOF_HASHES, index: WHOLE }), LOG_ENTRIES_MAX),
  format: oneOf(PROOFS_FORMAT),
});

/** The checkpoint in a note that the log signed: {note, size, root}. */
function _readCheckpoint(text, log) {
  const note = under("log.checkpoint", "", () => {
    const found = parseNote(utf8(text));
    must(signatureStatus(found, log) === "valid", "note.signature", "the log's key did not sign it");
    return found;
  });
  const checkpoint = under("log.checkpoint", "", () => parseCheckpoint(note.text));
  must(checkpoint.origin === log.name, "log.origin", `expected origin ${log.name}`);
  return { note, ...checkpoint };
}

function _checkIncluded(entry, proof, checkpoint, where) {
  const leaf = leafHash(canonicalBytes(entry));
  const hashes = proofOfHex(proof.hashes);
  under("log.inclusion", where, () => verifyInclusion(proof.index, checkpoint.size, leaf, hashes, checkpoint.root));
}

/** The checkpoint of the statement's proof, once the statement's digest is in its tree. */
function verifyLog({ statement, proof, identity }) {
  const checkpoint = _readCheckpoint(proof.checkpoint, identity.log);
  const larger = checkpoint.size > BigInt(proof.index);
  must(larger, "log.older-checkpoint", `the tree has ${checkpoint.size} entries, the statement is entry ${proof.index}`);
  const entry = { digest: digestOf(statement), type: STATEMENT_TYPE };
  _checkIncluded(entry, proof, checkpoint, "the statement");
  return checkpoint;
}

function _sameKey(a, b) {
  return a.label === b.label && a.type === b.type && sameBytes(a.publicKey, b.publicKey);
}

/** The reader's policy and how many of its witnesses cosigned: {policy, cosignatures}; policy null where none was given. */
function verifyTrust(policyBytes, { statement, identity }, checkpoint) {
  if (policyBytes === null) return { policy: null, cosignatures: 0 };
  const policy = parsePolicy(policyBytes);
  must(policy.logs.length > 0, "policy.no-log", "your policy names no log");
  must(policy.signers.length > 0, "policy.no-signers", "your policy names no signer: nobody may issue statements");
  const knownLog = policy.logs.some((key) => _sameKey(key, identity.log));
  must(knownLog, "policy.unknown-log", `${identity.log.label} is no log of your policy`);
  const knownSigner = policy.signers.some((key) => _sameKey(key, identity.issuer));
  must(knownSigner, "policy.unknown-signer", `${identity.issuer.label} is no signer of your policy`);
  const cosignatures = verifyQuorum(policy, checkpoint.note);
  _checkEditions(policy, statement);
  return { policy, cosignatures };
}

/** Where a policy names editions, those of the statement must be among them, each by name and digest. */
function _checkEditions({ editions }, { rule_set: ruleSet, comparisons }) {
  if (!editions.size) return;
  for (const [name, digest] of [[ruleSet.edition, ruleSet.digest], ...comparisons.map((each) => [each.method, each.digest])]) {
    must(editions.has(`${name} ${digest}`), "policy.unknown-edition", "your policy does not name this edition", name);
  }
}

/** What proofs.json proves to be in the log: {entries: Map of canonical texts to their first places, size}. */
function verifyProofs(bundle, { statement, proof, identity }, earlier, policy) {
  const document = bundle.formed("proofs.json", _PROOFS, "proofs.form");
  const later = _readCheckpoint(document.checkpoint, identity.log);
  if (policy) verifyQuorum(policy, later.note);
  const hashes = proofOfHex(document.consistency);
  under("log.consistency", "", () => verifyConsistency(earlier.size, later.size, earlier.root, later.root, hashes));
  document.entries.forEach((each, number) => {
    _checkIncluded(each.entry, each, later, `proofs.json.entries[${number}]`);
  });
  const proved = new Map();
  for (const { entry, index } of document.entries) {
    const text = canonicalText(entry);
    proved.set(text, Math.min(index, proved.get(text) ?? index));
  }
  const tree = canonicalText({ ...statement.activity, type: ACTIVITY_TYPE });
  must(proved.has(tree), "activity.tree", "no proved entry is the activity tree that the statement names");
  const early = proved.get(tree) < proof.index;
  must(early, "activity.late", "the activity tree came into the log after the statement");
  return { entries: proved, size: later.size };
}
