"""Make `dist/h2verify.pyz`: the whole package as one file that `python3 h2verify.pyz X.zip` runs; `--with-page` writes
`verify.html` beside it. What was written is printed as `sha256sum` prints it.

The same source gives the same bytes: names in order, one fixed time, nothing packed.
"""

import hashlib
import io
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PACKAGE = FOLDER / "src" / "h2verify"
TARGET = FOLDER / "dist" / "h2verify.pyz"

_SHEBANG = b"#!/usr/bin/env python3\n"
_WITH_PAGE = "--with-page"
_MAIN = """# -*- coding: utf-8 -*-
# What runs first, on whatever Python there is: only what every Python reads may stand above the import.
import sys

if sys.version_info < (3, 11):
    found = "%d.%d" % tuple(sys.version_info[:2])
    said = (
        u"h2verify: needs Python 3.11 or newer, this is " + found + u"; or open verify.html in a browser.\\n"
        u"h2verify：需要 Python 3.11 或更新版本，当前为 " + found + u"；也可在浏览器中打开 verify.html。\\n"
    )
    getattr(sys.stderr, "buffer", sys.stderr).write(said.encode("utf-8"))
    sys.exit(2)

from h2verify.cli import main

sys.exit(main())
""".encode()
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
    names = [each for each in given if each != _WITH_PAGE]
    target = Path(names[0]) if names else TARGET
    _write(target, archive_bytes())
    target.chmod(0o755)
    if _WITH_PAGE in given:
        sys.path.insert(0, str(PACKAGE.parent))
        from h2verify.page import render_page

        _write(target.with_name("verify.html"), render_page().encode())
    return 0


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    sys.stdout.write(f"{hashlib.sha256(data).hexdigest()}  {path}\n")


if __name__ == "__main__":
    sys.exit(main())
