"""value_when: what a series was when a condition last held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    Instance,
    last_denominator,
    series,
    truth,
)

if TYPE_CHECKING:
    from quantumzero.domain.strategy.graph import Value


class _Running:
    def __init__(self, _: Instance) -> None:
        self._value: int | float | None = None

    def step(self, condition: bool, value: int | float) -> Value:
        if condition:
            self._value = value
        return self._value

    def dump(self) -> Any:
        return self._value

    def load(self, memory: Any) -> None:
        self._value = memory


DEFINITION = FunctionDefinition(
    name="value_when",
    summary="The value on the newest bar on which the condition was true, undefined before one.",
    formula="x at the newest bar on which the condition was true",
    source="the definition shared by Pine's valuewhen and AmiBroker's ValueWhen",
    arguments=(truth(), series()),
    denominator=last_denominator,
    running=_Running,
)
