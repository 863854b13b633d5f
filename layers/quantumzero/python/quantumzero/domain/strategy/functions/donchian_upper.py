"""donchian_upper: highest high of the period bars before this one."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "donchian_upper",
    (period(default=20),),
    "lag(highest(high, period), 1)",
    summary="Highest high of the period bars before this one, so that a close can break out of it.",
    source="Richard Donchian; Stock.Indicators GetDonchian",
)
