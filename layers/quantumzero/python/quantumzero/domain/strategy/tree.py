"""The syntax tree of an expression. Every node carries the span of its text and its depth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

_PRECEDENCE = {
    "or": 1, "and": 2, "not": 3,
    "<": 4, "<=": 4, ">": 4, ">=": 4, "==": 4, "!=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6,
}  # fmt: skip
_NEGATION = 7
_PRIMARY = 8


@dataclass(frozen=True, slots=True)
class Number:
    """A literal; its value is exact."""

    value: Fraction
    text: str
    start: int
    end: int
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Name:
    """A field, a parameter or a signal, or a word that a function knows."""

    name: str
    start: int
    end: int
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Reference:
    """A field of a higher timeframe (close@1d) or of another instrument (AAPL.close); the part that
    is not written is empty.
    """

    name: str
    timeframe: str
    symbol: str
    start: int
    end: int
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Call:
    """A function applied to its arguments."""

    name: str
    arguments: tuple[Expression, ...]
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class Unary:
    """`-` or `not` applied to one operand."""

    operator: str
    operand: Expression
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class Binary:
    """An arithmetic, comparing or logical operator between two operands."""

    operator: str
    left: Expression
    right: Expression
    start: int
    end: int
    depth: int


Expression = Number | Name | Reference | Call | Unary | Binary


def children(expression: Expression) -> tuple[Expression, ...]:
    """Return the direct operands of a node."""
    if isinstance(expression, Call):
        return expression.arguments
    if isinstance(expression, Unary):
        return (expression.operand,)
    if isinstance(expression, Binary):
        return (expression.left, expression.right)
    return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield the node and everything below it."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(children(node))


def render(expression: Expression) -> str:
    """Return the expression's text with one spacing and only the parentheses it needs."""
    if isinstance(expression, Number):
        return expression.text
    if isinstance(expression, Name):
        return expression.name
    if isinstance(expression, Reference):
        prefix = f"{expression.symbol}." if expression.symbol else ""
        suffix = f"@{expression.timeframe}" if expression.timeframe else ""
        return f"{prefix}{expression.name}{suffix}"
    if isinstance(expression, Call):
        return f"{expression.name}({', '.join(render(each) for each in expression.arguments)})"
    if isinstance(expression, Unary):
        operand = _bracketed(expression.operand, _strength(expression))
        return f"not {operand}" if expression.operator == "not" else f"-{operand}"
    strength = _strength(expression)
    # The operators group to the left, so an equal operator on the right keeps its parentheses.
    left = _bracketed(expression.left, strength)
    right = _bracketed(expression.right, strength + 1)
    return f"{left} {expression.operator} {right}"


def _strength(expression: Expression) -> int:
    if isinstance(expression, Binary):
        return _PRECEDENCE[expression.operator]
    if isinstance(expression, Unary):
        return _PRECEDENCE["not"] if expression.operator == "not" else _NEGATION
    return _PRIMARY


def _bracketed(expression: Expression, strength: int) -> str:
    text = render(expression)
    return f"({text})" if _strength(expression) < strength else text
