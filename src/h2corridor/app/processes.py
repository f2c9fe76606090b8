"""The same work on many things in processes of their own, with results in the order of the things."""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from h2corridor.model.errors import StorageError

Result = TypeVar("Result")


def run_in_order(work: Callable[..., Result], jobs: Sequence[tuple[Any, ...]], processes: int) -> Iterator[Result]:
    """Give what `work` gives for the arguments of each job; in this process where one is enough.

    Processes are spawned, as a fork would copy the locks of an engine's threads; so `work` is a function of a module,
    and a program that calls this begins under `if __name__ == "__main__"`. What `work` raises is raised here, and jobs
    that have not begun then never do.

    Raises
    ------
    StorageError
        `decode.process-lost`: a process ended before its work did.
    """
    processes = min(processes, len(jobs))
    if processes < 2:
        yield from (work(*job) for job in jobs)
        return
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(processes, mp_context=context, initializer=_leave_interrupts) as pool:
            yield from pool.map(work, *zip(*jobs, strict=True))
    except BrokenProcessPool as error:
        fault = (
            "a process that decodes telemetry ended before its work did: for want of memory, or as the script that"
            " began it cannot be imported twice."
        )
        next_step = (
            "Run the same command again with --threads 1. In a script of your own, put what calls this under "
            '`if __name__ == "__main__":`, as each process imports the script anew.'
        )
        raise StorageError("decode.process-lost", fault, next_step=next_step) from error


def _leave_interrupts() -> None:
    """An interrupt of the terminal is for the process that waits, which then ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
