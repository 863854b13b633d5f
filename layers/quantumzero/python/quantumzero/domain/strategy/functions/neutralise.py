"""neutralise: distance from the mean of the member's group."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import (
    Argument,
    ArgumentKind,
    FunctionDefinition,
    series,
)
from quantumzero.domain.strategy.graph import Kind

DEFINITION = FunctionDefinition(
    name="neutralise",
    summary="Distance from the mean of the members of the same group at the instant.",
    formula="x - mean of the symbol's group, as the key groups of the document says; symbols of no group "
    "are one group more",
    source="Zipline Factor.demean with groupby",
    arguments=(series(), Argument("groups", ArgumentKind.GROUP)),
    result=Kind.NUMBER,
    unit=None,
    doubles=True,
    across=True,
    operation="cross_section_neutralise",
)
