"""count_true: on how many of the last bars a condition held."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    Instance,
    counted,
    period,
    truth,
    window_warm_up,
)
from quantumzero.domain.strategy.graph import Unit

if TYPE_CHECKING:
    from quantumzero.domain.strategy.graph import Value


class _Running:
    def __init__(self, instance: Instance) -> None:
        self._period = instance.periods[0]
        self._window: deque[bool] = deque()
        self._count = 0

    def step(self, condition: bool) -> Value:
        self._window.append(condition)
        self._count += condition
        if len(self._window) > self._period:
            self._count -= self._window.popleft()
        return self._count if len(self._window) == self._period else None

    def dump(self) -> Any:
        return list(self._window)

    def load(self, memory: Any) -> None:
        self._window = deque(memory)
        self._count = sum(self._window)


DEFINITION = FunctionDefinition(
    name="count_true",
    summary="On how many of the last period bars the condition was true.",
    formula="count of true in condition[t], condition[t-1], ..., condition[t-period+1]",
    source="the definition itself",
    arguments=(truth(), period()),
    unit=Unit.PLAIN,
    warm_up=window_warm_up,
    denominator=counted,
    running=_Running,
)
