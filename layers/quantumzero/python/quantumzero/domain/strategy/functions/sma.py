"""sma: the simple moving average."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    Instance,
    period,
    series,
    times_period,
    window_warm_up,
)
from quantumzero.domain.strategy.window_sum import WindowSum

if TYPE_CHECKING:
    from quantumzero.domain.strategy.graph import Value


class _Running(WindowSum):
    """An exact mean is the window's sum over a denominator that many times greater."""

    def __init__(self, instance: Instance) -> None:
        super().__init__(instance)
        self._is_double = instance.result is None
        self._divisor = float((instance.inputs[0] or 1) * self._period)

    def step(self, value: int | float) -> Value:
        total = self.add(value)
        if total is None or not self._is_double:
            return total
        return float(total) / self._divisor


DEFINITION = FunctionDefinition(
    name="sma",
    summary="Simple moving average: the mean of the last period values.",
    formula="(x[t] + x[t-1] + ... + x[t-period+1]) / period, of the exactly rounded sum",
    source="TA-Lib SMA; Stock.Indicators GetSma",
    arguments=(series(), period()),
    warm_up=window_warm_up,
    denominator=times_period,
    running=_Running,
)
