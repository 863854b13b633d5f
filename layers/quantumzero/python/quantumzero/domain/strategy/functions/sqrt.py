"""sqrt: the square root."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import FunctionDefinition, series
from quantumzero.domain.strategy.graph import Unit

DEFINITION = FunctionDefinition(
    name="sqrt",
    summary="Square root, undefined below zero.",
    formula="x ** 0.5",
    source="the C library's sqrt",
    arguments=(series(),),
    unit=Unit.PLAIN,
    doubles=True,
    stateless=True,
)
