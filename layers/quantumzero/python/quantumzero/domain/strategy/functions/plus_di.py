"""plus_di: upward directional indicator."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "plus_di",
    (period(default=14),),
    "where(range == 0, 0, 100 * rma(moved, period) / range)",
    parts={
        "own": "high - lag(high, 1)",
        "other": "lag(low, 1) - low",
        "moved": "where(own > other and own > 0, own, 0)",
        "range": "rma(true_range(), period)",
    },
    summary="Upward directional indicator, 0 to 100 (0 without a range).",
    source="J. Welles Wilder, New Concepts in Technical Trading Systems (1978); Stock.Indicators "
    "GetAdx",
)
