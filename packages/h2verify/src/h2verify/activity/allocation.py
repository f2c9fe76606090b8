"""Allocated parts sum exactly to their whole."""

from collections.abc import Sequence


def allocate(whole: int, weights: Sequence[int]) -> list[int]:
    """Split an integer by weights; the remainder goes to the largest fractions, first come first served.

    Parameters
    ----------
    whole : what is split, any unit, >= 0
    weights : >= 0, at least one above 0 unless `whole` is 0

    Returns
    -------
    parts in the order of the weights, summing exactly to `whole`

    Raises
    ------
    ValueError
        a negative weight or whole, or nothing to split a positive whole by

    Examples
    --------
    >>> allocate(10, [1, 1, 1])
    [4, 3, 3]
    """
    total = sum(weights)
    if whole < 0 or any(weight < 0 for weight in weights):
        raise ValueError("a whole and its weights must not be negative")
    if whole == 0:
        return [0] * len(weights)
    if total == 0:
        raise ValueError(f"{whole} cannot be split: every weight is 0")
    parts = [whole * weight // total for weight in weights]
    by_fraction = sorted(range(len(weights)), key=lambda i: (-(whole * weights[i] % total), i))
    for i in by_fraction[: whole - sum(parts)]:
        parts[i] += 1
    assert sum(parts) == whole
    return parts
