"""where: one of two values, as a condition says."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    last_denominator,
    series,
    truth,
)

DEFINITION = FunctionDefinition(
    name="where",
    summary="The first value where the condition is true, the second where it is false.",
    formula="first if condition else second; the value not chosen does not matter",
    source="the definition itself",
    arguments=(truth(), series("first"), series("second")),
    denominator=last_denominator,
    aligned=True,
    stateless=True,
)
