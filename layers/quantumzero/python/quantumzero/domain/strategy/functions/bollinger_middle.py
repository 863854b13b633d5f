"""bollinger_middle: middle Bollinger band."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, series

DEFINITION = composite(
    "bollinger_middle",
    (
        series(),
        period(default=20),
    ),
    "sma(series, period)",
    summary="Middle Bollinger band; exact.",
    source="John Bollinger, Bollinger on Bollinger Bands (2001); TA-Lib BBANDS",
)
