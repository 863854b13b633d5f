"""abs: the size of a value."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    same_denominator,
    series,
)

DEFINITION = FunctionDefinition(
    name="abs",
    summary="The value without its sign; exact when it is.",
    formula="x if x >= 0 else -x",
    source="the definition itself",
    arguments=(series(),),
    denominator=same_denominator,
    stateless=True,
)
