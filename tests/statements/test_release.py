"""The decision to release raw data."""

import pytest

from h2corridor.model.errors import EvidenceError
from h2corridor.statements.release import decode_release, make_release, release_document, release_entry

RELEASE = make_release(
    "st-0123456789abcdef",
    decided_by="data officer",
    recipient="verifier",
    purpose="verification",
    basis="contract 7",
    decided_at="2026-03-06T02:00:00+00:00",
)


def test_a_decision_is_read_back_and_its_id_follows_from_it() -> None:
    again = make_release(**{name: value for name, value in RELEASE.items() if name != "release_id"})

    assert RELEASE == again == decode_release(release_document(RELEASE), about="x")
    assert b'"type":"h2corridor/release/1"' in release_entry(RELEASE)


def test_every_changed_byte_of_a_decision_is_noticed() -> None:
    data = release_document(RELEASE)
    for at in range(len(data)):
        with pytest.raises(EvidenceError, match=r"evidence\.release"):
            decode_release(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], about="x")
