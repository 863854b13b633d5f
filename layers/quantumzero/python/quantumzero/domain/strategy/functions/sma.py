"""sma: the simple moving average."""

from __future__ import annotations

from collections import deque
from typing import Any

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    Instance,
    period,
    series,
    times_period,
)
from quantumzero.domain.strategy.graph import Kind, Value

# Every finite double is a whole multiple of 2 to the power -1074: their sums stay exact too.
_FINEST = 1074
_FINEST_UNIT = 1 << _FINEST


class _Running:
    """Keep the window and its exact sum: adding the newest, taking off the oldest, no drift."""

    def __init__(self, instance: Instance) -> None:
        self._period = instance.periods[0]
        self._input = instance.inputs[0]
        self._result = instance.result
        self._window: deque[int | float] = deque()
        self._sum = 0

    def step(self, value: int | float) -> Value:
        self._window.append(value)
        self._sum += self._whole(value)
        if len(self._window) > self._period:
            self._sum -= self._whole(self._window.popleft())
        if len(self._window) < self._period:
            return None
        if self._result is not None:
            return self._sum
        if self._input is not None:
            return float(self._sum) / float(self._input * self._period)
        return self._sum / _FINEST_UNIT / self._period

    def _whole(self, value: int | float) -> int:
        if self._input is not None:
            return int(value)
        numerator, denominator = value.as_integer_ratio()
        return numerator << (_FINEST + 1 - denominator.bit_length())

    def dump(self) -> Any:
        return list(self._window)

    def load(self, memory: Any) -> None:
        self._window = deque(memory)
        self._sum = sum(self._whole(value) for value in self._window)


DEFINITION = FunctionDefinition(
    name="sma",
    summary="Simple moving average: the mean of the last period values.",
    formula="(x[t] + x[t-1] + ... + x[t-period+1]) / period, of the exactly rounded sum",
    source="TA-Lib SMA; Stock.Indicators GetSma",
    arguments=(series(), period()),
    result=Kind.NUMBER,
    unit=None,
    warm_up=lambda inputs, periods: inputs + periods[0] - 1,
    denominator=times_period,
    running=_Running,
)
