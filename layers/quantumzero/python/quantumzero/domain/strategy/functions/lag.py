"""lag: the value some bars ago."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    Instance,
    period,
    same_denominator,
    series,
)

if TYPE_CHECKING:
    from quantumzero.domain.strategy.graph import Value


class _Running:
    def __init__(self, instance: Instance) -> None:
        self._period = instance.periods[0]
        self._window: deque[int | float] = deque()

    def step(self, value: int | float) -> Value:
        self._window.append(value)
        return self._window.popleft() if len(self._window) > self._period else None

    def dump(self) -> Any:
        return list(self._window)

    def load(self, memory: Any) -> None:
        self._window = deque(memory)


DEFINITION = FunctionDefinition(
    name="lag",
    summary="The value period bars ago; there is no way to look the other way.",
    formula="x[t-period]",
    source="the definition itself",
    arguments=(series(), period(least=0)),
    warm_up=lambda inputs, periods: inputs + periods[0],
    denominator=same_denominator,
    running=_Running,
)
