// Canonical JSON (RFC 8785) restricted to what can be hashed without doubt: null, booleans, whole numbers within
// ±(2^53 - 1), texts, lists, objects. Objects have no prototype, so no name has a meaning of its own; the order of
// their names is always taken from `namesOf`, never from the engine.

const DEPTH_MAX = 64;
const _SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
const _ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const _NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const _NO_NUMBER = /NaN|-?Infinity/y;
const _PLAIN = /[^"\\\u0000-\u001f]*/y;
const _HEX4 = /[0-9a-fA-F]{4}/y;

/** The names of an object by UTF-16 code units, the order of canonical JSON. */
function namesOf(object) {
  return Object.keys(object).sort();
}

/** How many characters (code points) a text has. */
function lengthOf(text) {
  return [...text].length;
}

/** Whether a value is a JSON object. */
function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Whether a value is an object with all of `needed` and no other names but those of `more`. */
function hasFields(value, needed, more = []) {
  if (!isObject(value) || !needed.every((name) => name in value)) return false;
  return Object.keys(value).every((name) => needed.includes(name) || more.includes(name));
}

/** Whether a value is an object with exactly these names. */
function hasNames(value, names) {
  return hasFields(value, names);
}

class _JsonReader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  whole() {
    this.space();
    const value = this.value();
    this.space();
    if (this.at < this.text.length) this.fault("something stands after the value");
    return value;
  }

  fault(what) {
    refuse("canonical.json", `${what} (character ${this.at})`);
  }

  space() {
    while (_SPACE.has(this.text.charCodeAt(this.at))) this.at += 1;
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at += found[0].length;
    return found;
  }

  value() {
    const letter = this.text[this.at];
    if (letter === "{") return this.object();
    if (letter === "[") return this.list();
    if (letter === '"') return this.string();
    for (const [word, value] of [["null", null], ["true", true], ["false", false]]) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.number();
  }

  number() {
    const none = this.match(_NO_NUMBER);
    if (none) refuse("canonical.float", `${none[0]} is not an integer; write it as a decimal text`);
    const found = this.match(_NUMBER);
    if (!found) this.fault("expected a value");
    const text = found[0];
    if (found[1] || found[2]) refuse("canonical.float", `${text.slice(0, 40)} is not an integer`);
    const exact = text !== "-0" && text.length <= 17 && Number.isSafeInteger(Number(text));
    if (!exact) refuse("canonical.integer", `${text.slice(0, 40)} is not an integer within ±(2^53 - 1)`);
    return Number(text);
  }

  string() {
    this.at += 1;
    let value = "";
    for (;;) {
      value += this.match(_PLAIN)[0];
      const letter = this.text[this.at];
      this.at += 1;
      if (letter === '"') return value;
      if (letter !== "\\") this.fault("a text does not end, or holds a control character");
      value += this.escape();
    }
  }

  escape() {
    const letter = this.text[this.at];
    this.at += 1;
    if (letter === "u") {
      const digits = this.match(_HEX4);
      if (!digits) this.fault("expected four hexadecimal digits");
      return String.fromCharCode(parseInt(digits[0], 16));
    }
    if (letter === undefined || !Object.hasOwn(_ESCAPES, letter)) this.fault("an escape that JSON does not know");
    return _ESCAPES[letter];
  }

  enter() {
    this.at += 1;
    this.space();
  }

  /** After a member: whether another one follows. */
  more(end) {
    this.space();
    const letter = this.text[this.at];
    this.at += 1;
    if (letter === end) return false;
    if (letter !== ",") this.fault(`expected a comma or ${end}`);
    this.space();
    return true;
  }

  list() {
    this.enter();
    const items = [];
    if (this.text[this.at] === "]") {
      this.more("]");
      return items;
    }
    do items.push(this.value());
    while (this.more("]"));
    return items;
  }

  object() {
    this.enter();
    const members = Object.create(null);
    let repeated = null;
    if (this.text[this.at] === "}") {
      this.more("}");
      return members;
    }
    do {
      if (this.text[this.at] !== '"') this.fault("expected a name");
      const name = this.string();
      this.space();
      if (this.text[this.at] !== ":") this.fault("expected a colon");
      this.at += 1;
      this.space();
      if (name in members) repeated ??= name;
      members[name] = this.value();
    } while (this.more("}"));
    if (repeated !== null) refuse("canonical.repeated-name", `the name ${repeated.slice(0, 60)} stands twice`);
    return members;
  }
}

/**
 * The value of a JSON text in any layout. Refuses what section "canonical JSON" of the format page rules out:
 * `canonical.json`, `.depth`, `.float`, `.integer`, `.text`, `.repeated-name`.
 */
function parseJson(bytes) {
  _checkDepth(bytes);
  const text = textOfUtf8(bytes);
  if (text === null) refuse("canonical.json", "not a text in UTF-8");
  const value = new _JsonReader(text).whole();
  canonicalText(value);
  return value;
}

/**
 * Refuses deep nesting before anything recurses into it, in one pass whatever the bytes: a level is a bracket that
 * opens, less one that closes, outside of texts.
 */
function _checkDepth(bytes) {
  let level = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (inText && byte === 0x5c) at += 1;
    else if (byte === 0x22) inText = !inText;
    else if (!inText && (byte === 0x5b || byte === 0x7b)) level += 1;
    else if (!inText && (byte === 0x5d || byte === 0x7d)) level -= 1;
    must(level <= DEPTH_MAX, "canonical.depth", `nested deeper than ${DEPTH_MAX} levels`);
  }
}

/** The value of a text that must stand in canonical form, byte for byte (`canonical.form`). */
function parseCanonical(bytes) {
  const value = parseJson(bytes);
  must(sameBytes(canonicalBytes(value), bytes), "canonical.form", "the text is JSON but not in canonical form");
  return value;
}

/** The canonical text of a value. */
function canonicalText(value) {
  const parts = [];
  parts.damaged = false;
  _write(value, parts);
  must(!parts.damaged, "canonical.text", "a text holds a lone surrogate");
  return parts.join("");
}

/** The canonical bytes of a value. */
function canonicalBytes(value) {
  return utf8(canonicalText(value));
}

const _LONE_SURROGATE = /\p{Surrogate}/u;

function _write(value, parts) {
  if (value === null || typeof value === "boolean") parts.push(String(value));
  else if (typeof value === "string") _writeText(value, parts);
  else if (typeof value === "number" && Number.isSafeInteger(value)) parts.push(String(value));
  else if (Array.isArray(value)) _writeList(value, parts);
  else if (isObject(value)) _writeObject(value, parts);
  else throw new TypeError(`${typeof value} has no canonical form`);
}

function _writeList(items, parts) {
  parts.push("[");
  items.forEach((item, at) => {
    if (at) parts.push(",");
    _write(item, parts);
  });
  parts.push("]");
}

function _writeObject(members, parts) {
  parts.push("{");
  namesOf(members).forEach((name, at) => {
    if (at) parts.push(",");
    _writeText(name, parts);
    parts.push(":");
    _write(members[name], parts);
  });
  parts.push("}");
}

/** A text in quotes: JSON.stringify writes it as RFC 8785 asks, but for lone surrogates. */
function _writeText(text, parts) {
  if (_LONE_SURROGATE.test(text)) parts.damaged = true;
  parts.push(JSON.stringify(text));
}
