"""wma: the linearly weighted moving average."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    Instance,
    period,
    series,
    times_weights,
    window_warm_up,
)

if TYPE_CHECKING:
    from quantumzero.domain.strategy.graph import Value


class _Running:
    """Keep the exact weighted sum of whole numbers; weigh a window of doubles anew each time."""

    def __init__(self, instance: Instance) -> None:
        self._period = instance.periods[0]
        self._is_exact = instance.inputs[0] is not None
        self._is_double = instance.result is None
        weights = self._period * (self._period + 1) // 2
        self._divisor = float((instance.inputs[0] or 1) * weights)
        self._window: deque[int | float] = deque()
        self._sum: int | float = 0
        self._weighted: int | float = 0

    def step(self, value: int | float) -> Value:
        self._push(value)
        if len(self._window) < self._period:
            return None
        if not self._is_exact:
            return self._weigh() / self._divisor
        return float(self._weighted) / self._divisor if self._is_double else self._weighted

    def _push(self, value: int | float) -> None:
        window = self._window
        window.append(value)
        if not self._is_exact:
            if len(window) > self._period:
                window.popleft()
            return
        if len(window) > self._period:
            self._weighted += self._period * value - self._sum
            self._sum += value - window.popleft()
        else:
            self._weighted += len(window) * value
            self._sum += value

    def _weigh(self) -> float:
        total = 0.0
        for weight, value in enumerate(self._window, start=1):
            total += value * float(weight)
        return total

    def dump(self) -> Any:
        return list(self._window)

    def load(self, memory: Any) -> None:
        self._window = deque()
        self._sum = self._weighted = 0
        for value in memory:
            self._push(value)


DEFINITION = FunctionDefinition(
    name="wma",
    summary="Linearly weighted moving average: the newest of the last period values counts most.",
    formula="(period * x[t] + (period - 1) * x[t-1] + ... + x[t-period+1]) / (1 + ... + period)",
    source="TA-Lib WMA; Stock.Indicators GetWma",
    arguments=(series(), period()),
    warm_up=window_warm_up,
    denominator=times_weights,
    running=_Running,
)
