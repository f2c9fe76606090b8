"""What the platform takes for a transport chain and what a stranger takes for one are the same documents."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from chain_examples import freight_chain, hydrogen_chain, named_chain
from h2verify.chain_form import verify_chain_form
from h2verify.errors import BundleError
from test_comparisons import LIFE_CYCLE, case_chain
from test_forgeries import a_chain

from h2corridor.model.chain import decode_chain
from h2corridor.model.errors import InputError

REMOVED = object()
FOREIGN: tuple[Any, ...] = (
    REMOVED,
    1,
    True,
    [],
    {},
    "",
    "0",
    "1",
    "1.50",
    "-1",
    "x",
    "gcd",
    "hub",
    "road",
    "kg",
    "national",
    "hvo",
    "1e3",
    "peer_fleet",
    "2031-01-01",
    "\x07",
)


def taken_by_the_platform(chain: Any) -> bool:
    try:
        decode_chain(json.dumps(chain).encode())
    except InputError:
        return False
    return True


def taken_by_a_stranger(chain: Any) -> bool:
    try:
        verify_chain_form(chain)
    except BundleError:
        return False
    return True


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield from places(each, (*path, key))


WHOLE = {
    "all": a_chain(),
    "freight": freight_chain(),
    "hydrogen": hydrogen_chain(),
    "named": named_chain(),
    **{case: case_chain(LIFE_CYCLE, case) for case in ("peer-fleet-that-improves", "regulatory-limit")},
}


@pytest.mark.parametrize("whole", WHOLE.values(), ids=WHOLE)
def test_a_chain_with_any_one_field_changed_is_taken_by_both_or_by_none(whole: Any) -> None:
    outcomes = {True: 0, False: 0}
    for path in places(whole):
        for foreign in FOREIGN:
            chain = copy.deepcopy(whole)
            holder = chain
            for key in path[:-1]:
                holder = holder[key]
            if foreign is REMOVED:
                del holder[path[-1]]
            else:
                holder[path[-1]] = foreign
            outcome = taken_by_the_platform(chain)
            outcomes[outcome] += 1

            assert outcome == taken_by_a_stranger(chain), (path, foreign)

    assert min(outcomes.values()) > 50
