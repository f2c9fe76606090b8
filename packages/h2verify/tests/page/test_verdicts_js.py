"""The page says of every bundle what h2verify says: verdict, code, trust, steps, and every digit of the figure."""

import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from forgeries import make_forgeries
from h2verify import note
from made_bundle import LOG, POLICY, Signer, make_bundle, make_members, pack
from made_chains import a_chain
from made_editions import LABEL, figures
from playwright.sync_api import Page
from same_verdicts import both_verdicts
from test_hostile import HOSTILE

Verify = Callable[..., dict[str, Any]]

BUNDLES = "H2CORRIDOR_BUNDLES"
MARK = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8."""
_DERIVATION = """
({chain, figures, label, files}) => {
  try {
    const edition = readEdition(label, new Map(Object.entries(files).map(([name, text]) => [name, utf8(text)])));
    verifyFigures(parseJson(utf8(chain)), parseJson(utf8(figures)), new Map([[label, edition]]));
    return "holds";
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code;
  }
}
"""
NOT_BUNDLES = {
    "nothing at all": b"",
    "no zip": b"PK but not one",
    "a zip without a manifest": pack({"a.txt": b"a"}),
    "a cut bundle": make_bundle()[:-1],
    "a byte before it": b"x" + make_bundle(),
    "a byte after it": make_bundle() + b"x",
    "deep nesting": pack({**make_members(), "chain.json": b"[" * 100_000}),
    "many marks": pack({**make_members(), "chain.json": b"[" + b"1," * 400_001 + b"1]"}),
    "a member that unpacks to 40 MiB": pack({**make_members(), "README.txt": bytes(40 << 20)}),
}


def test_a_good_bundle_is_consistent_and_with_a_policy_it_matches(verify_in_page: Verify) -> None:
    for policy, verdict in ((None, "consistent; signer not pinned by you: "), (POLICY, "recomputed, matches")):
        ours, theirs = both_verdicts(verify_in_page, make_bundle(), policy=policy)

        assert ours == theirs
        assert theirs["verdict"].startswith(verdict)
        assert theirs["figure"]["figure"]["wtw_kgco2e"]


def test_a_depth_that_is_not_there_is_said_to_be_absent(verify_in_page: Verify) -> None:
    for depth in ("activity", "raw"):
        ours, theirs = both_verdicts(verify_in_page, make_bundle(), depth=depth)

        assert ours == theirs
        assert "depth.absent" == theirs["reason_code"]


@pytest.mark.parametrize("fault", NOT_BUNDLES)
def test_what_is_no_bundle_gets_the_same_verdict(fault: str, verify_in_page: Verify) -> None:
    ours, theirs = both_verdicts(verify_in_page, NOT_BUNDLES[fault])

    assert ours == theirs
    assert theirs["reason_code"]


def test_policies_count_alike(verify_in_page: Verify) -> None:
    stranger = Signer("log.example/stranger").vkey
    policies = (
        POLICY.replace(b"signer", b"#"),
        POLICY + f"signer {stranger}\n".encode(),
        POLICY.replace(b"quorum none", b"quorum any"),
        f"log {stranger}\nquorum none\nsigner {stranger}\n".encode(),
        f"log {LOG.vkey}\nquorum none\nsigner {stranger}\n".encode(),
        b"quorum none\n",
        b"",
        POLICY.replace(b"\n", b"\r"),
        POLICY.replace(b"\n", b"\r\r\n"),
        MARK * 2 + POLICY,
        POLICY.replace(b"\n", b"\n" + MARK),
        POLICY.replace(b"\n", b"\r\n") + b"\r",
        POLICY.replace(b"\n", b"\r\n"),
        POLICY.replace(b" ", b"\t"),
    )
    codes = []
    for policy in policies:
        ours, theirs = both_verdicts(verify_in_page, make_bundle(), policy=policy)
        codes.append(theirs["reason_code"])

        assert ours == theirs, policy

    assert {
        "policy.no-signers",
        None,
        "policy.form",
        "policy.unknown-log",
        "policy.unknown-signer",
        "policy.no-log",
    } == {*codes}


VALIDITIES: tuple[tuple[str, str, str | None], ...] = (
    ("valid_until", "2026-04-01T10:00:00+08:00", None),
    ("valid_until", "2026-04-01T02:00:00.000Z", None),
    ("valid_until", "2026-04-01T09:59:59.999+08:00", "statement.validity"),
    ("valid_from", "2029-04-01T00:00:00+08:00", "statement.validity"),
    ("valid_from", "2029-04-01T00:00:00+08:01", None),
    ("stated_at", "2029-04-01T00:00:00+08:00", "statement.validity"),
    ("valid_until", "2026-13-41T25:61:61+99:99", "statement.form"),
    ("valid_until", "2029-02-29T00:00:00+08:00", "statement.form"),
    ("valid_until", "2029-02-28T24:00:00+08:00", "statement.form"),
    ("valid_until", "2029-02-28T23:59:60+08:00", "statement.form"),
    ("valid_until", "2029-02-28T23:59:59+14:01", "statement.form"),
    ("valid_until", "2029-02-28T23:59:59+13:60", "statement.form"),
    ("valid_until", "2029-02-28T23:59:59.0001+08:00", "statement.form"),
    ("valid_until", "0000-02-28T23:59:59+08:00", "statement.form"),
    ("valid_from", "0001-01-01T00:00:00+14:00", "statement.form"),
    ("valid_from", "0001-01-02T08:00:00+08:00", None),
)


def test_what_is_valid_from_when_to_when_is_read_alike(verify_in_page: Verify) -> None:
    def stated(name: str, text: str) -> Callable[[Any], None]:
        return lambda statement: statement["validity"].update({name: text})

    for name, text, code in VALIDITIES:
        ours, theirs = both_verdicts(verify_in_page, make_bundle({"statement": stated(name, text)}))

        assert code == ours["reason_code"], text
        assert ours == theirs, text


@pytest.mark.parametrize(("count", "code"), [(100, None), (101, "log.checkpoint")])
def test_a_checkpoint_has_at_most_a_hundred_lines(count: int, code: str | None, verify_in_page: Verify) -> None:
    def repeated(proof: Any) -> None:
        parsed = note.parse_note(proof["checkpoint"].encode())
        proof["checkpoint"] = note.format_note(parsed.text, [*parsed.signatures] * count).decode()

    ours, theirs = both_verdicts(verify_in_page, make_bundle({"proof": repeated}))

    assert code == ours["reason_code"]
    assert ours == theirs


def test_a_policy_that_an_editor_of_windows_saved_counts(verify_in_page: Verify) -> None:
    windows = MARK + b"# whom I trust\r\n" + POLICY.replace(b"\n", b"\r\n")
    for policy in (windows, MARK + POLICY, windows.removesuffix(b"\r\n")):
        ours, theirs = both_verdicts(verify_in_page, make_bundle(), policy=policy)

        assert ours == theirs
        assert "recomputed, matches" == theirs["verdict"]


def test_forgeries_drawn_at_random_get_the_same_verdict(verify_in_page: Verify) -> None:
    codes: Counter[str | None] = Counter()
    for what, bundle, policy, depth in make_forgeries(seed=11, count=150):
        ours, theirs = both_verdicts(verify_in_page, bundle, policy=policy, depth=depth)
        codes[theirs["reason_code"]] += 1

        assert ours == theirs, what

    assert len(codes) > 20
    assert "internal" not in codes


def test_hostile_derivations_are_refused_for_their_reason(open_verifier: Callable[..., Page]) -> None:
    page = open_verifier()
    for what, (steps, folder, code) in HOSTILE.items():
        given = {
            "chain": json.dumps(a_chain()),
            "figures": json.dumps(figures(*steps)),
            "label": LABEL,
            "files": {name: data.decode() for name, data in folder.items()},
        }

        assert code == page.evaluate(_DERIVATION, given), what


def test_every_bundle_of_a_folder_gets_the_same_verdict(verify_in_page: Verify) -> None:
    folder = os.environ.get(BUNDLES)
    if folder is None:
        pytest.skip(f"set {BUNDLES} to a folder of bundles (*.zip) to compare both verifiers on them")
    paths = sorted(Path(folder).rglob("*.zip"))

    assert paths
    for path in paths:
        ours, theirs = both_verdicts(verify_in_page, path.read_bytes())

        assert ours == theirs, path.name
