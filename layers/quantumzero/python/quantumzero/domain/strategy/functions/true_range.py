"""true_range: the bar's range with the gap from the bar before."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite

DEFINITION = composite(
    "true_range",
    (),
    "max(high, lag(close, 1)) - min(low, lag(close, 1))",
    summary="The bar's range, the gap from the last close included, from the second bar on; exact.",
    source="J. Welles Wilder, New Concepts in Technical Trading Systems (1978); TA-Lib TRANGE",
)
