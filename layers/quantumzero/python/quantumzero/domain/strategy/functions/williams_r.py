"""williams_r: where the close lies."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "williams_r",
    (period(default=14),),
    "where(top == bottom, 0, -100 * (top - close) / (top - bottom))",
    parts={
        "top": "highest(high, period)",
        "bottom": "lowest(low, period)",
    },
    summary="Where the close lies in the range of the last period bars, -100 to 0 (0 without a "
    "range).",
    source="Larry Williams; TA-Lib WILLR; Stock.Indicators GetWilliamsR",
)
