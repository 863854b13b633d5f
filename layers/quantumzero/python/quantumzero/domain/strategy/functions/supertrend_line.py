"""supertrend_line: a stop that follows a middle at a distance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.domain.strategy.function_definition import FunctionDefinition, Instance, series

if TYPE_CHECKING:
    from quantumzero.domain.strategy.graph import Value


class _Running:
    def __init__(self, _: Instance) -> None:
        self._close: float | None = None
        self._upper = self._lower = 0.0
        self._is_rising = True

    def step(self, middle: float, distance: float, close: float) -> Value:
        upper, lower = middle + distance, middle - distance
        last, self._close = self._close, close
        if last is None:
            self._is_rising = close >= middle
            self._upper, self._lower = upper, lower
        else:
            if upper < self._upper or last > self._upper:
                self._upper = upper
            if lower > self._lower or last < self._lower:
                self._lower = lower
        self._is_rising = close > (self._lower if self._is_rising else self._upper)
        return self._lower if self._is_rising else self._upper

    def dump(self) -> Any:
        return [self._close, self._upper, self._lower, self._is_rising]

    def load(self, memory: Any) -> None:
        self._close, self._upper, self._lower, self._is_rising = memory


DEFINITION = FunctionDefinition(
    name="supertrend_line",
    summary="The nearer of two bands around middle that only tighten until the close passes one.",
    formula="upper = middle + distance while that is less than the last one or the last close "
    "passed it, lower its mirror; the line is lower while the close stays above it, upper "
    "otherwise. The first direction is up when close >= middle",
    source="the recursion of Olivier Seban's SuperTrend; Stock.Indicators GetSuperTrend",
    arguments=(series("middle"), series("distance"), series("close")),
    doubles=True,
    running=_Running,
)
