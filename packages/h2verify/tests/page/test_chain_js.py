"""Steps 12 and 13 in the page against h2verify: records with one random change are refused for the same reason."""

import copy
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from h2verify import merkle
from h2verify.bundle.activity import verify_activity, verify_stated
from h2verify.bundle.groups import encode_group, group_leaf, group_root, read_group
from h2verify.canonical import parse
from h2verify.chains import ChainWriter, write_chain
from h2verify.errors import BundleError
from in_page import run_in_page
from made_records import TRUCK, made_groups
from playwright.sync_api import Page
from random_changes import random_change

OpenVerifier = Callable[..., Page]

CHAIN = write_chain(made_groups(), "C1")
NAMES = ("form", "group-missing", "trips", "hydrogen", "chain")
VERIFY = """return given.map(({groups, chain}) =>
  codeOf(() => verifyActivity(new Map(Object.entries(groups)), chain, "C1")));"""
READ = """const root = bytesOfHex(given.root);
return given.documents.map((document) => codeOf(() => readGroup(document, root, given.count)));"""


def _code(groups: Mapping[str, Any], chain: Any) -> str | None:
    try:
        verify_activity(groups, chain, "C1")
    except BundleError as error:
        return error.code
    return None


def test_records_hold_and_with_one_change_are_refused_for_the_same_reason(open_verifier: OpenVerifier) -> None:
    draw = random.Random(1)
    cases = [{"groups": made_groups(), "chain": CHAIN}]
    for number in range(900):
        case: dict[str, Any] = {"groups": made_groups(), "chain": copy.deepcopy(CHAIN)}
        if number < 10:
            del case["groups"][sorted(case["groups"])[number]]
        else:
            random_change(draw, case["chain"] if number < 200 else draw.choice(list(case["groups"].values())))
        cases.append(case)
    expected = [_code(case["groups"], case["chain"]) for case in cases]

    assert expected[0] is None
    assert {None, *(f"activity.{name}" for name in NAMES)} == set(expected)
    assert expected == run_in_page(open_verifier(), VERIFY, cases)


def test_a_sum_that_moves_with_one_record_is_noticed_in_both(open_verifier: OpenVerifier) -> None:
    draw = random.Random(2)
    cases = []
    for _ in range(300):
        groups = made_groups()
        records = [record for record in groups[TRUCK] if record["kind"] in ("span", "window", "trip", "span_hydrogen")]
        record = draw.choice(records)
        names = [name for name, value in record.items() if type(value) is int]
        name = draw.choice(names)
        record[name] += draw.choice((-60, -9, -1, 1, 9, 60, 10**6))
        cases.append({"groups": groups, "chain": CHAIN})

    assert [_code(case["groups"], CHAIN) for case in cases] == run_in_page(open_verifier(), VERIFY, cases)


def _committed() -> tuple[list[Any], str]:
    """The documents of all groups in order of name, and the root of their tree."""
    groups = made_groups()
    salts = {name: (bytes([number]) * 32, bytes([255 - number]) * 32) for number, name in enumerate(sorted(groups))}
    leaves = [
        group_leaf(name, len(groups[name]), group_root(groups[name], salt), leaf_salt)
        for name, (salt, leaf_salt) in salts.items()
    ]
    tree = merkle.HashTree(leaves)
    documents = []
    for index, (name, (salt, leaf_salt)) in enumerate(salts.items()):
        proof = merkle.inclusion_proof(tree.hash_at, index, tree.size)
        data = encode_group(name, groups[name], salt=salt, leaf_salt=leaf_salt, index=index, hashes=proof)
        documents.append(parse(data))
    return documents, tree.root().hex()


def test_groups_are_read_and_with_one_change_refused_for_the_same_reason(open_verifier: OpenVerifier) -> None:
    documents, root = _committed()
    draw = random.Random(3)
    changed = list(documents)
    for _ in range(600):
        document = copy.deepcopy(draw.choice(documents))
        random_change(draw, document if draw.random() < 0.5 else document["leaf"])
        changed.append(document)
    expected: list[str | None] = []
    for document in changed:
        try:
            read_group(document, bytes.fromhex(root), len(documents))
            expected.append(None)
        except BundleError as error:
            expected.append(error.code)

    assert {None, "activity.form", "activity.group", "activity.records"} == set(expected)
    assert [None] * len(documents) == expected[: len(documents)]
    given = {"documents": changed, "root": root, "count": len(documents)}
    assert expected == run_in_page(open_verifier(), READ, given)


def test_a_statement_that_says_something_else_is_refused_in_both(open_verifier: OpenVerifier) -> None:
    draw = random.Random(4)
    groups = made_groups()
    writer = ChainWriter(groups)
    legs = writer.list_legs("C1")
    statement: dict[str, Any] = {
        "consignment": {
            "consignment_id": "C1",
            "arrived_at": _instant(legs[-1]["arrived_at_ms"]),
            "departed_at": _instant(legs[0]["departed_at_ms"]),
            "destination_site": {"site_id": "CITY"},
            "mass_kg": "20000",
            "modes": ["road", "rail"],
            "origin_site": {"site_id": "HUB"},
        },
        "not_covered": writer.list_not_covered("C1"),
        "trial": {"period_start": _instant(groups["trial"][0]["period_start_ms"]), "trial_id": "MADE"},
    }
    statements = [statement]
    for _ in range(200):
        changed = copy.deepcopy(statement)
        name = draw.choice([name for name in changed["consignment"] if name not in ("consignment_id", "modes")])
        holder: Any = draw.choice((changed["trial"], changed["consignment"], changed["not_covered"]))
        if holder is changed["not_covered"]:
            random_change(draw, changed["not_covered"])
        elif isinstance(holder.get(name), dict):
            holder[name]["site_id"] = draw.choice(("HUB", "PORT", None))
        else:
            key = name if name in holder else "trial_id" if "trial_id" in holder else "mass_kg"
            holder[key] = draw.choice((f"{holder[key]}x", f"{holder[key]}0", "2026-03-02T00:00:00Z", "20000.0"))
        statements.append(changed)
    expected: list[str | None] = []
    for each in statements:
        try:
            verify_stated(groups, each)
            expected.append(None)
        except BundleError as error:
            expected.append(error.code)
    body = """const groups = new Map(Object.entries(given.groups));
    return given.statements.map((statement) => codeOf(() => verifyStated(groups, statement)));"""

    assert writer.list_not_covered("C1")
    assert {None, "activity.statement"} == set(expected)
    assert expected == run_in_page(open_verifier(), body, {"groups": groups, "statements": statements})


def _instant(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1000, timezone(timedelta(hours=8))).isoformat()
