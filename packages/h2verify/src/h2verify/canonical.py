"""Canonical JSON: one byte string for one value (RFC 8785), restricted to what can be hashed without doubt.

Values are null, booleans, integers, texts, lists and objects. Floats are refused on both sides: numbers that are not
integers travel as decimal texts. Integers stay within ±(2^53 - 1), where every JSON reader agrees.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NoReturn, TypeAlias

from h2verify.errors import CanonicalError

JsonValue: TypeAlias = bool | int | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None
"""What canonical JSON can carry."""

MAX_DEPTH = 64
MAX_INTEGER = 2**53 - 1
MAX_TEXT_BYTES = 64 * 1024 * 1024

_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.?[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
"""A text, or a bracket outside of texts."""


_ENCODER, _UNSORTED_ENCODER = (
    json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), sort_keys=is_sorted, default=dict)
    for is_sorted in (True, False)
)
"""What they do not know is a mapping of another kind than dict."""


def sort_key(name: str) -> bytes:
    """The order of names: by UTF-16 code units, as RFC 8785 section 3.2.3 asks."""
    return name.encode("utf-16-be", "surrogatepass")


def encode(value: JsonValue) -> bytes:
    """The canonical bytes of a value.

    Raises
    ------
    CanonicalError
        `canonical.type` for a float or any other foreign type, `canonical.integer` beyond ±(2^53 - 1),
        `canonical.text` for a lone surrogate, `canonical.depth` below 64 levels.
    """
    _require_plain(value, 0)
    return _write(value)


def digest_hex(value: JsonValue) -> str:
    """SHA-256 of the canonical bytes, in lower-case hexadecimal."""
    return hashlib.sha256(encode(value)).hexdigest()


def parse(data: bytes, *, max_bytes: int = MAX_TEXT_BYTES) -> JsonValue:
    """The value of a JSON text in any layout, read strictly.

    Raises
    ------
    CanonicalError
        `canonical.size`, `.depth`, `.json`, `.float`, `.integer`, `.repeated-name`, `.text`: a text that is too long or
        too deep, not UTF-8, not JSON, that repeats a name in one object, holds a fraction, an exponent, NaN, Infinity
        or -0, an integer beyond ±(2^53 - 1) or a lone surrogate.
    """
    return _parse(data, max_bytes)[0]


def parse_canonical(data: bytes, *, max_bytes: int = MAX_TEXT_BYTES) -> JsonValue:
    """The value of a text that must already stand in canonical form, byte for byte.

    Raises
    ------
    CanonicalError
        As `parse`, and `canonical.form`.
    """
    value, canonical = _parse(data, max_bytes)
    if canonical != data:
        raise CanonicalError("canonical.form", "the text is JSON but not in canonical form (RFC 8785)")
    return value


def _parse(data: bytes, max_bytes: int) -> tuple[JsonValue, bytes]:
    """The value and its canonical bytes."""
    if len(data) > max_bytes:
        raise CanonicalError("canonical.size", f"expected at most {max_bytes} bytes, got {len(data)}")
    _require_depth(data)
    try:
        value: JsonValue = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object_without_repeats,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
            parse_int=_parse_integer,
        )
    except RecursionError as error:
        raise CanonicalError("canonical.depth", f"nested deeper than {MAX_DEPTH} levels") from error
    except ValueError as error:
        raise CanonicalError("canonical.json", f"not a JSON text in UTF-8: {error}") from error
    return value, _write(value)


def _require_depth(data: bytes) -> None:
    """Refuse deep nesting before anything recurses into it, in one pass that keeps nothing, whatever the text.

    A level is a bracket that opens, less one that closes, outside of texts; also where the text is no JSON.
    """
    level = 0
    for token in _TOKEN.finditer(data):
        mark = data[token.start()]
        if mark in b"[{":
            level += 1
            if level > MAX_DEPTH:
                raise CanonicalError("canonical.depth", f"nested deeper than {MAX_DEPTH} levels")
        elif mark in b"]}":
            level -= 1


def _require_plain(value: JsonValue, depth: int) -> None:
    """Refuse what canonical JSON cannot carry; texts are looked at when they are written."""
    if isinstance(value, dict | Mapping):
        for name in value:
            if not isinstance(name, str):
                raise CanonicalError("canonical.type", f"expected a text as name, got {type(name).__name__}")
        _require_plain_parts(value.values(), depth)
    elif isinstance(value, list | tuple):
        _require_plain_parts(value, depth)
    elif isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise CanonicalError("canonical.integer", f"{value} is beyond ±(2^53 - 1); write it as a text")
    elif value is not None and not isinstance(value, str):
        raise CanonicalError(
            "canonical.type", f"expected null, bool, int, str, list or dict, got {type(value).__name__}"
        )


def _require_plain_parts(parts: Iterable[JsonValue], depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise CanonicalError("canonical.depth", f"nested deeper than {MAX_DEPTH} levels")
    for part in parts:
        if type(part) is not str:
            _require_plain(part, depth + 1)


def _write(value: JsonValue) -> bytes:
    """The canonical bytes of a plain value: the standard encoder does it, but for the order of rare names.

    It orders names by code point; UTF-16 orders otherwise only where a character lies beyond U+FFFF.
    """
    text = _ENCODER.encode(value)
    try:
        if not text.isascii() and len(text.encode("utf-16-le")) > 2 * len(text):
            text = _UNSORTED_ENCODER.encode(_sorted(value))
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError("canonical.text", f"a text holds a lone surrogate: {error.reason}") from error


def _sorted(value: JsonValue) -> JsonValue:
    """The value with the names of each object in canonical order."""
    if isinstance(value, Mapping):
        return {name: _sorted(value[name]) for name in sorted(value, key=sort_key)}
    if isinstance(value, list | tuple):
        return [_sorted(item) for item in value]
    return value


def _object_without_repeats(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        last = {name: at for at, (name, _) in enumerate(pairs)}
        repeated = next(name for at, (name, _) in enumerate(pairs) if last[name] != at)
        raise CanonicalError("canonical.repeated-name", f"the name {repeated[:60]!r} stands twice in one object")
    return members


def _refuse_number(text: str) -> NoReturn:
    raise CanonicalError("canonical.float", f"{text[:40]} is not an integer; write it as a decimal text")


def _parse_integer(text: str) -> int:
    if text == "-0" or len(text) > 17 or abs(number := int(text)) > MAX_INTEGER:
        raise CanonicalError("canonical.integer", f"{text[:40]} is not an integer within ±(2^53 - 1)")
    return number
