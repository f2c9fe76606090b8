"""Property tests again and again with other seeds, and how many examples each has seen.

    python bench/soak.py [MINUTES]      for so long (half of SOAK_MINUTES, or 5); ends with the first failure

Every file of tests that holds a property is run with its own numbers of examples, once a seed: 1, 2, 3 ... A seed that
fails is printed, and fails again with `pytest --hypothesis-seed=SEED`.
"""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MINUTES_DEFAULT = 10
SEEDS_MAX = 100_000
TEST = re.compile(r"^(\S+::\S+?):$")
EXAMPLES = re.compile(r"(\d+) passing(?: examples)?, (\d+) failing")


def list_property_tests() -> list[str]:
    """Files of tests that draw their examples."""
    files = [*ROOT.glob("tests/**/test_*.py"), *ROOT.glob("packages/*/tests/**/test_*.py")]
    found = sorted(path for path in files if re.search(r"^@given\b", path.read_text("utf-8"), re.MULTILINE))
    if not found:
        raise SystemExit("no property test was found: nothing would be soaked")
    return [path.relative_to(ROOT).as_posix() for path in found]


def soak_once(seed: int, files: list[str], seconds: float) -> tuple[str, Counter[str]]:
    """Run every property once: what was printed if one failed (empty otherwise), and the examples each has seen."""
    options = [f"--hypothesis-seed={seed}", "--hypothesis-show-statistics", "-p", "no:cacheprovider", "-m", "not slow"]
    command = [sys.executable, "-m", "pytest", *options, *files]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=max(seconds, 600), check=False)
    return ("" if run.returncode == 0 else run.stdout), count_examples(run.stdout)


def count_examples(statistics: str) -> Counter[str]:
    """Examples by test, from what pytest prints with `--hypothesis-show-statistics`."""
    counts: Counter[str] = Counter()
    name = ""
    for line in statistics.splitlines():
        if heading := TEST.match(line):
            name = heading.group(1)
        elif name and (examples := EXAMPLES.search(line)):
            counts[name] += int(examples.group(1)) + int(examples.group(2))
    return counts


def main(arguments: list[str]) -> int:
    """Soak until the time is over or something fails; print the counts."""
    minutes = float(arguments[0]) if arguments else float(os.environ.get("SOAK_MINUTES", MINUTES_DEFAULT)) / 2
    ends_at = time.monotonic() + 60 * minutes
    files = list_property_tests()
    counts: Counter[str] = Counter()
    failed, seed = "", 0
    while not failed and seed < SEEDS_MAX and (seed == 0 or time.monotonic() < ends_at):
        seed += 1
        failed, seen = soak_once(seed, files, ends_at - time.monotonic())
        counts += seen
        sys.stderr.write(f"seed {seed}: {sum(seen.values())} examples of {len(seen)} properties\n")
    for name, examples in sorted(counts.items()):
        sys.stdout.write(f"{examples:9d}  {name}\n")
    sys.stdout.write(f"{sum(counts.values()):9d}  examples of {len(counts)} properties, {seed} seeds\n")
    if failed:
        sys.stdout.write(f"{failed}\nseed {seed} fails\n")
    return 1 if failed or not counts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
