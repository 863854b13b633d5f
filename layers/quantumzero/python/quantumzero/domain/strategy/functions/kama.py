"""kama: kaufman's adaptive moving average."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, series

DEFINITION = composite(
    "kama",
    (
        series(),
        period(default=10),
        period("fast", 2),
        period("slow", 30),
    ),
    "blend(series, smoothing * smoothing, lag(series, 1))",
    parts={
        "moved": "sum(abs(change(series, 1)), period)",
        "efficiency": "where(moved == 0, 1, abs(change(series, period)) / moved)",
        "smoothing": "efficiency * (2 / (fast + 1) - 2 / (slow + 1)) + 2 / (slow + 1)",
    },
    summary="Kaufman's adaptive moving average: quick in a trend, slow in noise.",
    source="Perry Kaufman, Smarter Trading (1995); TA-Lib KAMA",
)
