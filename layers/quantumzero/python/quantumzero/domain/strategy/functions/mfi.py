"""mfi: money flow index."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period

DEFINITION = composite(
    "mfi",
    (period(default=14),),
    "where(risen + fallen == 0, 50, 100 * risen / (risen + fallen))",
    parts={
        "typical": "(high + low + close) / 3",
        "moved": "change(typical, 1)",
        "risen": "sum(where(moved > 0, typical * volume, 0), period)",
        "fallen": "sum(where(moved < 0, typical * volume, 0), period)",
    },
    summary="Money flow index, 0 to 100: the rsi's idea weighted by volume (50 when nothing flowed).",
    source="Gene Quong and Avrum Soudack (1989); TA-Lib MFI; Stock.Indicators GetMfi",
)
