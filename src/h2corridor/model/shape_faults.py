"""What is wrong with the shape of a JSON document, said as a person would: the place, the text that stands there, and
how it has to be written."""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_SHOWN_MAX = 60
_UNKNOWN_KEY = "..."
_PATTERNS = {
    r"^[0-9]{1,15}(\.[0-9]{1,18})?(?!\n)$": (
        "is no decimal number from 0 up: digits, perhaps a dot and digits; no sign, exponent, comma or unit",
        'Write the number alone, for example "10.5"; its unit is the one that the field names.',
    ),
    r"^-?[0-9]{1,15}(\.[0-9]{1,18})?(?!\n)$": (
        "is no decimal number: perhaps a minus, digits, perhaps a dot and digits; no exponent, comma or unit",
        'Write the number alone, for example "-0.143"; its unit is the one that the field names.',
    ),
    r"^[a-z][a-z0-9_]{0,79}(?!\n)$": (
        "is no name of a factor: small letters, digits and underscores, the first a letter",
        "Take a name from `h2corridor factors list`, without its ending: hvo for hvo_wtt_kgco2e_per_l.",
    ),
    "^[^\\x00-\\x1f\\x7f]*(?!\\n)$": (
        "has control characters or line ends in it",
        "Write the name on one line, of characters that print.",
    ),
}


class ShapeFault(NamedTuple):
    """The parts of an error about a document: what, where, what next."""

    fault: str
    where: str
    next_step: str


def find_shape_fault(error: msgspec.ValidationError, data: bytes, reads: type, *, otherwise: str) -> ShapeFault:
    """Say what a decoder found, with the key that it leaves out of its path and the value that stands there.

    Parameters
    ----------
    data : bytes
        The JSON document that was decoded.
    reads : type
        What it was decoded as.
    otherwise : str
        The next step where there is no better one.
    """
    said, _, path = str(error).partition(" - at ")
    try:
        where, value = _find(json.loads(data), path.strip("`"), reads)
    except (ValueError, RecursionError):  # what stands further on is no JSON
        where, value = path.strip("`"), _Nothing
    shown = "" if value is _Nothing else f"{_shown(value)} "
    if "matching regex" in said:
        wording = _PATTERNS.get(ast.literal_eval(said.partition("matching regex ")[2]))
        if wording is not None and shown:
            return ShapeFault(f"{shown}{wording[0]}.", where, wording[1])
    if "RFC3339 encoded date" in said:
        return ShapeFault(f"{shown}is no day.", where, 'Write it as "2026-03-02".')
    if "Expected `str" in said and ("got `int`" in said or "got `float`" in said):
        return ShapeFault(f"{shown}is no text.", where, 'Write numbers as decimal strings, for example "10.5".')
    if said.startswith(("Invalid enum value ", "Invalid value ")):
        words = _permitted_words(path.strip("`"), reads)
        if words and shown:
            return ShapeFault(f"{shown}is no word that this field knows.", where, f"Write one of: {', '.join(words)}.")
    return ShapeFault(f"{said}.", where, otherwise)


def _permitted_words(path: str, reads: type) -> list[str]:
    """The words of which one may stand at a path, as the schema has them; none where it lists none."""
    schema = msgspec.json.schema(reads)
    nodes = [schema]
    for step in _STEP.finditer(path):
        nodes = [below for node in nodes for branch in _branches(node, schema) for below in _below(branch, step[1])]
    listed = [word for node in nodes for branch in _branches(node, schema) for word in branch.get("enum", ())]
    return sorted({word for word in listed if isinstance(word, str)})


def _branches(node: dict[str, Any], schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a node of a schema may be, references followed."""
    if "$ref" in node:
        yield from _branches(schema["$defs"][node["$ref"].rpartition("/")[2]], schema)
    elif "anyOf" in node:
        for each in node["anyOf"]:
            yield from _branches(each, schema)
    else:
        yield node


def _below(node: dict[str, Any], name: str | None) -> Iterator[dict[str, Any]]:
    """The field of a name, or what stands in a list or under any key."""
    found = node.get("properties", {}).get(name) if name else node.get("items", node.get("additionalProperties"))
    if isinstance(found, dict):
        yield found


class _Nothing:
    """No value was found at a path."""


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=not str(value).isprintable())
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}..."


def _find(document: Any, path: str, reads: type) -> tuple[str, Any]:
    """The path with its keys, and what stands there; the path as it came where it does not lead through."""
    where, at = "$", document
    for step in _STEP.finditer(path):
        name, number = step.groups()
        try:
            if number == _UNKNOWN_KEY:
                name = _faulty_key(document, at, reads)
                where, at = f"{where}[{name!r}]", at[name]
            else:
                key: Any = name or int(number)
                where, at = f"{where}{step[0]}", at[key]
        except (KeyError, IndexError, TypeError):
            return path, _Nothing
    return where, at


def _faulty_key(document: Any, of: dict[str, Any], reads: type) -> str:
    """A key of an object of any keys whose value cannot be read: halves of the keys are tried without the others."""
    whole, names = dict(of), list(of)
    while len(names) > 1:
        first = names[: len(names) // 2]
        of.clear()
        of.update({name: whole[name] for name in first})
        names = first if _is_refused(document, reads) else names[len(first) :]
    of.clear()
    of.update(whole)
    return names[0]


def _is_refused(document: Any, reads: type) -> bool:
    try:
        msgspec.json.decode(json.dumps(document), type=reads)
    except msgspec.ValidationError:
        return True
    return False
