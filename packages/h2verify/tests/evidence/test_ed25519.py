import json
from pathlib import Path

import pytest
from h2verify.ed25519 import verify_signature
from h2verify.errors import ProofError

# RFC 8032 section 7.1, TEST 1 to TEST 3 and TEST SHA(abc): public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
ORDER = 2**252 + 27742317777372353535851937790883648493


def test_the_signatures_of_rfc_8032_hold() -> None:
    for key, message, signature in RFC_8032:
        verify_signature(bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature))


def test_a_signature_over_another_message_does_not_hold() -> None:
    key, _, signature = RFC_8032[1]
    with pytest.raises(ProofError) as refused:
        verify_signature(bytes.fromhex(key), b"s", bytes.fromhex(signature))

    assert "signature.wrong" == refused.value.code


def test_a_scalar_beyond_the_order_is_refused_though_it_is_the_same_number() -> None:
    key, message, signature = (bytes.fromhex(text) for text in RFC_8032[1])
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    with pytest.raises(ProofError) as refused:
        verify_signature(key, message, signature[:32] + scalar.to_bytes(32, "little"))

    assert "signature.encoding" == refused.value.code


def test_a_key_that_is_not_reduced_is_refused() -> None:
    _, message, signature = (bytes.fromhex(text) for text in RFC_8032[1])
    with pytest.raises(ProofError) as refused:
        verify_signature((2**255 - 19 + 3).to_bytes(32, "little"), message, signature)

    assert "signature.encoding" == refused.value.code


def test_a_key_of_small_order_that_would_sign_anything_is_refused() -> None:
    neutral = (1).to_bytes(32, "little")
    with pytest.raises(ProofError) as refused:
        verify_signature(neutral, b"anything", neutral + bytes(32))

    assert "signature.small-order" == refused.value.code


def test_every_wycheproof_case_has_its_verdict(cases_dir: Path) -> None:
    path = cases_dir / "signatures-credentials" / "wycheproof" / "ed25519_test.json"
    groups = json.loads(path.read_text())["testGroups"]
    count = 0
    for group in groups:
        for case in group["tests"]:
            count += 1
            try:
                verify_signature(
                    bytes.fromhex(group["publicKey"]["pk"]), bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
                )
                verdict = "valid"
            except ProofError:
                verdict = "invalid"

            assert case["result"] == verdict, case["tcId"]

    assert 151 == count
