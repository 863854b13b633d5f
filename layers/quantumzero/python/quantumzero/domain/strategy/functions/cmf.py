"""cmf: chaikin money flow."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "cmf",
    (period(default=20),),
    "sum(where(high == low, 0, (close - low - (high - close)) / (high - low) * volume), "
    "period) / sum(volume, period)",
    summary="Chaikin money flow, -1 to 1.",
    source="Marc Chaikin; Stock.Indicators GetCmf",
)
