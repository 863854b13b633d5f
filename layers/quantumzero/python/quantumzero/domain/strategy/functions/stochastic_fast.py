"""stochastic_fast: where the close lies."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "stochastic_fast",
    (period(default=14),),
    "where(top == bottom, 0, 100 * (close - bottom) / (top - bottom))",
    parts={
        "top": "highest(high, period)",
        "bottom": "lowest(low, period)",
    },
    summary="Where the close lies in the range of the last period bars, 0 to 100 (0 without a range).",
    source="George Lane; TA-Lib STOCHF; Stock.Indicators GetStoch",
)
