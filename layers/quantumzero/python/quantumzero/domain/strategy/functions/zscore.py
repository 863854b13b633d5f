"""zscore: distance from the mean of the last period values in their standard deviations."""

from __future__ import annotations

from dataclasses import replace

from quantumzero.domain.strategy.function_definition import composite, period, series

_DEFINITION = composite(
    "zscore",
    (
        series(),
        period(),
    ),
    "(series - sma(series, period)) / stdev(series, period)",
    summary="Distance from the mean of the last period values in their standard deviations.",
    source="the definition itself, with the population's standard deviation",
)
# Written with one argument it is the universe's zscore at one instant.
DEFINITION = replace(_DEFINITION, operation="zscore_in_time")
