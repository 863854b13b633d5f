"""atr: Wilder's average true range."""

from __future__ import annotations

from typing import Any

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    Instance,
    always_float,
    mean,
    period,
)
from quantumzero.domain.strategy.graph import Kind, Unit, Value


class _Running:
    """True ranges are exact; only their average is a double."""

    def __init__(self, instance: Instance) -> None:
        self._period = instance.periods[0]
        self._denominator = instance.inputs[0] or 1
        self._close: int | None = None
        self._ranges: list[int] = []
        self._average: float | None = None

    def step(self, high: int, low: int, close: int) -> Value:
        last, self._close = self._close, close
        if last is None:
            return None
        true_range = max(high, last) - min(low, last)
        if self._average is not None:
            period = self._period
            now = true_range / self._denominator
            self._average = (self._average * (period - 1) + now) / period
            return self._average
        self._ranges.append(true_range)
        if len(self._ranges) == self._period:
            self._average = mean(self._ranges, self._denominator)
            self._ranges = []
        return self._average

    def dump(self) -> Any:
        return [self._close, self._ranges, self._average]

    def load(self, memory: Any) -> None:
        self._close, self._ranges, self._average = memory


DEFINITION = FunctionDefinition(
    name="atr",
    summary="Average true range of the bars, gaps included, in the price's currency.",
    formula="true range = max(high, close[t-1]) - min(low, close[t-1]), from the second bar; the "
    "mean of the first period ranges, then (atr[t-1] * (period - 1) + range) / period",
    source="J. Welles Wilder, New Concepts in Technical Trading Systems (1978); TA-Lib ATR",
    arguments=(period(),),
    result=Kind.NUMBER,
    unit=Unit.PRICE,
    warm_up=lambda inputs, periods: inputs + periods[0],
    denominator=always_float,
    running=_Running,
    fields=("high", "low", "close"),
)
