// Whom a reader trusts (section 9): the text format of C2SP tlog-policy with two more keywords, `signer` and `edition`.

const POLICY_BYTES_MAX = 1 << 20;
const POLICY_LINES_MAX = 2_000;
const POLICY_NAMES_MAX = 1_000;
const _POLICY_EDITION = /^[a-z0-9][a-z0-9-]{0,63}\/[0-9][0-9.]{0,31} [0-9a-f]{64}$/;
// A policy with a control character other than tab and line ends is none. Editors of Windows write a byte order mark (its
// three bytes, each a letter here) and end lines with CRLF: both are taken off; tlog-policy itself refuses them.
const _POLICY_BYTE_ORDER_MARK = /^\u00ef\u00bb\u00bf/;
const _POLICY_CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/;

function _policyFault(fault, line = 0) {
  refuse("policy.form", fault, line ? `line ${line}` : "");
}

class _PolicyReader {
  constructor() {
    this.logs = [];
    this.signers = [];
    this.witnesses = [];
    this.groups = [];
    this.quorums = [];
    this.editions = new Set();
    this.names = new Set(["none"]);
    this.free = new Set();
    this.line = 0;
  }

  must(condition, fault) {
    if (!condition) _policyFault(fault, this.line);
  }

  read([keyword, ...words]) {
    if (keyword === "log") this.addKey(this.logs, words, 2);
    else if (keyword === "signer") this.addKey(this.signers, words, 1);
    else if (keyword === "witness") this.addWitness(words);
    else if (keyword === "group") this.addGroup(words);
    else if (keyword === "quorum") this.addQuorum(words);
    else if (keyword === "edition") this.addEdition(words);
    else this.must(false, `${keyword.slice(0, 40)} is no keyword of a policy`);
  }

  key(word, types) {
    const text = textOfUtf8(Uint8Array.from(word, (letter) => letter.charCodeAt(0)));
    this.must(text !== null, "a key is UTF-8");
    const key = under("policy.form", `line ${this.line}`, () => parseVerifierKey(text));
    this.must(types.includes(key.type), "a key of this type cannot stand here");
    return key;
  }

  addKey(keys, words, most) {
    this.must(words.length >= 1 && words.length <= most, `expected 1 to ${most} words after the keyword`);
    const key = this.key(words[0], [KEY_ED25519]);
    this.must(!keys.some((other) => sameBytes(other.publicKey, key.publicKey)), "this key stands twice");
    keys.push(key);
  }

  addWitness(words) {
    this.must(words.length === 2 || words.length === 3, "expected a name, a key and perhaps an address");
    const key = this.key(words[1], [KEY_COSIGNATURE, KEY_COSIGNATURE_ML_DSA_44]);
    const known = this.witnesses.some((other) => sameBytes(other.key.publicKey, key.publicKey));
    this.must(!known, "this witness's key stands twice");
    this.addName(words[0]);
    this.witnesses.push({ name: words[0], key });
  }

  addGroup(words) {
    this.must(words.length >= 3 && words.length <= POLICY_NAMES_MAX, "expected a name, a threshold and members");
    const [name, threshold, ...members] = words;
    for (const member of members) {
      this.must(this.free.delete(member), `${member.slice(0, 60)} is named nowhere above, or is a member already`);
    }
    this.addName(name);
    this.groups.push({ name, members, threshold: this.threshold(threshold, members.length) });
  }

  threshold(word, members) {
    if (word === "any") return 1;
    if (word === "all") return members;
    const fits = /^[1-9][0-9]{0,3}$/.test(word) && Number(word) <= members;
    this.must(fits, `a threshold is any, all or a number from 1 to ${members}`);
    return Number(word);
  }

  addQuorum(words) {
    this.must(words.length === 1 && this.names.has(words[0]), "a quorum is none or a name from above");
    this.quorums.push(words[0]);
  }

  addEdition(words) {
    const edition = words.join(" ");
    this.must(_POLICY_EDITION.test(edition), "expected <id>/<edition> and its SHA-256");
    this.must(!this.editions.has(edition), "this edition stands twice");
    this.editions.add(edition);
  }

  addName(name) {
    const good = !this.names.has(name) && this.names.size <= POLICY_NAMES_MAX;
    this.must(good, `the name ${name.slice(0, 60)} is taken, or there are too many`);
    this.names.add(name);
    this.free.add(name);
  }
}

/** The policy in a file's bytes: {logs, signers, witnesses, groups, quorum, editions}; refuses `policy.form`. */
function parsePolicy(bytes) {
  const read = Array.from(bytes.slice(0, POLICY_BYTES_MAX + 1), (byte) => String.fromCharCode(byte)).join("");
  const text = read.replace(_POLICY_BYTE_ORDER_MARK, "").replaceAll("\r\n", "\n");
  const lines = text.split("\n");
  const small = bytes.length <= POLICY_BYTES_MAX && lines.length <= POLICY_LINES_MAX;
  if (!small) _policyFault(`expected at most ${POLICY_BYTES_MAX} bytes and ${POLICY_LINES_MAX} lines`);
  if (_POLICY_CONTROL.test(text)) _policyFault("a policy holds no control characters but tabs and line ends (LF or CRLF)");
  const reader = new _PolicyReader();
  for (const line of lines) {
    reader.line += 1;
    const words = line.split(/[ \t]+/).filter((word) => word !== "");
    if (words.length && !words[0].startsWith("#")) reader.read(words);
  }
  if (reader.quorums.length !== 1) _policyFault(`expected exactly one quorum line, came ${reader.quorums.length}`);
  const { logs, signers, witnesses, groups, editions } = reader;
  return { logs, signers, witnesses, groups, quorum: reader.quorums[0], editions };
}

/** How many witnesses of the policy cosigned the note; refuses `policy.quorum` where they do not suffice. */
function verifyQuorum(policy, note) {
  const witnessed = new Set();
  for (const { name, key } of policy.witnesses) {
    // Cosignatures of other kinds (ML-DSA-44) are not verified here: such a witness has not witnessed.
    if (key.type !== KEY_COSIGNATURE) continue;
    const status = signatureStatus(note, key);
    must(status !== "invalid", "policy.quorum", `the cosignature of ${key.name} does not hold`);
    if (status === "valid") witnessed.add(name);
  }
  const count = witnessed.size;
  for (const { name, members, threshold } of policy.groups) {
    if (members.filter((member) => witnessed.has(member)).length >= threshold) witnessed.add(name);
  }
  const reached = policy.quorum === "none" || witnessed.has(policy.quorum);
  must(reached, "policy.quorum", `${count} of ${policy.witnesses.length} witnesses cosigned; that is no quorum`);
  return count;
}
