"""The command `h2verify`: verify an evidence bundle offline.

Exit status: 0 when everything present holds, 1 when anything is refused, 2 when the file is no bundle, cannot be read,
has not the depth asked for, or the command was called wrongly.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from h2verify import __version__
from h2verify.bundle.limits import FILE_BYTES_MAX, POLICY_BYTES_MAX

USAGE_STATUS = 2
INTERRUPTED_STATUS = 130
DEPTHS = ("figure", "activity", "raw")
LANGUAGES = ("zh", "en")


class _UnreadableError(Exception):
    """A file that was named on the command line cannot be read."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.page:
        return _print_page()
    if options.bundle is None:
        parser.error("expected a bundle, X.zip")
    try:
        data = _read(options.bundle, FILE_BYTES_MAX)
        policy = None if options.policy is None else _read(options.policy, POLICY_BYTES_MAX)
    except _UnreadableError as error:
        _write(sys.stderr, f"h2verify: {error}\n")
        return USAGE_STATUS
    try:
        return _verify(data, policy, options)
    except KeyboardInterrupt:
        return INTERRUPTED_STATUS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="h2verify",
        description="Verify an evidence bundle offline: recompute its figure and say what holds. 离线核验证据包。",
        epilog="Exit status: 0 everything present holds, 1 refused, 2 no bundle, unreadable, not so deep, wrong usage.",
    )
    parser.add_argument("bundle", metavar="X.zip", type=Path, nargs="?", help="the bundle, as received / 证据包文件")
    parser.add_argument("--depth", choices=DEPTHS, help="how far down to go (default: all there is) / 核验深度")
    parser.add_argument(
        "--policy",
        metavar="FILE",
        type=Path,
        help="whom you trust: log, witness, quorum and signer lines; and by which rules: edition lines "
        "/ 信任策略文件：log、witness、quorum、signer 行，以及指定规则版本的 edition 行",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON / 以 JSON 输出")
    parser.add_argument("--language", choices=LANGUAGES, help="zh or en (default: from the environment) / 语言")
    parser.add_argument("--page", action="store_true", help="print the verifier as one HTML page / 输出网页版核验器")
    parser.add_argument("--version", action="version", version=f"h2verify {__version__}")
    return parser


def _verify(data: bytes, policy: bytes | None, options: argparse.Namespace) -> int:
    from h2verify.bundle import verify_bundle

    result = verify_bundle(data, depth=options.depth, policy=policy)
    if options.json:
        text = json.dumps(result.as_json(), indent=1) + "\n"
    else:
        from h2verify.report_text import format_result

        text = format_result(result, options.language or find_language(os.environ))
    _write(sys.stdout, text)
    return result.exit_status


def _print_page() -> int:
    from h2verify.page import render_page

    _write(sys.stdout, render_page())
    return 0


def find_language(environment: Mapping[str, str]) -> str:
    """`zh` where the environment asks for Chinese, else `en`."""
    chosen = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "zh" if chosen.lower().startswith("zh") else "en"


def _read(path: Path, limit: int) -> bytes:
    """The file's bytes; of one that is too large, one byte more than the limit, which is enough to refuse it."""
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise _UnreadableError(f"{_printable(path)} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise _UnreadableError(f"{_printable(path)} is no file name") from error


def _printable(path: Path) -> str:
    from h2verify.report_text import plain

    return plain(path)


def _write(stream: TextIO, text: str) -> None:
    """Print what the stream's encoding can say, the rest escaped; a reader that went away is no fault."""
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
