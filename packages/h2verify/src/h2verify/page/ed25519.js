// Ed25519 signatures, verification only (RFC 8032), strictly: the scalar below the group order, points in their one
// encoding, no key or commitment of small order, the equation without the cofactor.

const _P = 2n ** 255n - 19n;
const _ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

function _mod(number) {
  const rest = number % _P;
  return rest < 0n ? rest + _P : rest;
}

function _power(base, exponent) {
  let result = 1n;
  for (let square = _mod(base), left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % _P;
    square = (square * square) % _P;
  }
  return result;
}

const _CURVE_D = _mod(-121665n * _power(121666n, _P - 2n));
const _ROOT_OF_MINUS_1 = _power(2n, (_P - 1n) / 4n);
const _NEUTRAL = [0n, 1n, 1n, 0n];

/** Points are [X, Y, Z, T] with x = X/Z, y = Y/Z, xy = T/Z; addition of RFC 8032 section 5.1.4. */
function _addPoints(p, q) {
  const a = _mod((p[1] - p[0]) * (q[1] - q[0]));
  const b = _mod((p[1] + p[0]) * (q[1] + q[0]));
  const c = _mod(2n * p[3] * q[3] * _CURVE_D);
  const d = _mod(2n * p[2] * q[2]);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [_mod(e * f), _mod(g * h), _mod(f * g), _mod(e * h)];
}

function _doubled(p) {
  const a = _mod(p[0] * p[0]);
  const b = _mod(p[1] * p[1]);
  const h = a + b;
  const e = h - _mod((p[0] + p[1]) * (p[0] + p[1]));
  const g = a - b;
  const f = _mod(2n * p[2] * p[2]) + g;
  return [_mod(e * f), _mod(g * h), _mod(f * g), _mod(e * h)];
}

function _samePoint(p, q) {
  return _mod(p[0] * q[2] - q[0] * p[2]) === 0n && _mod(p[1] * q[2] - q[1] * p[2]) === 0n;
}

function _hasSmallOrder(p) {
  return _samePoint(_doubled(_doubled(_doubled(p))), _NEUTRAL);
}

function _littleEndian(bytes) {
  return BigInt(`0x${hexOf(bytes.slice().reverse())}`);
}

/** RFC 8032 section 5.1.3; null where the encoding is not the one of a point on the curve. */
function _decodePoint(bytes) {
  const number = _littleEndian(bytes);
  const sign = number >> 255n;
  const y = number & (2n ** 255n - 1n);
  if (y >= _P) return null;
  const u = _mod(y * y - 1n);
  const v = _mod(_CURVE_D * y * y + 1n);
  let x = _mod(_mod(u * v ** 3n) * _power(u * v ** 7n, (_P - 5n) / 8n));
  if (_mod(v * x * x + u) === 0n) x = _mod(x * _ROOT_OF_MINUS_1);
  if (_mod(v * x * x - u) !== 0n || (x === 0n && sign)) return null;
  if ((x & 1n) !== sign) x = _P - x;
  return [x, y, 1n, _mod(x * y)];
}

/** m·p + n·q, both scalars walked together from the top bit. */
function _multiplied(m, p, n, q) {
  const both = _addPoints(p, q);
  let result = _NEUTRAL;
  for (let bit = 255n; bit >= 0n; bit -= 1n) {
    result = _doubled(result);
    const [inM, inN] = [(m >> bit) & 1n, (n >> bit) & 1n];
    if (inM || inN) result = _addPoints(result, inM && inN ? both : inM ? p : q);
  }
  return result;
}

function _basePoint() {
  const y = _mod(4n * _power(5n, _P - 2n));
  return _decodePoint(bytesOfHex(y.toString(16).padStart(64, "0")).reverse());
}

const _BASE_POINT = _basePoint();

/** Whether the signature (64 bytes) is the key's (32 bytes) over the message. */
function signatureHolds(publicKey, message, signature) {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const key = _decodePoint(publicKey);
  const commitment = _decodePoint(signature.slice(0, 32));
  const scalar = _littleEndian(signature.slice(32));
  if (!key || !commitment || scalar >= _ORDER) return false;
  if (_hasSmallOrder(key) || _hasSmallOrder(commitment)) return false;
  const challenge = _littleEndian(sha512(signature.slice(0, 32), publicKey, message)) % _ORDER;
  const negated = [_mod(-key[0]), key[1], key[2], _mod(-key[3])];
  return _samePoint(_multiplied(scalar, _BASE_POINT, challenge, negated), commitment);
}
