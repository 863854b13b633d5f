"""What a function declares: its meaning for people, the checker and every evaluator."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import fsum
from typing import TYPE_CHECKING, Any, Protocol

from quantumzero.domain.strategy.graph import MAXIMUM_DENOMINATOR, Kind, Unit, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class ArgumentKind(StrEnum):
    """SERIES changes with each bar, PERIOD is a fixed whole number of bars."""

    SERIES = "series"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument as written in a call; a period has its least value."""

    name: str
    kind: ArgumentKind
    least: int = 1


@dataclass(frozen=True, slots=True)
class Instance:
    """One use of a function: periods, and denominators of inputs and result (None: doubles)."""

    periods: tuple[int, ...]
    inputs: tuple[int | None, ...]
    result: int | None


class Running(Protocol):
    """The incremental form: O(1) work per bar, its whole memory in dump()."""

    def step(self, *inputs: Any) -> Value:
        """Advance by one bar and return the value, None during warm-up. Inputs are never None."""

    def dump(self) -> Any:
        """Return the memory as JSON data."""

    def load(self, memory: Any) -> None:
        """Take over a dumped memory."""


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """One function.

    unit None means the unit of the first series. fields are inputs that every call takes from the
    bar itself. aligned brings the series to one denominator (or all to doubles) so that they
    compare. warm_up takes the bars that the inputs need and the periods; denominator takes an
    Instance whose result is not set yet. An undefined input restarts the function, in every
    evaluator: it behaves as if its first bar were the next one.
    """

    name: str
    summary: str
    formula: str
    source: str
    arguments: tuple[Argument, ...]
    result: Kind
    unit: Unit | None
    warm_up: Callable[[int, tuple[int, ...]], int]
    denominator: Callable[[Instance], int | None]
    running: Callable[[Instance], Running]
    fields: tuple[str, ...] = ()
    aligned: bool = False

    @property
    def signature(self) -> str:
        return f"{self.name}({', '.join(argument.name for argument in self.arguments)})"


def series(name: str = "series") -> Argument:
    return Argument(name, ArgumentKind.SERIES)


def period(name: str = "period", least: int = 1) -> Argument:
    return Argument(name, ArgumentKind.PERIOD, least)


def always_float(_: Instance) -> None:
    """Say that the result is a double (or a truth)."""


def same_denominator(instance: Instance) -> int | None:
    """Say that the result is as exact as the first input."""
    return instance.inputs[0]


def times_period(instance: Instance) -> int | None:
    """Say that the result is a sum over the input's denominator times the period."""
    own = instance.inputs[0]
    if own is None or own * instance.periods[0] > MAXIMUM_DENOMINATOR:
        return None
    return own * instance.periods[0]


def mean(values: Sequence[int | float], denominator: int | None) -> float:
    """Return the mean as a double: the exact sum rounded once, then divided by the count.

    Exact values divide by denominator and count in one rounding.
    """
    if denominator is None:
        return fsum(values) / len(values)
    return sum(values) / (denominator * len(values))
