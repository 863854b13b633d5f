"""highest: the greatest of the last values."""

from __future__ import annotations

from quantumzero.domain.strategy.extreme_window import ExtremeWindow
from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    period,
    same_denominator,
    series,
)
from quantumzero.domain.strategy.graph import Kind

DEFINITION = FunctionDefinition(
    name="highest",
    summary="The greatest of the last period values, the present one included.",
    formula="max(x[t], x[t-1], ..., x[t-period+1])",
    source="TA-Lib MAX",
    arguments=(series(), period()),
    result=Kind.NUMBER,
    unit=None,
    warm_up=lambda inputs, periods: inputs + periods[0] - 1,
    denominator=same_denominator,
    running=lambda instance: ExtremeWindow(instance, 1),
)
