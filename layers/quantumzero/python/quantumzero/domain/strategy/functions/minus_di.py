"""minus_di: downward directional indicator."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "minus_di",
    (period(default=14),),
    "where(range == 0, 0, 100 * rma(moved, period) / range)",
    parts={
        "own": "lag(low, 1) - low",
        "other": "high - lag(high, 1)",
        "moved": "where(own > other and own > 0, own, 0)",
        "range": "rma(true_range(), period)",
    },
    summary="Downward directional indicator, 0 to 100 (0 without a range).",
    source="J. Welles Wilder, New Concepts in Technical Trading Systems (1978); Stock.Indicators "
    "GetAdx",
)
