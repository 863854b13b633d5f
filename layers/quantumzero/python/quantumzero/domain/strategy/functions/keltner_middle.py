"""keltner_middle: middle of the Keltner channel."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "keltner_middle",
    (period(default=20),),
    "ema(close, period)",
    summary="Middle of the Keltner channel.",
    source="Linda Raschke's form of Chester Keltner's channel; Stock.Indicators GetKeltner",
)
