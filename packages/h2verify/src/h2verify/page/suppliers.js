// Step 10: what suppliers signed travels along, is listed in the statement, and their signatures hold.

const SIGNATURE_NOTES_MAX = 1_000;
const SUPPLIER_SIGNATURES_MAX = 1_000;
const _FILES_MAX = 100_000;
const _FILE_LINE = /^([0-9a-f]{64}) {2}(0|[1-9][0-9]{0,14}) {2}([^\n]+)$/;
const _FILL_FIELDS = ["refuelling_id", "station_id", "started_at", "ended_at", "mass_kg"];
// What may not stand at either end of a path: Unicode's White_Space, but U+0009 to U+000D, which no note holds. It is less
// than \s, which has U+FEFF.
const _WHITE_SPACE = "[ \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]";
const _EDGE_SPACE = new RegExp(`^${_WHITE_SPACE}|${_WHITE_SPACE}$`);

/** What a supplier's note says: {kind: "fill", ...fields} or {kind: "files", partyId, files}; refuses `signature.form`. */
function parseSupplierText(text, where) {
  const check = (condition, fault) => must(condition, "signature.form", fault, where);
  const lines = text.split("\n");
  check(lines.pop() === "" && lines.length > 1, "every line ends with a line feed");
  const kind = lines.shift();
  if (kind === "h2corridor/file-manifest/1") return _parseFiles(lines, check);
  check(kind === "h2corridor/fill/1", "expected a file manifest or a fill");
  check(lines.length === _FILL_FIELDS.length, `expected the lines ${_FILL_FIELDS.join(", ")}`);
  const fill = { kind: "fill" };
  _FILL_FIELDS.forEach((name, at) => {
    const value = lines[at].startsWith(`${name}: `) ? lines[at].slice(name.length + 2) : "";
    check(value !== "", `expected a line ${name}: <value>`);
    fill[name] = value;
  });
  return fill;
}

function _parseFiles([partyId, ...entries], check) {
  check(partyId !== "" && entries.length > 0 && entries.length <= _FILES_MAX, "expected a party id and files");
  const files = entries.map((entry) => {
    const match = _FILE_LINE.exec(entry);
    check(match && !_EDGE_SPACE.test(match[3]), "expected <sha256>  <size>  <path>");
    return { sha256: match[1], size: Number(match[2]), path: match[3] };
  });
  const ordered = files.every((file, at) => at === 0 || _comesBefore(files[at - 1].path, file.path));
  check(ordered, "its lines are not in order of path, or a path stands twice");
  return { kind: "files", partyId, files };
}

/** Whether a text stands before another by code points. */
function _comesBefore(a, b) {
  const [x, y] = [[...a], [...b]];
  const at = x.findIndex((letter, index) => letter !== y[index]);
  if (at < 0) return x.length < y.length;
  return at < y.length && x[at].codePointAt(0) < y[at].codePointAt(0);
}

/** The notes of the bundle, [{digest, says}], once they are those the statement lists and their signatures hold. */
function verifySuppliers(bundle, { statement, identity }, isRaw) {
  const names = [...bundle.members.keys()].filter((name) => name.startsWith("signatures/")).sort();
  must(names.length <= SIGNATURE_NOTES_MAX, "container.limit", `more than ${SIGNATURE_NOTES_MAX} signed notes`);
  const notes = new Map();
  const texts = new Set();
  let lines = 0;
  for (const name of names) {
    const note = under("signature.form", name, () => parseNote(bundle.bytes(name)));
    lines += note.signatures.length;
    must(lines <= SUPPLIER_SIGNATURES_MAX, "container.limit", `more than ${SUPPLIER_SIGNATURES_MAX} signatures`);
    const digest = sha256Hex(bundle.bytes(name));
    must(!texts.has(note.text), "signature.extra", "the same text stands in two notes", name);
    texts.add(note.text);
    notes.set(digest, { name, note });
  }
  const listed = statement.supplier_signatures;
  for (const each of listed) {
    const there = notes.has(each.digest) || (!isRaw && each.kind !== "fill");
    must(there, "signature.missing", `no note of digest ${each.digest}`, each.about);
  }
  return [...notes.keys()].sort().map((digest) => _verifySupplierNote(digest, notes.get(digest), listed, identity));
}

function _verifySupplierNote(digest, { name, note }, listed, identity) {
  const own = listed.filter((each) => each.digest === digest);
  must(own.length > 0, "signature.extra", "the statement does not list this note", name);
  const says = parseSupplierText(note.text, name);
  const labels = new Set(own.map((each) => each.key));
  must(labels.size === own.length, "signature.extra", "one signature is listed twice", name);
  for (const each of own) {
    _checkMeaning(each, says, name);
    _checkSupplierSigned(each, note, identity, name);
  }
  const known = new Set(identity.suppliers.map(({ key }) => key.label));
  for (const line of note.signatures) {
    const label = `${line.name}+${hexOf(line.id)}`;
    const listedOrForeign = labels.has(label) || !known.has(label);
    must(listedOrForeign, "signature.extra", `signed by ${label}, which is not listed`, name);
  }
  return { digest, says };
}

function _checkMeaning(listed, says, where) {
  const telemetry = says.kind === "files" && says.files.some((file) => file.path.startsWith("telemetry/"));
  const kind = says.kind === "fill" ? "fill" : telemetry ? "telemetry-manifest" : "file-manifest";
  const about = says.kind === "fill" ? says.refuelling_id : says.partyId;
  const fits = listed.kind === kind && listed.about === about;
  must(fits, "signature.form", `listed as ${listed.kind} about ${listed.about}, it is ${kind}`, where);
  const byParty = says.kind === "fill" || listed.party_id === says.partyId;
  must(byParty, "signature.form", "listed for another party than the one it names", where);
}

function _checkSupplierSigned(listed, note, identity, where) {
  const own = identity.suppliers.find((each) => each.party_id === listed.party_id && each.key.label === listed.key);
  must(own, "signature.unknown-key", `${listed.key} is no supplier's key of ${listed.party_id}`, where);
  const holds = signatureStatus(note, own.key) === "valid";
  must(holds, "signature.invalid", `the signature of ${listed.key} does not hold`, where);
}

/** Refuses `signature.fill` where a signed fill says otherwise than the record of its id. */
function verifyFillNotes(notes, groups) {
  const fills = new Map();
  for (const [name, records] of groups) {
    if (!name.startsWith("truck/")) continue;
    for (const record of records) if (record.kind === "fill") fills.set(record.refuelling_id, record);
  }
  for (const { says } of notes) {
    const record = says.kind === "fill" ? fills.get(says.refuelling_id) : null;
    if (!record) continue;
    const same =
      says.station_id === record.station_id &&
      instantMsOf(says.started_at) === record.started_at_ms &&
      instantMsOf(says.ended_at) === record.ended_at_ms &&
      _massMg(says.mass_kg) === record.mass_mg;
    must(same, "signature.fill", "the signed fill and the record differ", says.refuelling_id);
  }
}

/** Milligrams of a mass in kilograms with at most six places that count, or null. */
function _massMg(text) {
  if (!/^[0-9]{1,12}(\.[0-9]{1,6}0*)?$/.test(text)) return null;
  return Number(Decimal.of(text).units(6));
}
