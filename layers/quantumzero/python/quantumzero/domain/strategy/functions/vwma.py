"""vwma: volume-weighted moving average of the last period values."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, series

DEFINITION = composite(
    "vwma",
    (
        series(),
        period(),
    ),
    "sum(series * volume, period) / sum(volume, period)",
    summary="Volume-weighted moving average of the last period values.",
    source="Stock.Indicators GetVwma",
)
