"""aroon_up: how lately the highest high of period bars came."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "aroon_up",
    (period(default=25),),
    "100 * (period - bars_since_highest(high, period + 1)) / period",
    summary="How lately the highest high of period bars came, 0 to 100; exact.",
    source="Tushar Chande (1995); TA-Lib AROON and AROONOSC (the newest of equal extremes counts)",
)
