"""dema: double exponential moving average."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, series

DEFINITION = composite(
    "dema",
    (
        series(),
        period(),
    ),
    "2 * ema(series, period) - ema(ema(series, period), period)",
    summary="Double exponential moving average: the ema with half of its lag taken off.",
    source="Patrick Mulloy, Technical Analysis of Stocks & Commodities (February 1994); TA-Lib DEMA",
)
