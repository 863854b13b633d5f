"""blend: an average whose weight of the newest value changes with each bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.domain.strategy.function_definition import FunctionDefinition, Instance, series

if TYPE_CHECKING:
    from quantumzero.domain.strategy.graph import Value


class _Running:
    def __init__(self, _: Instance) -> None:
        self._blended: float | None = None

    def step(self, value: float, weight: float, start: float) -> Value:
        before = start if self._blended is None else self._blended
        self._blended = before + weight * (value - before)
        return self._blended

    def dump(self) -> Any:
        return self._blended

    def load(self, memory: Any) -> None:
        self._blended = memory


DEFINITION = FunctionDefinition(
    name="blend",
    summary="Recursive average whose weight of the newest value is a series; the first bar blends "
    "with start.",
    formula="b[t] = b[t-1] + weight[t] * (x[t] - b[t-1]); start[t] stands for b[t-1] at first",
    source="the recursion of Perry Kaufman's adaptive moving average (1995)",
    arguments=(series(), series("weight"), series("start")),
    doubles=True,
    running=_Running,
)
