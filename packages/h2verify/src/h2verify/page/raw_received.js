// Step 15: received files of a raw bundle. Whole files row by row against the root in the log, single rows by proof.

const RECEIVED_FORMAT = "h2corridor/received/1";
const RECEIVED_FILE_TYPE = "h2corridor/received-file/1";
const CONTENT_BYTES_MAX = 160 * MIB;
const TELEMETRY_RECORDS_MAX = 100_000;
const OTHER_RECORDS_MAX = 300_000;
const TELEMETRY_FOLDER = "telemetry/";
const _RECEIVED_MEMBER = /^received\/([1-9][0-9]{0,5})\.(json|bin)$/;
const _TELEMETRY_PATH = /^telemetry\/([A-Z0-9]{17})\/([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\.[0-9]{1,15})?\.csv\.gz$/;
const _RECEIVED_DOCUMENT = objectOf({
  bytes: maybe(textLike(_RECEIVED_MEMBER)),
  file_salt: maybe(SHA256_HEX),
  format: oneOf(RECEIVED_FORMAT),
  manifest: objectOf({
    content_complete: oneOf(true, false),
    path: TEXT,
    received_at_ms: WHOLE,
    records: WHOLE,
    root: SHA256_HEX,
    sha256: SHA256_HEX,
    size: WHOLE,
  }),
  records: listOf(
    objectOf({ entry: BASE64_TEXT, hashes: PROOF_HASHES, index: WHOLE, salt: SHA256_HEX }),
    TELEMETRY_RECORDS_MAX,
  ),
});

/** A Merkle tree that grows leaf by leaf; only the roots of its complete subtrees are kept. */
class _GrowingTree {
  constructor() {
    this.subtrees = [];
  }

  add(leaf) {
    let [hash, size] = [leaf, 1];
    while (this.subtrees.length && this.subtrees.at(-1).size === size) {
      hash = nodeHash(this.subtrees.pop().hash, hash);
      size *= 2;
    }
    this.subtrees.push({ hash, size });
  }

  root() {
    return this.subtrees.map(({ hash }) => hash).reduceRight((right, left) => nodeHash(left, right));
  }
}

/** A received file, whole (`content`, see contentOfFile) or some of its records by number, 0 being the header. */
class ReceivedFile {
  constructor(manifest, loggedIndex, whole, shown) {
    this.path = manifest.path;
    this.size = manifest.size;
    this.sha256 = manifest.sha256;
    this.loggedIndex = loggedIndex;
    this.whole = whole;
    this.shown = shown;
  }

  /** Of the records asked for by number (a Set), those that are disclosed: a Map. */
  findRecords(numbers) {
    const found = new Map();
    const take = (record, number) => {
      if (numbers.has(number)) found.set(number, record);
    };
    if (this.whole) eachRecord(this.whole.content, take);
    else this.shown.forEach(take);
    return found;
  }
}

/**
 * The received files of a bundle: a Map by path. `logged` holds the canonical texts of proved log entries with their
 * places, `statedIndex` is the statement's place.
 */
function verifyReceived(bundle, logged, statedIndex) {
  const names = [...bundle.members.keys()].filter((name) => name.startsWith("received/")).sort();
  const left = {
    bytes: CONTENT_BYTES_MAX,
    telemetry: TELEMETRY_RECORDS_MAX,
    other: OTHER_RECORDS_MAX,
  };
  const files = new Map();
  const used = new Set();
  for (const name of names) {
    const match = _RECEIVED_MEMBER.exec(name);
    must(match, "received.form", "no received member has this name", name);
    if (match[2] !== "json") continue;
    const document = bundle.formed(name, _RECEIVED_DOCUMENT, "received.form");
    const file = _verifyReceivedFile(bundle, name, document, logged, left);
    const early = file.loggedIndex < statedIndex;
    must(early, "received.late", "it came into the log after the statement", file.path);
    must(!files.has(file.path), "received.form", `${file.path} is there already`, name);
    files.set(file.path, file);
    used.add(name).add(document.bytes ?? name);
  }
  must(used.size === names.length, "received.form", "no received/<n>.json speaks of a member");
  return files;
}

function _verifyReceivedFile(bundle, name, document, logged, left) {
  const { manifest, bytes: member, file_salt: salt, records } = document;
  const isWhole = member !== null;
  const one = isWhole === (salt !== null) && isWhole === (records.length === 0);
  must(one, "received.form", "expected bytes and file_salt, or records", name);
  const own = !isWhole || (member === name.replace(/json$/, "bin") && bundle.members.has(member));
  must(own, "received.form", "its bytes are not in the member of its number", name);
  const entry = canonicalText({ records: manifest.records, root: manifest.root, type: RECEIVED_FILE_TYPE });
  must(logged.has(entry), "received.log", "its entry is not proved to be in the log", manifest.path);
  const index = logged.get(entry);
  if (!isWhole) return new ReceivedFile(manifest, index, null, _verifyShownRecords(records, manifest, name));
  const whole = _verifyWholeFile(bundle.bytes(member), bytesOfHex(salt), manifest, left);
  return new ReceivedFile(manifest, index, whole, null);
}

function _entryZero({ content_complete, path, received_at_ms, records, sha256: digest, size }) {
  return canonicalBytes({ content_complete, path, received_at_ms, records, sha256: digest, size });
}

/** Holds every byte and every record of a file against its manifest, whose root is in the log. */
function _verifyWholeFile(bytes, salt, manifest, left) {
  const { path } = manifest;
  const same = bytes.length === manifest.size && sha256Hex(bytes) === manifest.sha256;
  must(same, "received.content", "its bytes have another size or digest", path);
  const whole = contentOfFile(path, bytes, left.bytes);
  left.bytes -= whole.content.length;
  const tree = new _GrowingTree();
  tree.add(leafHash(_entryZero(manifest), derivedSalt(salt, 0)));
  const kind = path.startsWith(TELEMETRY_FOLDER) ? "telemetry" : "other";
  let count = 0;
  eachRecord(whole.content, (record, number) => {
    count += 1;
    left[kind] -= 1;
    must(left[kind] >= 0, "container.limit", `more records of ${kind} files than a bundle may hold`, path);
    tree.add(leafHash(record, derivedSalt(salt, number + 1)));
  });
  const unpacked = whole.complete === manifest.content_complete;
  must(unpacked, "received.content", "content_complete is not what unpacking it shows", path);
  const rooted = count === manifest.records && hexOf(tree.root()) === manifest.root;
  must(rooted, "received.rows", `its ${count} records give another root than the one in the log`, path);
  return whole;
}

/** The shown records by number, once entry 0, the header and each row are proved to stand where they say. */
function _verifyShownRecords(records, manifest, name) {
  const root = bytesOfHex(manifest.root);
  const shown = new Map();
  let last = -1;
  records.forEach(({ entry, hashes, index, salt }, at) => {
    const bytes = bytesOfBase64(entry);
    must(bytes !== null, "received.form", "expected base64", `${name}.records[${at}]`);
    must(index > last, "received.form", "records stand in ascending order, each once", `${name}.records[${at}]`);
    last = index;
    const leaf = leafHash(bytes, bytesOfHex(salt));
    const where = `${manifest.path} entry ${index}`;
    under("received.row", where, () => verifyInclusion(index, manifest.records + 1, leaf, proofOfHex(hashes), root));
    shown.set(index - 1, bytes);
  });
  must(shown.has(-1) && shown.has(0), "received.form", "expected entry 0 and the header among the records", name);
  const same = sameBytes(shown.get(-1), _entryZero(manifest));
  must(same, "received.row", "entry 0 says something else than the manifest", manifest.path);
  shown.delete(-1);
  return shown;
}

/** The telemetry files of a truck, in order of day. */
function telemetryOf(files, vin) {
  const mine = (path) => {
    const match = _TELEMETRY_PATH.exec(path);
    return match && match[1] === vin && isDay(match[2]);
  };
  return [...files.keys()].filter(mine).sort().map((path) => files.get(path));
}
