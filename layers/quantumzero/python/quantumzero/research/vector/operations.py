"""Computations as array operations: one entry for each operation that has such a form.

Each takes the computation, its inputs' columns and the machine (kernel or NumPy) and returns the
column, or None when the values are beyond what the machine's arithmetic holds: then it is stepped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.research.vector.array_machine import ArrayMachine
from quantumzero.research.vector.columns import LARGEST, Column
from quantumzero.research.vector.native_machine import NativeMachine

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quantumzero.research.vector.interning import Computation

Machine = NativeMachine | ArrayMachine
Operation = Callable[["Computation", Sequence[Column], Machine], Column | None]
_COMPARISONS = {"<": 0, "<=": 1, ">": 2, ">=": 3, "==": 4, "!=": 5}
_EXACT_PAIRS = {"+": 0, "-": 1, "min": 2, "max": 3}
_DOUBLE_PAIRS = {"+": 0, "-": 1, "*": 2, "/": 3, "min": 4, "max": 5}
_LOGIC = {"and": 0, "or": 1, "not": 2}


def first_operand(column: Column) -> tuple[NDArray[Any], int]:
    """Return an array of all values and the factor that each is to be multiplied by."""
    return (column.values, 1) if column.raw is None else (column.raw, column.factor)


def second_operand(column: Column) -> tuple[NDArray[Any], int]:
    """Return the same, a constant as an array of one value."""
    if column.raw is None:
        return np.array([column.constant], np.int64 if column.is_exact else np.float64), 1
    return column.raw, column.factor


def _after(inputs: Sequence[Column]) -> tuple[int, bool]:
    return max(column.start for column in inputs), any(column.holes for column in inputs)


def _pair(computation: Computation, inputs: Sequence[Column], machine: Machine) -> Column | None:
    node, (first, second) = computation.node, inputs
    start, holes = _after(inputs)
    if node.denominator is None:
        code = _DOUBLE_PAIRS[node.operation]
        doubles, undefined = machine.combine_double(code, first.values, second_operand(second)[0])
        return Column(doubles, first.length, None, start=start, holes=undefined > start)
    additive = node.operation in ("+", "-")
    bound = first.bound + second.bound if additive else max(first.bound, second.bound)
    if bound > LARGEST:
        return None
    values = machine.combine_exact(
        _EXACT_PAIRS[node.operation], *first_operand(first), *second_operand(second)
    )
    return Column(values, first.length, node.denominator, start=start, holes=holes, bound=bound)


def _compare(computation: Computation, inputs: Sequence[Column], machine: Machine) -> Column | None:
    first, second = inputs
    code = _COMPARISONS[computation.node.operation]
    if first.is_exact:
        truths = machine.compare_exact(code, *first_operand(first), *second_operand(second))
    else:
        truths = machine.compare_double(code, first.values, second_operand(second)[0])
    start, holes = _after(inputs)
    return Column(truths, first.length, None, start=start, holes=holes)


def _crossing(
    computation: Computation, inputs: Sequence[Column], machine: Machine
) -> Column | None:
    first, second = inputs
    sign = 1 if computation.node.operation == "cross_above" else -1
    if first.is_exact:
        truths = machine.crossing_exact(sign, *first_operand(first), *second_operand(second))
    else:
        truths = machine.crossing_double(sign, first.values, second_operand(second)[0])
    start, holes = _after(inputs)
    return Column(truths, first.length, None, start=start + 1, holes=holes)


def _logic(computation: Computation, inputs: Sequence[Column], machine: Machine) -> Column | None:
    first, second = inputs[0], inputs[-1]
    truths = machine.logic(_LOGIC[computation.node.operation], first.values, second.values)
    start = min(first.start, second.start)
    return Column(truths, first.length, None, start=start)


def _scale(computation: Computation, inputs: Sequence[Column], _: Machine) -> Column | None:
    factor = int(computation.node.constants[0])
    if inputs[0].bound * abs(factor) > LARGEST:
        return None
    return inputs[0].scaled(factor, computation.node.denominator)


def _negate(computation: Computation, inputs: Sequence[Column], machine: Machine) -> Column | None:
    if inputs[0].is_exact:
        return inputs[0].scaled(-1, computation.node.denominator)
    return _single(2, inputs[0], machine)


def _single(code: int, column: Column, machine: Machine) -> Column | None:
    found = machine.single_double(code, column.values)
    if found is None:
        return None
    return Column(found[0], column.length, None, start=column.start, holes=found[1] > column.start)


def _map(code: int) -> Operation:
    def apply(
        computation: Computation, inputs: Sequence[Column], machine: Machine
    ) -> Column | None:
        column, denominator = inputs[0], computation.node.denominator
        if not column.is_exact:
            return _single(code, column, machine) if denominator is None else None
        return Column(
            machine.single_exact(code, column.values), column.length, denominator,
            start=column.start, holes=column.holes, bound=column.bound if code == 0 else 1,
        )  # fmt: skip

    return apply


def _to_float(
    computation: Computation, inputs: Sequence[Column], machine: Machine
) -> Column | None:
    column, denominator = inputs[0], int(computation.node.constants[0])
    if column.constant is not None:
        value = float(column.constant) / float(denominator)
        return Column.of_constant(value, column.length, None)
    values, factor = first_operand(column)
    doubles = machine.to_double(values, factor, denominator)
    return Column(doubles, column.length, None, start=column.start, holes=column.holes)


def _sum_or_mean(
    computation: Computation, inputs: Sequence[Column], machine: Machine
) -> Column | None:
    """sma and sum: of an exact input both are the same integers, over other denominators."""
    node, column = computation.node, inputs[0]
    period = int(node.constants[0])
    divisor = period if node.operation == "sma" else 1
    start, holes, bound = column.start + period - 1, column.holes, column.bound * period
    if column.raw is None or bound > LARGEST:
        return None
    if not column.is_exact:
        doubles = machine.window_sum_double(column.values, period, divisor)
        if doubles is None:
            return None
        return Column(doubles, column.length, None, start=start, holes=holes)
    sums = _window_sum(column, period, machine)
    if sums is None:
        return None
    if node.denominator is not None:
        return Column(
            sums, column.length, node.denominator, start=start, holes=holes, bound=bound,
            factor=column.factor,
        )  # fmt: skip
    doubles = machine.to_double(sums, column.factor, (column.denominator or 1) * divisor)
    return Column(doubles, column.length, None, start=start, holes=holes)


def _window_sum(column: Column, period: int, machine: Machine) -> NDArray[np.int64] | None:
    """Return the sums of a raw array; one running total serves every period."""
    raw: NDArray[np.int64] = column.raw  # type: ignore[assignment]  # the caller has asked
    if column.holes:
        return machine.window_sum(raw, period)
    if column.prefix is None:
        column.prefix = machine.prefix_sum(raw)
    return machine.window_sum_dense(column.prefix, period, column.start)


def _extreme(computation: Computation, inputs: Sequence[Column], machine: Machine) -> Column | None:
    node, column = computation.node, inputs[0]
    period = int(node.constants[0])
    sign = -1 if "lowest" in node.operation else 1
    aged = node.operation.startswith("bars_since")
    find = machine.extreme_age if aged else machine.extreme
    values = find(sign, column.values, period)
    if values is None:
        return None
    return Column(
        values, column.length, node.denominator, start=column.start + period - 1,
        holes=column.holes, bound=period if aged else column.bound,
    )  # fmt: skip


def _average(kind: int) -> Operation:
    def apply(
        computation: Computation, inputs: Sequence[Column], machine: Machine
    ) -> Column | None:
        column, period = inputs[0], int(computation.node.constants[0])
        values = machine.recursive_average(kind, column.values, column.denominator or 0, period)
        if values is None:
            return None
        start = column.start + period - 1
        return Column(values, column.length, None, start=start, holes=column.holes)

    return apply


OPERATIONS: dict[str, Operation] = {
    **dict.fromkeys(("+", "-", "*", "/", "min", "max"), _pair),
    **dict.fromkeys(_COMPARISONS, _compare),
    **dict.fromkeys(_LOGIC, _logic),
    **dict.fromkeys(("cross_above", "cross_below"), _crossing),
    **dict.fromkeys(("highest", "lowest", "bars_since_highest", "bars_since_lowest"), _extreme),
    **dict.fromkeys(("sma", "sum"), _sum_or_mean),
    "scale": _scale,
    "negate": _negate,
    "to_float": _to_float,
    "abs": _map(0),
    "sign": _map(1),
    "sqrt": _map(3),
    "log": _map(4),
    "ema": _average(0),
    "rma": _average(1),
}
