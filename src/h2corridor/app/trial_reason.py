"""Why a figure is withheld, in one sentence for people who file papers."""

from collections.abc import Sequence

from h2corridor.model.trial_report import Words

_NO_REASON = Words(zh="本次运行未说明原因，声明未予出具。", en="The statement is withheld; the run gives no reason.")


def one_reason(reasons: Sequence[Words]) -> Words:
    """The first reason as a sentence that says what follows from it, and how many more there are.

    Examples
    --------
    >>> one_reason([Words(zh="缺少运段", en="leg L2 was not seen to be driven by its truck")]).en
    'No statement is made for this consignment, because leg L2 was not seen to be driven by its truck.'
    """
    if not reasons:
        return _NO_REASON
    more = len(reasons) - 1
    zh = f"（另有 {more} 项原因，见附录）" if more else ""
    en = f" ({more} more reason{'s' if more > 1 else ''}: see the annex)" if more else ""
    return Words(
        zh=f"该票货物未出具声明，原因是：{_one_clause(reasons[0].zh, '；')}{zh}。",
        en=f"No statement is made for this consignment, because {_lowered(_one_clause(reasons[0].en, '; '))}{en}.",
    )


def _one_clause(text: str, joint: str) -> str:
    """A reason without its full stop; sentences within it become clauses."""
    return text.strip().rstrip("。.").replace("。", joint).replace(". ", joint)


def _lowered(text: str) -> str:
    """The beginning of a sentence within another: its first word in lower case, unless it is a name or an id."""
    first = text.partition(" ")[0]
    return text[:1].lower() + text[1:] if first[1:].islower() or len(first) == 1 else text
