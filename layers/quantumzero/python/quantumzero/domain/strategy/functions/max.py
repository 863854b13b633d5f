"""max: the greater of two values."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    last_denominator,
    series,
)

DEFINITION = FunctionDefinition(
    name="max",
    summary="The greater of two values of the same bar; exact when both are.",
    formula="second if second > first else first",
    source="the definition itself",
    arguments=(series("first"), series("second")),
    denominator=last_denominator,
    aligned=True,
    stateless=True,
)
