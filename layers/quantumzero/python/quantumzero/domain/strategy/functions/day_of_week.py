"""day_of_week: the day a bar belongs to."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import FunctionDefinition, counted
from quantumzero.domain.strategy.graph import Unit

DEFINITION = FunctionDefinition(
    name="day_of_week",
    summary="Day of the week of the bar's session: 1 is Monday, 7 is Sunday.",
    formula="ISO 8601 weekday of the session (calendar none: of the UTC day)",
    source="ISO 8601",
    arguments=(),
    unit=Unit.PLAIN,
    denominator=counted,
    fields=("opens_at",),
    stateless=True,
)
