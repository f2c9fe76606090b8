// Step 3: the signed statement, the keys that the bundle names, and the issuer's word on its status.

const STATEMENT_TYPE = "h2corridor/statement/1";
const SIGNED_FORMAT = "h2corridor/signed-statement/1";
const STATUS_FORMAT = "h2corridor/status/1";
const PROOF_HASHES_MAX = 64;

const _SITE = objectOf({ name_en: maybe(TEXT), name_zh: maybe(TEXT), site_id: NAME });
const _STATED_COMPARISON = objectOf({
  baseline_kgco2e: maybe(NUMBER_TEXT),
  caveat_en: maybe(TEXT),
  caveat_zh: maybe(TEXT),
  difference_kgco2e: maybe(NUMBER_TEXT),
  digest: SHA256_HEX,
  method: EDITION_LABEL,
  project_kgco2e: maybe(NUMBER_TEXT),
  status: oneOf("stated", "unsupported", "withheld"),
  why: maybe(TEXT),
});
const _CONSIGNMENT = objectOf({
  arrived_at: maybe(INSTANT),
  consignment_id: NAME,
  container_no: maybe(TEXT),
  declaration_no: maybe(TEXT),
  departed_at: maybe(INSTANT),
  destination_site: _SITE,
  document_no: maybe(TEXT),
  goods: maybe(TEXT),
  hs_code: maybe(TEXT),
  mass_kg: NUMBER_TEXT,
  mass_method: maybe(TEXT),
  modes: listOf(TEXT, 10_000),
  origin_site: _SITE,
  seal_no: maybe(TEXT),
});
const _FIGURE = objectOf({
  figure_id: NAME,
  hub_activity_t: NUMBER_TEXT,
  intensity_ttw_kgco2e_per_tkm: maybe(NUMBER_TEXT),
  intensity_wtw_kgco2e_per_tkm: maybe(NUMBER_TEXT),
  transport_activity_tkm: NUMBER_TEXT,
  ttw_kgco2e: NUMBER_TEXT,
  wtt_kgco2e: NUMBER_TEXT,
  wtw_kgco2e: NUMBER_TEXT,
});
const _FINDING = objectOf({
  check: TEXT,
  finding_id: TEXT,
  severity: oneOf("info", "warning", "blocking"),
  title_en: TEXT,
  title_zh: TEXT,
});
const _SUPPLIER_SIGNATURE = objectOf({
  about: NAME,
  digest: SHA256_HEX,
  key: KEY_LABEL,
  kind: oneOf("file-manifest", "fill", "telemetry-manifest"),
  party_id: NAME,
});
const _CHANGED = objectOf({ after: maybe(SHA256_HEX), before: maybe(SHA256_HEX), file: NAME });
const _SUPERSEDES = objectOf({ changed: listOf(_CHANGED, 10_000), digest: SHA256_HEX, statement_id: STATEMENT_ID });
const _STATEMENT = objectOf({
  activity: objectOf({ groups: WHOLE, root: SHA256_HEX }),
  binds: objectOf({ chain: SHA256_HEX, figures: SHA256_HEX }),
  comparisons: listOf(_STATED_COMPARISON, 100),
  consignment: _CONSIGNMENT,
  data_shares: objectOf({
    primary_by_transport_activity: maybe(NUMBER_TEXT),
    primary_by_wtw_emissions: maybe(NUMBER_TEXT),
  }),
  does_not_show_en: TEXT,
  does_not_show_zh: TEXT,
  figure: _FIGURE,
  findings: listOf(_FINDING, 10_000),
  issuer: objectOf({ key: KEY_LABEL, name_en: maybe(TEXT), name_zh: maybe(TEXT), party_id: NAME }),
  not_covered: listOf(objectOf({ en: TEXT, zh: TEXT }), 1_000),
  rule_set: objectOf({ digest: SHA256_HEX, edition: EDITION_LABEL, status: TEXT }),
  shows_en: TEXT,
  shows_zh: TEXT,
  statement_id: STATEMENT_ID,
  supersedes: maybe(_SUPERSEDES),
  supplier_signatures: listOf(_SUPPLIER_SIGNATURE, 10_000),
  trial: objectOf({
    period_end: maybe(INSTANT),
    period_start: maybe(INSTANT),
    title_en: maybe(TEXT),
    title_zh: maybe(TEXT),
    trial_id: NAME,
  }),
  type: oneOf(STATEMENT_TYPE),
  validity: objectOf({ stated_at: INSTANT, valid_from: INSTANT, valid_until: INSTANT }),
});
const _SIGNATURE = objectOf({ key: KEY_LABEL, value: BASE64_TEXT });
const PROOF_HASHES = listOf(SHA256_HEX, PROOF_HASHES_MAX);
const _SIGNED_STATEMENT = objectOf({
  format: oneOf(SIGNED_FORMAT),
  log_proof: objectOf({ checkpoint: TEXT, hashes: PROOF_HASHES, index: WHOLE }),
  signature: _SIGNATURE,
  statement: _STATEMENT,
});
const _IDENTITY_KEY = objectOf({
  key: TEXT,
  name_en: maybe(TEXT),
  name_zh: maybe(TEXT),
  party_id: maybe(NAME),
  role: oneOf("log", "issuer", "supplier"),
});
const _IDENTITY = objectOf({ format: oneOf("h2corridor/identity/1"), keys: listOf(_IDENTITY_KEY, 1_000) });
const _STATUS = objectOf({
  as_of: INSTANT,
  by: maybe(STATEMENT_ID),
  format: oneOf(STATUS_FORMAT),
  reason: maybe(NAME),
  signature: _SIGNATURE,
  statement_id: TEXT,
  status: NAME,
});

const _SAID = {
  shows_en:
    "The records behind this figure are those that stand in the log since they were received, and the figure " +
    "follows from them by the published rules: anybody can compute it again from this bundle.",
  shows_zh:
    "本数据所依据的记录自接收登记入日志后未被改动；按公开的规则由这些记录即可得出本数据，任何人均可凭本证据包重新计算。",
  does_not_show_en:
    "It does not show that meters, trucks and papers were right when they spoke. Tests of the data, signatures of " +
    "suppliers, certificates of meters and the opinion of an independent body speak to that, as far as they are given.",
  does_not_show_zh:
    "本声明不能证明计量器具、车辆与单证当时所报无误。" +
    "对此可参考数据测试、供方签名、计量检定证书以及独立机构的意见（以所附者为限）。",
};

/** What a statement's id does not follow from: where and when the same was said, and what was said before. */
const _NOT_IN_ID = ["activity", "statement_id", "supersedes", "validity"];

/** SHA-256 of a value's canonical JSON, hexadecimal. */
function digestOf(value) {
  return sha256Hex(canonicalBytes(value));
}

/** An object without some of its names. */
function without(object, ...names) {
  const rest = Object.assign(Object.create(null), object);
  for (const name of names) delete rest[name];
  return rest;
}

/** What the bundle states and who signed it: {statement, proof, identity, standing}. */
function readStatement(bundle, statedId) {
  const signed = bundle.formed("statement.json", _SIGNED_STATEMENT, "statement.form");
  const { statement, log_proof: proof } = signed;
  _checkMethods(statement);
  const identity = _readIdentity(bundle, statement.issuer);
  const said = { log_proof: proof, statement };
  _checkSignature(SIGNED_FORMAT, said, signed.signature, identity.issuer, "statement.signature");
  const named = statement.issuer.key === identity.issuer.label;
  must(named, "statement.signature", "the statement names another issuer than the one who signed it");
  const id = `st-${digestOf(without(statement, ..._NOT_IN_ID)).slice(0, 16)}`;
  must(statement.statement_id === id && statedId === id, "statement.id", `its content gives the id ${id}`);
  for (const [name, text] of Object.entries(_SAID)) {
    must(statement[name] === text, "statement.words", "expected the sentence of the format", `$.${name}`);
  }
  _checkValidity(statement.validity);
  return { statement, proof, identity, standing: _readStatus(bundle, id, identity.issuer) };
}

/** Refuses a statement that is over before it begins, or before it was stated. */
function _checkValidity({ stated_at: statedAt, valid_from: validFrom, valid_until: validUntil }) {
  const [stated, from, until] = [statedAt, validFrom, validUntil].map(instantMsOf);
  must(stated <= until && from <= until, "statement.validity", `it ends at ${validUntil}, too early`, "$.validity");
}

function _checkMethods(statement) {
  const methods = [statement.rule_set.edition, ...statement.comparisons.map((each) => each.method)];
  must(new Set(methods).size === methods.length, "statement.form", "a method stands twice", "$.comparisons");
  for (const each of statement.comparisons) {
    const numbers = [each.baseline_kgco2e, each.difference_kgco2e, each.project_kgco2e];
    const fits = numbers.every((number) => (number === null) === (each.status === "withheld"));
    must(fits, "statement.form", "a comparison has its three numbers, or is withheld and has none", each.method);
  }
}

function _readIdentity(bundle, issuer) {
  const document = bundle.formed("identity.json", _IDENTITY, "identity.form");
  const keys = { log: [], issuer: [], supplier: [] };
  document.keys.forEach((each, index) => {
    const where = `identity.json.keys[${index}]`;
    const key = under("identity.form", where, () => parseVerifierKey(each.key));
    must(key.type === KEY_ED25519, "identity.form", "only Ed25519 keys (type 01) stand here", where);
    keys[each.role].push({ ...each, key });
  });
  const complete = keys.log.length === 1 && keys.issuer.length === 1;
  must(complete, "identity.form", "expected exactly one log and exactly one issuer", "identity.json");
  const [named] = keys.issuer;
  const same = ["name_en", "name_zh", "party_id"].every((name) => named[name] === issuer[name]);
  must(same, "identity.form", "it names the issuer otherwise than the signed statement", "identity.json");
  const suppliers = new Set(keys.supplier.map(({ party_id: party, key }) => canonicalText([party, key.label])));
  must(suppliers.size === keys.supplier.length, "identity.form", "a supplier's key stands there twice", "identity.json");
  return { log: keys.log[0].key, issuer: named.key, suppliers: keys.supplier };
}

/** Refuses unless the signature is the key's over the label, a line feed and the canonical JSON of what was said. */
function _checkSignature(label, said, signature, key, code) {
  must(signature.key === key.label, code, `signed by ${signature.key}, expected ${key.label}`);
  const value = bytesOfBase64(signature.value);
  must(value !== null, code, "the signature is not the one base64 form of its bytes");
  const message = joinBytes(utf8(`${label}\n`), canonicalBytes(said));
  must(signatureHolds(key.publicKey, message, value), code, "the signature does not hold", key.label);
}

/** The issuer's word on the statement: {status, as_of, by}. */
function _readStatus(bundle, id, issuer) {
  const { as_of, by, reason, signature, statement_id, status } = bundle.formed("status.json", _STATUS, "status.form");
  must(statement_id === id, "status.form", "it speaks of another statement", "status.json");
  _checkSignature(STATUS_FORMAT, { as_of, by, reason, statement_id, status }, signature, issuer, "status.signature");
  const stands = status === "in_force" || status === "superseded";
  must(stands, "status.not-in-force", `the issuer says ${status} as of ${as_of} (reason: ${reason})`);
  const named = (status === "superseded") === (by !== null) && by !== id;
  must(named, "status.form", "superseded is by another statement, and nothing else is", "status.json");
  return { as_of, by, status };
}
