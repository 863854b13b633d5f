"""bottom: the members with the least values."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    period,
    series,
)
from quantumzero.domain.strategy.graph import Kind, Unit

DEFINITION = FunctionDefinition(
    name="bottom",
    summary="True for the count members with the least values at the instant.",
    formula="place in ascending order <= count; of equal values the one earlier in the universe comes first",
    source="Zipline Factor.bottom",
    arguments=(series(), period("count")),
    result=Kind.TRUTH,
    unit=Unit.PLAIN,
    across=True,
    operation="cross_section_bottom",
)
