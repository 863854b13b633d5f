"""stochastic_signal: signal line of the stochastic oscillator."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "stochastic_signal",
    (
        period(default=14),
        period("smoothing", 3),
        period("signal", 3),
    ),
    "sma(stochastic(period, smoothing), signal)",
    summary="Signal line of the stochastic oscillator (slow %D), 0 to 100.",
    source="George Lane; TA-Lib STOCH; Stock.Indicators GetStoch",
)
