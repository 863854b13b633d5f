"""session_number: the day of a bar as a number."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import FunctionDefinition, counted
from quantumzero.domain.strategy.graph import Unit

DEFINITION = FunctionDefinition(
    name="session_number",
    summary="Number of the bar's day, counted from 1 January 1970: it changes on a session's first bar.",
    formula="whole days from 1970-01-01 to the bar's open, UTC",
    source="the definition itself",
    arguments=(),
    unit=Unit.PLAIN,
    denominator=counted,
    fields=("opens_at",),
    stateless=True,
)
