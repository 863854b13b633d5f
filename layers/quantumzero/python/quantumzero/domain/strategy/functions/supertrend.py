"""supertrend: superTrend."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, scalar

DEFINITION = composite(
    "supertrend",
    (
        period(default=10),
        scalar("multiplier", "3", least="0"),
    ),
    "supertrend_line((high + low) / 2, multiplier * atr(period), close)",
    summary="SuperTrend: a stop that trails the trend, below the close in an uptrend, above it in a "
    "downtrend.",
    source="Olivier Seban; Stock.Indicators GetSuperTrend",
)
