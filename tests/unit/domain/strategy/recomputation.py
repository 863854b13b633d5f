"""Expressions by definition: every value from the full list of bars, in fractions, nothing remembered.

Exact values are Fraction, doubles are float, an undefined value is None.
"""

from __future__ import annotations

import operator
from fractions import Fraction
from itertools import pairwise
from math import fsum, isfinite
from typing import TYPE_CHECKING

from quantumzero.domain.strategy.tree import Binary, Call, Expression, Name, Number, Unary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.bars import Bar

Result = Fraction | float | bool | None
_COMPARE = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_COMPUTE = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def value_of(tree: Expression, bars: Sequence[Bar]) -> Result:
    """Return the expression's value on the last of the bars."""
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Name):
        units = getattr(bars[-1], tree.name)
        return Fraction(units, 1 if tree.name == "volume" else 10_000)
    if isinstance(tree, Call):
        return _call(tree, bars)
    if isinstance(tree, Unary):
        return _unary(tree, value_of(tree.operand, bars))
    return _binary(tree, value_of(tree.left, bars), value_of(tree.right, bars))


def _unary(tree: Unary, operand: Result) -> Result:
    if operand is None:
        return None
    return not operand if tree.operator == "not" else -operand


def _binary(tree: Binary, left: Result, right: Result) -> Result:
    if tree.operator in ("and", "or"):
        return _logic(tree.operator == "or", left, right)
    if left is None or right is None:
        return None
    exact = isinstance(left, Fraction) and isinstance(right, Fraction)
    if tree.operator in _COMPARE:
        sides = (left, right) if exact else (float(left), float(right))
        return bool(_COMPARE[tree.operator](*sides))
    if tree.operator in "*/":
        literal = isinstance(tree.right, Number) or (
            tree.operator == "*" and isinstance(tree.left, Number)
        )
        exact = exact and literal
    if tree.operator == "/" and not right:
        return None
    if exact:
        return _COMPUTE[tree.operator](left, right)
    result = _COMPUTE[tree.operator](float(left), float(right))
    return result if isfinite(result) else None


def _logic(decisive: bool, left: Result, right: Result) -> Result:
    if left is decisive or right is decisive:
        return decisive
    return None if left is None or right is None else not decisive


def _history(tree: Expression, bars: Sequence[Bar]) -> list[Fraction | float]:
    """Return the values up to now, from after the last bar without one."""
    values: list[Fraction | float] = []
    for count in range(1, len(bars) + 1):
        value = value_of(tree, bars[:count])
        if value is None:
            values = []
        else:
            values.append(value)
    return values


def _call(tree: Call, bars: Sequence[Bar]) -> Result:
    if tree.name in ("cross_above", "cross_below"):
        return _crossing(tree, bars)
    if tree.name == "atr":
        ranges = [
            Fraction(max(now.high, last.close) - min(now.low, last.close), 10_000)
            for last, now in pairwise(bars)
        ]
        return _wilder(ranges, _period(tree.arguments[0]))
    values = _history(tree.arguments[0], bars)
    period = _period(tree.arguments[1])
    if tree.name == "rsi":
        return _rsi(values, period)
    if len(values) < period:
        return None
    if tree.name == "ema":
        return _ema(values, period)
    return {"sma": _mean, "highest": max, "lowest": min}[tree.name](values[-period:])


def _period(tree: Expression) -> int:
    assert isinstance(tree, Number)
    return int(tree.value)


def _mean(values: Sequence[Fraction | float]) -> Fraction | float:
    if all(isinstance(value, Fraction) for value in values):
        return sum(values, Fraction(0)) / len(values)
    return fsum(values) / len(values)


def _ema(values: Sequence[Fraction | float], period: int) -> float:
    average = float(_mean(values[:period]))
    for value in values[period:]:
        average = (float(value) - average) * (2 / (period + 1)) + average
    return average


def _wilder(values: Sequence[Fraction | float], period: int) -> float | None:
    if len(values) < period:
        return None
    average = float(_mean(values[:period]))
    for value in values[period:]:
        average = (average * (period - 1) + float(value)) / period
    return average


def _rsi(values: Sequence[Fraction | float], period: int) -> float | None:
    changes = [now - last for last, now in pairwise(values)]
    zero = Fraction(0) if all(isinstance(value, Fraction) for value in values) else 0.0
    gain = _wilder([max(change, zero) for change in changes], period)
    loss = _wilder([max(-change, zero) for change in changes], period)
    if gain is None or loss is None:
        return None
    return 100.0 * (gain / (gain + loss)) if gain + loss else 50.0


def _crossing(tree: Call, bars: Sequence[Bar]) -> bool | None:
    beyond = ">" if tree.name == "cross_above" else "<"
    sides = []
    for part in (bars[:-1], bars):
        pair = [value_of(argument, part) if part else None for argument in tree.arguments]
        if None in pair:
            return None
        exact = all(isinstance(value, Fraction) for value in pair)
        left, right = pair if exact else map(float, pair)
        sides.append(_COMPARE[beyond](left, right))
    return sides[1] and not sides[0]
