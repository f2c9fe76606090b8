// Signed notes, verifier keys and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature).

const NOTE_BYTES_MAX = 1_000_000;
const NOTE_SIGNATURES_MAX = 100;
const TREE_SIZE_MAX = 2n ** 63n - 1n;
const KEY_ED25519 = 0x01;
const KEY_COSIGNATURE = 0x04;
const KEY_COSIGNATURE_ML_DSA_44 = 0x06;
const _KEY_BYTES = new Map([[KEY_ED25519, 32], [KEY_COSIGNATURE, 32], [KEY_COSIGNATURE_ML_DSA_44, 1312]]);
const _SIGNATURE_PREFIX = "— ";
// White space as Unicode has it (category Z, the ASCII separators), and control characters.
const _NOT_IN_A_NAME = /[\u0000-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]/;

function _checkKeyName(name) {
  must(name !== "" && !_NOT_IN_A_NAME.test(name), "vkey.name", "no key name (no plus sign, no white space)");
}

/** The whole digest that a key is known by: SHA-256 of name, line feed, type and key. Its first four bytes are the id. */
function keyFingerprint(name, type, publicKey) {
  return sha256(utf8(`${name}\n`), Uint8Array.of(type), publicKey);
}

/** A key from `<name>+<key id>+<base64 of type and key>`: {name, id, type, publicKey, fingerprint, label}. */
function parseVerifierKey(text) {
  must(typeof text === "string", "vkey.form", "a key is a text");
  const first = text.indexOf("+");
  const second = text.indexOf("+", first + 1);
  must(first >= 0 && second >= 0, "vkey.form", "expected <name>+<key id>+<base64>");
  const name = text.slice(0, first);
  _checkKeyName(name);
  const data = bytesOfBase64(text.slice(second + 1));
  must(data !== null, "note.base64", "the key is not base64");
  const type = data[0];
  const length = 1 + (_KEY_BYTES.get(type) ?? data.length - 1);
  must(data.length > 0 && data.length === length, "vkey.form", `${name}: a key of the wrong length for its type`);
  const publicKey = data.slice(1);
  const fingerprint = keyFingerprint(name, type, publicKey);
  const id = fingerprint.slice(0, 4);
  must(text.slice(first + 1, second) === hexOf(id), "vkey.key-id", `${name}: the key has the id ${hexOf(id)}`);
  return { name, id, type, publicKey, fingerprint: hexOf(fingerprint), label: `${name}+${hexOf(id)}` };
}

function _parseSignatureLine(line) {
  must(line.startsWith(_SIGNATURE_PREFIX), "note.form", "a signature line begins with an em dash and a space");
  const rest = line.slice(_SIGNATURE_PREFIX.length);
  const space = rest.indexOf(" ");
  must(space >= 0, "note.form", "a signature line is em dash, name, base64");
  const name = rest.slice(0, space);
  _checkKeyName(name);
  const data = bytesOfBase64(rest.slice(space + 1));
  must(data !== null, "note.base64", `${name}: the signature is not base64`);
  must(data.length >= 5, "note.form", `${name}: a signature has more than the four bytes of the key id`);
  return { name, id: data.slice(0, 4), signature: data.slice(4) };
}

/** The text (with its line feed; what was signed) and the signatures of a note; nothing is verified. */
function parseNote(bytes) {
  must(bytes.length <= NOTE_BYTES_MAX, "note.form", `expected at most ${NOTE_BYTES_MAX} bytes`);
  const whole = textOfUtf8(bytes);
  must(whole !== null, "note.form", "a note is UTF-8");
  must(!/[\u0000-\u0009\u000b-\u001f]/.test(whole), "note.form", "a note holds no control character but line feeds");
  const gap = whole.lastIndexOf("\n\n");
  must(gap > 0 && whole.endsWith("\n"), "note.form", "expected a text, an empty line and signature lines");
  const lines = whole.slice(gap + 2, -1).split("\n");
  must(gap + 2 < whole.length, "note.form", "expected signature lines");
  must(lines.length <= NOTE_SIGNATURES_MAX, "note.form", `expected at most ${NOTE_SIGNATURES_MAX} signatures`);
  return { text: whole.slice(0, gap + 1), signatures: lines.map(_parseSignatureLine) };
}

function _lineHolds(text, signature, key) {
  if (key.type === KEY_ED25519) return signatureHolds(key.publicKey, utf8(text), signature);
  must(key.type === KEY_COSIGNATURE, "note.algorithm", `${key.name}: keys of this type are not verified here`);
  if (signature.length !== 72) return false;
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  return signatureHolds(key.publicKey, utf8(`cosignature/v1\ntime ${time}\n${text}`), signature.slice(8));
}

/** `valid`, `invalid`, or `unknown-key` where the key made no signature on the note. Each is verified once. */
function signatureStatus(note, key) {
  const lines = note.signatures.filter((line) => line.name === key.name && sameBytes(line.id, key.id));
  const own = new Map(lines.map((line) => [hexOf(line.signature), line.signature]));
  if (!own.size) return "unknown-key";
  return [...own.values()].every((signature) => _lineHolds(note.text, signature, key)) ? "valid" : "invalid";
}

/** Origin, size (BigInt) and root from the text of a checkpoint's note; further lines are extensions. */
function parseCheckpoint(text) {
  const lines = text.split("\n");
  const complete = lines.length >= 4 && lines.pop() === "" && lines.every((line) => line !== "");
  must(complete, "checkpoint.form", "expected origin, tree size and root, one a line");
  const [origin, size, root] = lines;
  must(/^(0|[1-9][0-9]{0,18})$/.test(size), "checkpoint.form", "the second line is no tree size");
  must(BigInt(size) <= TREE_SIZE_MAX, "checkpoint.form", "the tree size is beyond 2^63 - 1");
  const hash = bytesOfBase64(root);
  must(hash !== null, "note.base64", "the root is not base64");
  must(hash.length === HASH_BYTES, "checkpoint.form", `expected a root of ${HASH_BYTES} bytes`);
  return { origin, size: BigInt(size), root: hash };
}
