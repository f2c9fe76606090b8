"""A group of activity records: whole, and in the tree, or refused."""

import hashlib
from typing import Any

import pytest
from h2verify import canonical, merkle
from h2verify.bundle.groups import closed_hash, encode_group, group_leaf, group_root, read_group
from h2verify.chains.forms import RECORDS_MAX
from h2verify.errors import BundleError
from made_records import TRUCK, made_groups

SALT, LEAF_SALT = bytes(range(32)), bytes(range(32, 64))


def _tree() -> tuple[merkle.HashTree, list[str]]:
    groups = made_groups()
    names = sorted(groups)
    leaves = [group_leaf(name, len(groups[name]), group_root(groups[name], SALT), LEAF_SALT) for name in names]
    return merkle.HashTree(leaves), names


def _document(name: str = TRUCK) -> tuple[dict[str, Any], bytes, int]:
    """The member of a group, the root of its tree and the number of groups there."""
    tree, names = _tree()
    index = names.index(name)
    hashes = merkle.inclusion_proof(tree.hash_at, index, tree.size)
    data = encode_group(name, made_groups()[name], salt=SALT, leaf_salt=LEAF_SALT, index=index, hashes=hashes)
    document = canonical.parse_canonical(data)

    assert isinstance(document, dict)
    return document, tree.root(), tree.size


def _code(document: Any, root: bytes, size: int) -> str | None:
    try:
        read_group(document, root, size)
    except BundleError as error:
        return error.code
    return None


def test_every_group_of_a_tree_is_read_as_it_was_written() -> None:
    for name, records in made_groups().items():
        assert (name, tuple(records)) == read_group(*_document(name))


def test_the_root_is_that_of_the_page() -> None:
    record = made_groups()["trial"][0]
    salt = hashlib.sha256(b"\x02" + SALT + bytes(8)).digest()

    assert hashlib.sha256(b"\x00" + salt + canonical.encode(record)).digest() == group_root([record], SALT)


def test_a_closed_part_is_hashed_with_its_own_salt() -> None:
    values = {"vin": "LTESTHYDR0GEN0001"}

    assert hashlib.sha256(b"\x00" + SALT + canonical.encode(values)).hexdigest() == closed_hash(SALT, values)
    assert closed_hash(SALT, values) != closed_hash(LEAF_SALT, values)


@pytest.mark.parametrize("fault", ["changed", "dropped", "repeated", "swapped", "other salt"])
def test_records_that_are_not_those_committed_to_are_refused(fault: str) -> None:
    document, root, size = _document()
    records = document["records"]
    if fault == "changed":
        records[0]["row"] += 1
    elif fault == "dropped":
        del records[3]
    elif fault == "repeated":
        records.insert(3, records[3])
    elif fault == "swapped":
        records[2], records[3] = records[3], records[2]
    else:
        document["salt"] = LEAF_SALT.hex()

    assert "activity.records" == _code(document, root, size)


@pytest.mark.parametrize("fault", ["root", "index", "leaf salt", "hashes", "name", "tree", "size"])
def test_a_group_that_is_not_in_the_tree_is_refused(fault: str) -> None:
    document, root, size = _document()
    if fault == "root":
        document["records"][0]["row"] += 1
        document["leaf"]["root"] = group_root(document["records"], SALT).hex()
    elif fault == "index":
        document["leaf"]["index"] -= 1
    elif fault == "leaf salt":
        document["leaf"]["salt"] = SALT.hex()
    elif fault == "hashes":
        document["leaf"]["hashes"].pop()
    elif fault == "name":
        document["group"] = "truck/truck-2"
    elif fault == "tree":
        root = bytes(32)
    else:
        size = 1

    assert "activity.group" == _code(document, root, size)


@pytest.mark.parametrize(
    "change",
    [
        {"more": 1},
        {"format": "h2corridor/activity-group/2"},
        {"group": None},
        {"leaf": {}},
        {"leaf": []},
        {"records": None},
        {"records": [1]},
        {"records": {}},
        {"salt": "00"},
        {"salt": None},
    ],
)
def test_a_document_in_another_form_is_refused(change: dict[str, Any]) -> None:
    document, root, size = _document()

    assert "activity.form" == _code({**document, **change}, root, size)


def test_no_document_at_all_is_refused() -> None:
    for junk in (None, [], "x", 1, {}):
        assert "activity.form" == _code(junk, bytes(32), 1)


def test_more_records_than_the_limit_are_not_hashed() -> None:
    document, root, size = _document()
    document["records"] = [{}] * (RECORDS_MAX + 1)

    assert "container.limit" == _code(document, root, size)
