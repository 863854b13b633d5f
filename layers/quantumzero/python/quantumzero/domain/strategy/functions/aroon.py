"""aroon: aroon oscillator."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "aroon",
    (period(default=25),),
    "aroon_up(period) - aroon_down(period)",
    summary="Aroon oscillator, -100 to 100; exact.",
    source="Tushar Chande (1995); TA-Lib AROON and AROONOSC (the newest of equal extremes counts)",
)
