"""The labelled values of decisions, as the live path records them, for any bar of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.strategy.graph import Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.domain.strategy.graph import GraphNode, Value
    from quantumzero.research.vector import VectorEvaluator


class LabelValues:
    """Read the values of all labels, or of the named ones, on one bar of one symbol."""

    def __init__(
        self, compiled: CompiledStrategy, evaluator: VectorEvaluator, names: set[str] | None = None
    ) -> None:
        self._columns: list[tuple[str, GraphNode, dict[str, NDArray[np.generic]]]] = []
        for label, index in compiled.labels:
            node = compiled.nodes[index]
            if names is None or label in names:
                read = evaluator.truths if node.kind is Kind.TRUTH else evaluator.numbers
                self._columns.append((label, node, dict(read(compiled, index))))

    def at(self, symbol: str, bar: int) -> dict[str, Value]:
        """Return label -> value on the symbol's own bar, None where undefined."""
        return {label: _value(node, found[symbol][bar]) for label, node, found in self._columns}


def _value(node: GraphNode, raw: np.generic) -> Value:
    value = raw.item()
    if node.kind is Kind.TRUTH:
        return None if value < 0 else bool(value)
    if np.isnan(value):
        return None
    return int(value) if node.denominator == 1 else float(value)
