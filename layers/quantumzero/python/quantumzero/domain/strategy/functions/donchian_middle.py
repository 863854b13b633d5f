"""donchian_middle: middle of the Donchian channel."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "donchian_middle",
    (period(default=20),),
    "(donchian_upper(period) + donchian_lower(period)) / 2",
    summary="Middle of the Donchian channel; exact.",
    source="Richard Donchian; Stock.Indicators GetDonchian",
)
