"""falling: true when each of the last period bars was below the one before it."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, series
from quantumzero.domain.strategy.graph import Kind

DEFINITION = composite(
    "falling",
    (
        series(),
        period(default=1),
    ),
    "count_true(series < lag(series, 1), period) == period",
    result=Kind.TRUTH,
    summary="True when each of the last period bars was below the one before it.",
    source="the definition itself",
)
