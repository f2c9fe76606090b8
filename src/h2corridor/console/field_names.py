"""What the fields of a frame are called in both languages."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from h2corridor.console.texts import Language


def named_frame(frame: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """A frame's fields (see `app.frame_fields`) with the words of one language.

    Adds `label` and `group_label` to every field. A name that the table of names lacks is shown as it is.
    """
    return {**frame, "fields": [_named(field, language) for field in frame["fields"]]}


def _named(field: Mapping[str, Any], language: Language) -> dict[str, Any]:
    number, _, group = field["group"].rpartition(":")
    label = _name("fields", field["name"], language)
    place = field["path"].removesuffix(field["name"])
    numbers = [part.partition("]")[0] for part in place.split("[")[1:]]
    if "number" in field:
        numbers.append(str(field["number"]))
    return {
        **field,
        "label": f"{label} {'.'.join(numbers)}".rstrip(),
        "group_label": _name("groups", group, language),
        "group_number": number,
    }


def _name(table: str, name: str, language: Language) -> str:
    words = names()[table].get(name)
    return name if words is None else words[0 if language == "zh" else 1]


@cache
def names() -> dict[str, dict[str, list[str]]]:
    """The names of `groups` and `fields`, each in zh and en, by their code."""
    source = resources.files("h2corridor.console").joinpath("field_names.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
