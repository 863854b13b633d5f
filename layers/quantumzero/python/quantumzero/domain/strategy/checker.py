"""Check expressions and build their graph in one pass: names, types, units, warm-up, limits.

Every fault is collected with the span it stands on; a part that has one yields None and is not
complained about twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.strategy.arithmetic import (
    Arithmetic,
    Operand,
    OperandError,
    Scalar,
    Series,
)
from quantumzero.domain.strategy.function_definition import (
    ArgumentKind,
    FunctionDefinition,
    Instance,
)
from quantumzero.domain.strategy.functions import FUNCTIONS
from quantumzero.domain.strategy.graph import GraphBuilder, GraphNode, Kind, Unit
from quantumzero.domain.strategy.lexer import COMPARISONS
from quantumzero.domain.strategy.problems import ExpressionProblem, unknown_name
from quantumzero.domain.strategy.tree import Binary, Call, Expression, Name, Number, Unary, render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

PRICE_DENOMINATOR = 10_000
FIELDS = {
    "open": (Unit.PRICE, PRICE_DENOMINATOR),
    "high": (Unit.PRICE, PRICE_DENOMINATOR),
    "low": (Unit.PRICE, PRICE_DENOMINATOR),
    "close": (Unit.PRICE, PRICE_DENOMINATOR),
    "volume": (Unit.COUNT, 1),
}
MAXIMUM_LOOKBACK = 5_000


class Checker:
    """Check expressions one after the other into one graph; problems and labels gather."""

    def __init__(self, parameters: Mapping[str, Fraction | None], signals: Sequence[str]) -> None:
        self.graph = GraphBuilder()
        self.problems: list[ExpressionProblem] = []
        self.labels: dict[str, int] = {}
        self._arithmetic = Arithmetic(self.graph)
        self._parameters = parameters
        self._signal_names = frozenset(signals)
        self._signals: dict[str, Operand | None] = {}

    def signal(self, name: str, expression: Expression) -> None:
        """Check a named expression that later ones may use."""
        operand = self._signals[name] = self._visit(expression)
        if isinstance(operand, Series):
            self.labels[name] = operand.index

    def truth(self, expression: Expression) -> int | None:
        """Check an expression that must be a series of truths; return its node."""
        operand = self._visit(expression)
        if operand is None:
            return None
        if self._arithmetic.kind(operand) is not Kind.TRUTH or isinstance(operand, Scalar):
            self._report(
                expression,
                f"expression was {self._arithmetic.kind(operand)}; it must be a truth, such as "
                "close > sma(close, 20)",
            )
            return None
        return operand.index

    def _report(self, where: Expression, message: str, nearest: str | None = None) -> None:
        self.problems.append(ExpressionProblem(where.start, where.end, message, nearest))

    def _visit(self, expression: Expression) -> Operand | None:
        operand = self._dispatch(expression)
        if isinstance(operand, Series):
            if self.graph[operand.index].warm_up > MAXIMUM_LOOKBACK:
                self._report(
                    expression,
                    f"the expression needed {self.graph[operand.index].warm_up} bars; "
                    f"it may need {MAXIMUM_LOOKBACK}",
                )
                return None
            self.labels.setdefault(render(expression), operand.index)
        return operand

    def _dispatch(self, expression: Expression) -> Operand | None:
        if isinstance(expression, Number):
            return Scalar(expression.value)
        if isinstance(expression, Name):
            return self._name(expression)
        if isinstance(expression, Call):
            return self._call(expression)
        if isinstance(expression, Unary):
            return self._unary(expression)
        return self._binary(expression)

    def _name(self, expression: Name) -> Operand | None:
        name = expression.name
        if name in self._parameters:
            value = self._parameters[name]
            return None if value is None else Scalar(value)
        if name in self._signal_names:
            return self._signals.get(name)
        if name in FIELDS:
            return Series(self._field(name))
        if name in FUNCTIONS:
            self._report(
                expression, f"{name} is a function; write {FUNCTIONS[name].signature}", name
            )
            return None
        known = {*FIELDS, *self._parameters, *self._signal_names}
        if name == "vwap":
            self._report(expression, "the field vwap is not available yet")
        else:
            self._report(expression, *unknown_name("the name", name, known))
        return None

    def _field(self, name: str) -> int:
        unit, denominator = FIELDS[name]
        return self.graph.add(GraphNode("field", (), (name,), Kind.NUMBER, unit, denominator, 1))

    def _unary(self, expression: Unary) -> Operand | None:
        operand = self._visit(expression.operand)
        if operand is None:
            return None
        if expression.operator == "-":
            if not self._is_number(expression.operand, operand):
                return None
            return self._arithmetic.negate(operand)
        truth = self._as_truth(expression.operand, operand)
        return None if truth is None else self._arithmetic.logic("not", truth)

    def _binary(self, expression: Binary) -> Operand | None:
        left, right = self._visit(expression.left), self._visit(expression.right)
        if left is None or right is None:
            return None
        if expression.operator in ("and", "or"):
            first = self._as_truth(expression.left, left)
            second = self._as_truth(expression.right, right)
            if first is None or second is None:
                return None
            return self._arithmetic.logic(expression.operator, first, second)
        numbers = [
            self._is_number(expression.left, left),
            self._is_number(expression.right, right),
        ]
        if not all(numbers):
            return None
        compares = expression.operator in COMPARISONS
        build = self._arithmetic.compare if compares else self._arithmetic.arithmetic
        try:
            return build(expression.operator, left, right)
        except OperandError as error:
            self._report(expression, str(error))
            return None

    def _is_number(self, expression: Expression, operand: Operand) -> bool:
        if self._arithmetic.kind(operand) is Kind.TRUTH:
            self._report(expression, "this part was a truth; a number must stand here")
            return False
        return True

    def _as_truth(self, expression: Expression, operand: Operand) -> Series | None:
        if isinstance(operand, Series) and self._arithmetic.kind(operand) is Kind.TRUTH:
            return operand
        self._report(
            expression,
            f"this part was {self._arithmetic.kind(operand)}; a truth must stand here, such as a "
            "comparison",
        )
        return None

    def _call(self, expression: Call) -> Operand | None:
        definition = FUNCTIONS.get(expression.name)
        operands = [self._visit(argument) for argument in expression.arguments]
        if definition is None:
            message, nearest = unknown_name("the function", expression.name, FUNCTIONS)
            end = expression.start + len(expression.name)
            self.problems.append(ExpressionProblem(expression.start, end, message, nearest))
            return None
        if len(operands) != len(definition.arguments):
            self._report(
                expression,
                f"{expression.name} had {len(operands)} arguments; write {definition.signature}",
            )
            return None
        return self._apply(expression, definition, operands)

    def _apply(
        self, expression: Call, definition: FunctionDefinition, operands: list[Operand | None]
    ) -> Operand | None:
        series: list[Operand] = []
        periods: list[int] = []
        for position, operand in enumerate(operands):
            if operand is None:
                continue
            written = expression.arguments[position]
            if definition.arguments[position].kind is ArgumentKind.SERIES:
                if self._is_number(written, operand):
                    series.append(operand)
            else:
                least = definition.arguments[position].least
                periods.extend(self._period(written, operand, least))
        if len(series) + len(periods) < len(operands):
            return None
        try:
            inputs = self._inputs(definition, series)
        except OperandError as error:
            self._report(expression, str(error))
            return None
        return self._function_node(definition, inputs, tuple(periods))

    def _period(self, written: Expression, operand: Operand, least: int) -> list[int]:
        """Return the period in a list, or report it and return none."""
        if isinstance(operand, Series):
            self._report(written, "the period was a series; it must be one fixed whole number")
            return []
        value = operand.value
        if value.denominator != 1 or not least <= value <= MAXIMUM_LOOKBACK:
            self._report(
                written,
                f"the period was {float(value):g}; it may be a whole number from {least} to "
                f"{MAXIMUM_LOOKBACK}",
            )
            return []
        return [int(value)]

    def _inputs(self, definition: FunctionDefinition, series: list[Operand]) -> tuple[int, ...]:
        fields = [Series(self._field(name)) for name in definition.fields]
        if not any(isinstance(operand, Series) for operand in [*fields, *series]):
            raise OperandError(
                "every argument was a fixed number; one must be a series of the bars"
            )
        if definition.aligned:
            self._arithmetic.check_comparable(series[0], series[1])
            first, second, _ = self._arithmetic.aligned(series[0], series[1])
            return (first, second)
        return tuple(self._arithmetic.index(operand) for operand in [*fields, *series])

    def _function_node(
        self, definition: FunctionDefinition, inputs: tuple[int, ...], periods: tuple[int, ...]
    ) -> Series:
        nodes = [self.graph[index] for index in inputs]
        denominators = tuple(node.denominator for node in nodes)
        result = definition.denominator(Instance(periods, denominators, None))
        warm_up = definition.warm_up(max(node.warm_up for node in nodes), periods)
        unit = definition.unit or nodes[0].unit
        return Series(
            self.graph.add(
                GraphNode(
                    definition.name, inputs, periods, definition.result, unit, result, warm_up
                )
            )
        )
