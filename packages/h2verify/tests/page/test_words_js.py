"""The page refuses lying words as h2verify does."""

from collections.abc import Callable
from typing import Any

import pytest
from lying_words import LIES, Change, lie_name, lying_bundle
from same_verdicts import both_verdicts


@pytest.mark.parametrize("lie", LIES, ids=lie_name)
def test_lying_words_get_the_same_verdict(lie: Change, verify_in_page: Callable[..., dict[str, Any]]) -> None:
    ours, theirs = both_verdicts(verify_in_page, lying_bundle(lie))

    assert ours == theirs
    assert lie[3] == theirs["reason_code"]
