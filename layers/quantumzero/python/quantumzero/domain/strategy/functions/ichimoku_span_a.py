"""ichimoku_span_a: ichimoku leading span A."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "ichimoku_span_a",
    (
        period("conversion", 9),
        period("base", 26),
    ),
    "(ichimoku_conversion(conversion) + ichimoku_base(base)) / 2",
    summary="Ichimoku leading span A, not shifted forward: lag(ichimoku_span_a(9, 26), 26) is the "
    "cloud at a bar; exact.",
    source="Goichi Hosoda (1969); Stock.Indicators GetIchimoku",
)
