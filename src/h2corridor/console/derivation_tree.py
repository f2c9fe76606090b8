"""A derivation as a tree for reading: the goal at the top, what it was computed from below it, sources at the leaves.

A derivation is a graph: a step may serve several others. Each step is unfolded where it is met first; where it is met
again the tree refers to it, so that the page grows with the number of steps and a cycle in a damaged file ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from h2corridor.model.report import FigureDerivation, Step

DEPTH_MAX = 30
NODES_MAX = 5000
INPUTS_MAX = 500
NodeKind = Literal["step", "shown_above", "too_deep", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A place in the tree. `anchor` is the step's address in the page; a `shown_above` node points to it."""

    kind: NodeKind
    step_id: str
    anchor: str
    step: Step | None = None
    inputs: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivationTrees:
    """The trees of one figure: of the figure itself and of each comparison by method; None where there are no steps."""

    figure: Node | None
    comparisons: Mapping[str, Node | None]


def derivation_trees(derivation: FigureDerivation, prefix: str) -> DerivationTrees:
    """Unfold a figure's derivation and those of its comparisons.

    Parameters
    ----------
    derivation
        A comparison's step may name a step of the figure as its input.
    prefix
        Makes anchors unique in the page; letters, digits and hyphens.
    """
    shared = {step.id: step for step in derivation.steps}
    unfolding = _Unfolding(shared, prefix)
    figure = unfolding.tree(derivation.steps)
    comparisons: dict[str, Node | None] = {}
    for number, comparison in enumerate(derivation.comparisons):
        own = {step.id: step for step in comparison.steps}
        inner = _Unfolding({**shared, **own}, f"{prefix}-c{number}", met=_without(unfolding.met, own))
        comparisons[comparison.method] = inner.tree(comparison.steps)
    return DerivationTrees(figure=figure, comparisons=comparisons)


class _Unfolding:
    """One walk: remembers which steps were already met, by id, with their anchors."""

    def __init__(self, steps: Mapping[str, Step], prefix: str, met: Mapping[str, str] | None = None) -> None:
        self._steps = steps
        self._prefix = prefix
        self._count = 0
        self.met = dict(met or {})

    def tree(self, steps: tuple[Step, ...]) -> Node | None:
        return self._node(steps[-1].id, 0) if steps else None

    def _node(self, step_id: str, depth: int) -> Node:
        self._count += 1
        if step_id in self.met:
            return Node(kind="shown_above", step_id=step_id, anchor=self.met[step_id], step=self._steps.get(step_id))
        step = self._steps.get(step_id)
        if step is None:
            return Node(kind="missing", step_id=step_id, anchor="")
        if depth >= DEPTH_MAX or self._count >= NODES_MAX:
            return Node(kind="too_deep", step_id=step_id, anchor="", step=step)
        anchor = f"{self._prefix}-{self._count}"
        self.met[step_id] = anchor
        inputs = tuple(self._node(name, depth + 1) for name in step.inputs[:INPUTS_MAX])
        return Node(kind="step", step_id=step_id, anchor=anchor, step=step, inputs=inputs)


def _without(met: Mapping[str, str], own: Mapping[str, Step]) -> dict[str, str]:
    return {step_id: anchor for step_id, anchor in met.items() if step_id not in own}
