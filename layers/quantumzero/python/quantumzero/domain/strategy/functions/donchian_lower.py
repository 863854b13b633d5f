"""donchian_lower: lowest low of the period bars before this one."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "donchian_lower",
    (period(default=20),),
    "lag(lowest(low, period), 1)",
    summary="Lowest low of the period bars before this one, so that a close can break out of it.",
    source="Richard Donchian; Stock.Indicators GetDonchian",
)
