"""A call of every function, with periods small enough for short tests."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from quantumzero.domain.strategy.function_definition import ArgumentKind
from quantumzero.domain.strategy.functions import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quantumzero.domain.strategy.function_definition import FunctionDefinition


def call_of(definition: FunctionDefinition, series: str = "close") -> str:
    """Return a call whose first series is the given one and whose periods are 2, 3, 4 ..."""
    periods = count(2)
    others = iter(["open", "low", "high"])
    written = []
    for argument in definition.arguments:
        if argument.kind is ArgumentKind.SERIES:
            written.append(series)
            series = next(others)
        elif argument.kind is ArgumentKind.TRUTH:
            written.append("close > open")
        elif argument.kind is ArgumentKind.PERIOD:
            written.append(str(next(periods)))
        else:
            written.append(str(float(argument.default or 2)))
    return f"{definition.name}({', '.join(written)})"


def own_bar_functions() -> Iterator[FunctionDefinition]:
    """Yield every function that reads one instrument's bars."""
    for ways in BY_NAME.values():
        yield from (each for each in ways if not each.across)
