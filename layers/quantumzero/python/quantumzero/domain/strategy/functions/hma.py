"""hma: hull moving average."""

from __future__ import annotations

from math import isqrt

from quantumzero.domain.strategy.function_definition import Derived, composite, period, series

DEFINITION = composite(
    "hma",
    (
        series(),
        period(least=2),
    ),
    "wma(2 * wma(series, half) - wma(series, period), root)",
    derived={
        "half": Derived("period / 2, rounded down", lambda periods: periods["period"] // 2),
        "root": Derived(
            "square root of period, rounded down", lambda periods: isqrt(periods["period"])
        ),
    },
    summary="Hull moving average: a weighted average that hardly lags.",
    source="Alan Hull (2005); Stock.Indicators GetHma",
)
