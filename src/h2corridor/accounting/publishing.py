"""What an edition publishes for a stranger beside its source: `formulas.json` and `parameters.json`."""

import json
import tomllib
from typing import Any

from h2verify import canonical
from h2verify.parameters import FORMAT

from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.kernel.parameters import stated_entry
from h2corridor.accounting.kernel.rules import formula_table


def published_files(edition: Edition) -> dict[str, bytes]:
    """The files that stand in an edition's folder and follow from its `rules*.py`, `parameters.toml` and factor files.

    `formulas.json` is what `h2verify` compares every formula of a derivation with, `parameters.json` every factor.
    """
    formulas = {"format": "formulas/1", "edition": edition.label, "rules": formula_table(edition.rules)}
    return {
        "formulas.json": (json.dumps(formulas, ensure_ascii=False, indent=1) + "\n").encode("utf-8"),
        "parameters.json": parameters_document(edition),
    }


def parameters_document(edition: Edition) -> bytes:
    """The canonical JSON of what an edition's `parameters.toml` and factor files say, dates as texts, nothing left out.

    Each value of a factor file has the file's label as `pack`, and a licence; `levels`, `limits` and `custody` stand
    there where they are stated.
    """
    parameters = edition.parameters
    stated = tomllib.loads(edition.files["parameters.toml"].decode("utf-8"))
    document: dict[str, Any] = {
        "constants": [stated_entry(each) for each in parameters.constants.values()],
        "edition": stated["edition"],
        "format": FORMAT,
        "parameters": [stated_entry(each) for each in parameters.listed],
        "regions": parameters.regions,
    }
    if parameters.levels:
        document["levels"] = parameters.levels
    if parameters.limits:
        document["limits"] = [stated_entry(each) for each in parameters.limits.values()]
    if edition.custody is not None:
        document["custody"] = stated_entry(edition.custody)
    if "support" in stated:
        document["support"] = stated["support"]
    return canonical.encode(document)
