"""The activity tree: what it commits to, what it hides, what a verifier reads back."""

import json

import pytest
from h2verify import canonical
from h2verify.bundle.groups import read_group
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.model.errors import EvidenceError
from h2corridor.statements.activity_tree import (
    ActivityTree,
    Groups,
    decode_group,
    decode_index,
    group_document,
)

SEED = bytes(range(32))
VIN = "LFHUEZJP1TG007811"
GROUPS: Groups = {
    "truck/truck-1": [
        (
            {"kind": "truck", "truck": "truck-1"},
            {"identity": {"plate": None, "vin": VIN}, "party": {"carrier_id": "P1"}},
        ),
        ({"kind": "stand", "site_id": "A"}, {"position": {"latitude_e6": 1, "longitude_e6": 2}}),
        ({"kind": "stand", "site_id": "A"}, {"position": {"latitude_e6": 1, "longitude_e6": 2}}),
    ],
    "trial": [({"kind": "trial", "trial_id": "T"}, {})],
    "distances": [],
}
NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=6)
VALUES = st.dictionaries(NAMES, st.integers(0, 9) | st.text(max_size=3) | st.none(), max_size=3)
RANDOM_GROUPS = st.dictionaries(
    NAMES, st.lists(st.tuples(VALUES, st.dictionaries(NAMES, VALUES, max_size=2)), max_size=4), min_size=1, max_size=5
)


def test_a_group_of_a_bundle_is_read_back_by_the_stranger_s_package() -> None:
    tree = ActivityTree.commit(GROUPS, SEED)
    root = bytes.fromhex(tree.index.root_hex())

    assert ("distances", "trial", "truck/truck-1") == tree.index.names
    for group in tree.groups:
        document = canonical.parse_canonical(group_document(tree.index, group))
        name, records = read_group(document, root, 3)
        assert (group.group, group.records) == (name, records)


def test_closed_values_stand_in_no_document_of_a_bundle_and_equal_ones_look_different() -> None:
    tree = ActivityTree.commit(GROUPS, SEED)
    documents = b"".join(group_document(tree.index, group) for group in tree.groups)
    truck = tree.groups[2]

    assert VIN.encode() not in documents
    assert b"carrier_id" not in documents
    assert truck.records[1]["closed"] != truck.records[2]["closed"]


@settings(max_examples=60, deadline=None)
@given(RANDOM_GROUPS)
def test_what_is_kept_is_read_back_and_gives_the_tree_again(groups: Groups) -> None:
    tree = ActivityTree.commit(groups, SEED)
    kept = [decode_group(group.encode(), about="x") for group in tree.groups]

    assert list(tree.groups) == kept
    assert tree.index == decode_index(tree.index.encode(), about="x")
    assert [leaf for _, leaf in tree.index.groups] == [group.leaf().hex() for group in kept]


def test_one_closed_value_more_or_less_changes_every_salt() -> None:
    changed = {**GROUPS, "trial": [({"kind": "trial", "trial_id": "T"}, {"party": {}})]}
    first, second = ActivityTree.commit(GROUPS, SEED), ActivityTree.commit(changed, SEED)
    salts = [
        {group.salt for group in tree.groups} | {group.leaf_salt for group in tree.groups} for tree in (first, second)
    ]

    assert salts[0].isdisjoint(salts[1])
    assert len(salts[0]) == 6


def test_every_changed_byte_of_a_kept_group_is_noticed() -> None:
    tree = ActivityTree.commit(GROUPS, SEED)
    group = tree.groups[2]
    data = group.encode()
    for at in range(len(data)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        try:
            leaf = decode_group(changed, about="x").leaf()
        except EvidenceError as error:
            assert "evidence.activity" == error.code
        else:
            assert leaf != group.leaf() or json.loads(changed)["group"] != group.group, at


def test_documents_with_other_fields_are_refused() -> None:
    index = json.loads(ActivityTree.commit(GROUPS, SEED).index.encode())
    for fault in ({"format": "h2corridor/activity-tree/2"}, {"more": 1}, {"groups": [["a", "not hex"]]}, {"groups": 1}):
        with pytest.raises(EvidenceError, match=r"evidence\.activity"):
            decode_index(canonical.encode({**index, **fault}), about="x")
