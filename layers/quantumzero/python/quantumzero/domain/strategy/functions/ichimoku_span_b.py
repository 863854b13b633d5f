"""ichimoku_span_b: ichimoku leading span B."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "ichimoku_span_b",
    (period(default=52),),
    "(highest(high, period) + lowest(low, period)) / 2",
    summary="Ichimoku leading span B, not shifted forward: lag(ichimoku_span_b(52), 26) is the cloud "
    "at a bar; exact.",
    source="Goichi Hosoda (1969); Stock.Indicators GetIchimoku",
)
