// The container (section 1): a zip in which every byte belongs to one member or to the directory, read from its bytes.

const MIB = 1 << 20;
const LIMITS = Object.freeze({
  fileBytes: 64 * MIB,
  members: 2_000,
  nameLength: 200,
  unpackedBytes: 96 * MIB,
  memberBytes: 32 * MIB,
  jsonBytes: 4 * MIB,
  jsonMarks: 400_000,
  jsonBytesSum: 16 * MIB,
  jsonMarksSum: 1_000_000,
});
const MANIFEST = "manifest.json";
const _END_BYTES = 22;
const _LOCAL_BYTES = 30;
const _CENTRAL_BYTES = 46;
const _LOCAL_MARK = 0x04034b50;
const _CENTRAL_MARK = 0x02014b50;
const _END_MARK = 0x06054b50;
const _UTF8_NAMES = 1 << 11;
const _REGULAR_FILE = 0o10;
const _MEMBER_NAME = /^[A-Za-z0-9._@-]+(\/[A-Za-z0-9._@-]+)*$/;
const _JSON_MARKS = new Set([0x5b, 0x7b, 0x2c, 0x3a]);

function _damaged(fault, where = "") {
  refuse("container.zip", fault, where);
}

/** The members of a container: a Map of name to {bytes, sha256}, in the order of the directory. */
function readArchive(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const mark = (at) => (at >= 0 && at + 4 <= data.length ? view.getUint32(at, true) : -1);
  const isZip = mark(0) === _LOCAL_MARK || mark(data.length - _END_BYTES) === _END_MARK;
  must(isZip, "container.not-zip", "expected a zip archive");
  must(data.length <= LIMITS.fileBytes, "container.limit", `the file is larger than ${LIMITS.fileBytes} bytes`);
  const { entries, directory } = _readDirectory(data, view);
  const hasManifest = entries.some((entry) => entry.name === MANIFEST);
  must(hasManifest, "container.no-manifest", `a zip archive without ${MANIFEST} is no evidence bundle`);
  _checkNames(entries);
  _checkLayout(data, view, entries, directory);
  return _unpackAll(data, entries);
}

function _readDirectory(data, view) {
  const end = data.length - _END_BYTES;
  if (end < 0 || view.getUint32(end, true) !== _END_MARK) _damaged("the end record is not the end of the file");
  const word = (at) => view.getUint16(end + at, true);
  const single = word(4) === 0 && word(6) === 0 && word(8) === word(10) && word(20) === 0;
  if (!single) _damaged("the end record speaks of several volumes or of a comment");
  const count = word(10);
  must(count <= LIMITS.members, "container.limit", `${count} members; at most ${LIMITS.members}`);
  const [length, directory] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  if (directory + length !== end) _damaged("the central directory does not end where the end record begins");
  const entries = [];
  let at = directory;
  for (let row = 0; row < count; row += 1) {
    const entry = _readEntry(data, view, at, end);
    entries.push(entry);
    at = entry.next;
  }
  if (at !== end) _damaged("the central directory is longer or shorter than its rows");
  return { entries, directory };
}

/** What a local header and a row of the directory both say, from the flags on. */
function _readCommon(view, at) {
  return {
    flags: view.getUint16(at, true),
    method: view.getUint16(at + 2, true),
    crc: view.getUint32(at + 8, true),
    packed: view.getUint32(at + 12, true),
    size: view.getUint32(at + 16, true),
    nameLength: view.getUint16(at + 20, true),
    extraLength: view.getUint16(at + 22, true),
  };
}

function _latin1(bytes) {
  return String.fromCharCode(...bytes);
}

function _readEntry(data, view, at, end) {
  if (at + _CENTRAL_BYTES > end) _damaged("a row of the central directory is cut off");
  const entry = _readCommon(view, at + 8);
  const nameAt = at + _CENTRAL_BYTES;
  const extraAt = nameAt + entry.nameLength;
  entry.next = extraAt + entry.extraLength + view.getUint16(at + 32, true);
  const whole = view.getUint32(at, true) === _CENTRAL_MARK && entry.next <= end && view.getUint16(at + 34, true) === 0;
  if (!whole) _damaged("a row of the central directory is damaged");
  const kind = view.getUint16(at + 40, true) >> 12;
  if (kind !== 0 && kind !== _REGULAR_FILE) _damaged("a member is a link or another thing that is no regular file");
  _checkExtra(view, extraAt, extraAt + entry.extraLength);
  entry.name = _latin1(data.subarray(nameAt, extraAt));
  entry.offset = view.getUint32(at + 42, true);
  return entry;
}

/** No zip64 field may be there. */
function _checkExtra(view, from, to) {
  for (let at = from; at + 4 <= to; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) === 1) _damaged("zip64 fields are not read");
  }
}

function _checkNames(entries) {
  const seen = new Set();
  for (const { name } of entries) {
    const parts = name.split("/");
    const good = name.length <= LIMITS.nameLength && _MEMBER_NAME.test(name);
    must(good && !parts.includes(".") && !parts.includes(".."), "container.name", `${name.slice(0, 100)} is no name`);
    const folded = name.toLowerCase();
    must(!seen.has(folded), "container.duplicate", `${name} stands twice when case is ignored`);
    seen.add(folded);
  }
}

/** Local headers and packed bytes must tile the file up to the directory; each entry learns where its bytes start. */
function _checkLayout(data, view, entries, directory) {
  let at = 0;
  for (const entry of [...entries].sort((a, b) => a.offset - b.offset)) {
    if (entry.offset !== at) _damaged("bytes before it belong to no member, or members overlap", entry.name);
    entry.start = _checkLocalHeader(data, view, entry);
    at = entry.start + entry.packed;
  }
  if (at !== directory) _damaged("bytes between the last member and the directory, or they overlap");
}

function _checkLocalHeader(data, view, entry) {
  const { name, offset } = entry;
  if (entry.flags & ~_UTF8_NAMES) _damaged("only flag bit 11 may be set", name);
  must(entry.method === 0 || entry.method === 8, "container.method", `method ${entry.method} is not read`, name);
  if (offset + _LOCAL_BYTES > data.length) _damaged("its local header lies outside the file", name);
  const local = _readCommon(view, offset + 6);
  const nameAt = offset + _LOCAL_BYTES;
  const start = nameAt + local.nameLength + local.extraLength;
  const agrees =
    view.getUint32(offset, true) === _LOCAL_MARK &&
    ["flags", "method", "crc", "packed", "size"].every((field) => local[field] === entry[field]) &&
    _latin1(data.subarray(nameAt, nameAt + local.nameLength)) === name &&
    start + entry.packed <= data.length;
  if (!agrees) _damaged("its local header and the central directory do not agree", name);
  _checkExtra(view, nameAt + local.nameLength, start);
  return start;
}

function _unpackAll(data, entries) {
  const members = new Map();
  const left = { bytes: LIMITS.unpackedBytes, jsonBytes: LIMITS.jsonBytesSum, jsonMarks: LIMITS.jsonMarksSum };
  for (const entry of entries) {
    const bytes = _unpack(data, entry, left.bytes);
    _count(entry.name, bytes, left);
    const intact = bytes.length === entry.size && crc32(bytes) === entry.crc;
    must(intact, "container.checksum", "its bytes have another size or CRC than the directory says", entry.name);
    members.set(entry.name, { bytes, sha256: sha256Hex(bytes) });
  }
  return members;
}

function _unpack(data, { name, method, start, packed }, left) {
  const max = Math.min(left, name.endsWith(".json") ? LIMITS.jsonBytes : LIMITS.memberBytes);
  const end = start + packed;
  if (method === 0) {
    must(packed <= max, "container.limit", `unpacks to more than ${max} bytes`, name);
    return data.subarray(start, end);
  }
  try {
    const { content, next } = inflate(data, start, end, max);
    if (next !== end) _damaged("other bytes follow its packed ones", name);
    return content;
  } catch (error) {
    if (!(error instanceof InflateFault)) throw error;
    must(error.kind !== "limit", "container.limit", `unpacks to more than ${max} bytes`, name);
    return _damaged("its packed bytes are damaged", name);
  }
}

function _count(name, bytes, left) {
  left.bytes -= bytes.length;
  if (!name.endsWith(".json")) return;
  let marks = 0;
  for (const byte of bytes) if (_JSON_MARKS.has(byte)) marks += 1;
  left.jsonBytes -= bytes.length;
  left.jsonMarks -= marks;
  must(marks <= LIMITS.jsonMarks, "container.limit", `more than ${LIMITS.jsonMarks} of the characters [ { , :`, name);
  must(left.jsonBytes >= 0 && left.jsonMarks >= 0, "container.limit", "JSON members hold too much together", name);
}
