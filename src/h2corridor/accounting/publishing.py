"""The published formula table of an edition as it stands in its folder (`formulas.json`)."""

import json
from collections.abc import Iterable

from h2corridor.accounting.kernel.rules import Rule, formula_table


def formulas_document(label: str, rules: Iterable[Rule]) -> bytes:
    """The bytes of `formulas.json`: what `h2verify` compares every formula of a derivation with.

    Parameters
    ----------
    label : str
        `iso14083/2023.1`.
    """
    document = {"format": "formulas/1", "edition": label, "rules": formula_table(rules)}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
