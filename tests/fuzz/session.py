"""Fuzz targets, one after another, each in a process of its own.

    python tests/fuzz/session.py FOLDER [--seconds N] [NAME...]   in FOLDER: corpora that grow, logs, crashes
    python tests/fuzz/session.py FOLDER --again NAME INPUT        one input again: a file, or in hexadecimal

Without `--seconds` (for all together) each target makes the executions that it states. Prints one JSON object a target.
The targets are imported once, under the fuzzer's instruments; each then runs in a fork, so that a crash, an endless
loop or a memory that grows ends that one alone.
"""

import argparse
import hashlib
import json
import os
import re
import sys
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import atheris

sys.path.insert(0, str(Path(__file__).parent))
from reached import function_lines, reached_lines

if TYPE_CHECKING:
    from target import Target

HANG_SECONDS = 30
MEMORY_MB = 2_048
INPUTS_TRACED_MAX = 400
_EXECUTED = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
_EDGES = re.compile(r"^#\d+\s+(?:DONE|INITED|NEW|REDUCE|pulse)\s+cov: (\d+)", re.MULTILINE)
_SAVED = re.compile(r"Test unit written to (\S+)")
_FAULT = re.compile(r"^(?:==\d+== ?ERROR: .*|[A-Za-z_.]*(?:Error|Exception)\b.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a target: `edges` are the fuzzer's, `lines` those of its modules' functions that were reached."""

    name: str
    asked: int | None
    executions: int
    edges: int
    corpus: int
    lines: int
    lines_of_nothing: int
    lines_in_all: int
    status: int
    fault: str
    crash_hex: str


def load_targets() -> "tuple[Target, ...]":
    """Every target, with the code under test imported under the fuzzer's instruments."""
    with atheris.instrument_imports(include=["h2verify", "h2corridor"]):
        from all_targets import TARGETS

        return TARGETS


def run_target(target: "Target", folder: Path, seconds: int | None) -> Outcome:
    """Fuzz one target in a fork, then count the lines that its corpus reaches in another."""
    corpus, seeds = folder / "corpus" / target.name, folder / "seeds" / target.name
    crashes = folder / "crashes"
    for each in (corpus, seeds, crashes):
        each.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds():
        (seeds / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    log = folder / f"{target.name}.log"
    limit = f"-runs={target.runs}" if seconds is None else f"-max_total_time={seconds}"
    arguments = [
        *("fuzz", limit, "-seed=1", f"-timeout={HANG_SECONDS}", f"-rss_limit_mb={MEMORY_MB}"),
        *(f"-max_len={target.max_bytes}", f"-artifact_prefix={crashes}/{target.name}-", "-print_final_stats=1"),
        *(str(corpus), str(seeds)),
    ]
    status = _in_fork(lambda: _fuzz(target, crashes, arguments), log)
    said = log.read_text("utf-8", "replace")
    saved = _SAVED.search(said)
    lines = folder / f"{target.name}.lines"
    lines.unlink(missing_ok=True)
    if status == 0:
        inputs = [path for each in (seeds, corpus) for path in sorted(each.iterdir())[:INPUTS_TRACED_MAX]]
        status = _in_fork(lambda: _count_lines(target, inputs, lines), log.with_suffix(".lines.log"))
    counted = (
        json.loads(lines.read_text()) if lines.exists() else {"lines": 0, "lines_of_nothing": 0, "lines_in_all": 0}
    )
    executed = _EXECUTED.search(said)
    return Outcome(
        name=target.name,
        asked=None if seconds is not None else target.runs,
        executions=int(executed[1]) if executed else 0,
        edges=max((int(found) for found in _EDGES.findall(said)), default=0),
        corpus=sum(1 for _ in corpus.iterdir()),
        status=status,
        fault="" if status == 0 else "; ".join(_FAULT.findall(said)[-2:]) or f"status {status}",
        crash_hex=_kept_hex(Path(saved[1])) if saved else "",
        **counted,
    )


def _in_fork(run, log: Path) -> int:  # type: ignore[no-untyped-def]  # any call without arguments
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        with log.open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        try:
            run()
        except BaseException:  # the child ends here, whatever came
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _fuzz(target: "Target", crashes: Path, arguments: list[str]) -> None:
    def check(data: bytes) -> None:
        try:
            target.check(data)
        except BaseException:  # the first broken promise ends the process; its input is kept
            _keep_crash(crashes, target.name, data)
            raise

    atheris.Setup(arguments, check)
    atheris.Fuzz()


def _keep_crash(crashes: Path, name: str, data: bytes) -> None:
    saved = crashes / f"{name}-crash-{hashlib.sha256(data).hexdigest()[:16]}"
    saved.write_bytes(data)
    sys.stderr.write(f"Test unit written to {saved}\n")


def _count_lines(target: "Target", inputs: list[Path], result: Path) -> None:
    lines = function_lines(target.modules)
    of_nothing = reached_lines(target.check, [b""], lines)
    reached = reached_lines(target.check, (path.read_bytes() for path in inputs), lines)
    counted = {"lines": len(reached), "lines_of_nothing": len(of_nothing), "lines_in_all": len(lines)}
    result.write_text(json.dumps(counted))


def _kept_hex(crash: Path) -> str:
    """The crashing input in hexadecimal, also kept as a file beside it."""
    text = crash.read_bytes().hex()
    crash.with_name(f"{crash.name}.hex").write_text(f"{text}\n")
    return text


def _again(target: "Target", given: str) -> None:
    """One input once more: with its traceback where it breaks the promise."""
    path = Path(given)
    if len(given) < 255 and path.is_file():
        target.check(bytes.fromhex(path.read_text()) if path.suffix == ".hex" else path.read_bytes())
    else:
        target.check(bytes.fromhex(given))


def main(arguments: list[str]) -> int:
    """Run the targets that were named, or all; 1 where one broke its promise."""
    parser = argparse.ArgumentParser(description="fuzz decoders and readers")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--again", nargs=2, metavar=("NAME", "INPUT"))
    parser.add_argument("names", nargs="*")
    options = parser.parse_intermixed_args(arguments)
    targets = {each.name: each for each in load_targets()}
    wanted = [options.again[0]] if options.again else options.names or list(targets)
    unknown = sorted(set(wanted) - set(targets))
    if unknown:
        parser.error(f"no such target: {', '.join(unknown)}; there are {', '.join(targets)}")
    if options.again:
        _again(targets[wanted[0]], options.again[1])
        return 0
    seconds = None if options.seconds is None else max(1, int(options.seconds / len(wanted)))
    failed = False
    for name in wanted:
        outcome = run_target(targets[name], options.folder.resolve(), seconds)
        sys.stdout.write(json.dumps(asdict(outcome)) + "\n")
        sys.stdout.flush()
        failed = failed or outcome.status != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
