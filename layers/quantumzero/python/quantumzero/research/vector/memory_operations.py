"""Functions with memory as array operations; see operations.py."""

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

_FEW_SUMS = 3
Machine = NativeMachine | ArrayMachine
Operation = Callable[["Computation", Sequence[Column], Machine], Column | None]


def _period(computation: Computation) -> int:
    return int(computation.node.constants[0])


def _windowed(
    column: Column, values: NDArray[Any] | None, period: int, denominator: int | None,
    bound: int = 0, factor: int = 1,
) -> Column | None:  # fmt: skip
    """Return the column of values that begin when a window of the column is full."""
    if values is None:
        return None
    return Column(
        values, column.length, denominator, start=column.start + period - 1, holes=column.holes,
        bound=bound, factor=factor,
    )  # fmt: skip


def _measured(
    values: NDArray[Any] | None, denominator: int | None, bound: int, machine: Machine
) -> Column | None:
    """Return the column of values that may begin and stop being defined anywhere."""
    if values is None:
        return None
    start, holes = machine.gaps(values)
    return Column(values, len(values), denominator, start=start, holes=holes, bound=bound)


def _sum_or_mean(
    computation: Computation, inputs: Sequence[Column], machine: Machine
) -> Column | None:
    """sma and sum: of an exact input both are the same integers, over other denominators."""
    node, column, period = computation.node, inputs[0], _period(computation)
    divisor = period if node.operation == "sma" else 1
    bound = column.bound * period
    if column.raw is None or bound > LARGEST:
        return None
    if not column.is_exact:
        doubles = machine.run(
            "qz_window_sum_double", np.float64, column.values, period, float(divisor)
        )
        return _windowed(column, doubles, period, None)
    sums = _window_sum(column, period, machine)
    if sums is None or node.denominator is not None:
        return _windowed(column, sums, period, node.denominator, bound, column.factor)
    doubles = machine.to_double(sums, column.factor, (column.denominator or 1) * divisor)
    return _windowed(column, doubles, period, None)


def _window_sum(column: Column, period: int, machine: Machine) -> NDArray[np.int64] | None:
    """Return the sums of a raw array; where many are asked, one running total serves them all.

    A few are quicker without: the total is as much new memory as a sum, and must be written first.
    """
    raw: NDArray[np.int64] = column.raw  # type: ignore[assignment]  # the caller has asked
    column.sums += 1
    if column.holes or column.sums <= _FEW_SUMS:
        return machine.window_sum(raw, period)
    if column.prefix is None:
        column.prefix = machine.prefix_sum(raw)
    return machine.window_sum_dense(column.prefix, period, column.start)


def _weighted_mean(
    computation: Computation, inputs: Sequence[Column], machine: Machine
) -> Column | None:
    node, column, period = computation.node, inputs[0], _period(computation)
    weights = period * (period + 1) // 2
    bound = column.bound * weights
    if bound > LARGEST:
        return None
    if not column.is_exact:
        doubles = machine.run(
            "qz_window_of_doubles", np.float64, 2, column.values, period, float(weights)
        )
        return _windowed(column, doubles, period, None)
    sums = machine.run("qz_weighted_sum", np.int64, column.values, period)
    if sums is None or node.denominator is not None:
        return _windowed(column, sums, period, node.denominator, bound)
    doubles = machine.to_double(sums, 1, (column.denominator or 1) * weights)
    return _windowed(column, doubles, period, None)


def _spread(computation: Computation, inputs: Sequence[Column], machine: Machine) -> Column | None:
    """stdev and mean_deviation."""
    column, period = inputs[0], _period(computation)
    is_deviation = computation.node.operation == "stdev"
    if not column.is_exact:
        code = 0 if is_deviation else 1
        doubles = machine.run("qz_window_of_doubles", np.float64, code, column.values, period, 1.0)
        return _windowed(column, doubles, period, None)
    divisor = (column.denominator or 1) * period
    widest = (column.bound * period) ** 2 * 2
    name, most = "qz_deviation_exact", 2**126
    if not is_deviation:
        divisor, widest = divisor * period, 2 * column.bound * period * period
        name, most = "qz_mean_distance_exact", LARGEST
    if widest > most:
        return None
    doubles = machine.run(name, np.float64, column.values, period, float(divisor))
    return _windowed(column, doubles, period, None)


def _extreme(computation: Computation, inputs: Sequence[Column], machine: Machine) -> Column | None:
    node, column, period = computation.node, inputs[0], _period(computation)
    sign = -1 if "lowest" in node.operation else 1
    aged = node.operation.startswith("bars_since")
    values = machine.extreme(sign, column.values, period, aged=aged)
    return _windowed(column, values, period, node.denominator, period if aged else column.bound)


def _lag(computation: Computation, inputs: Sequence[Column], machine: Machine) -> Column | None:
    column, period = inputs[0], _period(computation)
    if column.raw is None:
        return None
    values = machine.lag(column.raw, period)
    denominator = computation.node.denominator
    return _windowed(column, values, period + 1, denominator, column.bound, column.factor)


def _average(kind: int) -> Operation:
    def apply(
        computation: Computation, inputs: Sequence[Column], machine: Machine
    ) -> Column | None:
        column, period = inputs[0], _period(computation)
        values = machine.run(
            "qz_recursive_average", np.float64, kind, column.values,
            float(column.denominator or 0), period,
        )  # fmt: skip
        return _windowed(column, values, period, None)

    return apply


def _relative_strength(
    computation: Computation, inputs: Sequence[Column], machine: Machine
) -> Column | None:
    column, period = inputs[0], _period(computation)
    if column.bound * 2 > LARGEST:
        return None
    denominator = float(column.denominator or 0)
    values = machine.run("qz_relative_strength", np.float64, column.values, denominator, period)
    return _windowed(column, values, period + 1, None)


def _count_true(
    computation: Computation, inputs: Sequence[Column], machine: Machine
) -> Column | None:
    column, period = inputs[0], _period(computation)
    values = machine.run("qz_count_true", np.int64, column.values, period)
    return _windowed(column, values, period, 1, period)


def _bars_since(_: Computation, inputs: Sequence[Column], machine: Machine) -> Column | None:
    values = machine.run("qz_bars_since", np.int64, inputs[0].values)
    return _measured(values, 1, inputs[0].length, machine)


def _value_when(
    computation: Computation, inputs: Sequence[Column], machine: Machine
) -> Column | None:
    condition, column = inputs
    exact = column.is_exact
    name = "qz_value_when_exact" if exact else "qz_value_when_double"
    kind = np.int64 if exact else np.float64
    values = machine.run(name, kind, condition.values, column.values)
    return _measured(values, computation.node.denominator, column.bound, machine)


def _cumulative(
    computation: Computation, inputs: Sequence[Column], machine: Machine
) -> Column | None:
    column = inputs[0]
    bound = column.bound * column.length
    if bound > LARGEST:
        return None
    exact = column.is_exact
    name = "qz_cumulative_exact" if exact else "qz_cumulative_double"
    values = machine.run(name, np.int64 if exact else np.float64, column.values)
    return _measured(values, computation.node.denominator, bound, machine)


def _session_vwap(_: Computation, inputs: Sequence[Column], machine: Machine) -> Column | None:
    price, volume = max(column.bound for column in inputs[1:4]), inputs[4].bound
    if 3 * price * volume * max(inputs[0].length, 1) > 2**126:
        return None
    arrays = [column.values for column in inputs]
    denominator = float(inputs[1].denominator or 1)
    values = machine.run("qz_session_vwap", np.float64, *arrays, denominator)
    return _measured(values, None, 0, machine)


def _of_doubles(name: str) -> Operation:
    """Return the operation of a kernel function that takes arrays of doubles, then the scalars."""

    def apply(
        computation: Computation, inputs: Sequence[Column], machine: Machine
    ) -> Column | None:
        scalars = computation.instance.scalars
        values = machine.run(name, np.float64, *(column.values for column in inputs), *scalars)
        return _measured(values, None, 0, machine)

    return apply


MEMORY_OPERATIONS: dict[str, Operation] = {
    **dict.fromkeys(("highest", "lowest", "bars_since_highest", "bars_since_lowest"), _extreme),
    **dict.fromkeys(("sma", "sum"), _sum_or_mean),
    **dict.fromkeys(("stdev", "mean_deviation"), _spread),
    "wma": _weighted_mean,
    "ema": _average(0),
    "rma": _average(1),
    "rsi": _relative_strength,
    "lag": _lag,
    "count_true": _count_true,
    "bars_since": _bars_since,
    "value_when": _value_when,
    "cumulative": _cumulative,
    "session_vwap": _session_vwap,
    "blend": _of_doubles("qz_blend"),
    "parabolic_sar": _of_doubles("qz_parabolic_sar"),
    "supertrend_line": _of_doubles("qz_supertrend_line"),
}
