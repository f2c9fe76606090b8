"""Whatever a document says, it is assessed with a derivation that recomputes, or refused with a code; nothing else."""

import random
from typing import Any

import msgspec
import pytest
from h2verify.derivation import verify_derivation
from production_examples import Document, assessed, example, nozzle_set, three_products

from h2corridor.model.errors import CorridorError

_ROUNDS = 250
_VALUES: tuple[Any, ...] = (
    None, "", "0", "1", "-1", "0.000000000000000001", "999999999999999", "1e3", "China", "Atlantis", "hydrogen",
    "all_products", "heat", "vented", "kWh", "l", "2024-12-31", 1, 1.5, True, [], {}, [[]], "\u0000", "/x[y]%",
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything inside a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, each in inner for found in ((*path, key), *places(each, (*path, key)))]


def change(draw: random.Random, document: Document) -> None:
    path = draw.choice(places(document))
    inner: Any = document
    for key in path[:-1]:
        inner = inner[key]
    if draw.random() < 0.25:
        del inner[path[-1]]
    elif isinstance(inner, list) and draw.random() < 0.3:
        inner.append(inner[path[-1]])
    else:
        inner[path[-1]] = draw.choice(_VALUES)


@pytest.mark.parametrize("name", ["three-products", "chlor-alkali", "reforming-with-storage"])
def test_a_changed_document_is_assessed_or_refused(name: str) -> None:
    draw = random.Random(name)
    refused, computed = set(), 0
    for _ in range(_ROUNDS):
        document = three_products() if name == "three-products" else example(name)
        for _ in range(draw.choice((1, 1, 2))):
            change(draw, document)
        try:
            result = assessed(msgspec.to_builtins(document), nozzle_set())
        except CorridorError as error:
            refused.add(error.code)
            continue
        computed += 1
        verify_derivation(result.derivation)

    assert computed > 10
    assert {"production.shape", "production.meaning", "rule.missing-input"} <= refused
