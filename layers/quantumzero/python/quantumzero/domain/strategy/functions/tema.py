"""tema: triple exponential moving average."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, series

DEFINITION = composite(
    "tema",
    (
        series(),
        period(),
    ),
    "3 * first - 3 * second + ema(second, period)",
    parts={
        "first": "ema(series, period)",
        "second": "ema(first, period)",
    },
    summary="Triple exponential moving average: the ema with most of its lag taken off.",
    source="Patrick Mulloy, Technical Analysis of Stocks & Commodities (January 1994); TA-Lib TEMA",
)
