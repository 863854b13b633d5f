"""log: the natural logarithm."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import FunctionDefinition, series
from quantumzero.domain.strategy.graph import Unit

DEFINITION = FunctionDefinition(
    name="log",
    summary="Natural logarithm, undefined from zero down.",
    formula="ln(x)",
    source="the C library's log",
    arguments=(series(),),
    unit=Unit.PLAIN,
    doubles=True,
    stateless=True,
)
