"""cumulative: the running total."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    Instance,
    same_denominator,
    series,
)

if TYPE_CHECKING:
    from quantumzero.domain.strategy.graph import Value


class _Running:
    def __init__(self, instance: Instance) -> None:
        self._total: int | float = 0 if instance.inputs[0] is not None else 0.0

    def step(self, value: int | float) -> Value:
        self._total += value
        return self._total

    def dump(self) -> Any:
        return self._total

    def load(self, memory: Any) -> None:
        self._total = memory


DEFINITION = FunctionDefinition(
    name="cumulative",
    summary="Running total from the first bar on; its level hangs on where the data begins.",
    formula="c[t] = c[t-1] + x[t], from 0",
    source="the definition itself",
    arguments=(series(),),
    denominator=same_denominator,
    running=_Running,
)
