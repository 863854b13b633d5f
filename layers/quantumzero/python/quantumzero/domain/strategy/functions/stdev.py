"""stdev: the population's standard deviation."""

from __future__ import annotations

from collections import deque
from math import sqrt
from typing import TYPE_CHECKING, Any

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    Instance,
    period,
    series,
    window_warm_up,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from quantumzero.domain.strategy.graph import Value


class _Running:
    """Whole numbers keep exact sums of values and squares; doubles are passed over twice."""

    def __init__(self, instance: Instance) -> None:
        self._period = instance.periods[0]
        self._is_exact = instance.inputs[0] is not None
        self._divisor = float((instance.inputs[0] or 1) * self._period)
        self._window: deque[int | float] = deque()
        self._sum: int | float = 0
        self._squares: int | float = 0

    def step(self, value: int | float) -> Value:
        self._push(value)
        if len(self._window) < self._period:
            return None
        if self._is_exact:
            spread = self._period * self._squares - self._sum * self._sum
            return sqrt(float(spread)) / self._divisor
        return _spread_of_doubles(self._window, self._period)

    def _push(self, value: int | float) -> None:
        self._window.append(value)
        oldest = self._window.popleft() if len(self._window) > self._period else 0
        if self._is_exact:
            self._sum += value - oldest
            self._squares += value * value - oldest * oldest

    def dump(self) -> Any:
        return list(self._window)

    def load(self, memory: Any) -> None:
        self._window = deque()
        self._sum = self._squares = 0
        for value in memory:
            self._push(value)


def _spread_of_doubles(values: Iterable[float], count: int) -> float:
    total = 0.0
    for value in values:
        total += value
    mean = total / count
    squares = 0.0
    for value in values:
        away = value - mean
        squares += away * away
    return sqrt(squares / count)


DEFINITION = FunctionDefinition(
    name="stdev",
    summary="Standard deviation of the last period values as the whole population.",
    formula="sqrt(mean of (x - mean)^2), as sqrt(period * sum of x^2 - (sum of x)^2) / period of "
    "exact values",
    source="TA-Lib STDDEV; Stock.Indicators GetStdDev",
    arguments=(series(), period()),
    warm_up=window_warm_up,
    running=_Running,
)
