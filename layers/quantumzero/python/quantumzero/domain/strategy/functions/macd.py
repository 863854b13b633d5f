"""macd: moving average convergence and divergence."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, series

DEFINITION = composite(
    "macd",
    (
        series(),
        period("fast", 12),
        period("slow", 26),
    ),
    "ema(series, fast) - ema(series, slow)",
    summary="Moving average convergence and divergence: the fast ema over the slow one.",
    source="Gerald Appel (1979); Stock.Indicators GetMacd",
)
