"""The expression graph: every distinct computation once, inputs before their users.

A numeric value is either exact, an integer numerator over the node's fixed denominator (prices are
counts of 1/10,000, an sma of n prices is a sum over 10,000 n), or an IEEE double. Which of the two
is a property of the node, never of the data, so that any evaluator computes the same bits: it needs
only the nodes below. Sums, differences, multiples by a literal, highest, lowest and sma keep
exactness while the denominator stays under MAXIMUM_DENOMINATOR; a quotient or product of two
series, and every recursive average, is a double.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAXIMUM_DENOMINATOR = 10**12  # a value of 9 million over it still fits a signed 64-bit integer

Value = int | float | bool | None


class Kind(StrEnum):
    """What a node yields on every bar."""

    NUMBER = "a series of numbers"
    TRUTH = "a series of truths"
    SCALAR = "one fixed number"


class Unit(StrEnum):
    """What a number counts; a plain number (a literal, a parameter) goes with every unit."""

    PRICE = "price"
    RATIO = "ratio"
    COUNT = "count"
    PLAIN = "plain number"


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One computation.

    operation is field, constant, scale (times an integer), to_float, an operator, or a function's
    name; constants are its fixed settings: the field's name, the constant's value, the factor or
    the periods. denominator is None for a double or a truth. warm_up counts the bars until the
    first value.
    """

    operation: str
    inputs: tuple[int, ...]
    constants: tuple[int | float | str, ...]
    kind: Kind
    unit: Unit
    denominator: int | None
    warm_up: int


class GraphBuilder:
    """Collect nodes; an equal computation is returned, not repeated."""

    def __init__(self) -> None:
        self._nodes: list[GraphNode] = []
        self._known: dict[GraphNode, int] = {}

    def __getitem__(self, index: int) -> GraphNode:
        return self._nodes[index]

    @property
    def nodes(self) -> tuple[GraphNode, ...]:
        return tuple(self._nodes)

    def add(self, node: GraphNode) -> int:
        """Return the index of the node, new or known."""
        index = self._known.get(node)
        if index is None:
            index = self._known[node] = len(self._nodes)
            self._nodes.append(node)
        return index

    def as_float(self, index: int) -> int:
        """Return a node with the same value as a double."""
        node = self._nodes[index]
        if node.denominator is None:
            return index
        return self.add(
            GraphNode(
                "to_float", (index,), (node.denominator,), node.kind, node.unit, None, node.warm_up
            )
        )

    def with_denominator(self, index: int, denominator: int) -> int:
        """Return a node with the same exact value over a multiple of its denominator."""
        node = self._nodes[index]
        own = node.denominator
        if own is None or denominator % own:
            raise ValueError(f"denominator was {own}; it must divide {denominator}")
        if own == denominator:
            return index
        factor = denominator // own
        return self.add(
            GraphNode("scale", (index,), (factor,), node.kind, node.unit, denominator, node.warm_up)
        )
