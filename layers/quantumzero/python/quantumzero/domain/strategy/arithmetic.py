"""Operators over typed operands: units, exactness, and the graph nodes they become."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from math import lcm
from typing import TYPE_CHECKING

from quantumzero.domain.strategy.graph import (
    MAXIMUM_DENOMINATOR,
    GraphBuilder,
    GraphNode,
    Kind,
    Unit,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

_FOLD: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number known before the first bar, exact."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Series:
    """A node of the graph."""

    index: int


Operand = Scalar | Series


class OperandError(ValueError):
    """The operator does not take these operands; the text says why."""


class Arithmetic:
    """Build operator nodes in one graph."""

    def __init__(self, graph: GraphBuilder) -> None:
        self._graph = graph

    def kind(self, operand: Operand) -> Kind:
        return Kind.SCALAR if isinstance(operand, Scalar) else self._graph[operand.index].kind

    def unit(self, operand: Operand) -> Unit:
        return Unit.PLAIN if isinstance(operand, Scalar) else self._graph[operand.index].unit

    def negate(self, operand: Operand) -> Operand:
        if isinstance(operand, Scalar):
            return Scalar(-operand.value)
        node = self._graph[operand.index]
        return self._node("negate", (operand.index,), Kind.NUMBER, node.unit, node.denominator)

    def arithmetic(self, symbol: str, left: Operand, right: Operand) -> Operand:
        """Return left symbol right; raises OperandError on a unit or a division that cannot be."""
        if symbol == "/" and isinstance(right, Scalar) and not right.value:
            raise OperandError("the divisor was 0; it may be any other number")
        if isinstance(left, Scalar) and isinstance(right, Scalar):
            return Scalar(_FOLD[symbol](left.value, right.value))
        unit = self._unit_of_result(symbol, left, right)
        if symbol in "+-":
            first, second, denominator = self.aligned(left, right)
            return self._node(symbol, (first, second), Kind.NUMBER, unit, denominator)
        if symbol == "*" and isinstance(left, Scalar):
            left, right = right, left
        if isinstance(left, Series) and isinstance(right, Scalar):
            factor = right.value if symbol == "*" else 1 / right.value
            multiple = self._exact_multiple(left.index, factor)
            if multiple is not None:
                return multiple
        inputs = (self._as_float(left), self._as_float(right))
        return self._node(symbol, inputs, Kind.NUMBER, unit, None)

    def compare(self, symbol: str, left: Operand, right: Operand) -> Operand:
        """Return the truth of left symbol right, exact when both sides are."""
        self.check_comparable(left, right)
        if isinstance(left, Scalar) and isinstance(right, Scalar):
            raise OperandError(
                "both sides were fixed numbers, so the answer never changes; one must be a series"
            )
        first, second, _ = self.aligned(left, right)
        return self._node(symbol, (first, second), Kind.TRUTH, Unit.PLAIN, None)

    def logic(self, symbol: str, *operands: Series) -> Operand:
        return self._node(
            symbol, tuple(each.index for each in operands), Kind.TRUTH, Unit.PLAIN, None
        )

    def check_comparable(self, left: Operand, right: Operand) -> None:
        units = {self.unit(left), self.unit(right)} - {Unit.PLAIN}
        if len(units) > 1:
            raise OperandError(
                f"a {self.unit(left)} met a {self.unit(right)}; both sides must count the same"
            )

    def aligned(self, left: Operand, right: Operand) -> tuple[int, int, int | None]:
        """Return nodes that compare and add as they are: over one denominator, or both doubles."""
        common = lcm(self._denominator(left) or 1, self._denominator(right) or 1)
        exact = self._denominator(left) and self._denominator(right)
        if not exact or common > MAXIMUM_DENOMINATOR:
            return self._as_float(left), self._as_float(right), None
        return self._over(left, common), self._over(right, common), common

    def index(self, operand: Operand) -> int:
        """Return the node of an operand; a scalar becomes a constant."""
        if isinstance(operand, Series):
            return operand.index
        denominator = operand.value.denominator
        if denominator > MAXIMUM_DENOMINATOR:
            return self._as_float(operand)
        return self._over(operand, denominator)

    def double_index(self, operand: Operand) -> int:
        """Return the node of an operand as a double."""
        return self._as_float(operand)

    def _denominator(self, operand: Operand) -> int | None:
        if isinstance(operand, Scalar):
            return operand.value.denominator
        return self._graph[operand.index].denominator

    def _exact_multiple(self, index: int, factor: Fraction) -> Series | None:
        node = self._graph[index]
        if node.denominator is None:
            return None
        denominator = node.denominator * factor.denominator
        if denominator > MAXIMUM_DENOMINATOR or abs(factor.numerator) > MAXIMUM_DENOMINATOR:
            return None
        return Series(
            self._graph.add(
                GraphNode(
                    "scale", (index,), (factor.numerator,), Kind.NUMBER, node.unit, denominator,
                    node.warm_up,
                )
            )
        )  # fmt: skip

    def _as_float(self, operand: Operand) -> int:
        if isinstance(operand, Series):
            return self._graph.as_float(operand.index)
        return self._constant(float(operand.value), None)

    def _over(self, operand: Operand, denominator: int) -> int:
        if isinstance(operand, Series):
            return self._graph.with_denominator(operand.index, denominator)
        return self._constant(int(operand.value * denominator), denominator)

    def _constant(self, value: float | int, denominator: int | None) -> int:
        return self._graph.add(
            GraphNode("constant", (), (value,), Kind.NUMBER, Unit.PLAIN, denominator, 0)
        )

    def _node(
        self, operation: str, inputs: tuple[int, ...], kind: Kind, unit: Unit,
        denominator: int | None,
    ) -> Series:  # fmt: skip
        warm_up = max(self._graph[index].warm_up for index in inputs)
        node = GraphNode(operation, inputs, (), kind, unit, denominator, warm_up)
        return Series(self._graph.add(node))

    def _unit_of_result(self, symbol: str, left: Operand, right: Operand) -> Unit:
        first, second = self.unit(left), self.unit(right)
        if symbol in "+-":
            self.check_comparable(left, right)
            return second if first is Unit.PLAIN else first
        neutral = (Unit.PLAIN, Unit.RATIO)
        if second in neutral:
            return second if first is Unit.PLAIN else first
        if symbol == "*":
            return second if first in neutral else Unit.PLAIN
        return Unit.RATIO if first is second else Unit.PLAIN
