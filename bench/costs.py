"""What a process has cost so far; a module of its own, for every process of a bench imports it."""

import resource
import sys


def cpu_seconds() -> float:
    """What this process and those that it has waited for have taken of processors so far."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def peak_mb() -> float:
    """The most memory this process has held.  [MB]"""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (1 << 20 if sys.platform == "darwin" else 1 << 10)
