"""mean_deviation: the mean distance from the mean."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    Instance,
    period,
    series,
    window_warm_up,
)

if TYPE_CHECKING:
    from quantumzero.domain.strategy.graph import Value


class _Running:
    """Whole numbers are compared with their sum times the count; both kinds pass the window."""

    def __init__(self, instance: Instance) -> None:
        self._period = instance.periods[0]
        self._is_exact = instance.inputs[0] is not None
        self._divisor = float((instance.inputs[0] or 1) * self._period * self._period)
        self._window: deque[int | float] = deque(maxlen=self._period)

    def step(self, value: int | float) -> Value:
        self._window.append(value)
        count = self._period
        if len(self._window) < count:
            return None
        if self._is_exact:
            total = sum(self._window)
            away = sum(abs(count * each - total) for each in self._window)
            return float(away) / self._divisor
        return self._of_doubles() / count

    def _of_doubles(self) -> float:
        total = 0.0
        for value in self._window:
            total += value
        mean = total / self._period
        away = 0.0
        for value in self._window:
            away += abs(value - mean)
        return away

    def dump(self) -> Any:
        return list(self._window)

    def load(self, memory: Any) -> None:
        self._window.clear()
        self._window.extend(memory)


DEFINITION = FunctionDefinition(
    name="mean_deviation",
    summary="Mean absolute distance of the last period values from their mean.",
    formula="mean of |x - mean| over x[t], x[t-1], ..., x[t-period+1]",
    source="the measure inside Donald Lambert's commodity channel index (1980)",
    arguments=(series(), period()),
    warm_up=window_warm_up,
    running=_Running,
)
