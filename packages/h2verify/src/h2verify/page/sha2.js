// SHA-256 and SHA-512 (FIPS 180-4), written out so that the page needs neither a secure context nor waiting.

/** The first `count` primes. */
function _primes(count) {
  const found = [];
  for (let number = 2; found.length < count; number += 1) {
    if (found.every((prime) => number % prime)) found.push(number);
  }
  return found;
}

/** The whole k-th root of a BigInt, by bisection. */
function _wholeRoot(number, k) {
  let low = 0n;
  let high = 1n << BigInt(Math.ceil(number.toString(2).length / k) + 1);
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(k) <= number) low = middle;
    else high = middle;
  }
  return low;
}

/** The first 64 bits of the fractional part of a prime's k-th root. */
function _rootBits(prime, k) {
  return BigInt.asUintN(64, _wholeRoot(BigInt(prime) << BigInt(64 * k), k));
}

const _K512 = _primes(80).map((prime) => _rootBits(prime, 3));
const _H512 = _primes(8).map((prime) => _rootBits(prime, 2));
const _K256 = Int32Array.from(_K512.slice(0, 64), (bits) => Number(BigInt.asIntN(32, bits >> 32n)));
const _H256 = Int32Array.from(_H512, (bits) => Number(BigInt.asIntN(32, bits >> 32n)));

/** SHA-256 over parts that come one after the other. */
class Sha256 {
  constructor() {
    this._state = Int32Array.from(_H256);
    this._words = new Int32Array(64);
    this._block = new Uint8Array(64);
    this._held = 0;
    this._length = 0;
  }

  /** Takes more bytes; gives itself back. */
  update(bytes) {
    this._length += bytes.length;
    let at = 0;
    if (this._held) {
      at = Math.min(64 - this._held, bytes.length);
      this._block.set(bytes.subarray(0, at), this._held);
      this._held += at;
      if (this._held < 64) return this;
      this._compress(this._block, 0);
    }
    for (; at + 64 <= bytes.length; at += 64) this._compress(bytes, at);
    this._block.set(bytes.subarray(at));
    this._held = bytes.length - at;
    return this;
  }

  /** The 32 bytes; nothing can be added afterwards. */
  digest() {
    const tail = new Uint8Array(this._held < 56 ? 64 : 128);
    tail.set(this._block.subarray(0, this._held));
    tail[this._held] = 0x80;
    tail.set(uint64Bytes(BigInt(this._length) * 8n), tail.length - 8);
    for (let at = 0; at < tail.length; at += 64) this._compress(tail, at);
    const bytes = new Uint8Array(32);
    const view = new DataView(bytes.buffer);
    this._state.forEach((word, index) => view.setInt32(4 * index, word));
    return bytes;
  }

  _compress(bytes, from) {
    const w = this._words;
    for (let i = 0, at = from; i < 16; i += 1, at += 4) {
      w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let i = 16; i < 64; i += 1) {
      const x = w[i - 15];
      const y = w[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    const s = this._state;
    let [a, b, c, d, e, f, g, h] = s;
    for (let i = 0; i < 64; i += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + _K256[i] + w[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    s[0] += a;
    s[1] += b;
    s[2] += c;
    s[3] += d;
    s[4] += e;
    s[5] += f;
    s[6] += g;
    s[7] += h;
  }
}

/** SHA-256 of the parts, joined. */
function sha256(...parts) {
  const hash = new Sha256();
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** SHA-256 in lower-case hexadecimal. */
function sha256Hex(...parts) {
  return hexOf(sha256(...parts));
}

function _turned(word, by) {
  return BigInt.asUintN(64, (word >> BigInt(by)) | (word << BigInt(64 - by)));
}

function _compress512(state, w) {
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 80; i += 1) {
    const s1 = _turned(e, 14) ^ _turned(e, 18) ^ _turned(e, 41);
    const t1 = h + s1 + ((e & f) ^ (~e & g)) + _K512[i] + w[i];
    const s0 = _turned(a, 28) ^ _turned(a, 34) ^ _turned(a, 39);
    const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b] = [g, f, e, BigInt.asUintN(64, d + t1), c, b, a];
    a = BigInt.asUintN(64, t1 + t2);
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => BigInt.asUintN(64, word + state[i]));
}

/** SHA-512 of the parts, joined; for the few hundred kilobytes that signatures cover. */
function sha512(...parts) {
  const message = joinBytes(...parts);
  const padded = new Uint8Array(Math.ceil((message.length + 17) / 128) * 128);
  padded.set(message);
  padded[message.length] = 0x80;
  padded.set(uint64Bytes(message.length * 8), padded.length - 8);
  const view = new DataView(padded.buffer);
  let state = _H512;
  for (let at = 0; at < padded.length; at += 128) {
    const w = Array.from({ length: 16 }, (_, i) => view.getBigUint64(at + 8 * i));
    for (let i = 16; i < 80; i += 1) {
      const s0 = _turned(w[i - 15], 1) ^ _turned(w[i - 15], 8) ^ (w[i - 15] >> 7n);
      const s1 = _turned(w[i - 2], 19) ^ _turned(w[i - 2], 61) ^ (w[i - 2] >> 6n);
      w.push(BigInt.asUintN(64, w[i - 16] + s0 + w[i - 7] + s1));
    }
    state = _compress512(state, w);
  }
  return joinBytes(...state.map((word) => uint64Bytes(word)));
}
