"""zscore: distance from the mean of the members in their standard deviations."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    series,
)
from quantumzero.domain.strategy.graph import Kind, Unit

DEFINITION = FunctionDefinition(
    name="zscore",
    summary="Distance from the mean of the members at the instant in their standard deviations.",
    formula="(x - mean) / population standard deviation of the members; undefined when all are equal",
    source="Zipline Factor.zscore",
    arguments=(series(),),
    result=Kind.NUMBER,
    unit=Unit.RATIO,
    doubles=True,
    across=True,
    operation="cross_section_zscore",
)
