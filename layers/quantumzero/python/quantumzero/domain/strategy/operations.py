"""The stateless operations of a graph, as closures over the list of present values.

An undefined operand makes arithmetic and comparisons undefined; `and` and `or` are decided by one
side alone when it suffices (Kleene). Division by zero and a result beyond the doubles are
undefined.

An exact value becomes a double by rounding its numerator, then the quotient: two roundings, the
same in every evaluator. log and sqrt are the C library's.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from math import isfinite, log, sqrt
from typing import Any

from quantumzero.domain.strategy.graph import GraphNode, Value
from quantumzero.domain.strategy.session_clock import day_of_week, session_number, session_time

Step = Callable[[], Value]


def _least(left: Any, right: Any) -> Any:
    return right if right < left else left


def _greatest(left: Any, right: Any) -> Any:
    return right if right > left else left


_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "==": operator.eq, "!=": operator.ne, "min": _least, "max": _greatest,
}  # fmt: skip


def stateless_step(node: GraphNode, values: list[Value]) -> Step | None:
    """Return what computes the node from the present values, None for any other operation."""
    if node.operation in ("and", "or"):
        return _logic(node, values)
    if node.operation in _BINARY:
        exact = node.operation not in "+-*" or node.denominator is not None
        return _exact_binary(node, values) if exact else _float_binary(node, values)
    maker = _MAKERS.get(node.operation)
    return maker(node, values) if maker else None


def _exact_binary(node: GraphNode, values: list[Value]) -> Step:
    first, second = node.inputs
    apply = _BINARY[node.operation]

    def step() -> Value:
        left, right = values[first], values[second]
        return None if left is None or right is None else apply(left, right)

    return step


def _float_binary(node: GraphNode, values: list[Value]) -> Step:
    first, second = node.inputs
    apply = _BINARY[node.operation]

    def step() -> Value:
        left, right = values[first], values[second]
        if left is None or right is None:
            return None
        result: float = apply(left, right)
        return result if isfinite(result) else None

    return step


def _divide(node: GraphNode, values: list[Value]) -> Step:
    first, second = node.inputs

    def step() -> Value:
        left, right = values[first], values[second]
        if left is None or not right:
            return None
        result = left / right
        return result if isfinite(result) else None

    return step


def _scale(node: GraphNode, values: list[Value]) -> Step:
    source = node.inputs[0]
    factor = int(node.constants[0])

    def step() -> Value:
        value = values[source]
        return None if value is None else value * factor

    return step


def _to_float(node: GraphNode, values: list[Value]) -> Step:
    source = node.inputs[0]
    denominator = float(node.constants[0])

    def step() -> Value:
        value = values[source]
        return None if value is None else float(value) / denominator

    return step


def _negate(node: GraphNode, values: list[Value]) -> Step:
    source = node.inputs[0]

    def step() -> Value:
        value = values[source]
        return None if value is None else -value

    return step


def _not(node: GraphNode, values: list[Value]) -> Step:
    source = node.inputs[0]

    def step() -> Value:
        value = values[source]
        return None if value is None else not value

    return step


def _logic(node: GraphNode, values: list[Value]) -> Step:
    first, second = node.inputs
    decisive = node.operation == "or"

    def step() -> Value:
        left, right = values[first], values[second]
        if left is decisive or right is decisive:
            return decisive
        return None if left is None or right is None else not decisive

    return step


def _map(apply: Callable[[Any], Value]) -> Callable[[GraphNode, list[Value]], Step]:
    """Return the maker of an operation on one value; apply never gets None."""

    def make(node: GraphNode, values: list[Value]) -> Step:
        source = node.inputs[0]

        def step() -> Value:
            value = values[source]
            return None if value is None else apply(value)

        return step

    return make


def _log(value: float) -> Value:
    return log(value) if value > 0 else None


def _sqrt(value: float) -> Value:
    return sqrt(value) if value >= 0 else None


def _sign(value: int | float) -> Value:
    return (value > 0) - (value < 0)


def _where(node: GraphNode, values: list[Value]) -> Step:
    condition, first, second = node.inputs

    def step() -> Value:
        chosen = values[condition]
        return None if chosen is None else values[first if chosen else second]

    return step


def _session_time(node: GraphNode, values: list[Value]) -> Step:
    opens, closes = node.inputs
    calendar = str(node.constants[0])

    def step() -> Value:
        opens_at, closes_at = values[opens], values[closes]
        if opens_at is None or closes_at is None:
            return None
        return session_time(int(opens_at), int(closes_at), calendar)

    return step


_MAKERS: dict[str, Callable[[GraphNode, list[Value]], Step]] = {
    "/": _divide,
    "scale": _scale,
    "to_float": _to_float,
    "negate": _negate,
    "not": _not,
    "abs": _map(abs),
    "log": _map(_log),
    "sqrt": _map(_sqrt),
    "sign": _map(_sign),
    "where": _where,
    "session_time": _session_time,
    "day_of_week": _map(day_of_week),
    "session_number": _map(session_number),
}
