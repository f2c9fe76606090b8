"""Statements that were signed again with other words than the format, the edition or the chain allow."""

from typing import Any

from made_bundle import make_bundle

Change = tuple[str, str, Any, str]
"""The document, the dotted place in it, what it says now, and the code it is refused with."""

LIES: tuple[Change, ...] = (
    ("statement", "shows_en", "This figure was verified by an independent body.", "statement.words"),
    ("statement", "shows_zh", "本数据已经核实。", "statement.words"),
    ("statement", "does_not_show_en", "", "statement.words"),
    ("statement", "does_not_show_zh", "无", "statement.words"),
    ("statement", "rule_set.status", "frozen", "edition.words"),
    ("statement", "comparisons.0.caveat_en", "Fit for a claim.", "edition.words"),
    ("statement", "comparisons.0.caveat_zh", "可用于声明减排。", "edition.words"),
    ("statement", "comparisons.0.status", "unsupported", "comparison.status"),
)


def lying_bundle(lie: Change) -> bytes:
    """A bundle with one such lie and a signature that holds."""
    stage, path, value, _ = lie

    def change(document: Any) -> None:
        *above, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        for part in above:
            document = document[part]
        document[last] = value

    return make_bundle({stage: change})


def lie_name(lie: Any) -> str:
    """A name for a lie in the list of tests."""
    return str(lie[1]) if isinstance(lie, tuple) else str(lie)
