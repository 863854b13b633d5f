"""macd_histogram: the macd over its signal line."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, series

DEFINITION = composite(
    "macd_histogram",
    (
        series(),
        period("fast", 12),
        period("slow", 26),
        period("signal", 9),
    ),
    "macd(series, fast, slow) - macd_signal(series, fast, slow, signal)",
    summary="The macd over its signal line.",
    source="Gerald Appel (1979); Stock.Indicators GetMacd",
)
