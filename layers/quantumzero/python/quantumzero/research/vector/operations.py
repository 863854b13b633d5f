"""Computations as array operations: one entry for each operation that has such a form.

Each takes the computation, its inputs' columns and the machine (kernel or NumPy) and returns the
column, or None when the values are beyond what the machine's arithmetic holds: then it is stepped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.research.vector.clock_operations import CLOCK_OPERATIONS
from quantumzero.research.vector.columns import LARGEST, Column
from quantumzero.research.vector.memory_operations import MEMORY_OPERATIONS, Machine, Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from quantumzero.research.vector.interning import Computation

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
            return _single(code, column, machine) if denominator is None else _sign(column, machine)
        return Column(
            machine.single_exact(code, column.values), column.length, denominator,
            start=column.start, holes=column.holes, bound=column.bound if code == 0 else 1,
        )  # fmt: skip

    return apply


def _sign(column: Column, machine: Machine) -> Column | None:
    signs = machine.run("qz_sign_of_double", np.int64, column.values)
    if signs is None:
        return None
    return Column(signs, column.length, 1, start=column.start, holes=column.holes, bound=1)


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


def _where(computation: Computation, inputs: Sequence[Column], machine: Machine) -> Column | None:
    condition, first, second = inputs
    values = machine.where(condition.values, *second_operand(first), *second_operand(second))
    start, holes = machine.gaps(values)
    return Column(
        values, condition.length, computation.node.denominator, start=start, holes=holes,
        bound=max(first.bound, second.bound),
    )  # fmt: skip


OPERATIONS: dict[str, Operation] = {
    **dict.fromkeys(("+", "-", "*", "/", "min", "max"), _pair),
    **dict.fromkeys(_COMPARISONS, _compare),
    **dict.fromkeys(_LOGIC, _logic),
    **dict.fromkeys(("cross_above", "cross_below"), _crossing),
    "scale": _scale,
    "negate": _negate,
    "to_float": _to_float,
    "abs": _map(0),
    "sign": _map(1),
    "sqrt": _map(3),
    "log": _map(4),
    "where": _where,
    **CLOCK_OPERATIONS,
    **MEMORY_OPERATIONS,
}
