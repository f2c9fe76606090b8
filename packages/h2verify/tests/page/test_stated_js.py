"""The statement's own words in the page against h2verify: the same words hold, the same changes are refused."""

import base64
import random
from collections.abc import Callable, Iterator
from typing import Any

from h2verify.bundle import raw
from h2verify.bundle.activity import verify_stated
from h2verify.chains import ChainWriter
from h2verify.errors import BundleError
from in_page import run_in_page
from made_raw import STATED_AT, RawBundle, make_parts, seal
from made_records import TRUCK, Groups, made_groups, made_statement, record_of
from playwright.sync_api import Page

OpenVerifier = Callable[..., Page]

WRITE = """return given.map((groups) => {
  const exactGroups = Object.entries(groups).map(([name, records]) => [name, records.map(exact)]);
  return new ChainWriter(new Ledger(new Map(exactGroups), CHAIN_REFERENCES_MAX)).notCovered("C1");
});"""
VERIFY = """return given.map(({groups, statement}) =>
  codeOf(() => verifyStated(new Map(Object.entries(groups)), statement)));"""
HOLD_PAPERS = """
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const {members, logged, statedAt, groups, statements} = given;
const bundle = new Bundle(new Map(members.map(([name, text]) => [name, {bytes: bytesOf(text)}])));
const byName = new Map(Object.entries(groups));
const received = verifyReceived(bundle, new Map(logged), statedAt);
const opened = verifyOpened(bundle.document("opened.json"), byName);
return statements.map((statement) => codeOf(() => verifyPapers(received, opened, byName, statement, [])));"""
TEXTS = ("", "HUB", "PORT", "CITY", "MADE", "20000", "20000.0", "road", "rail", "x")
INSTANTS = (
    "2026-03-02T00:00:00+08:00",
    "2026-03-01T16:00:00Z",
    "2026-03-02T08:00:00.000+08:00",
    "2026-03-02T12:00:00+08:00",
    "2026-03-02T12:00:00.000001+08:00",
    "2026-03-02T12:00:00.5+08:00",
    "2026-03-02T04:00:00+00:00",
    "2026-03-02T18:30:00+14:30",
    "2026-02-30T12:00:00+08:00",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59-14:00",
    None,
)


def _changed_groups(draw: random.Random) -> Groups:
    """Groups of which some cover more, or less."""
    groups = made_groups()
    if draw.random() < 0.5:
        record_of(groups, TRUCK, "leg")["distance_kind"] = draw.choice((None, "", "gcd"))
    if draw.random() < 0.5:
        record_of(groups, "consignment/C1", "leg")["distance_kind"] = draw.choice((None, "sfd"))
    if draw.random() < 0.5:
        record_of(groups, TRUCK, "trip", 1)["destination_site"] = draw.choice((None, "CITY", "PORT"))
    if draw.random() < 0.5:
        name = draw.choice(("throughput_kg", "electricity_wh", "diesel_ml", "day"))
        record_of(groups, "site/HUB", "hub_operation")[name] = "2026-03-01" if name == "day" else draw.choice((None, 0))
    if draw.random() < 0.5:
        record_of(groups, "consignment/C1", "leg")["destination_site"] = draw.choice(("PORT", "HUB", "CITY"))
    if draw.random() < 0.3:
        record_of(groups, TRUCK, "leg")["departed_at_ms"] += draw.choice((1, 999, 1000, -1))
    return groups


def _change(draw: random.Random, statement: dict[str, Any]) -> None:
    """Let a statement say one thing otherwise, in its form."""
    said, notes = statement["consignment"], statement["not_covered"]
    kind = draw.randrange(6)
    if kind == 0:
        said[draw.choice(("arrived_at", "departed_at"))] = draw.choice(INSTANTS)
    elif kind == 1:
        statement["trial"].update(
            draw.choice(({"period_start": draw.choice(INSTANTS)}, {"trial_id": draw.choice(TEXTS)}))
        )
    elif kind == 2:
        said[draw.choice(("origin_site", "destination_site"))]["site_id"] = draw.choice(TEXTS)
    elif kind == 3:
        said.update(draw.choice(({"mass_kg": draw.choice(TEXTS)}, {"modes": draw.choices(TEXTS, k=draw.randrange(4))})))
    elif kind == 4 and notes:
        draw.choice(notes)[draw.choice(("en", "zh"))] += draw.choice(("", " ", "x"))
    else:
        statement["not_covered"] = draw.choices(notes, k=draw.randrange(3)) if notes else [{"en": "", "zh": ""}]


def _code(groups: Groups, statement: dict[str, Any]) -> str | None:
    try:
        verify_stated(groups, statement)
    except BundleError as error:
        return error.code
    return None


def test_what_is_not_covered_is_said_in_the_same_words(open_verifier: OpenVerifier) -> None:
    draw = random.Random(1)
    cases = [_changed_groups(draw) for _ in range(200)]
    expected = [ChainWriter(groups).list_not_covered("C1") for groups in cases]

    assert {1, 2, 3, 4} <= {len(notes) for notes in expected}
    assert expected == run_in_page(open_verifier(), WRITE, cases)


def test_a_statement_with_one_change_is_refused_for_the_same_reason(open_verifier: OpenVerifier) -> None:
    draw = random.Random(2)
    cases: list[dict[str, Any]] = [{"groups": made_groups(), "statement": made_statement()}]
    for _ in range(500):
        groups, statement = _changed_groups(draw), made_statement()
        if draw.random() < 0.8:
            statement["not_covered"] = ChainWriter(groups).list_not_covered("C1")
        if draw.random() < 0.8:
            _change(draw, statement)
        cases.append({"groups": groups, "statement": statement})
    expected = [_code(case["groups"], case["statement"]) for case in cases]

    assert expected[0] is None
    assert 50 < sum(code is None for code in expected) < 450
    assert {None, "activity.statement"} == set(expected)
    assert expected == run_in_page(open_verifier(), VERIFY, cases)


def _papers_code(bundle: RawBundle, statement: dict[str, Any]) -> str | None:
    received = raw.verify_received(bundle.archive, bundle.logged, STATED_AT)
    opened = raw.verify_opened(bundle.document("opened.json"), bundle.groups)
    try:
        raw.verify_papers(received, opened, bundle.groups, statement)
    except BundleError as error:
        return error.code
    return None


def _other_words(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a statement may say of its row otherwise, one thing at a time."""
    for name, value in said.items():
        if name != "consignment_id" and not isinstance(value, dict | list):
            yield from ({name: other} for other in (value, None, "", "x", f"{value} "))
    for end in ("origin_site", "destination_site"):
        for name in ("name_en", "name_zh"):
            yield from ({end: {**said[end], name: other}} for other in ("", None, "Port", "x"))


def test_what_the_statement_alone_says_of_its_row_is_held_alike(open_verifier: OpenVerifier) -> None:
    good = seal(make_parts())
    said = good.statement["consignment"]
    statements = [{**good.statement, "consignment": {**said, **other}} for other in _other_words(said)]
    given = {
        "members": [[name, base64.b64encode(data).decode()] for name, data in good.archive.items()],
        "logged": [[entry.decode(), place] for entry, place in good.logged.items()],
        "statedAt": STATED_AT,
        "groups": good.groups,
        "statements": statements,
    }
    expected = [_papers_code(good, statement) for statement in statements]

    assert {None, "papers.statement"} == set(expected)
    assert expected == run_in_page(open_verifier(), HOLD_PAPERS, given)
