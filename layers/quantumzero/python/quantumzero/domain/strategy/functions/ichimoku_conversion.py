"""ichimoku_conversion: ichimoku conversion line."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "ichimoku_conversion",
    (period(default=9),),
    "(highest(high, period) + lowest(low, period)) / 2",
    summary="Ichimoku conversion line (Tenkan-sen): middle of the range of period bars; exact.",
    source="Goichi Hosoda (1969); Stock.Indicators GetIchimoku",
)
