"""change: change over period bars."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, series

DEFINITION = composite(
    "change",
    (
        series(),
        period(default=1),
    ),
    "series - lag(series, period)",
    summary="Change over period bars, one unless given; exact.",
    source="the definition itself",
)
