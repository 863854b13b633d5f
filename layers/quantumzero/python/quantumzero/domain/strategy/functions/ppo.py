"""ppo: percentage price oscillator."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, series

DEFINITION = composite(
    "ppo",
    (
        series(),
        period("fast", 12),
        period("slow", 26),
    ),
    "100 * (ema(series, fast) - ema(series, slow)) / ema(series, slow)",
    summary="Percentage price oscillator: the macd in percent of the slow ema.",
    source="Gerald Appel; TA-Lib PPO with exponential averages",
)
