import base64
import json
from pathlib import Path
from typing import Any

import pytest
from h2verify import note
from h2verify.errors import ProofError
from h2verify.merkle import EMPTY_ROOT

VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def _cases(cases_dir: Path) -> dict[str, Any]:
    return dict(json.loads((cases_dir / "merkle-tlog" / "c2sp_notes.json").read_text()))


def test_every_published_note_has_its_verdict_for_every_key(cases_dir: Path) -> None:
    cases = _cases(cases_dir)["cases"]

    assert 8 == len(cases)
    for case in cases:
        parsed = note.parse_note(case["note"].encode())
        keys = [note.parse_verifier_key(text) for text in case["verifier_keys"]]
        statuses = [note.signature_status(parsed, key) for key in keys]

        assert case["expected_per_key"] == statuses, case["id"]
        assert case["note"].encode() == note.format_note(parsed.text, parsed.signatures)


def test_a_known_key_that_fails_rejects_the_note_and_an_unknown_one_does_not_count(cases_dir: Path) -> None:
    codes = {"signed-note-body-changed": "note.signature", "signed-note-wrong-key": "note.unknown-keys"}
    for case in _cases(cases_dir)["cases"]:
        if case["id"] in codes:
            keys = [note.parse_verifier_key(text) for text in case["verifier_keys"]]
            with pytest.raises(ProofError) as refused:
                note.verify_note(note.parse_note(case["note"].encode()), keys)

            assert codes.pop(case["id"]) == refused.value.code

    assert {} == codes


def test_key_ids_are_derived_from_name_type_and_key(cases_dir: Path) -> None:
    cases = _cases(cases_dir)["key_id_cases"]

    assert 8 == len(cases)
    for case in cases:
        key = note.parse_verifier_key(case["vkey"])
        fields = (key.name, key.key_type, key.key_id.hex(), key.public_key.hex())

        assert (case["name"], case["type"], case["key_id"], case["public_key_hex"]) == fields
        assert case["vkey"] == note.format_verifier_key(key.name, key.key_type, key.public_key)


def test_the_example_of_the_cosignature_specification_is_parsed(cases_dir: Path) -> None:
    (case,) = _cases(cases_dir)["parse_only"]
    parsed = note.parse_note(case["note"].encode())
    checkpoint = note.parse_checkpoint(parsed.text)
    expected = case["expected"]

    assert (expected["origin"], expected["tree_size"]) == (checkpoint.origin, checkpoint.size)
    assert expected["root_base64"] == base64.b64encode(checkpoint.root).decode()
    assert expected["cosignature_time"] == note.cosignature_time_s(parsed.signatures[1])
    assert parsed.text == note.format_checkpoint(checkpoint)


def test_every_checkpoint_of_both_logs_verifies(cases_dir: Path) -> None:
    own = cases_dir / "merkle-tlog" / "own_log_300"
    tessera = cases_dir / "merkle-tlog" / "tessera_log"
    own_key = json.loads((own / "facts.json").read_text())["verifier_keys"]["log"]
    tessera_key = json.loads((tessera / "facts.json").read_text())["verifier_key"]
    paths = [(path, own_key) for path in own.glob("checkpoint*")]
    paths += [(path, tessera_key) for path in tessera.glob("checkpoint*")]

    assert 7 + 17 == len(paths)
    for path, vkey in paths:
        checkpoint = note.verify_checkpoint(path.read_bytes(), note.parse_verifier_key(vkey))

        assert checkpoint.size == int(path.suffix[1:] or checkpoint.size)


def test_no_byte_of_a_checkpoint_can_be_flipped_unseen(cases_dir: Path) -> None:
    tessera = cases_dir / "merkle-tlog" / "tessera_log"
    key = note.parse_verifier_key(json.loads((tessera / "facts.json").read_text())["verifier_key"])
    data = (tessera / "checkpoint").read_bytes()
    for at in range(len(data)):
        flipped = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(ProofError):
            note.verify_checkpoint(flipped, key)


def test_a_line_that_stands_a_hundred_times_is_verified_once(cases_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = _cases(cases_dir)["cases"][0]
    parsed = note.parse_note(case["note"].encode())
    keys = [note.parse_verifier_key(text) for text in case["verifier_keys"]]
    repeated = note.Note(text=parsed.text, signatures=(parsed.signatures * note.MAX_SIGNATURES)[: note.MAX_SIGNATURES])
    verified = []
    verify = note.verify_signature
    monkeypatch.setattr(note, "verify_signature", lambda *given: (verified.append(given), verify(*given)))

    assert "valid" in case["expected_per_key"]
    assert case["expected_per_key"] == [note.signature_status(repeated, key) for key in keys]
    assert len(verified) <= len(parsed.signatures)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\n\xe2\x80\x94 name AAAAAAA=",
        b"text\n\n\xe2\x80\x94 name AAAAAAB=\n",
        b"text\n\n\xe2\x80\x94 name AAAA\n",
        b"text\n\n- name AAAAAAA=\n",
        b"text\n\n\xe2\x80\x94 na+me AAAAAAA=\n",
        b"te\txt\n\n\xe2\x80\x94 name AAAAAAA=\n",
        b"te\xffxt\n\n\xe2\x80\x94 name AAAAAAA=\n",
        b"text\n\n" + b"\xe2\x80\x94 name AAAAAAA=\n" * 101,
    ],
)
def test_what_is_not_a_note_is_refused(data: bytes) -> None:
    with pytest.raises(ProofError):
        note.parse_note(data)


@pytest.mark.parametrize("size", ["", "01", "-1", "+1", "1 ", "1_0", "٣", "9223372036854775808", "x"])
def test_a_tree_size_has_one_form(size: str) -> None:
    with pytest.raises(ProofError) as refused:
        note.parse_checkpoint(f"origin\n{size}\n{base64.b64encode(EMPTY_ROOT).decode()}\n")

    assert "checkpoint.form" == refused.value.code


def test_a_verifier_key_with_a_foreign_key_id_is_refused() -> None:
    with pytest.raises(ProofError) as refused:
        note.parse_verifier_key(VKEY.replace("c74f20a3", "c74f20a4"))

    assert "vkey.key-id" == refused.value.code
