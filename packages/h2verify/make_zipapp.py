"""Make `dist/h2verify.pyz`: the whole package as one file that `python3 h2verify.pyz X.zip` runs.

The same source gives the same bytes: names in order, one fixed time, nothing packed.
"""

import io
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PACKAGE = FOLDER / "src" / "h2verify"
TARGET = FOLDER / "dist" / "h2verify.pyz"

_SHEBANG = b"#!/usr/bin/env python3\n"
_MAIN = b"import sys\n\nfrom h2verify.cli import main\n\nsys.exit(main())\n"
_LEFT_OUT = ("__pycache__", ".mypy_cache")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def archive_bytes(package: Path = PACKAGE) -> bytes:
    """The archive of a package's folder, without compiled files."""
    members = {
        f"{package.name}/{path.relative_to(package).as_posix()}": path.read_bytes()
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and not set(path.parts) & set(_LEFT_OUT)
    }
    members["__main__.py"] = _MAIN
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, members[name])
    return _SHEBANG + file.getvalue()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the archive where it was asked for, else to `dist/`."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    target = Path(given[0]) if given else TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(archive_bytes())
    target.chmod(0o755)
    return 0


if __name__ == "__main__":
    sys.exit(main())
