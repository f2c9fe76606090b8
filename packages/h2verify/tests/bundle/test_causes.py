"""A refusal says in plain words whose file is at fault: each cause its own sentence, in both languages."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from h2verify import note
from h2verify.bundle import verify_bundle
from h2verify.bundle.causes import CAUSES
from h2verify.bundle.result import Result
from h2verify.bundle.steps import STEPS
from h2verify.wording import README
from made_bundle import ISSUING, LOG, POLICY, Signer, make_bundle, make_members

FORMAT_PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "bundle.md"
OTHER = Signer("other.example/log")
DIGEST = "0" * 64
POLICIES = {
    "policy.form": b"\xff\xfel\x00o\x00g\x00",
    "policy.no-log": f"signer {ISSUING.vkey}\nquorum none\n".encode(),
    "policy.no-signers": f"log {LOG.vkey}\nquorum none\n".encode(),
    "policy.unknown-log": f"log {OTHER.vkey}\nsigner {ISSUING.vkey}\nquorum none\n".encode(),
    "policy.unknown-signer": f"log {LOG.vkey}\nsigner {OTHER.vkey}\nquorum none\n".encode(),
    "policy.unknown-edition": POLICY + f"edition iso14083/2023.1 {DIGEST}\n".encode(),
}


def _says(result: Result, language: str) -> str:
    return next(step.says(language) for step in result.steps if step.status == "refused")


def test_readme_is_one_text_whose_digest_stands_on_the_format_page() -> None:
    if not FORMAT_PAGE.exists():
        pytest.skip("the page is in the repository, not in this package")

    assert f"`README.txt` has the SHA-256 `{hashlib.sha256(README).hexdigest()}`" in FORMAT_PAGE.read_text("utf-8")


def test_readme_says_that_it_signs_nothing_and_whose_policy_to_use() -> None:
    text = README.decode()

    for said in (
        "Nothing here is signed by being in this file",
        "python3 h2verify.pyz FILE.zip --policy THE-POLICY-YOU-GOT-ANOTHER-WAY.txt",
        "verify.html",
        "do not use this policy.txt as the policy",
        "不因此获得任何人的签名",
        "不得把本包内的 policy.txt 用作信任策略",
    ):
        assert said in text


@pytest.mark.parametrize("code", POLICIES)
def test_each_fault_of_a_policy_has_a_sentence_of_its_own(code: str) -> None:
    result = verify_bundle(make_bundle(), policy=POLICIES[code])

    assert (code, "refused", 1) == (result.reason_code, result.verdict, result.exit_status)
    assert (CAUSES[code].en, CAUSES[code].zh) == (_says(result, "en"), _says(result, "zh"))


def test_no_two_causes_of_a_policy_are_said_alike() -> None:
    said = [cause.en for code, cause in CAUSES.items() if code.startswith("policy.")]

    assert 7 == len(said) == len(set(said))


def test_every_cause_is_one_of_a_step() -> None:
    for code in CAUSES:
        assert any(code.startswith(own) for step in STEPS for own in step.codes), code


def _with_folders() -> bytes:
    """What `zip -r` makes of an unpacked bundle: folders are entries of their own."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("rulesets")
        for name, data in make_members().items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [_with_folders(), make_bundle()[:-1], make_bundle()[: len(make_bundle()) // 2]],
    ids=("folders", "cut", "half"),
)
def test_a_file_packed_again_or_half_received_accuses_nobody(data: bytes) -> None:
    result = verify_bundle(data)

    assert result.reason_code is not None and result.reason_code.startswith("container.")
    assert "packed again by another program or damaged on the way" in _says(result, "en")
    assert "ask for the original file" in _says(result, "en")
    assert "请索取原始文件" in _says(result, "zh")


def test_step_5_says_whether_editions_were_pinned() -> None:
    said = verify_bundle(make_bundle()).as_json()["figure"]
    used = [(said["rule_set"]["edition"], said["rule_set"]["digest"])]
    used += [(each["method"], each["digest"]) for each in said["comparisons"]]
    pins = "".join(f"edition {name} {digest}\n" for name, digest in used)
    free = verify_bundle(make_bundle(), policy=POLICY).steps[4]
    pinned = verify_bundle(make_bundle(), policy=POLICY + pins.encode()).steps[4]

    assert "no edition pinned: the rules are those in the bundle." in free.says("en")
    assert "未指定规则版本：采用证据包内的规则。" in free.says("zh")
    assert (2, "; 2 editions pinned by you.") == (pinned.details["editions_pinned"], pinned.says("en")[-27:])
    assert "您指定了 2 个规则版本。" in pinned.says("zh")


def test_step_5_speaks_of_witnesses_only_where_the_policy_names_some() -> None:
    witness = Signer("w", note.COSIGNATURE_ED25519)
    named = POLICY + f"witness w {witness.vkey}\n".encode()
    without, with_one = (verify_bundle(make_bundle(), policy=policy).steps[4] for policy in (POLICY, named))

    assert "cosigned" not in without.says("en") and "联署" not in without.says("zh")
    assert "0 of its 1 witnesses cosigned" in with_one.says("en")
    assert "所列 1 个见证方中 0 个已联署" in with_one.says("zh")
