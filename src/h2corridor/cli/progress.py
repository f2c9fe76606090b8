"""Progress of long work on standard error: a bar on a terminal, a line a stage elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

STAGES = {
    "check": ("检查数据集", "checking the data set"),
    "receive": ("接收并登记文件", "receiving files into the log"),
    "decode": ("解码报文", "decoding frames"),
    "measure": ("计算行程与用氢", "measuring trips and hydrogen"),
    "test": ("数据测试", "testing the data"),
    "assess": ("核算排放", "assessing emissions"),
    "state": ("登记并签署声明", "logging and signing statements"),
    "write": ("写入表与报告", "writing tables and report"),
}


@contextmanager
def shown_progress(language: Literal["zh", "en"]) -> Iterator[Callable[[str, int, int], None]]:
    """Give the function that a run tells its progress to."""
    which = 0 if language == "zh" else 1
    if not sys.stderr.isatty():
        seen: set[str] = set()

        def write_line(stage: str, _done: int, _whole: int) -> None:
            if stage not in seen:
                seen.add(stage)
                sys.stderr.write(f"{STAGES[stage][which]}\n")

        yield write_line
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def move_bar(stage: str, done: int, whole: int) -> None:
            for earlier, task in tasks.items():
                if earlier != stage:
                    bars.update(task, completed=bars.tasks[task].total or 1)
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES[stage][which], total=max(whole, 1))
            bars.update(tasks[stage], completed=done, total=max(whole, 1))

        yield move_bar
