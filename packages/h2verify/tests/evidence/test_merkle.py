import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from h2verify import merkle
from h2verify.errors import ProofError


def _vectors(cases_dir: Path, kind: str) -> list[dict[str, Any]]:
    vectors = json.loads((cases_dir / "merkle-tlog" / "rfc6962" / f"{kind}.json").read_text())
    assert len(vectors) > 90
    return list(vectors)


def _accepts(verify: Any, *arguments: Any) -> bool:
    try:
        verify(*arguments)
    except ProofError:
        return False
    return True


def _hash(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def _hashes(texts: list[str] | None) -> list[bytes]:
    return [base64.b64decode(text) for text in texts or []]


def _leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(at).encode()) for at in range(count)]


def _plain_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962 section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node_hash(_plain_root(leaves[:split]), _plain_root(leaves[split:]))


def test_every_inclusion_vector_has_its_verdict(cases_dir: Path) -> None:
    for case in _vectors(cases_dir, "inclusion"):
        accepted = _accepts(
            merkle.verify_inclusion,
            case["leafIdx"],
            case["treeSize"],
            _hash(case["leafHash"]),
            _hashes(case["proof"]),
            _hash(case["root"]),
        )

        assert (not case["wantErr"]) == accepted, case["name"]


def test_every_consistency_vector_has_its_verdict(cases_dir: Path) -> None:
    for case in _vectors(cases_dir, "consistency"):
        accepted = _accepts(
            merkle.verify_consistency,
            case["size1"],
            case["size2"],
            _hash(case["root1"]),
            _hash(case["root2"]),
            _hashes(case["proof"]),
        )

        assert (not case["wantErr"]) == accepted, case["name"]


def test_every_subtree_inclusion_vector_has_its_verdict(cases_dir: Path) -> None:
    for case in _vectors(cases_dir, "subtreeinclusion"):
        accepted = _accepts(
            merkle.verify_subtree_inclusion,
            case["leafIdx"],
            (case["start"], case["end"]),
            _hash(case["leafHash"]),
            _hashes(case["proof"]),
            _hash(case["root"]),
        )

        assert (not case["wantErr"]) == accepted, case["name"]


def test_the_empty_tree_is_consistent_with_itself_only_by_its_own_root() -> None:
    merkle.verify_consistency(0, 0, merkle.EMPTY_ROOT, merkle.EMPTY_ROOT, [])
    with pytest.raises(ProofError) as refused:
        merkle.verify_consistency(0, 0, b"equal, no root", b"equal, no root", [])

    assert "proof.root" == refused.value.code


def test_frontier_and_tree_give_the_root_of_the_definition_at_every_size() -> None:
    one_by_one = merkle.Frontier()
    leaves = _leaves(70)
    for size in range(71):
        in_two_parts = merkle.Frontier()
        in_two_parts.add_many(leaves[: size // 3])
        in_two_parts.add_many(leaves[size // 3 : size])
        expected = _plain_root(leaves[:size])

        assert expected == one_by_one.root() == in_two_parts.root() == merkle.HashTree(leaves[:size]).root()
        if size < 70:
            one_by_one.add(leaves[size])


def test_every_proof_made_is_accepted_and_a_flipped_one_is_not() -> None:
    leaves = _leaves(37)
    tree = merkle.HashTree(leaves)
    for size in range(1, 38):
        root = _plain_root(leaves[:size])
        for index in range(size):
            proof = merkle.inclusion_proof(tree.hash_at, index, size)
            merkle.verify_inclusion(index, size, leaves[index], proof, root)

            assert not _accepts(merkle.verify_inclusion, index, size, merkle.leaf_hash(b"other"), proof, root)
        for earlier in range(1, size + 1):
            proof = merkle.consistency_proof(tree.hash_at, earlier, size)
            merkle.verify_consistency(earlier, size, _plain_root(leaves[:earlier]), root, proof)

            assert not _accepts(merkle.verify_consistency, earlier, size, merkle.EMPTY_ROOT, root, proof)


def test_there_is_no_proof_for_what_is_not_in_the_tree() -> None:
    tree = merkle.HashTree(_leaves(3))
    for make, arguments in [(merkle.inclusion_proof, (3, 3)), (merkle.consistency_proof, (0, 3))]:
        with pytest.raises(ProofError) as refused:
            make(tree.hash_at, *arguments)

        assert "proof.range" == refused.value.code
