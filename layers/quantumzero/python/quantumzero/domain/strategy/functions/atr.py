"""atr: Wilder's average true range."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "atr",
    (period(),),
    "rma(true_range(), period)",
    summary="Average true range of the bars, gaps included, in the price's currency.",
    source="J. Welles Wilder, New Concepts in Technical Trading Systems (1978); TA-Lib ATR; "
    "Stock.Indicators GetAtr",
)
