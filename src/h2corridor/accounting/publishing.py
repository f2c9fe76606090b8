"""What an edition publishes for a stranger beside its source: `formulas.json` and `parameters.json`."""

import datetime
import json
import tomllib
from typing import Any

from h2verify import canonical
from h2verify.parameters import FORMAT

from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.kernel.rules import formula_table


def published_files(edition: Edition) -> dict[str, bytes]:
    """The files that stand in an edition's folder and follow from its `rules*.py` and `parameters.toml`.

    `formulas.json` is what `h2verify` compares every formula of a derivation with, `parameters.json` every factor.
    """
    formulas = {"format": "formulas/1", "edition": edition.label, "rules": formula_table(edition.rules)}
    return {
        "formulas.json": (json.dumps(formulas, ensure_ascii=False, indent=1) + "\n").encode("utf-8"),
        "parameters.json": parameters_document(edition.files["parameters.toml"]),
    }


def parameters_document(data: bytes) -> bytes:
    """The canonical JSON of what a `parameters.toml` says, dates as texts, nothing added and nothing left out."""
    stated = tomllib.loads(data.decode("utf-8"))
    document: dict[str, Any] = {
        "constants": stated.get("constant", []),
        "edition": stated["edition"],
        "format": FORMAT,
        "parameters": stated.get("parameter", []),
        "regions": stated.get("regions", {}),
    }
    if "support" in stated:
        document["support"] = stated["support"]
    return canonical.encode(_without_dates(document))


def _without_dates(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_dates(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_without_dates(each) for each in value]
    return value.isoformat() if isinstance(value, datetime.date) else value
