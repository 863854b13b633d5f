"""roc: rate of change over period bars."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, series

DEFINITION = composite(
    "roc",
    (
        series(),
        period(default=10),
    ),
    "100 * (series - lag(series, period)) / lag(series, period)",
    summary="Rate of change over period bars, in percent.",
    source="TA-Lib ROC; Stock.Indicators GetRoc",
)
