"""Trips shared over consignments by origin and fate, exact in both directions."""

from collections.abc import Mapping
from typing import TypeVar

Key = TypeVar("Key")


def share_parts(parts: Mapping[Key, int], shares: Mapping[str, int]) -> dict[str, dict[Key, int]]:
    """Share each part over the owners in the proportion of their shares.

    What owners get of one part sums to the part, and what one owner gets of all parts to the owner's share: parts are
    shared rounded down, and what is over goes, part by part, to the first owners that still lack it.

    Parameters
    ----------
    parts : what is shared [mg]
    shares : what each owner gets of the whole [mg]; they sum to the sum of the parts

    Examples
    --------
    >>> share_parts({"a": 1, "b": 2}, {"x": 2, "y": 1})
    {'x': {'a': 1, 'b': 1}, 'y': {'b': 1}}
    """
    whole = sum(shares.values())
    assert whole == sum(parts.values()), "shares and parts are of one whole"
    given = {
        owner: {key: mass * share // whole for key, mass in parts.items()} for owner, share in shares.items() if whole
    }
    lacks = {owner: shares[owner] - sum(mine.values()) for owner, mine in given.items()}
    for key, mass in parts.items():
        over = mass - sum(mine[key] for mine in given.values())
        for owner, lack in lacks.items():
            taken = min(over, lack)
            given[owner][key] += taken
            lacks[owner] -= taken
            over -= taken
    assert not any(lacks.values()), "a share is not filled"
    return {owner: {key: mass for key, mass in mine.items() if mass} for owner, mine in given.items()}
