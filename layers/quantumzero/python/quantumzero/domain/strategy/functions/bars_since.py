"""bars_since: how long ago a condition held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    Instance,
    counted,
    truth,
)
from quantumzero.domain.strategy.graph import Unit

if TYPE_CHECKING:
    from quantumzero.domain.strategy.graph import Value


class _Running:
    def __init__(self, _: Instance) -> None:
        self._bars: int | None = None

    def step(self, condition: bool) -> Value:
        if condition:
            self._bars = 0
        elif self._bars is not None:
            self._bars += 1
        return self._bars

    def dump(self) -> Any:
        return self._bars

    def load(self, memory: Any) -> None:
        self._bars = memory


DEFINITION = FunctionDefinition(
    name="bars_since",
    summary="Bars since the condition was last true: 0 on its own bar, undefined before the first.",
    formula="t - the newest bar on which the condition was true",
    source="the definition shared by Pine's barssince and AmiBroker's BarsSince",
    arguments=(truth(),),
    unit=Unit.PLAIN,
    denominator=counted,
    running=_Running,
)
