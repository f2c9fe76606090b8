"""The shape of documents: which names an object has and what may stand under each, checked before anything is read.

A form is a pattern (a text that matches it as a whole), a dictionary of forms (an object with exactly these names), a
`ListOf`, a `ByType`, a `Maybe` (null, or the form), a set (one of these values), `WHOLE` (an integer from 0), `INSTANT`
(a time with its offset) or `ANYTHING` (judged elsewhere). What has the form can be read without fear: no name is
absent, nothing has another type.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from h2verify import canonical
from h2verify.errors import BundleError, CanonicalError
from h2verify.papers import find_instant_ms

Form: TypeAlias = (
    "re.Pattern[str] | _Instant | Mapping[str, Form] | frozenset[Any] | ListOf | Maybe | ByType | type[int]"
)

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of at most `most` items of one form."""

    item: Any
    most: int


@dataclass(frozen=True, slots=True)
class Maybe:
    """Null, or the form."""

    form: Any


@dataclass(frozen=True, slots=True)
class ByType:
    """An object whose `type` says which of these forms it has."""

    forms: Mapping[str, Any]


class _Anything:
    """The form of a value whose form is judged elsewhere."""


class _Instant:
    """The form of a text that is an ISO 8601 time with offset, on a day of the calendar; used as a pattern is."""

    pattern = "2026-03-02T08:15:30+08:00"

    def fullmatch(self, text: str) -> bool:
        """Whether the text is such a time."""
        return find_instant_ms(text) is not None


ANYTHING = _Anything()
INSTANT = _Instant()
WHOLE = int
TEXT = re.compile(r".*", re.DOTALL)
NAME = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
SHA256 = re.compile(r"[0-9a-f]{64}")
BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
NUMBER = re.compile(r"[-+.,0-9A-Za-z]{1,400}")
"""Anything that means to be a number; whether it is the right one is for later steps."""

EDITION = re.compile(r"[a-z0-9][a-z0-9-]{0,63}/[0-9][0-9.]{0,31}")
KEY_REFERENCE = re.compile(r"[^+\s\x00-\x1f\x7f]{1,200}\+[0-9a-f]{8}")
STATEMENT_ID = re.compile(r"st-[0-9a-f]{16}")


def one_of(*values: Any) -> frozenset[Any]:
    """The form of a value that is one of these."""
    return frozenset(values)


def require_form(value: Any, form: Any, *, code: str, where: str) -> None:
    """Refuse a value that does not have the form.

    Raises
    ------
    BundleError
        The given code, with the place of the first fault as a JSON path.
    """
    if form is ANYTHING:
        return
    if isinstance(form, Maybe):
        if value is not None:
            require_form(value, form.form, code=code, where=where)
    elif isinstance(form, re.Pattern | _Instant):
        if not isinstance(value, str) or not form.fullmatch(value):
            raise BundleError(code, f"expected a text like {form.pattern[:80]}, found {_short(value)}", where=where)
    elif isinstance(form, frozenset):
        if isinstance(value, list | dict) or (type(value), value) not in {(type(each), each) for each in form}:
            raise BundleError(code, f"expected one of {sorted(map(str, form))}, found {_short(value)}", where=where)
    elif isinstance(form, ListOf):
        _require_list(value, form, code, where)
    elif isinstance(form, ByType):
        _require_typed(value, form, code, where)
    elif isinstance(form, Mapping):
        _require_object(value, form, code, where)
    elif type(value) is not int or value < 0:
        raise BundleError(code, f"expected a whole number, found {_short(value)}", where=where)


def read_document(data: bytes, form: Any, *, code: str, where: str) -> Document:
    """The object in a member's canonical JSON, once it has the form.

    Raises
    ------
    BundleError
        The given code.
    CanonicalError
        `canonical.*`: no canonical JSON.
    """
    value = canonical.parse_canonical(data)
    require_form(value, form, code=code, where=where)
    if not isinstance(value, dict):
        raise BundleError(code, "expected an object", where=where)
    return value


def decode_base64(text: str, *, code: str, where: str) -> bytes:
    """The bytes of the one base64 text they have.

    Raises
    ------
    BundleError
        The given code: the text is none.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BundleError(code, "expected base64", where=where) from error
    if base64.b64encode(data).decode() != text:
        raise BundleError(code, "expected the one base64 form of its bytes", where=where)
    return data


def encode_or_refuse(value: Any, *, code: str, where: str) -> bytes:
    """The canonical bytes of a value that was read; the given code where it has none."""
    try:
        return canonical.encode(value)
    except CanonicalError as error:
        raise BundleError(code, f"{error}", where=where) from error


def _require_list(value: Any, form: ListOf, code: str, where: str) -> None:
    if not isinstance(value, list) or len(value) > form.most:
        raise BundleError(code, f"expected a list of at most {form.most}, found {_short(value)}", where=where)
    for index, item in enumerate(value):
        require_form(item, form.item, code=code, where=f"{where}[{index}]")


def _require_object(value: Any, form: Mapping[str, Any], code: str, where: str) -> None:
    if not isinstance(value, dict):
        raise BundleError(code, f"expected an object, found {_short(value)}", where=where)
    if value.keys() != form.keys():
        lacking, foreign = sorted(form.keys() - value.keys()), sorted(value.keys() - form.keys())
        fault = f"it lacks {lacking[:8]}" if lacking else f"it has the foreign names {[n[:60] for n in foreign[:8]]}"
        raise BundleError(code, fault, where=where)
    for name, item in form.items():
        require_form(value[name], item, code=code, where=f"{where}.{name}")


def _require_typed(value: Any, form: ByType, code: str, where: str) -> None:
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in form.forms:
        raise BundleError(code, f"expected an object of type {sorted(form.forms)}, found {_short(kind)}", where=where)
    _require_object(value, form.forms[kind], code, where)


def _short(value: Any) -> str:
    if isinstance(value, list | dict):
        return f"{'a list' if isinstance(value, list) else 'an object'} of {len(value)}"
    return repr(value)[:80]
