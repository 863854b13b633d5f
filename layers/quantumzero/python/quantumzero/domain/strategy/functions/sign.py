"""sign: the direction of a value."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import FunctionDefinition, counted, series
from quantumzero.domain.strategy.graph import Unit

DEFINITION = FunctionDefinition(
    name="sign",
    summary="1 above zero, 0 at it, -1 below.",
    formula="(x > 0) - (x < 0)",
    source="the definition itself",
    arguments=(series(),),
    unit=Unit.PLAIN,
    denominator=counted,
    stateless=True,
)
