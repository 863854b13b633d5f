"""ultimate: ultimate oscillator."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "ultimate",
    (
        period("fast", 7),
        period("middle", 14),
        period("slow", 28),
    ),
    "100 * (4 * first + 2 * second + third) / 7",
    parts={
        "pressure": "close - min(low, lag(close, 1))",
        "first": "sum(pressure, fast) / sum(true_range(), fast)",
        "second": "sum(pressure, middle) / sum(true_range(), middle)",
        "third": "sum(pressure, slow) / sum(true_range(), slow)",
    },
    summary="Ultimate oscillator, 0 to 100: buying pressure over three spans.",
    source="Larry Williams (1976); TA-Lib ULTOSC; Stock.Indicators GetUltimate",
)
