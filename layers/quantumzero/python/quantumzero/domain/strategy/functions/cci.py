"""cci: commodity channel index."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "cci",
    (period(default=20),),
    "where(deviation == 0, 0, (typical - sma(typical, period)) / (0.015 * deviation))",
    parts={
        "typical": "(high + low + close) / 3",
        "deviation": "mean_deviation(typical, period)",
    },
    summary="Commodity channel index: distance from the mean price in mean deviations (0 without "
    "any).",
    source="Donald Lambert, Commodities (October 1980); TA-Lib CCI; Stock.Indicators GetCci",
)
