"""`trial.toml`: what is refused, and how it is said."""

from typing import Any

import pytest

from h2corridor.intake.trial_header import read_trial_header
from h2corridor.model.errors import InputError

REFUSED = [
    ("format = 1", "format = 2", "trial.unknown-format", r"understands \(1\), came 2"),
    ("format = 1", "format = true", "trial.unknown-format", "came True"),
    ("format = 1", f"format = 0x{'f' * 5000}", "trial.unknown-format", "came a number of many digits"),
    ('"test"', f"[0x{'f' * 5000}]", "trial.bad-value", "came a list"),
    ('"test"', f'"test"\n{".".join("a" * 202)} = 1', "trial.too-large", "at most 200 dots in a line, came 201"),
    ("format = 1\n", "", "trial.missing-key", "format"),
    ('id = "small"\n', "", "trial.missing-key", "id"),
    ("[operator]", "[operators]", "trial.missing-key", "operator"),
    ("[trial]", "[trial", "trial.not-toml", "came"),
    ("2026-03-03T00:00:00+08:00", "2026-03-03T00:00:00", "trial.bad-period", "period_end"),
    ("2026-03-03T00:00:00+08:00", "2026-03-01T00:00:00+08:00", "trial.bad-period", "ends after it starts"),
    ("2026-03-03T00:00:00+08:00", "2100-01-01T08:00:01+08:00", "trial.bad-period", "between 2000 and 2099"),
    ("2026-03-02T00:00:00+08:00", "1999-12-31T23:59:59Z", "trial.bad-period", "between 2000 and 2099"),
    ("Asia/Shanghai", "Asia/Chungking-upon-Sea", "trial.bad-timezone", "Asia/Shanghai"),
    ("Asia/Shanghai", "../../etc/passwd", "trial.bad-timezone", "time zone"),
    ('"test"', "7", "trial.bad-value", "corridor"),
]


@pytest.mark.parametrize(("old", "new", "code", "said"), REFUSED)
def test_a_header_that_cannot_be_used_is_refused(small: Any, old: str, new: str, code: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        read_trial_header(small.change("trial.toml", old, new))

    assert (code, "trial.toml") == (refused.value.code, refused.value.about)
    assert refused.value.next_step


@pytest.mark.parametrize("content", [b"\xff\xfe[", bytes(64), b"a = " + b"[" * 100_000, b"a = 1" + b"0" * 9000])
def test_bytes_that_are_no_toml_are_refused(small: Any, content: bytes) -> None:
    small.files["trial.toml"] = content
    with pytest.raises(InputError, match=r"trial\."):
        read_trial_header(small)


def test_a_time_may_be_a_toml_time(small: Any) -> None:
    small.change("trial.toml", '"2026-03-02T00:00:00+08:00"', "2026-03-02T00:00:00+08:00")

    assert read_trial_header(small)[0].period_start_ms == 1_772_380_800_000


def test_keys_that_are_not_known_are_said_once(small: Any) -> None:
    _, findings = read_trial_header(
        small.change("trial.toml", "[operator]\n", 'weather = "fine"\n[operator]\nphone = "1"\n')
    )

    assert ["trial.weather, operator.phone"] == [finding.params["columns"] for finding in findings]
