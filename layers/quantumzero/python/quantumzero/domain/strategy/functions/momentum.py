"""momentum: change over period bars."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, series

DEFINITION = composite(
    "momentum",
    (
        series(),
        period(default=10),
    ),
    "series - lag(series, period)",
    summary="Change over period bars; exact.",
    source="TA-Lib MOM",
)
