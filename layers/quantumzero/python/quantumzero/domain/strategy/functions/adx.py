"""adx: average directional index."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "adx",
    (period(default=14),),
    "rma(where(plus + minus == 0, 0, 100 * abs(plus - minus) / (plus + minus)), period)",
    parts={
        "plus": "plus_di(period)",
        "minus": "minus_di(period)",
    },
    summary="Average directional index, 0 to 100: how strong the trend is, whichever its direction.",
    source="J. Welles Wilder, New Concepts in Technical Trading Systems (1978); Stock.Indicators "
    "GetAdx",
)
