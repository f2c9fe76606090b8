"""A rule's formula with gaps, cut once, so that filling it is one join."""

from collections.abc import Mapping, Sequence

from h2verify.formula import cut_template


class Template:
    """A published formula whose argument names give way to step ids; what it gives is what
    `h2verify.formula.instantiate` and `operands` would.

    Examples
    --------
    >>> Template("sum(part_kg) / whole_kg").fill({"part_kg": ["part_kg[a]", "part_kg[b]"], "whole_kg": ["whole_kg[c]"]})
    ('(part_kg[a] + part_kg[b]) / whole_kg[c]', ['part_kg[a]', 'part_kg[b]', 'whole_kg[c]'])
    """

    __slots__ = ("_alone", "_gaps", "_literals", "_pattern", "_singles")

    def __init__(self, formula: str) -> None:
        self._literals, self._gaps = cut_template(formula)
        self._alone = self._literals == ["", ""]
        self._pattern = "{}".join(self._literals)
        self._singles = [name for name, summed in self._gaps if not summed]

    def fill(self, ids: Mapping[str, Sequence[str]]) -> tuple[str, list[str]]:
        """The formula over these step ids, and the ids in order of first use.

        Parameters
        ----------
        ids : mapping
            Argument name to its step ids, at least one; more than one only for a sum.
        """
        if len(self._singles) == len(self._gaps):
            single = [ids[name][0] for name in self._singles]
            return self._pattern.format(*single), list(dict.fromkeys(single))
        text = self._literals[0]
        used: dict[str, None] = {}
        for (name, summed), literal in zip(self._gaps, self._literals[1:], strict=True):
            found = ids[name]
            used.update(dict.fromkeys(found))
            joined = found[0] if len(found) == 1 else " + ".join(found)
            text += f"({joined}){literal}" if summed and not self._alone else f"{joined}{literal}"
        return text, list(used)
