"""macd_signal: signal line of the macd."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, series

DEFINITION = composite(
    "macd_signal",
    (
        series(),
        period("fast", 12),
        period("slow", 26),
        period("signal", 9),
    ),
    "ema(macd(series, fast, slow), signal)",
    summary="Signal line of the macd: its ema.",
    source="Gerald Appel (1979); Stock.Indicators GetMacd",
)
