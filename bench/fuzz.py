"""Coverage-guided fuzzing of every decoder and reader: how many inputs each has seen, and how far they got.

    python bench/fuzz.py [MINUTES] [TARGET...]     for so long in all (half of SOAK_MINUTES, or 5)

Corpora, logs and crashes stay in `build/fuzz`; the next run goes on from the corpora. An input that breaks a promise is
kept there, also in hexadecimal, and fails again with `python tests/fuzz/session.py build/fuzz --again TARGET FILE`.
"""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build" / "fuzz"
MINUTES_DEFAULT = 10
HEADER = f"{'target':18}{'executions':>12}{'edges':>8}{'corpus':>8}{'lines':>12}"


def format_row(outcome: dict[str, Any]) -> str:
    """A line of the report: lines are those reached of all that stand in functions of the modules under test."""
    lines = f"{outcome['lines']}/{outcome['lines_in_all']}"
    numbers = f"{outcome['executions']:12d}{outcome['edges']:8d}{outcome['corpus']:8d}{lines:>12}"
    fault = f"  {outcome['fault']}\n{'':18}input {outcome['crash_hex']}" if outcome["status"] else ""
    return f"{outcome['name']:18}{numbers}{fault}"


def fuzz(minutes: float, names: list[str]) -> list[dict[str, Any]]:
    """Run the targets and give what came of each, printed as it comes."""
    command = [sys.executable, str(ROOT / "tests" / "fuzz" / "session.py"), str(FOLDER)]
    command += ["--seconds", str(60 * minutes), *names]
    FOLDER.mkdir(parents=True, exist_ok=True)
    log, found = FOLDER / "session.log", []
    with log.open("wb") as said, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True) as session:
        for line in session.stdout or ():
            found.append(json.loads(line))
            sys.stdout.write(f"{format_row(found[-1])}\n")
            sys.stdout.flush()
    if not found:
        sys.stdout.write(log.read_text("utf-8", "replace")[-2_000:])
    return found


def main(arguments: list[str]) -> int:
    """Fuzz until the time is over; print the counts; 1 where a promise was broken or nothing ran."""
    if importlib.util.find_spec("atheris") is None:
        sys.stderr.write("needs atheris, which has wheels for Linux on x86-64: make fuzzer\n")
        return 1
    soaked = float(os.environ.get("SOAK_MINUTES", MINUTES_DEFAULT)) / 2
    minutes, names = (float(arguments[0]), arguments[1:]) if arguments else (soaked, [])
    sys.stdout.write(f"{HEADER}\n")
    found = fuzz(minutes, names)
    faulty = [each["name"] for each in found if each["status"]]
    total = sum(each["executions"] for each in found)
    sys.stdout.write(f"{'':18}{total:12d}  executions of {len(found)} targets, {len(faulty)} broke a promise\n")
    return 1 if faulty or not total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
