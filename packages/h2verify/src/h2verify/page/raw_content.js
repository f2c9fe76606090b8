// What a received file says once unpacked: for a path that ends in `.gz` the content of its gzip members, one after the
// other. Of a cut or damaged member it is every byte that inflates before the fault when the input is fed byte by byte.

const _GZIP_NAMED = [0x08, 0x10];
const _GZIP_HAS_EXTRA = 0x04;
const _GZIP_HAS_CHECK = 0x02;

/** The end of the input (`cut`), a wrong check sum or no member at all (`check`); see also InflateFault. */
class GzipFault extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

/** One gzip member; remembers how much had come out before each byte was taken in. */
class _GzipMember extends _Inflater {
  constructor(bytes, start, max) {
    super(bytes, start, start, max);
    this.end = bytes.length;
    this.settled = 0;
  }

  byte() {
    if (this.at >= this.end) throw new GzipFault("cut");
    this.settled = this.size;
    this.at += 1;
    return this.bytes[this.at - 1];
  }

  bits(count) {
    for (; this.held < count; this.held += 8) this.hold |= this.byte() << this.held;
    const value = this.hold & ((1 << count) - 1);
    this.hold >>>= count;
    this.held -= count;
    return value;
  }

  symbol(code) {
    if (code.symbols.length > 1) return super.symbol(code);
    if (this.bits(1) || !code.symbols.length) throw new InflateFault("stream");
    return code.symbols[0];
  }

  word(count) {
    let value = 0;
    for (let at = 0; at < count; at += 1) value += this.byte() * 256 ** at;
    return value;
  }

  stored() {
    this.hold = 0;
    this.held = 0;
    const length = this.word(2);
    if (length !== 0xffff - this.word(2)) throw new InflateFault("stream");
    const there = Math.min(length, this.end - this.at);
    this.room(there);
    this.out.set(this.bytes.subarray(this.at, this.at + there), this.size);
    this.at += there;
    this.size += there;
    if (there < length) throw new GzipFault("cut");
    this.settled = this.size;
  }

  header() {
    const start = this.at;
    if (this.word(2) !== 0x8b1f) throw new GzipFault("check");
    const [method, flags] = [this.byte(), this.byte()];
    if (method !== 8 || flags & 0xe0) throw new InflateFault("stream");
    this.word(6);
    if (flags & _GZIP_HAS_EXTRA) for (let left = this.word(2); left > 0; left -= 1) this.byte();
    for (const flag of _GZIP_NAMED) if (flags & flag) while (this.byte() !== 0);
    if (!(flags & _GZIP_HAS_CHECK)) return;
    const check = crc32(this.bytes.subarray(start, this.at)) & 0xffff;
    if (this.word(2) !== check) throw new InflateFault("stream");
  }

  /** Reads the member to its end. */
  whole() {
    this.header();
    for (let last = 0; !last; ) {
      last = this.bits(1);
      const kind = this.bits(2);
      if (kind === 0) this.stored();
      else if (kind === 1) this.compressed(..._fixedCodes());
      else if (kind === 2) this.compressed(...this.dynamicCodes());
      else throw new InflateFault("stream");
    }
    const content = this.out.subarray(0, this.size);
    if (this.word(4) !== crc32(content) || this.word(4) !== this.size % 2 ** 32) throw new GzipFault("check");
  }
}

/**
 * The content of a file: {content, complete, isCut}. `isCut`: it ends inside packed data, so that its last record may
 * be a part of one. Refuses `container.limit` where it is longer than `max` bytes.
 */
function contentOfFile(path, bytes, max) {
  if (!path.endsWith(".gz")) {
    must(bytes.length <= max, "container.limit", "whole files unpack to too many bytes", path);
    return { content: bytes, complete: true, isCut: false };
  }
  const parts = [];
  let left = max;
  let fault = bytes.length ? null : "empty";
  for (let at = 0; at < bytes.length && fault === null; ) {
    const member = new _GzipMember(bytes, at, left);
    fault = _gzipFault(member, path);
    parts.push(member.out.subarray(0, member.size));
    left -= member.size;
    at = member.at;
    while (at < bytes.length && bytes[at] === 0) at += 1;
  }
  const isCut = fault === "cut" || fault === "stream";
  return { content: parts.length === 1 ? parts[0] : joinBytes(...parts), complete: fault === null, isCut };
}

/** Reads a member to its end (null) or fault: `cut`, `check`, `stream`. What the faulty byte gave is taken back. */
function _gzipFault(member, path) {
  try {
    member.whole();
    return null;
  } catch (error) {
    if (!(error instanceof GzipFault) && !(error instanceof InflateFault)) throw error;
    must(error.kind !== "limit", "container.limit", "whole files unpack to too many bytes", path);
    if (error.kind === "stream") member.size = member.settled;
    return error.kind;
  }
}
