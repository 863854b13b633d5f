"""Any computation, by stepping the very objects of the incremental evaluator over the bars."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from quantumzero.domain.strategy.operations import stateless_step
from quantumzero.domain.strategy.program import FunctionNode
from quantumzero.research.vector.columns import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.strategy.graph import Value
    from quantumzero.research.vector.interning import Computation


def stepped(computation: Computation, inputs: Sequence[Column], length: int) -> Column:
    """Return the column of a computation, one bar after the other: always right, only slow."""
    slots: list[Value] = [None] * len(inputs)
    positions = tuple(range(len(inputs)))
    node = replace(computation.node, inputs=positions)
    step = stateless_step(node, slots)
    if step is None:
        step = FunctionNode(node, computation.input_nodes).step_on(slots)
    lists = [column.as_list() for column in inputs]
    results: list[Value] = []
    for bar in range(length):
        for position in positions:
            slots[position] = lists[position][bar]
        results.append(step())
    return Column.of_list(results, node.denominator, computation.is_truth)
