"""ichimoku_base: ichimoku base line."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "ichimoku_base",
    (period(default=26),),
    "(highest(high, period) + lowest(low, period)) / 2",
    summary="Ichimoku base line (Kijun-sen): middle of the range of period bars; exact.",
    source="Goichi Hosoda (1969); Stock.Indicators GetIchimoku",
)
