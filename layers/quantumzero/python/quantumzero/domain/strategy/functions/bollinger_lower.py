"""bollinger_lower: lower Bollinger band."""

from __future__ import annotations

from quantumzero.domain.strategy.function_definition import composite, period, scalar, series

DEFINITION = composite(
    "bollinger_lower",
    (
        series(),
        period(default=20),
        scalar("multiplier", "2", least="0"),
    ),
    "sma(series, period) - multiplier * stdev(series, period)",
    summary="Lower Bollinger band, of the population's standard deviation.",
    source="John Bollinger, Bollinger on Bollinger Bands (2001); TA-Lib BBANDS; Stock.Indicators "
    "GetBollingerBands",
)
