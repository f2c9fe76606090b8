"""The operator's own policy: what stands there stays, what is missing is added once."""

import hashlib

import pytest
from h2verify.errors import ProofError
from h2verify.note import ED25519, VerifierKey, format_verifier_key, parse_verifier_key
from h2verify.policy import parse_policy

from h2corridor.store.files.policy import extend_policy, read_own_keys

MARK = b"\xef\xbb\xbf"
ONE, TWO, THREE = (hashlib.sha256(bytes([number])).hexdigest() for number in range(3))


def _vkey(name: str) -> str:
    return format_verifier_key(name, ED25519, hashlib.sha256(name.encode()).digest())


LOG, ISSUER, OTHER = _vkey("log.example/corridor"), _vkey("log.example/走廊"), _vkey("log.example/other")
WHOLE = f"log {LOG}\nsigner {ISSUER}\nedition a/1 {ONE}\nedition b/2 {TWO}\nquorum none\n".encode()


def _whole(data: bytes) -> bytes:
    return extend_policy(data, log_vkey=LOG, issuer_vkeys=[ISSUER], editions={("b/2", TWO), ("a/1", ONE)})


def _key(vkey: str) -> VerifierKey:
    return parse_verifier_key(vkey)


def test_where_nothing_stands_a_policy_is_written() -> None:
    assert WHOLE == _whole(b"") == _whole(b"\n")


@pytest.mark.parametrize("data", [b"quorum nine\n", b"\x00\xff", f"log {LOG[:-2]}\nquorum none\n".encode()])
def test_what_is_no_policy_is_refused_and_not_written_over(data: bytes) -> None:
    with pytest.raises(ProofError, match=r"policy\.form"):
        _whole(data)


def test_a_policy_grows_a_line_at_a_time_into_the_same_one() -> None:
    data = extend_policy(b"", log_vkey=LOG)
    data = extend_policy(data, log_vkey=LOG, editions=[("b/2", TWO)])
    data = extend_policy(data, log_vkey=LOG, issuer_vkeys=[ISSUER, ISSUER])
    data = extend_policy(data, log_vkey=LOG, editions=[("a/1", ONE), ("a/1", ONE)])

    assert WHOLE == data == _whole(data)
    assert (_key(LOG), (_key(ISSUER),)) == read_own_keys(data)


@pytest.mark.parametrize(
    "data",
    [
        MARK + WHOLE.replace(b"\n", b"\r\n"),
        WHOLE.removesuffix(b"\n"),
        WHOLE.replace(b" ", b"\t"),
        b"# \xce\xd2\xb5\xc4\n" + WHOLE,
        WHOLE + f"edition a/1 {THREE}\n".encode(),
        b"\n".join(sorted(WHOLE.splitlines())) + b"\n",
    ],
)
def test_what_lacks_nothing_stays_byte_for_byte(data: bytes) -> None:
    assert data == _whole(data)


def test_what_an_operator_added_stays_where_it_is() -> None:
    witness = format_verifier_key("witness.example/w", 4, bytes(32))
    top = f"# 出口部门\nlog {LOG} https://log.example\nwitness w {witness}\n\n"
    before = f"{top}edition a/3 {THREE}\nquorum w\nsigner {OTHER}"
    after = _whole(before.encode()).decode()

    assert (
        f"{top}edition a/1 {ONE}\nedition a/3 {THREE}\nedition b/2 {TWO}\nquorum w\nsigner {OTHER}\nsigner {ISSUER}\n"
    ) == after
    assert after.encode() == _whole(after.encode())


def test_lines_that_end_as_on_windows_end_alike_once_something_is_added() -> None:
    before = MARK + WHOLE.replace(f"edition a/1 {ONE}\n".encode(), b"").replace(b"\n", b"\r\n")

    assert WHOLE == _whole(before)


SAME_LOG = format_verifier_key("log.example/elsewhere", ED25519, _key(LOG).public_key)


@pytest.mark.parametrize("own", ["", f"log {LOG}\n", f"\tlog\t{LOG}  https://log.example\n", f"log {SAME_LOG}\n"])
def test_the_log_of_the_workspace_stands_before_any_other(own: str) -> None:
    after = extend_policy(f"log {OTHER}\n{own}quorum none\n".encode(), log_vkey=LOG)

    assert f"log {LOG}\nlog {OTHER}\nquorum none\n".encode() == after
    assert [_key(LOG), _key(OTHER)] == list(parse_policy(after).logs)


def test_a_policy_without_a_log_has_no_keys_of_a_workspace() -> None:
    with pytest.raises(ProofError, match=r"policy\.form.*log <key>"):
        read_own_keys(b"quorum none\n")
