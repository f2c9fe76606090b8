"""Which lines of functions a target reaches: what a corpus is worth, seen without the fuzzer's own instruments."""

import inspect
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

Line = tuple[str, int]


def function_lines(modules: Sequence[ModuleType]) -> set[Line]:
    """Every line inside a function of these modules: those that importing alone does not run."""
    found: set[Line] = set()
    for module in modules:
        file = inspect.getfile(module)
        found |= _lines_in(compile(Path(file).read_bytes(), file, "exec"), inside=False)
    return found


def _lines_in(code: CodeType, *, inside: bool) -> set[Line]:
    found: set[Line] = set()
    if inside:
        found = {(code.co_filename, line) for _, _, line in code.co_lines() if line and line != code.co_firstlineno}
    for each in code.co_consts:
        if isinstance(each, CodeType):
            found |= _lines_in(each, inside=inside or bool(each.co_flags & inspect.CO_OPTIMIZED))
    return found


def reached_lines(check: Callable[[bytes], None], inputs: Iterable[bytes], lines: set[Line]) -> set[Line]:
    """Those of `lines` that the inputs reach."""
    files = {file for file, _ in lines}
    reached: set[Line] = set()

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        file = frame.f_code.co_filename
        if file not in files:
            return None
        if event == "line":
            reached.add((file, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for each in inputs:
            check(each)
    finally:
        sys.settrace(before)
    return reached & lines
