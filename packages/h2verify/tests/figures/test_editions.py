"""Published formulas are read strictly, and the rule for a kind of scope is the narrowest there is."""

from collections.abc import Callable
from typing import Any

import pytest
from h2verify.editions import read_edition_tables
from h2verify.errors import BundleError
from made_editions import LABEL, Document, formulas, rule, tables


def a_document() -> Document:
    return formulas(
        wide=rule("sum(part_kg) / whole_kg", "element", gives="x", over={"part_kg": "source"}),
        narrow=rule("max(b, a) * b", "element.hub", "chain", gives="x", guard={"quantity": "q", "at_most": "limit"}),
    )


def test_the_narrowest_rule_is_found_with_its_arguments_and_guard() -> None:
    edition = read_edition_tables(LABEL, tables(a_document()))
    narrow, wide = edition.find_rule("x", "element.hub.small"), edition.find_rule("x", "element.transport")

    assert narrow is not None
    assert wide is not None
    assert ("narrow", ["b", "a"], {"b": 2, "a": 1}, ("q", "limit")) == (
        narrow.name,
        list(narrow.arguments),
        dict(narrow.arguments),
        narrow.guard,
    )
    assert ("wide", {"part_kg": "source"}, None) == (wide.name, wide.over, wide.guard)
    assert edition.find_rule("x", "elements") is None
    assert edition.find_rule("y", "element") is None


def rules(change: Callable[[Document], Any]) -> Callable[[Document], Any]:
    return lambda document: change(document["rules"]["wide"])


FAULTS: dict[str, Callable[[Document], Any]] = {
    "another format": lambda d: d.update(format="formulas/2"),
    "another edition": lambda d: d.update(edition="tried/2026.2"),
    "a field more": lambda d: d.update(note=""),
    "rules that are a list": lambda d: d.update(rules=[]),
    "a rule that is a text": lambda d: d["rules"].update(wide="x"),
    "a field more in a rule": rules(lambda r: r.update(within=None)),
    "a field less in a rule": rules(lambda r: r.pop("clause")),
    "an empty unit": rules(lambda r: r.update(unit="")),
    "a name with a bracket": rules(lambda r: r.update(gives="x[chain]")),
    "no kind": rules(lambda r: r.update(at=[])),
    "a kind that is a number": rules(lambda r: r.update(at=[1])),
    "the same quantity and kind twice": rules(lambda r: r.update(at=["chain"])),
    "a sum over no kind": rules(lambda r: r.update(over={})),
    "a kind for what is not summed": rules(lambda r: r.update(over={"part_kg": "source", "whole_kg": "source"})),
    "a formula without arguments": rules(lambda r: r.update(formula="()", over={})),
    "a formula that is a number": rules(lambda r: r.update(formula=1)),
    "an endless formula": rules(lambda r: r.update(formula="a + " * 3_000 + "a", over={})),
    "a guard that is null": rules(lambda r: r.update(guard=None)),
    "a guard without a limit": rules(lambda r: r.update(guard={"quantity": "q"})),
    "a guard of numbers": rules(lambda r: r.update(guard={"quantity": 1, "at_most": 2})),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_formulas_with_one_fault_are_refused(fault: str) -> None:
    document = a_document()
    FAULTS[fault](document)
    with pytest.raises(BundleError) as caught:
        read_edition_tables(LABEL, tables(document))

    assert "edition.form" == caught.value.code


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b'{"a":1,"a":2}', b"\xff", b"[" * 100_000])
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(BundleError) as caught:
        read_edition_tables(LABEL, {**tables(a_document()), "formulas.json": data})

    assert "edition.form" == caught.value.code


@pytest.mark.parametrize("label", ["tried", "tried/2026.1\n", "../2026.1", ""])
def test_a_folder_under_another_name_is_refused(label: str) -> None:
    with pytest.raises(BundleError):
        read_edition_tables(label, tables(a_document()))
