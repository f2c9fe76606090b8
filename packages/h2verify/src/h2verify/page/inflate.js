// Deflate (RFC 1951) and CRC-32, written out: the reader must know which byte ended the stream and stop at a limit.

const _LENGTH_BASES = [];
const _LENGTH_BITS = [];
const _DISTANCE_BASES = [];
const _DISTANCE_BITS = [];

/** The tables of RFC 1951 section 3.2.5, which follow a rule but for the last length. */
function _fillTables() {
  for (let code = 0, base = 3; code < 28; code += 1) {
    const bits = code < 8 ? 0 : (code >> 2) - 1;
    _LENGTH_BASES.push(base);
    _LENGTH_BITS.push(bits);
    base += 1 << bits;
  }
  _LENGTH_BASES.push(258);
  _LENGTH_BITS.push(0);
  for (let code = 0, base = 1; code < 30; code += 1) {
    const bits = code < 4 ? 0 : (code >> 1) - 1;
    _DISTANCE_BASES.push(base);
    _DISTANCE_BITS.push(bits);
    base += 1 << bits;
  }
}
_fillTables();

const _CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const _CODE_BITS_MAX = 15;

/** Why bytes do not unpack: `limit` (more than allowed) or `stream` (no deflate stream, or it ends early). */
class InflateFault extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

/** A Huffman code as counts per length and symbols in order. Over-full codes are refused; incomplete ones too, but for
 *  the empty one (which fails when it is used) and, where `single` says so, one symbol of one bit. */
function _huffman(lengths, single = true) {
  const counts = new Uint16Array(_CODE_BITS_MAX + 1);
  for (const length of lengths) counts[length] += 1;
  let left = 1;
  for (let bits = 1; bits <= _CODE_BITS_MAX; bits += 1) {
    left = 2 * left - counts[bits];
    if (left < 0) throw new InflateFault("stream");
  }
  const used = lengths.length - counts[0];
  if (left > 0 && used > 0 && !(single && used === 1 && counts[1] === 1)) throw new InflateFault("stream");
  const offsets = new Uint16Array(_CODE_BITS_MAX + 2);
  for (let bits = 1; bits <= _CODE_BITS_MAX; bits += 1) offsets[bits + 1] = offsets[bits] + counts[bits];
  const symbols = new Uint16Array(used);
  lengths.forEach((length, symbol) => {
    if (length) {
      symbols[offsets[length]] = symbol;
      offsets[length] += 1;
    }
  });
  counts[0] = 0;
  return { counts, symbols };
}

/** One pass over a deflate stream. */
class _Inflater {
  constructor(bytes, start, end, max) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.max = max;
    this.hold = 0;
    this.held = 0;
    this.out = new Uint8Array(Math.min(max, Math.max(1024, 4 * (end - start))));
    this.size = 0;
  }

  bits(count) {
    while (this.held < count) {
      if (this.at >= this.end) throw new InflateFault("stream");
      this.hold |= this.bytes[this.at] << this.held;
      this.at += 1;
      this.held += 8;
    }
    const value = this.hold & ((1 << count) - 1);
    this.hold >>>= count;
    this.held -= count;
    return value;
  }

  symbol({ counts, symbols }) {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= _CODE_BITS_MAX; length += 1) {
      code |= this.bits(1);
      const count = counts[length];
      if (code - count < first) return symbols[index + code - first];
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new InflateFault("stream");
  }

  room(count) {
    if (this.size + count > this.max) throw new InflateFault("limit");
    if (this.size + count <= this.out.length) return;
    const larger = new Uint8Array(Math.min(this.max, Math.max(2 * this.out.length, this.size + count)));
    larger.set(this.out.subarray(0, this.size));
    this.out = larger;
  }

  stored() {
    this.hold = 0;
    this.held = 0;
    if (this.at + 4 > this.end) throw new InflateFault("stream");
    const length = this.bytes[this.at] | (this.bytes[this.at + 1] << 8);
    const check = this.bytes[this.at + 2] | (this.bytes[this.at + 3] << 8);
    this.at += 4;
    if (length !== (~check & 0xffff) || this.at + length > this.end) throw new InflateFault("stream");
    this.room(length);
    this.out.set(this.bytes.subarray(this.at, this.at + length), this.size);
    this.at += length;
    this.size += length;
  }

  dynamicCodes() {
    const literals = this.bits(5) + 257;
    const distances = this.bits(5) + 1;
    const count = this.bits(4) + 4;
    if (literals > 286 || distances > 30) throw new InflateFault("stream");
    const order = new Uint8Array(19);
    for (let i = 0; i < count; i += 1) order[_CODE_LENGTH_ORDER[i]] = this.bits(3);
    const code = _huffman(order, false);
    const lengths = new Uint8Array(literals + distances);
    for (let at = 0; at < lengths.length; ) at = this.codeLength(code, lengths, at);
    if (!lengths[256]) throw new InflateFault("stream");
    return [_huffman(lengths.subarray(0, literals)), _huffman(lengths.subarray(literals))];
  }

  codeLength(code, lengths, at) {
    const symbol = this.symbol(code);
    if (symbol < 16) {
      lengths[at] = symbol;
      return at + 1;
    }
    if (symbol === 16 && at === 0) throw new InflateFault("stream");
    const value = symbol === 16 ? lengths[at - 1] : 0;
    const times = symbol === 16 ? 3 + this.bits(2) : symbol === 17 ? 3 + this.bits(3) : 11 + this.bits(7);
    if (at + times > lengths.length) throw new InflateFault("stream");
    lengths.fill(value, at, at + times);
    return at + times;
  }

  compressed(literals, distances) {
    for (;;) {
      const symbol = this.symbol(literals);
      if (symbol === 256) return;
      if (symbol < 256) {
        if (this.size >= this.out.length) this.room(1);
        this.out[this.size] = symbol;
        this.size += 1;
      } else this.copy(symbol - 257, distances);
    }
  }

  copy(lengthCode, distances) {
    if (lengthCode >= _LENGTH_BASES.length) throw new InflateFault("stream");
    const length = _LENGTH_BASES[lengthCode] + this.bits(_LENGTH_BITS[lengthCode]);
    const distanceCode = this.symbol(distances);
    if (distanceCode >= _DISTANCE_BASES.length) throw new InflateFault("stream");
    const distance = _DISTANCE_BASES[distanceCode] + this.bits(_DISTANCE_BITS[distanceCode]);
    if (distance > this.size) throw new InflateFault("stream");
    this.room(length);
    for (let left = length; left > 0; left -= 1) {
      this.out[this.size] = this.out[this.size - distance];
      this.size += 1;
    }
  }
}

function _fixedCodes() {
  const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
  return [_huffman(lengths), _huffman(new Uint8Array(32).fill(5))];
}

/**
 * Unpacks the deflate stream in bytes[start, end): `content`, and `next`, the place of the first byte after it.
 * Throws InflateFault: `limit` where more than `max` bytes come out, `stream` where it is none.
 */
function inflate(bytes, start, end, max) {
  const pass = new _Inflater(bytes, start, end, max);
  for (let last = 0; !last; ) {
    last = pass.bits(1);
    const kind = pass.bits(2);
    if (kind === 0) pass.stored();
    else if (kind === 1) pass.compressed(..._fixedCodes());
    else if (kind === 2) pass.compressed(...pass.dynamicCodes());
    else throw new InflateFault("stream");
  }
  return { content: pass.out.slice(0, pass.size), next: pass.at };
}

const _CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 as in zip and gzip, a whole number from 0. */
function crc32(bytes) {
  let value = -1;
  for (const byte of bytes) value = (value >>> 8) ^ _CRC_TABLE[(value ^ byte) & 255];
  return (value ^ -1) >>> 0;
}
