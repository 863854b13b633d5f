"""top: the members with the greatest values."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    period,
    series,
)
from quantumzero.domain.strategy.graph import Kind, Unit

DEFINITION = FunctionDefinition(
    name="top",
    summary="True for the count members with the greatest values at the instant.",
    formula="place in descending order <= count; of equal values the one earlier in the universe comes first",
    source="Zipline Factor.top",
    arguments=(series(), period("count")),
    result=Kind.TRUTH,
    unit=Unit.PLAIN,
    across=True,
    operation="cross_section_top",
)
