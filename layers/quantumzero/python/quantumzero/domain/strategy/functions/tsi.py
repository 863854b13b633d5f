"""tsi: true strength index."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, series

DEFINITION = composite(
    "tsi",
    (
        series(),
        period("slow", 25),
        period("fast", 13),
    ),
    "100 * ema(ema(moved, slow), fast) / ema(ema(abs(moved), slow), fast)",
    parts={
        "moved": "change(series, 1)",
    },
    summary="True strength index, -100 to 100: the smoothed change in its smoothed size.",
    source="William Blau, Momentum, Direction, and Divergence (1995); Stock.Indicators GetTsi",
)
