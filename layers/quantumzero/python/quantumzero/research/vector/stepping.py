"""Any computation, by stepping the very objects of the incremental evaluator over the bars."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

from quantumzero.domain.strategy.functions import FUNCTIONS
from quantumzero.domain.strategy.graph import Kind, Value
from quantumzero.domain.strategy.operations import stateless_step
from quantumzero.research.vector.columns import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from quantumzero.research.vector.interning import Computation


def stepped(computation: Computation, inputs: Sequence[Column], length: int) -> Column:
    """Return the column of a computation, one bar after the other: always right, only slow."""
    node = computation.node
    slots: list[Value] = [None] * len(inputs)
    positions = tuple(range(len(inputs)))
    local = replace(node, inputs=positions)
    step = stateless_step(local, slots) or _function_step(computation, slots)
    lists = [column.as_list() for column in inputs]
    results: list[Value] = []
    for bar in range(length):
        for position in positions:
            slots[position] = lists[position][bar]
        results.append(step())
    return Column.of_list(results, node.denominator, computation.is_truth)


def _function_step(computation: Computation, slots: list[Value]) -> Callable[[], Value]:
    node, instance = computation.node, computation.instance
    definition = FUNCTIONS[node.operation]
    is_double = node.kind is Kind.NUMBER and node.denominator is None
    running = definition.start(instance)

    def step() -> Value:
        nonlocal running
        if None in slots:
            running = definition.start(instance)
            return None
        try:
            result = running.step(*slots)
        except OverflowError:
            running = definition.start(instance)
            return None
        if is_double and result is not None and not isfinite(result):
            running = definition.start(instance)
            return None
        return result

    return step
