"""stochastic: stochastic oscillator."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "stochastic",
    (
        period(default=14),
        period("smoothing", 3),
    ),
    "sma(stochastic_fast(period), smoothing)",
    summary="Stochastic oscillator (slow %K), 0 to 100.",
    source="George Lane; TA-Lib STOCH; Stock.Indicators GetStoch",
)
