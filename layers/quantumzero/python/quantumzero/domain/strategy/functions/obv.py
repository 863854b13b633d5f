"""obv: on-balance volume."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite

DEFINITION = composite(
    "obv",
    (),
    "cumulative(sign(change(close, 1)) * volume)",
    summary="On-balance volume: volume of rising bars less that of falling ones, from the second bar "
    "on.",
    source="Joseph Granville (1963); Stock.Indicators GetObv (TA-Lib OBV also counts the first bar's"
    " volume)",
)
