"""Whatever the bytes are: an end, a refusal, and never more than 256 MiB."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from h2verify.bundle.limits import FILE_BYTES_MAX, JSON_BYTES_MAX, JSON_MARKS_MAX
from made_bundle import make_bundle
from made_figure import RULE_SET
from made_zip import Entry, write_zip

MEMORY_MIB = 256
SECONDS = 20
_PROGRAM = """
import resource, sys
limit = int(sys.argv[2]) << 20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from h2verify.bundle import verify_bundle
with open(sys.argv[1], "rb") as file:
    print(verify_bundle(file.read()).reason_code)
"""


def _code(data: bytes, folder: Path) -> str:
    path = folder / "hostile.zip"
    path.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, path, str(MEMORY_MIB)],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert "" == done.stderr
    return done.stdout.strip()


def _chain(text: bytes) -> Callable[[Any], None]:
    return lambda members: members.update({"chain.json": text})


DEEP_MARKS = JSON_MARKS_MAX - 1
HOSTILE: dict[str, tuple[Callable[[Any], None], str]] = {
    "brackets": (_chain(b"[" * JSON_BYTES_MAX), "container.limit"),
    "fewer_brackets": (_chain(b"[" * DEEP_MARKS), "canonical.depth"),
    "closing_brackets": (_chain(b"]" * JSON_BYTES_MAX), "canonical.json"),
    "giant_number": (_chain(b"1" * JSON_BYTES_MAX), "canonical.integer"),
    "giant_exponent": (_chain(b"1e" + b"9" * 1_000_000), "canonical.float"),
    "many_objects": (_chain(b"[" + b'{"a":1},' * 133_000 + b"0]"), "binding.chain"),
    "many_texts": (_chain("[{}0]".format('"é",' * 390_000).encode()), "binding.chain"),
    "wide_text": (_chain(f'["😀{"a" * 4_000_000}"]'.encode()), "binding.chain"),
    "quotes": (_chain(b'"\\"' * 1_398_000), "canonical.json"),
    "escapes": (_chain(b'"' + b"\\n" * 2_000_000 + b'"'), "binding.chain"),
    "open_text": (_chain(b'"' + b'\\"' * 2_000_000), "canonical.json"),
    "repeated_name": (
        _chain(b"{" + b",".join(b'"n%d":0' % n for n in range(190_000)) + b',"n189999":1}'),
        "canonical.repeated-name",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_json_ends_within_the_limits(name: str, tmp_path: Path) -> None:
    change, code = HOSTILE[name]

    assert code == _code(make_bundle({"members": change}), tmp_path)


def test_a_member_that_unpacks_to_a_gibibyte_is_refused_at_the_limit(tmp_path: Path) -> None:
    bomb = _bomb(1 << 30)
    stated = {"size": 10, "crc": 0}
    entries = [Entry(name="manifest.json"), Entry(name="README.txt", packed=bomb, local=stated, central=stated)]

    assert len(bomb) < 2_000_000
    assert "container.limit" == _code(write_zip(entries), tmp_path)


def test_a_bundle_as_large_as_may_be_holds_within_the_limits(tmp_path: Path) -> None:
    noise = os.urandom(31 << 20)

    def large(editions: Any) -> None:
        editions["rulesets", RULE_SET] |= {"a.bin": noise, "b.bin": noise}

    data = make_bundle({"editions": large})

    assert FILE_BYTES_MAX * 0.9 < len(data) < FILE_BYTES_MAX
    assert "None" == _code(data, tmp_path)


def test_a_large_bundle_with_many_values_is_refused_within_the_limits(tmp_path: Path) -> None:
    noise = os.urandom(31 << 20)

    def large(editions: Any) -> None:
        editions["rulesets", RULE_SET] |= {"a.bin": noise, "b.bin": noise}

    def long_chain(chain: Any) -> None:
        element = chain["elements"][0]
        refs = [f"é{number:x}" for number in range(1_900)]
        chain["elements"] = [{**element, "id": f"e{number}", "refs": refs} for number in range(180)]

    def many_steps(figures: Any) -> None:
        step = figures["steps"][-1]
        figures["steps"] += [{**step, "id": f"primary_share_by_activity{n}[chain]"} for n in range(9_000)]

    data = make_bundle({"editions": large, "chain": long_chain, "figures": many_steps})

    assert _code(data, tmp_path).startswith("derivation.")


def _bomb(size: int) -> bytes:
    """A raw deflate stream of so many zero bytes, packed piece by piece."""
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = bytes(1 << 20)
    return b"".join(packer.compress(piece) for _ in range(size >> 20)) + packer.flush()
