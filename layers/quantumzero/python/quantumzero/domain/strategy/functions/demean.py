"""demean: distance from the mean of the members."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    series,
)
from quantumzero.domain.strategy.graph import Kind

DEFINITION = FunctionDefinition(
    name="demean",
    summary="Distance from the mean of the members at the instant.",
    formula="x - mean of the members, of the exactly rounded sum",
    source="Zipline Factor.demean",
    arguments=(series(),),
    result=Kind.NUMBER,
    unit=None,
    doubles=True,
    across=True,
    operation="cross_section_demean",
)
