"""The page of hydrogen names every field, every compared value and the order of preference as they are."""

import io
import re

import pytest
from production_examples import ROOT, assessed, example, gate_set, nozzle_set

from h2corridor.accounting.kernel import Edition
from h2corridor.accounting.production import results
from h2corridor.accounting.production.thresholds import all_thresholds
from h2corridor.console.production_text import print_production
from h2corridor.model import production_values

PAGE = (ROOT / "docs" / "reference" / "hydrogen.md").read_text("utf-8")
IN_WORDS = {"energy": "energy", "mass": "mass", "value": "market value", "none": "none"}
SAID_OF_ALL = {"refs", "format"}


DOCUMENT = (
    "HydrogenProduction", "Plant", "Period", "Hydrogen", "Declared", "Inventory", "Input", "DirectEmission",
    "Captured", "CoProduct", "Displaced", "PriorUse", "Leakage",
)  # fmt: skip


def test_every_field_of_the_document_is_on_the_page() -> None:
    named = {word for span in re.findall(r"`[^`\n]+`", PAGE) for word in re.findall(r"[a-z0-9_]+", span)}
    fields = {field for kind in DOCUMENT for field in getattr(production_values, kind).__struct_encode_fields__}

    assert set() == fields - named - SAID_OF_ALL


def test_every_group_of_the_result_is_on_the_page() -> None:
    groups = [
        field
        for field in results.ProductionAssessment.__struct_fields__
        if field in {"result", "allocations", "stages", "readings", "compared", "flows", "captured", "leakage"}
    ]

    assert 8 == len(groups)
    assert [] == [group for group in groups if f"`{group}`" not in PAGE and f"`{group}[]`" not in PAGE]


def test_every_compared_value_stands_on_the_page_as_it_is() -> None:
    rows = [f"| `{each.id}` | {each.value} {each.unit} | {each.boundary} |" for each in all_thresholds()]

    assert [] == [row for row in rows if row not in PAGE]


@pytest.mark.parametrize("edition", [gate_set(), nozzle_set()], ids=lambda edition: edition.name)
def test_the_order_of_preference_on_the_page_is_that_of_the_sets(edition: Edition) -> None:
    ranks = {
        name.removeprefix("preference_"): int(constant.value)
        for name, constant in edition.parameters.constants.items()
        if name.startswith("preference_")
    }
    words = [IN_WORDS.get(name, name.replace("_", " ")) for name in sorted(ranks, key=ranks.__getitem__)]

    assert ", ".join(words) in " ".join(PAGE.split())


def test_the_quoted_output_is_what_is_printed() -> None:
    file = io.StringIO()
    print_production(assessed(example("electrolysis-grid")), "en", file)
    quoted = PAGE.partition("--language en\n")[2].partition("\n```")[0]

    assert file.getvalue().startswith(quoted.removesuffix("...)"))
