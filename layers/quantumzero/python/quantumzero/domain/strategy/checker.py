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
from quantumzero.domain.strategy.calls import MAXIMUM_LOOKBACK, check_call
from quantumzero.domain.strategy.cross_section import PREFIX
from quantumzero.domain.strategy.functions import BY_NAME
from quantumzero.domain.strategy.graph import GraphBuilder, Kind, Unit
from quantumzero.domain.strategy.lexer import COMPARISONS
from quantumzero.domain.strategy.problems import ExpressionProblem, unknown_name
from quantumzero.domain.strategy.references import FIELDS, fault_of, field_node
from quantumzero.domain.strategy.tree import (
    Binary,
    Call,
    Expression,
    Name,
    Number,
    Reference,
    Unary,
    render,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from quantumzero.domain.strategy.surroundings import Surroundings


class Checker:
    """Check expressions one after the other into one graph; problems and labels gather."""

    def __init__(
        self,
        parameters: Mapping[str, Fraction | None],
        signals: Sequence[str],
        surroundings: Surroundings,
    ) -> None:
        self.graph = GraphBuilder()
        self.arithmetic = Arithmetic(self.graph)
        self.calendar = surroundings.calendar
        self.surroundings = surroundings
        self.problems: list[ExpressionProblem] = []
        self.labels: dict[str, int] = {}
        self._parameters = parameters
        self._signal_names = frozenset(signals)
        self._signals: dict[str, Operand | None] = {}
        # While a composite is expanded: the call it stands for, and what its names mean.
        self._expanding: tuple[Expression, Mapping[str, Operand]] | None = None

    def signal(self, name: str, expression: Expression) -> None:
        """Check a named expression that later ones may use."""
        operand = self._signals[name] = self.visit(expression)
        if isinstance(operand, Series):
            self.labels[name] = operand.index

    def truth(self, expression: Expression) -> int | None:
        """Check an expression that must be a series of truths; return its node."""
        operand = self.visit(expression)
        if operand is None:
            return None
        if self.arithmetic.kind(operand) is not Kind.TRUTH or isinstance(operand, Scalar):
            self.report(
                expression,
                f"expression was {self.arithmetic.kind(operand)}; it must be a truth, such as "
                "close > sma(close, 20)",
            )
            return None
        return operand.index

    def number(self, expression: Expression) -> int | None:
        """Check an expression that must be a price; return its node, a constant for a fixed one."""
        operand = self.visit(expression)
        if operand is None:
            return None
        kind, unit = self.arithmetic.kind(operand), self.arithmetic.unit(operand)
        if kind is Kind.TRUTH or unit not in (Unit.PRICE, Unit.PLAIN):
            found = kind if kind is Kind.TRUTH else f"a {unit}"
            self.report(expression, f"expression was {found}; it must be a price")
            return None
        return self.arithmetic.index(operand)

    def wish(self, expression: Expression) -> int | None:
        """Check an expression that says what to hold: a truth or a number; return its node."""
        operand = self.visit(expression)
        if isinstance(operand, Scalar):
            message = "expression was one fixed number; it must be a series of the bars"
            self.report(expression, message)
            return None
        return None if operand is None else operand.index

    def report(self, where: Expression, message: str, nearest: str | None = None) -> None:
        if self._expanding is not None:
            where = self._expanding[0]
        self.problems.append(ExpressionProblem(where.start, where.end, message, nearest))

    def visit(self, expression: Expression) -> Operand | None:
        operand = self._dispatch(expression)
        if isinstance(operand, Series):
            if self.graph[operand.index].warm_up > MAXIMUM_LOOKBACK:
                self.report(
                    expression,
                    f"the expression needed {self.graph[operand.index].warm_up} bars; "
                    f"it may need {MAXIMUM_LOOKBACK}",
                )
                return None
            if self._expanding is None:
                self.labels.setdefault(render(expression), operand.index)
        return operand

    def _dispatch(self, expression: Expression) -> Operand | None:
        if isinstance(expression, Number):
            return Scalar(expression.value)
        if isinstance(expression, Name):
            return self._name(expression)
        if isinstance(expression, Reference):
            return self._reference(expression)
        if isinstance(expression, Call):
            return self._call(expression)
        if isinstance(expression, Unary):
            return self._unary(expression)
        return self._binary(expression)

    def _name(self, expression: Name) -> Operand | None:
        name = expression.name
        if self._expanding is not None:
            bound = self._expanding[1].get(name)
            return Series(self.field(name)) if bound is None else bound
        if name in self._parameters:
            value = self._parameters[name]
            return None if value is None else Scalar(value)
        if name in self._signal_names:
            return self._signals.get(name)
        if name in FIELDS:
            return Series(self.field(name))
        if name in BY_NAME:
            self.report(
                expression, f"{name} is a function; write {BY_NAME[name][0].signature}", name
            )
            return None
        known = {*FIELDS, *self._parameters, *self._signal_names}
        self.report(expression, *unknown_name("the name", name, known))
        return None

    def field(self, name: str) -> int:
        return self.graph.add(field_node(name, self.surroundings))

    def _reference(self, expression: Reference) -> Operand | None:
        fault = fault_of(expression, self.surroundings.timeframe)
        if fault is not None:
            self.report(expression, *fault)
            return None
        name, timeframe, symbol = expression.name, expression.timeframe, expression.symbol
        node = field_node(name, self.surroundings, timeframe, symbol)
        return Series(self.graph.add(node))

    def _call(self, expression: Call) -> Operand | None:
        operand = check_call(self, expression)
        if not isinstance(operand, Series) or self.surroundings.is_portfolio:
            return operand
        if not self.graph[operand.index].operation.startswith(PREFIX):
            return operand
        self.report(
            expression,
            f"{expression.name} compares the members of a universe; it may stand only in a strategy "
            "of weights",
        )
        return None

    def group(self, expression: Expression) -> str | None:
        """Return the number of each symbol's group as a text, or report that there is none."""
        if not isinstance(expression, Name) or expression.name != "groups":
            message = f"the argument was {render(expression)}; it may be the word groups"
            self.report(expression, message, "groups")
            return None
        if not self.surroundings.groups:
            message = "the document has no groups; add the key groups with lists of symbols"
            self.report(expression, message)
            return None
        return ",".join(str(number) for number in self.surroundings.group_numbers())

    def expand(
        self, call: Call, formula: Expression, names: Mapping[str, Operand]
    ) -> Operand | None:
        """Check a composite's formula with its names bound; faults point at the written call."""
        before = self._expanding
        self._expanding = (before[0] if before else call, names)
        try:
            return self.visit(formula)
        finally:
            self._expanding = before

    def _unary(self, expression: Unary) -> Operand | None:
        operand = self.visit(expression.operand)
        if operand is None:
            return None
        if expression.operator == "-":
            if not self.is_number(expression.operand, operand):
                return None
            return self.arithmetic.negate(operand)
        truth = self.as_truth(expression.operand, operand)
        return None if truth is None else self.arithmetic.logic("not", truth)

    def _binary(self, expression: Binary) -> Operand | None:
        left, right = self.visit(expression.left), self.visit(expression.right)
        if left is None or right is None:
            return None
        if expression.operator in ("and", "or"):
            first = self.as_truth(expression.left, left)
            second = self.as_truth(expression.right, right)
            if first is None or second is None:
                return None
            return self.arithmetic.logic(expression.operator, first, second)
        numbers = [
            self.is_number(expression.left, left),
            self.is_number(expression.right, right),
        ]
        if not all(numbers):
            return None
        compares = expression.operator in COMPARISONS
        build = self.arithmetic.compare if compares else self.arithmetic.arithmetic
        try:
            return build(expression.operator, left, right)
        except OperandError as error:
            self.report(expression, str(error))
            return None

    def is_number(self, expression: Expression, operand: Operand) -> bool:
        if self.arithmetic.kind(operand) is Kind.TRUTH:
            self.report(expression, "this part was a truth; a number must stand here")
            return False
        return True

    def as_truth(self, expression: Expression, operand: Operand) -> Series | None:
        if isinstance(operand, Series) and self.arithmetic.kind(operand) is Kind.TRUTH:
            return operand
        self.report(
            expression,
            f"this part was {self.arithmetic.kind(operand)}; a truth must stand here, such as a "
            "comparison",
        )
        return None
