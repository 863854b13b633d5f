"""stochastic_rsi: where the rsi lies in its own range of the last period bars."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, series

DEFINITION = composite(
    "stochastic_rsi",
    (
        series(),
        period("rsi_period", 14),
        period(default=14),
        period("smoothing", 1),
    ),
    "sma(where(top == bottom, 0, 100 * (strength - bottom) / (top - bottom)), smoothing)",
    parts={
        "strength": "rsi(series, rsi_period)",
        "top": "highest(strength, period)",
        "bottom": "lowest(strength, period)",
    },
    summary="Where the rsi lies in its own range of the last period bars, 0 to 100 (0 without a "
    "range).",
    source="Tushar Chande and Stanley Kroll, The New Technical Trader (1994); TA-Lib STOCHRSI",
)
