"""Policies name whom a reader trusts; cosignatures must reach their quorum."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from h2verify import merkle, note
from h2verify.errors import ProofError
from h2verify.policy import Policy, parse_policy, require_quorum, split_lines

LOG = "log.example/h2-cases+57e1980e+AdFDvl+3TEF8V1WpkwSixGkRb3xzUB2AAbRriZLi/UGZ"
A = "witness.example/cn+1eef8334+BG4PzlvZL1pQwHNifE1+c/48znv+xZ2b6gpVMdCwqiUG"
B = "witness.example/foreign+c22a7850+BMWeGaS8Q2rZJIg7qZZ3r2LvlgnIHlktzdI/FEqIiswJ"
TWO = f"log {LOG}\nwitness a {A}\nwitness b {B}\n"


def _accepts(folder: Path, proof: dict[str, Any], policy: Policy) -> bool:
    """Whether a proof file of the outside log holds: entry, path, log signature and quorum."""
    head, _, checkpoint = (folder / proof["file"]).read_text().partition("\n\n")
    lines = [line for line in head.split("\n")[1:] if not line.startswith("extra ")]
    index, *hashes = lines
    try:
        (log,) = policy.logs
        parsed = note.parse_note(checkpoint.encode())
        found = note.verify_checkpoint(checkpoint.encode(), log)
        path = [base64.b64decode(each) for each in hashes]
        leaf = merkle.leaf_hash(proof["entry"].encode())
        merkle.verify_inclusion(int(index.removeprefix("index ")), found.size, leaf, path, found.root)
        require_quorum(policy, parsed)
    except ProofError:
        return False
    return True


def test_every_proof_file_of_the_outside_log_has_its_verdict(cases_dir: Path) -> None:
    folder = cases_dir / "merkle-tlog" / "own_log_300"
    proofs = json.loads((folder / "facts.json").read_text())["proofs"]
    both = parse_policy((folder / "policy").read_bytes())

    assert 20 == len(proofs)
    for proof in proofs:
        if proof["policy"] == "policy":
            assert proof["accept"] == _accepts(folder, proof, both), proof["file"]


def test_a_witness_with_a_key_that_is_not_verified_here_has_not_witnessed(cases_dir: Path) -> None:
    folder = cases_dir / "merkle-tlog" / "own_log_300"
    text = (folder / "policy-pq").read_bytes()
    proofs = json.loads((folder / "facts.json").read_text())["proofs"]
    (proof,) = [each for each in proofs if each["policy"] == "policy-pq"]

    assert not _accepts(folder, proof, parse_policy(text))
    assert _accepts(folder, proof, parse_policy(text.replace(b"quorum mixed", b"quorum classical")))


def test_groups_count_their_members_and_may_stand_in_groups(cases_dir: Path) -> None:
    folder = cases_dir / "merkle-tlog" / "own_log_300" / "proofs"
    parsed = {
        name: note.parse_note((folder / f"{name}.tlog-proof").read_text().partition("\n\n")[2].encode())
        for name in ("ok_index_0", "bad_no_witness", "bad_one_witness")
    }
    counts = {"bad_no_witness": 0, "bad_one_witness": 1, "ok_index_0": 2}
    groups = {
        "quorum none": 0,
        "group g any a b\nquorum g": 1,
        "group g 1 a b\nquorum g": 1,
        "group g 2 a b\nquorum g": 2,
        "group g all a b\nquorum g": 2,
        "group inner any a\ngroup outer all inner b\nquorum outer": 2,
        "group inner all a b\ngroup outer any inner\nquorum outer": 2,
    }
    for lines, needed in groups.items():
        policy = parse_policy(f"{TWO}{lines}\n".encode())
        for name, cosigned in counts.items():
            try:
                reached = require_quorum(policy, parsed[name]) == cosigned
            except ProofError as error:
                assert "policy.quorum" == error.code
                reached = False

            assert (cosigned >= needed) == reached, (lines, name)


def test_a_policy_names_logs_signers_witnesses_and_groups() -> None:
    text = f"# whom I trust\n\n\tlog  {LOG} https://log.example\n  signer {LOG}\n{TWO.partition(chr(10))[2]}quorum a\n"
    policy = parse_policy(text.encode())

    assert ["log.example/h2-cases"] == [key.name for key in policy.logs] == [key.name for key in policy.signers]
    assert ["a", "b"] == [witness.name for witness in policy.witnesses]
    assert "a" == policy.quorum


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "quorum none\nquorum none",
        "quorum nobody",
        "quorum",
        "quorum a b",
        "trust me\nquorum none",
        f"log {LOG}\nquorum none",
        "log nonsense\nquorum none",
        f"log {A}\nquorum none",
        f"signer {A}\nquorum none",
        f"signer {LOG} again\nquorum none",
        f"witness c {LOG}\nquorum none",
        f"witness c {A}\nquorum none",
        f"witness a {A.replace('cn', 'other')}\nquorum none",
        "group none any a\nquorum none",
        "group a any b\nquorum none",
        "group g any\nquorum none",
        "group g 0 a\nquorum g",
        "group g 3 a b\nquorum g",
        "group g 01 a b\nquorum g",
        "group g -1 a b\nquorum g",
        "group g ١ a b\nquorum g",
        "group g some a b\nquorum g",
        "group g any a a\nquorum g",
        "group g any a\ngroup h any a\nquorum h",
        "group g any g\nquorum g",
        "group g any h\ngroup h any g\nquorum g",
        "group g any none\nquorum g",
        "quorum none\r\r",
        "quorum\r none",
        "quorum none\x00",
        "\ufeffquorum none",
        "\n" * 2_000 + "quorum none",
    ],
)
def test_a_policy_that_could_mean_two_things_is_refused(lines: str) -> None:
    with pytest.raises(ProofError) as refused:
        parse_policy(f"{TWO}{lines}\n".encode())

    assert "policy.form" == refused.value.code


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_policy_that_an_editor_of_windows_saved_says_the_same(mark: bytes, ending: str) -> None:
    text = f"# whom I trust\n{TWO}\nsigner {LOG}\nedition iso14083/2023.1 {'0' * 64}\nquorum a\n"
    saved = mark + text.replace("\n", ending).encode()

    assert parse_policy(text.encode()) == parse_policy(saved)
    assert text.split("\n") == split_lines(saved)
    assert parse_policy(text.encode()) == parse_policy(saved.removesuffix(ending.encode()))


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbf\xef\xbb\xbfquorum none\n", b"quorum none\r", b"quorum none\r# old Mac\r"]
)
def test_other_marks_and_line_ends_are_refused(data: bytes) -> None:
    with pytest.raises(ProofError, match=r"policy\.form"):
        parse_policy(data)


def test_a_policy_names_editions_by_their_digests() -> None:
    pins = f"edition iso14083/2023.1 {'0' * 64}\nedition iso14083/2023.1 {'1' * 64}\n"
    policy = parse_policy(f"log {LOG}\nquorum none\n{pins}".encode())

    assert (("iso14083/2023.1", "0" * 64), ("iso14083/2023.1", "1" * 64)) == policy.editions
    assert () == parse_policy(f"log {LOG}\nquorum none\n".encode()).editions


@pytest.mark.parametrize(
    "line",
    [
        "edition iso14083/2023.1",
        f"edition iso14083 {'0' * 64}",
        f"edition iso14083/2023.1 {'0' * 63}",
        f"edition iso14083/2023.1 {'A' * 64}",
        f"edition iso14083/2023.1 {'0' * 64} more",
        f"edition iso14083/2023.1 {'0' * 64}\nedition iso14083/2023.1 {'0' * 64}",
    ],
)
def test_an_edition_that_is_not_a_name_and_a_digest_once_is_refused(line: str) -> None:
    with pytest.raises(ProofError, match=r"policy\.form"):
        parse_policy(f"log {LOG}\nquorum none\n{line}\n".encode())


def test_a_policy_above_the_size_limit_is_refused() -> None:
    with pytest.raises(ProofError) as refused:
        parse_policy(b"#" * ((1 << 20) + 1))

    assert "policy.form" == refused.value.code
