"""The words of a statement are the format's, the edition's and the chain's; whoever signs other ones is refused."""

import pytest
from h2verify.bundle import verify_bundle
from lying_words import LIES, Change, lie_name, lying_bundle


@pytest.mark.parametrize("lie", LIES, ids=lie_name)
def test_a_statement_that_says_more_or_less_than_it_may_is_refused(lie: Change) -> None:
    result = verify_bundle(lying_bundle(lie))

    assert ("refused", lie[3]) == (result.verdict, result.reason_code)
