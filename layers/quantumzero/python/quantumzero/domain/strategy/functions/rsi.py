"""rsi: Wilder's relative strength index."""

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
from quantumzero.domain.strategy.graph import Kind, Unit, Value


class _Running:
    """Changes of exact inputs are taken exactly before they become doubles."""

    def __init__(self, instance: Instance) -> None:
        self._period = instance.periods[0]
        self._denominator = instance.inputs[0]
        self._last: int | float | None = None
        self._changes: list[int | float] = []
        self._gain: float | None = None
        self._loss = 0.0

    def step(self, value: int | float) -> Value:
        last, self._last = self._last, value
        if last is None:
            return None
        change = value - last
        if self._gain is None:
            return self._seed(change)
        size = as_double(change, self._denominator)
        period = self._period
        self._gain = (self._gain * (period - 1) + max(size, 0.0)) / period
        self._loss = (self._loss * (period - 1) + max(-size, 0.0)) / period
        return self._index(self._gain, self._loss)

    def _seed(self, change: int | float) -> Value:
        self._changes.append(change)
        if len(self._changes) < self._period:
            return None
        self._gain = mean([max(each, 0) for each in self._changes], self._denominator)
        self._loss = mean([max(-each, 0) for each in self._changes], self._denominator)
        self._changes = []
        return self._index(self._gain, self._loss)

    @staticmethod
    def _index(gain: float, loss: float) -> float:
        moved = gain + loss
        # Neither strong nor weak when nothing moved: the published sources disagree (0 and 100).
        return 100.0 * (gain / moved) if moved else 50.0

    def dump(self) -> Any:
        return [self._last, self._changes, self._gain, self._loss]

    def load(self, memory: Any) -> None:
        self._last, self._changes, self._gain, self._loss = memory


DEFINITION = FunctionDefinition(
    name="rsi",
    summary="Relative strength index, 0 to 100: the share of gains in the average movement.",
    formula="100 * gain / (gain + loss); gain and loss are means of the first period changes, then "
    "(average[t-1] * (period - 1) + now) / period; 50 when nothing moved",
    source="J. Welles Wilder, New Concepts in Technical Trading Systems (1978); TA-Lib RSI",
    arguments=(series(), period()),
    result=Kind.NUMBER,
    unit=Unit.RATIO,
    warm_up=lambda inputs, periods: inputs + periods[0],
    denominator=always_float,
    running=_Running,
)
