"""The page in JavaScript says of each bundle of the corpus what h2verify says: in the system's Chromium, offline."""

import base64
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
from corpus import FAMILIES, good_bundles, list_faults
from h2verify.bundle import verify_bundle
from h2verify.page import render_page
from made_bundles import Good
from playwright.sync_api import Page
from policies import POLICIES
from random_lies import (
    CANNOT_FOLLOW,
    with_another_document,
    with_another_figure,
    with_other_bytes,
    with_other_received_bytes,
    with_other_records,
)
from registry import Fault

_VERIFY = """
async ([bundle, depth, policy]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return await h2verify.verify(bytes(bundle), {depth, policy: policy === null ? null : bytes(policy)});
}
"""

BY_DEPTH = (with_other_bytes, with_another_document)
RANDOM = (*BY_DEPTH, with_another_figure, with_other_records, with_other_received_bytes)
Verdict = Callable[..., dict[str, Any]]


@pytest.fixture
def page_verdict(open_page: Callable[..., Page], tmp_path: Path) -> Verdict:
    """What the page gives for a bundle, opened from a disk with the network off."""
    path = tmp_path / "verify.html"
    path.write_text(render_page(), encoding="utf-8")
    page = open_page()
    page.context.set_offline(True)
    page.goto(path.as_uri())

    def verified(bundle: bytes, *, depth: str | None = None, policy: bytes | None = None) -> dict[str, Any]:
        given = [_text(bundle), depth, None if policy is None else _text(policy)]
        result: dict[str, Any] = page.evaluate(_VERIFY, given)
        return result

    return verified


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _judged(faults: Sequence[Fault]) -> list[Fault]:
    """The first fault of each code and every fifth of the others; all of them with `H2CORRIDOR_EVERY_FAULT`, as `make
    soak` does it."""
    first = {fault.code: fault.name for fault in reversed(faults)}
    others = [fault for fault in faults if first[fault.code] != fault.name]
    taken = {*first.values(), *(fault.name for fault in others[::5])}
    return [fault for fault in faults if "H2CORRIDOR_EVERY_FAULT" in os.environ or fault.name in taken]


def _agreed(result: dict[str, Any]) -> dict[str, Any]:
    """What both must say alike; sentences may differ."""
    steps = [(step["number"], step["id"], step["status"]) for step in result["steps"]]
    return {
        **{name: result[name] for name in ("verdict", "reason_code", "depth", "trust", "status", "figure")},
        "steps": steps,
    }


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__.removeprefix("faults_"))
def test_both_verifiers_refuse_every_fault_alike(
    family: ModuleType, good: Good, corpus: Path, page_verdict: Verdict
) -> None:
    faults = _judged([fault for fault in list_faults() if hasattr(family, fault.name)])
    differing = {}
    for fault in faults:
        data, policy = (corpus / fault.file_name).read_bytes(), POLICIES[fault.policy](good)
        ours = _agreed(verify_bundle(data, depth=fault.asked, policy=policy).as_json())
        theirs = _agreed(page_verdict(data, depth=fault.asked, policy=policy))
        if ours != theirs:
            differing[fault.name] = (ours["reason_code"], theirs["reason_code"])

    assert faults
    assert {} == differing


@pytest.mark.parametrize("make", RANDOM, ids=lambda make: make.__name__)
def test_both_verifiers_say_the_same_of_random_lies(
    make: Callable[..., bytes], good: Good, page_verdict: Verdict
) -> None:
    differing, codes = {}, set()
    for seed in range(7):
        random = Random(seed)
        depth = (random.choice(list(good.bundles)),) if make in BY_DEPTH else ()
        try:
            data = make(random, good, *depth)
        except CANNOT_FOLLOW:
            continue
        ours, theirs = _agreed(verify_bundle(data).as_json()), _agreed(page_verdict(data))
        codes.add(ours["reason_code"])
        if ours != theirs:
            differing[seed] = (ours["reason_code"], theirs["reason_code"])

    assert len(codes) > 1
    assert {} == differing


@pytest.mark.parametrize("policy", ["none", "good", "pinned-editions"])
def test_both_verifiers_show_the_same_figure_of_a_good_bundle(policy: str, good: Good, page_verdict: Verdict) -> None:
    for name, data in good_bundles(good).items():
        ours = _agreed(verify_bundle(data, policy=POLICIES[policy](good)).as_json())
        theirs = _agreed(page_verdict(data, policy=POLICIES[policy](good)))

        assert ours == theirs, name
        assert theirs["figure"]["figure"]["wtw_kgco2e"]
