"""rank: the place of a member among all, by value."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    series,
)
from quantumzero.domain.strategy.graph import Kind, Unit

DEFINITION = FunctionDefinition(
    name="rank",
    summary="Place among the members at the instant, 0 for the least value and 1 for the greatest.",
    formula="position in ascending order, counted from 0, / (members - 1); 1 for a single member; of equal "
    "values the one earlier in the universe comes first",
    source="the percentile rank of Zipline and Quantopian pipelines, with ties resolved by order",
    arguments=(series(),),
    result=Kind.NUMBER,
    unit=Unit.RATIO,
    across=True,
    operation="cross_section_rank",
)
