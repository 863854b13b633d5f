"""sum: the sum of the last values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    period,
    same_denominator,
    series,
    window_warm_up,
)
from quantumzero.domain.strategy.window_sum import WindowSum

if TYPE_CHECKING:
    from quantumzero.domain.strategy.graph import Value


class _Running(WindowSum):
    def step(self, value: int | float) -> Value:
        return self.add(value)


DEFINITION = FunctionDefinition(
    name="sum",
    summary="The sum of the last period values; exact, or of doubles the exact sum rounded once.",
    formula="x[t] + x[t-1] + ... + x[t-period+1]",
    source="TA-Lib SUM",
    arguments=(series(), period()),
    warm_up=window_warm_up,
    denominator=same_denominator,
    running=_Running,
)
