"""aroon_down: how lately the lowest low of period bars came."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "aroon_down",
    (period(default=25),),
    "100 * (period - bars_since_lowest(low, period + 1)) / period",
    summary="How lately the lowest low of period bars came, 0 to 100; exact.",
    source="Tushar Chande (1995); TA-Lib AROON and AROONOSC (the newest of equal extremes counts)",
)
