"""rma: Wilder's moving average, seeded by the simple one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    Instance,
    as_double,
    mean,
    period,
    series,
    window_warm_up,
)

if TYPE_CHECKING:
    from quantumzero.domain.strategy.graph import Value


class _Running:
    def __init__(self, instance: Instance) -> None:
        self._period = instance.periods[0]
        self._denominator = instance.inputs[0]
        self._seed: list[int | float] = []
        self._average: float | None = None

    def step(self, value: int | float) -> Value:
        if self._average is None:
            self._seed.append(value)
            if len(self._seed) == self._period:
                self._average = mean(self._seed, self._denominator)
                self._seed = []
            return self._average
        now = as_double(value, self._denominator)
        self._average = (self._average * (self._period - 1) + now) / self._period
        return self._average

    def dump(self) -> Any:
        return [self._seed, self._average]

    def load(self, memory: Any) -> None:
        self._seed, self._average = memory


DEFINITION = FunctionDefinition(
    name="rma",
    summary="Wilder's moving average, whose first value is the sma of the first period values.",
    formula="(rma[t-1] * (period - 1) + x[t]) / period",
    source="J. Welles Wilder, New Concepts in Technical Trading Systems (1978); Stock.Indicators "
    "GetSmma",
    arguments=(series(), period()),
    warm_up=window_warm_up,
    running=_Running,
)
