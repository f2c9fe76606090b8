"""The file of users of other platforms."""

import hashlib
from pathlib import Path

import pytest

from h2corridor.intake.gateway import read_users
from h2corridor.model.errors import InputError

DIGEST = hashlib.sha256(b"secret").hexdigest()


def test_users_stand_with_the_digest_of_their_passwords(tmp_path: Path) -> None:
    path = tmp_path / "users"
    path.write_text(f"# platforms\n\nguiyang:{DIGEST}\n")

    assert {"guiyang": hashlib.sha256(b"secret").digest()} == read_users(path)


@pytest.mark.parametrize("line", ["guiyang:secret", f"a-name-too-long:{DIGEST}", DIGEST, f":{DIGEST}"])
def test_a_line_that_says_something_else_is_refused_and_not_repeated(tmp_path: Path, line: str) -> None:
    path = tmp_path / "users"
    path.write_text(f"guiyang:{DIGEST}\n{line}\n")
    with pytest.raises(InputError, match=r"users\.line.*line 2") as caught:
        read_users(path)

    assert line not in caught.value.message


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"users\.unreadable"):
        read_users(tmp_path / "absent")
