"""accumulation_distribution: accumulation/distribution line."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite

DEFINITION = composite(
    "accumulation_distribution",
    (),
    "cumulative(where(high == low, 0, (close - low - (high - close)) / (high - low) * volume))",
    summary="Accumulation/distribution line: volume weighted by where the close lies, from the first "
    "bar on.",
    source="Marc Chaikin; TA-Lib AD; Stock.Indicators GetAdl",
)
