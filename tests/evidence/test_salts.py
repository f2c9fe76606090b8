from h2corridor.evidence import (
    derive_closed_salt,
    derive_file_salt,
    derive_group_salt,
    derive_leaf_salt,
    derive_tree_seed,
)

SEED = bytes(range(32))
TREE = derive_tree_seed(SEED, bytes(32))


def test_every_use_of_a_seed_gives_another_salt() -> None:
    salts = [
        derive_file_salt(SEED, "a", bytes(32).hex()),
        TREE,
        derive_group_salt(TREE, "a"),
        derive_leaf_salt(TREE, "a"),
        derive_closed_salt(TREE, "a", 0, "identity"),
        derive_closed_salt(TREE, "a", 0, "position"),
        derive_closed_salt(TREE, "a", 1, "identity"),
        derive_closed_salt(TREE, "b", 0, "identity"),
        derive_group_salt(TREE, "b"),
    ]

    assert len(salts) == len(set(salts))
    assert {32} == {len(salt) for salt in salts}


def test_two_trees_share_no_salt_and_the_same_tree_has_the_same() -> None:
    other = derive_tree_seed(SEED, b"\x01" + bytes(31))

    assert derive_group_salt(TREE, "a") != derive_group_salt(other, "a")
    assert TREE == derive_tree_seed(SEED, bytes(32))
    assert TREE != derive_tree_seed(SEED[::-1], bytes(32))
