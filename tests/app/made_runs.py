"""What tests of whole runs share: the time they happen at, and the files they leave."""

import hashlib
from pathlib import Path

NOW_MS = 1_772_700_000_000
DAY_MS = 86_400_000


def read_files(folder: Path) -> dict[str, str]:
    """The digest of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
