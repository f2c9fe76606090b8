"""Ed25519 signatures, verification only (RFC 8032), in plain integers.

Strict: the scalar S is below the group order, points are encoded canonically, keys and commitments of small order are
refused, and the equation is checked without the cofactor. Whatever passes here passes every other library.
"""

import hashlib

from h2verify.errors import ProofError

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_SQRT_MINUS_1 = pow(2, (_P - 1) // 4, _P)

_Point = tuple[int, int, int, int]
"""X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z."""

_NEUTRAL: _Point = (0, 1, 1, 0)


def verify_signature(public_key: bytes, message: bytes, signature: bytes) -> None:
    """Raise `ProofError` unless the signature is the key's over the message."""
    if len(public_key) != 32 or len(signature) != 64:
        raise ProofError("signature.length", "an Ed25519 key has 32 bytes, a signature 64")
    key = _decode_point(public_key)
    commitment = _decode_point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= _ORDER:
        raise ProofError("signature.encoding", "key, commitment or scalar is not in canonical form")
    if _has_small_order(key) or _has_small_order(commitment):
        raise ProofError("signature.small-order", "key or commitment is a point of small order")
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    challenge = int.from_bytes(digest, "little") % _ORDER
    # S·B = R + k·A, checked as S·B - k·A = R
    if not _equal(_double_multiply(scalar, _BASE, challenge, _negate(key)), commitment):
        raise ProofError("signature.wrong", "the signature does not belong to this key and message")


def _add(p: _Point, q: _Point) -> _Point:
    """RFC 8032 section 5.1.4."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % _P
    b = (p[1] + p[0]) * (q[1] + q[0]) % _P
    c = 2 * p[3] * q[3] * _D % _P
    d = 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _double(p: _Point) -> _Point:
    """RFC 8032 section 5.1.4."""
    a = p[0] * p[0]
    b = p[1] * p[1]
    h = a + b
    e = h - (p[0] + p[1]) ** 2
    g = a - b
    f = 2 * p[2] * p[2] + g
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _negate(p: _Point) -> _Point:
    return -p[0] % _P, p[1], p[2], -p[3] % _P


def _equal(p: _Point, q: _Point) -> bool:
    return (p[0] * q[2] - q[0] * p[2]) % _P == 0 and (p[1] * q[2] - q[1] * p[2]) % _P == 0


def _has_small_order(p: _Point) -> bool:
    return _equal(_double(_double(_double(p))), _NEUTRAL)


def _double_multiply(m: int, p: _Point, n: int, q: _Point) -> _Point:
    """m·p + n·q, both scalars walked together from the top bit."""
    both = _add(p, q)
    result = _NEUTRAL
    for bit in range(max(m.bit_length(), n.bit_length()) - 1, -1, -1):
        result = _double(result)
        in_m, in_n = m >> bit & 1, n >> bit & 1
        if in_m or in_n:
            result = _add(result, both if in_m and in_n else p if in_m else q)
    return result


def _decode_point(data: bytes) -> _Point | None:
    """RFC 8032 section 5.1.3; None when the encoding is not canonical or not on the curve."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= _P:
        return None
    u = (y * y - 1) % _P
    v = (_D * y * y + 1) % _P
    x = u * v**3 * pow(u * v**7, (_P - 5) // 8, _P) % _P
    if (v * x * x + u) % _P == 0:
        x = x * _SQRT_MINUS_1 % _P
    if (v * x * x - u) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _base_point() -> _Point:
    point = _decode_point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))
    if point is None:
        raise ArithmeticError("the base point must be on the curve")
    return point


_BASE = _base_point()
