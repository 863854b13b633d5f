"""bars_since_lowest: how long ago the least value was."""

from __future__ import annotations

from quantumzero.domain.strategy.extreme_window import ExtremeAge
from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    counted,
    period,
    series,
    window_warm_up,
)
from quantumzero.domain.strategy.graph import Unit

DEFINITION = FunctionDefinition(
    name="bars_since_lowest",
    summary="Bars since the least of the last period values: 0 on its own bar, the newest of equals.",
    formula="t - the newest bar of lowest(x, period)",
    source="TA-Lib AROON, whose equal extremes count from the newest",
    arguments=(series(), period()),
    unit=Unit.PLAIN,
    warm_up=window_warm_up,
    denominator=counted,
    running=lambda instance: ExtremeAge(instance, -1),
)
