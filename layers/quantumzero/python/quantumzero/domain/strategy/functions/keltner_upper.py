"""keltner_upper: upper Keltner channel."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, scalar

DEFINITION = composite(
    "keltner_upper",
    (
        period(default=20),
        scalar("multiplier", "2", least="0"),
        period("atr_period", 10),
    ),
    "ema(close, period) + multiplier * atr(atr_period)",
    summary="Upper Keltner channel.",
    source="Linda Raschke's form of Chester Keltner's channel; Stock.Indicators GetKeltner",
)
