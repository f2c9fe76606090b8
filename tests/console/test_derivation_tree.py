"""A derivation unfolded for reading."""

import msgspec
from invented_reports import some_figures

from h2corridor.console.derivation_tree import DEPTH_MAX, NODES_MAX, Node, derivation_trees
from h2corridor.model.report import ComparisonDerivation, FigureDerivation, Step


def _derivation(*steps: Step) -> FigureDerivation:
    return FigureDerivation(figure_id="F", consignment_id="C", rule_set="r", goal="goal", steps=steps)


def _nodes(node: Node) -> list[Node]:
    return [node, *(inner for child in node.inputs for inner in _nodes(child))]


def _figure_tree(*steps: Step) -> Node:
    tree = derivation_trees(_derivation(*steps), "s").figure
    assert tree is not None
    return tree


def test_the_last_step_is_the_root_and_sources_are_leaves() -> None:
    tree = derivation_trees(some_figures().figures[0], "s0").figure

    assert tree is not None
    assert tree.step_id == "wtw_kgco2e"
    assert {"hydrogen", "gate", "grid", "mass", "distance"} == {
        node.step_id for node in _nodes(tree) if node.kind == "step" and not node.inputs
    }


def test_a_step_that_serves_two_is_unfolded_once_and_referred_to_then() -> None:
    tree = derivation_trees(some_figures().figures[0], "s0").figure

    assert tree is not None
    first, second = [node for node in _nodes(tree) if node.step_id == "nozzle"]
    assert ("step", "shown_above", first.anchor) == (first.kind, second.kind, second.anchor)


def test_a_comparison_refers_to_the_steps_of_the_figure() -> None:
    comparison = derivation_trees(some_figures().figures[0], "s0").comparisons["same-service-diesel@2026.1"]

    assert comparison is not None
    assert [(n.kind, n.step_id) for n in comparison.inputs] == [("step", "baseline"), ("shown_above", "wtw_kgco2e")]


def test_a_comparison_that_has_a_step_of_the_same_name_shows_its_own() -> None:
    derivation = some_figures().figures[0]
    own = Step(id="wtw_kgco2e", value="0")
    comparison = ComparisonDerivation(method="m", steps=(own,))
    trees = derivation_trees(msgspec.structs.replace(derivation, comparisons=(comparison,)), "s0")
    tree = trees.comparisons["m"]

    assert tree is not None
    assert own == tree.step


def test_anchors_are_unique_in_the_page() -> None:
    trees = [derivation_trees(figure, f"s{number}") for number, figure in enumerate(some_figures().figures)]
    roots = [root for t in trees for root in (t.figure, *t.comparisons.values()) if root]
    anchors = [node.anchor for root in roots for node in _nodes(root) if node.kind == "step"]

    assert sorted(set(anchors)) == sorted(anchors)


def test_a_cycle_in_a_damaged_file_ends() -> None:
    tree = _figure_tree(Step(id="a", inputs=("b",)), Step(id="b", inputs=("a",)))

    assert [(n.kind, n.step_id) for n in _nodes(tree)] == [("step", "b"), ("step", "a"), ("shown_above", "b")]


def test_a_step_that_is_not_there_is_named() -> None:
    tree = _figure_tree(Step(id="goal", inputs=("absent",)))

    assert (tree.inputs[0].kind, tree.inputs[0].step_id) == ("missing", "absent")


def test_a_chain_too_deep_for_a_page_is_cut_and_says_so() -> None:
    steps = [Step(id=str(n), inputs=(str(n - 1),) if n else ()) for n in range(500)]
    nodes = _nodes(_figure_tree(*steps))

    assert (len(nodes), nodes[-1].kind) == (DEPTH_MAX + 1, "too_deep")


def test_a_dense_graph_does_not_grow_without_limit() -> None:
    steps = [Step(id=str(n), inputs=tuple(str(m) for m in range(n))) for n in range(300)]

    assert len(_nodes(_figure_tree(*steps))) <= NODES_MAX + 300 * DEPTH_MAX


def test_a_derivation_without_steps_has_no_tree() -> None:
    assert derivation_trees(_derivation(), "s").figure is None
