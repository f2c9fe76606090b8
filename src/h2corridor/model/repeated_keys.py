"""The check that no object of a JSON document names a key twice, which decoders take in silence."""

import json
from typing import Any


class RepeatedKeyError(ValueError):
    """An object of a document names a key twice."""


def refuse_repeated_keys(data: bytes) -> None:
    """Refuse a document of which some object names a key twice.

    Raises
    ------
    RepeatedKeyError
        The key is named.

    Examples
    --------
    >>> refuse_repeated_keys(b'{"a": 1, "b": 2}')
    """
    json.loads(data, object_pairs_hook=_unique)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise RepeatedKeyError(f"an object names {repeated!r} twice")
    return found
