"""cross_below: the bar on which the first series passes under the second."""

from __future__ import annotations

from quantumzero.domain.strategy.crossing import Crossing
from quantumzero.domain.strategy.function_definition import (
    FunctionDefinition,
    always_float,
    series,
)
from quantumzero.domain.strategy.graph import Kind, Unit

DEFINITION = FunctionDefinition(
    name="cross_below",
    summary="True on the bar on which the first series passes under the second.",
    formula="first[t] < second[t] and first[t-1] >= second[t-1]",
    source="the definition shared by backtesting.py, LEAN and Pine; ties count as not yet across",
    arguments=(series("first"), series("second")),
    result=Kind.TRUTH,
    unit=Unit.PLAIN,
    warm_up=lambda inputs, _: inputs + 1,
    denominator=always_float,
    running=lambda _: Crossing(-1),
    aligned=True,
)
