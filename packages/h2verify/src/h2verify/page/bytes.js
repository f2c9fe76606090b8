// Bytes and their text forms. Each reader is strict: one byte string has one text, and null means it is not that.

const _UTF8_WRITER = new TextEncoder();
const _BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const _BASE64_VALUES = new Map([..._BASE64].map((letter, value) => [letter.charCodeAt(0), value]));

/** UTF-8 bytes of a text. */
function utf8(text) {
  return _UTF8_WRITER.encode(text);
}

/** The text of UTF-8 bytes, a byte order mark kept as a character; null where the bytes are no UTF-8. */
function textOfUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Lower-case hexadecimal. */
function hexOf(bytes) {
  let text = "";
  for (const byte of bytes) text += (byte < 16 ? "0" : "") + byte.toString(16);
  return text;
}

/** The bytes of lower-case hexadecimal, or null; with `length`, only of that many bytes. */
function bytesOfHex(text, length = null) {
  if (typeof text !== "string" || text.length % 2 || !/^[0-9a-f]*$/.test(text)) return null;
  if (length !== null && text.length !== 2 * length) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

/** Base64 with padding. */
function base64Of(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const bits = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    parts.push(_BASE64[bits >> 18], _BASE64[(bits >> 12) & 63]);
    parts.push(left > 1 ? _BASE64[(bits >> 6) & 63] : "=", left > 2 ? _BASE64[bits & 63] : "=");
  }
  return parts.join("");
}

/** The bytes of base64 in its one form (padded, no spare bits set, no white space), or null. */
function bytesOfBase64(text) {
  if (typeof text !== "string" || text.length % 4) return null;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const letters = text.length - padding;
  let bits = 0;
  let held = 0;
  let to = 0;
  for (let at = 0; at < letters; at += 1) {
    const value = _BASE64_VALUES.get(text.charCodeAt(at));
    if (value === undefined) return null;
    bits = ((bits << 6) | value) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[to] = (bits >> held) & 255;
      to += 1;
    }
  }
  return (bits & ((1 << held) - 1)) === 0 ? bytes : null;
}

/** One byte string of several. */
function joinBytes(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whether two byte strings are equal. */
function sameBytes(a, b) {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Eight bytes, big-endian, of a whole number from 0 (Number or BigInt). */
function uint64Bytes(number) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}
