"""A platform's side of a connection: what is kept, what is answered, in both editions."""

import hashlib

import pytest
from h2verify.gbt32960 import COMMAND, decode_frame
from hypothesis import given
from hypothesis import strategies as st

from h2corridor.protocols.gbt32960 import Session, SessionRules, encode_frame

VIN = "LTESTHYDR0GEN0001"
TIME = bytes((26, 3, 2, 8, 15, 30))
NOW_MS = 1_772_409_600_000
NOW = bytes((26, 3, 2, 8, 0, 0))
USER = b"platform".ljust(12, b"\0")


def _frame(command: int, data_unit: bytes = TIME, *, edition: int = 2016, vin: str = VIN, **header: int) -> bytes:
    return encode_frame(edition=edition, command=command, vin=vin.encode(), data_unit=data_unit, **header)


def _session(*vins: str, password: str = "") -> Session:
    users = {"platform": hashlib.sha256(password.encode()).digest()} if password else None
    return Session(SessionRules(now_ms=lambda: NOW_MS, is_registered=lambda vin: not vins or vin in vins, users=users))


def _platform_login(password: bytes) -> bytes:
    return _frame(0x05, TIME + b"\0\1" + USER + password.ljust(20, b"\0") + b"\1")


@pytest.mark.parametrize("edition", [2016, 2025])
@pytest.mark.parametrize("command", range(0x01, 0x07))
def test_a_command_with_a_time_is_answered_with_that_time(edition: int, command: int) -> None:
    (row,) = _session().feed(_frame(command, TIME + b"more", edition=edition))

    assert row.outcome == "accepted"
    assert _frame(command, TIME, edition=edition, response=0x01) == row.reply
    assert _frame(command, TIME, edition=edition, response=0x02) == row.refusal


@pytest.mark.parametrize("command", [0x07, 0x08])
def test_heartbeat_and_time_synchronisation_are_answered_with_the_time_of_the_platform(command: int) -> None:
    (row,) = _session().feed(_frame(command, b""))

    assert _frame(command, NOW, response=0x01) == row.reply
    assert "accept" == decode_frame(row.reply).verdict


def test_both_editions_come_on_one_connection() -> None:
    frames = [_frame(0x02, edition=2016), _frame(0x02, edition=2025)]
    rows = _session().feed(b"".join(frames))

    assert [b"##", b"$$"] == [row.reply[:2] for row in rows]
    assert frames == [row.data for row in rows]


def test_a_wrong_check_byte_is_kept_and_answered_with_an_error() -> None:
    damaged = _frame(0x02)[:-1] + b"\xff"
    (row,) = _session().feed(damaged)

    assert ("bad-check-byte", damaged, VIN) == (row.outcome, row.data, row.vin)
    assert _frame(0x02, TIME, response=0x02) == row.reply


def test_a_reply_with_a_wrong_check_byte_gets_none() -> None:
    (row,) = _session().feed(_frame(0x02, response=0x01)[:-1] + b"\xff")

    assert ("bad-check-byte", b"", b"") == (row.outcome, row.reply, row.refusal)


def test_a_time_that_is_encrypted_is_not_handed_back() -> None:
    (row,) = _session().feed(_frame(0x02, b"secret and more", encryption=0x03))

    assert _frame(0x02, NOW, response=0x01) == row.reply


@pytest.mark.parametrize("now_ms", [-2_000_000_000_000, 0, 5_000_000_000_000])
def test_a_platform_whose_clock_is_far_off_answers(now_ms: int) -> None:
    (row,) = Session(SessionRules(now_ms=lambda: now_ms)).feed(_frame(0x07, b""))

    assert 0x01 == row.reply[3]


@pytest.mark.parametrize(("edition", "flag"), [(2016, 0x02), (2025, 0x04)])
def test_a_truck_that_is_not_registered_is_told_so(edition: int, flag: int) -> None:
    (row,) = _session("LTESTHYDR0GEN0009").feed(_frame(0x01, edition=edition))

    assert ("unknown-vin", flag) == (row.outcome, row.reply[3])


@pytest.mark.parametrize("frame", [_frame(0x0B), _frame(0x80), _frame(0x02, b"\x1a\x03")])
def test_a_command_that_is_not_served_or_lacks_its_time_is_refused(frame: bytes) -> None:
    (row,) = _session().feed(frame)

    assert ("refused", 0x02) == (row.outcome, row.reply[3])


def test_a_reply_is_kept_and_gets_none() -> None:
    (row,) = _session().feed(_frame(0x82, response=0x01))

    assert ("reply", b"", b"") == (row.outcome, row.reply, row.refusal)


def test_bytes_that_are_no_frame_belong_to_the_truck_that_logged_in() -> None:
    session = _session()
    before = session.feed(b"noise" + _frame(0x01))
    after = [*session.feed(b"noise" + _frame(0x04)), *session.feed(b"noise" + _frame(0x07)), *session.feed(b"x" * 9)]
    rest = session.close()

    assert [(None, b"noise"), (VIN, _frame(0x01))] == [(row.vin, row.data) for row in before]
    assert [VIN, VIN, None, VIN] == [row.vin for row in after]
    assert [(None, b"x" * 9, "not-a-frame")] == [(row.vin, row.data, row.outcome) for row in rest]


def test_a_platform_shows_its_password_and_may_try_again() -> None:
    session = _session(password="secret")
    frames = [_platform_login(b"guess"), _frame(0x02), _platform_login(b"secret"), _frame(0x02)]
    rows = session.feed(b"".join(frames))

    assert ["unknown-user", "unknown-user", "accepted", "accepted"] == [row.outcome for row in rows]
    assert [0x02, 0x02, 0x01, 0x01] == [row.reply[3] for row in rows]


def test_a_platform_of_another_name_is_refused_whatever_its_password() -> None:
    login = _frame(0x05, TIME + b"\0\1" + b"other".ljust(12, b"\0") + b"\0" * 20 + b"\1")

    assert "unknown-user" == _session(password="secret").feed(login)[0].outcome


def test_without_users_on_file_every_platform_may_log_in() -> None:
    assert "accepted" == _session().feed(_platform_login(b"anything"))[0].outcome


def test_a_session_that_sends_nothing_but_noise_is_exhausted() -> None:
    session = _session()
    rows = [row for _ in range(17) for row in session.feed(b"\0" * 65_536)]

    assert session.is_exhausted
    assert 17 * 65_536 == sum(len(row.data) for row in [*rows, *session.close()])


@given(st.lists(st.one_of(st.binary(max_size=60), st.sampled_from([_frame(0x01), _frame(0x02), b"##", b"$$"]))))
def test_every_byte_comes_out_once_and_replies_are_frames(pieces: list[bytes]) -> None:
    session = _session(VIN, password="secret")
    rows = [row for piece in pieces for row in session.feed(piece)] + session.close()

    assert b"".join(pieces) == b"".join(row.data for row in rows)
    for reply in [row.reply for row in rows if row.reply]:
        assert decode_frame(reply).header.response != COMMAND
