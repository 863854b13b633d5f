"""ema: the exponential moving average, seeded by the simple one."""

from __future__ import annotations

from typing import Any

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    Instance,
    always_float,
    as_double,
    mean,
    period,
    series,
)
from quantumzero.domain.strategy.graph import Kind, Value


class _Running:
    def __init__(self, instance: Instance) -> None:
        self._period = instance.periods[0]
        self._denominator = instance.inputs[0]
        self._weight = 2 / (self._period + 1)
        self._seed: list[int | float] = []
        self._average: float | None = None

    def step(self, value: int | float) -> Value:
        if self._average is None:
            self._seed.append(value)
            if len(self._seed) == self._period:
                self._average = mean(self._seed, self._denominator)
                self._seed = []
            return self._average
        current = as_double(value, self._denominator)
        self._average = (current - self._average) * self._weight + self._average
        return self._average

    def dump(self) -> Any:
        return [self._seed, self._average]

    def load(self, memory: Any) -> None:
        self._seed, self._average = memory


DEFINITION = FunctionDefinition(
    name="ema",
    summary="Exponential moving average, whose first value is the sma of the first period values.",
    formula="(x[t] - ema[t-1]) * 2 / (period + 1) + ema[t-1]",
    source="TA-Lib EMA (classic seeding); Stock.Indicators GetEma",
    arguments=(series(), period()),
    result=Kind.NUMBER,
    unit=None,
    warm_up=lambda inputs, periods: inputs + periods[0] - 1,
    denominator=always_float,
    running=_Running,
)
