"""What a function declares: its meaning for people, the checker and every evaluator.

A primitive has a running form (memory, one step a bar) or a stateless one; a composite has an
expansion, a formula of the language over its argument names, and nothing else to compute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import fsum
from typing import TYPE_CHECKING, Any, Protocol

from quantumzero.domain.strategy.graph import MAXIMUM_DENOMINATOR, Kind, Unit, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from quantumzero.domain.strategy.graph import GraphNode


class ArgumentKind(StrEnum):
    """What a call may give: SERIES and TRUTH change with each bar; PERIOD is a fixed whole number
    of bars, SCALAR a fixed number, GROUP the name of the document's grouping of symbols.
    """

    SERIES = "series"
    TRUTH = "truth"
    PERIOD = "period"
    SCALAR = "number"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument as written in a call. least and greatest bound a period or number; with a
    default, the argument and all after it may be left out.
    """

    name: str
    kind: ArgumentKind
    least: Fraction | None = None
    greatest: Fraction | None = None
    default: Fraction | None = None

    @property
    def shown(self) -> str:
        """The argument as a signature shows it."""
        return self.name if self.default is None else f"{self.name}={float(self.default):g}"


@dataclass(frozen=True, slots=True)
class Instance:
    """One use of a function: periods, denominators of inputs and result (None: doubles, truths),
    the other fixed numbers, and the names (calendar, groups), each in the order of the arguments.
    """

    periods: tuple[int, ...]
    inputs: tuple[int | None, ...]
    result: int | None
    scalars: tuple[float, ...] = ()
    names: tuple[str, ...] = ()


class Running(Protocol):
    """The incremental form: bounded work per bar, its whole memory in dump()."""

    def step(self, *inputs: Any) -> Value:
        """Advance by one bar and return the value, None during warm-up. Inputs are never None."""

    def dump(self) -> Any:
        """Return the memory as JSON data."""

    def load(self, memory: Any) -> None:
        """Take over a dumped memory."""


def always_float(_: Instance) -> None:
    """Say that the result is a double (or a truth)."""


def same_warm_up(inputs: int, _: tuple[int, ...]) -> int:
    """Say that the first value comes with the first inputs."""
    return inputs


def window_warm_up(inputs: int, periods: tuple[int, ...]) -> int:
    """Say that the first value comes when a window of the period is full."""
    return inputs + periods[0] - 1


@dataclass(frozen=True, slots=True)
class Derived:
    """A whole number that follows from the periods, and how, in words."""

    words: str
    follows: Callable[[Mapping[str, int]], int]


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """One function.

    unit None means the unit of the first series. fields are inputs that every call takes from the
    bar itself, before the series (also opens_at and closes_at: microseconds since 1970 UTC).
    aligned brings the series to one denominator (or all to doubles) so that they compare; doubles
    turns every series into doubles. warm_up takes the bars that the inputs need and the periods;
    denominator takes an Instance whose result is not set yet. An undefined input restarts the
    function, in every evaluator: it behaves as if its first bar were the next one.

    Exactly one of these computes it: running (an operation with memory, also the node's name),
    stateless (an operation of operations.py of the same name), expansion (a formula over the
    argument names, the fields, derived, which are whole numbers that follow from the periods, and
    parts, which are formulas with a name, in order), or across (a function of the members at one
    instant, computed by the portfolio's evaluator).
    operation is the node's name when the written name has a second meaning. calendar asks for the
    document's calendar as the node's last constant.
    """

    name: str
    summary: str
    formula: str
    source: str
    arguments: tuple[Argument, ...]
    result: Kind = Kind.NUMBER
    unit: Unit | None = None
    warm_up: Callable[[int, tuple[int, ...]], int] = same_warm_up
    denominator: Callable[[Instance], int | None] = always_float
    running: Callable[[Instance], Running] | None = None
    fields: tuple[str, ...] = ()
    aligned: bool = False
    doubles: bool = False
    stateless: bool = False
    expansion: str | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    derived: Mapping[str, Derived] = field(default_factory=dict)
    across: bool = False
    operation: str = ""
    calendar: bool = False

    @property
    def node_operation(self) -> str:
        """The name of its node in the graph."""
        return self.operation or self.name

    def start(self, instance: Instance) -> Running:
        """Return the running form before its first bar; TypeError for any but such a primitive."""
        if self.running is None:
            raise TypeError(f"{self.name} has no running form")
        return self.running(instance)

    @property
    def signature(self) -> str:
        return f"{self.name}({', '.join(argument.shown for argument in self.arguments)})"

    @property
    def least_arguments(self) -> int:
        """How many arguments a call must write."""
        return sum(argument.default is None for argument in self.arguments)


def composite(
    name: str,
    arguments: Sequence[Argument],
    expansion: str,
    *,
    summary: str,
    source: str,
    result: Kind = Kind.NUMBER,
    parts: Mapping[str, str] | None = None,
    derived: Mapping[str, Derived] | None = None,
) -> FunctionDefinition:
    """Return a function that is a formula of the language, and is shown as it stands."""
    shown = [f"{name} = {each.words}" for name, each in (derived or {}).items()]
    shown += [f"{name} = {text}" for name, text in (parts or {}).items()]
    return FunctionDefinition(
        name=name,
        summary=summary,
        formula="; ".join([*shown, expansion]),
        source=source,
        arguments=tuple(arguments),
        result=result,
        expansion=expansion,
        parts=parts or {},
        derived=derived or {},
    )


def series(name: str = "series") -> Argument:
    return Argument(name, ArgumentKind.SERIES)


def truth(name: str = "condition") -> Argument:
    return Argument(name, ArgumentKind.TRUTH)


def period(name: str = "period", default: int | None = None, *, least: int = 1) -> Argument:
    return Argument(
        name,
        ArgumentKind.PERIOD,
        Fraction(least),
        default=None if default is None else Fraction(default),
    )


def scalar(
    name: str,
    default: str | None = None,
    *,
    least: str | None = None,
    greatest: str | None = None,
) -> Argument:
    """Return a fixed number's argument; the texts are decimal, so that they are exact."""
    numbers = [None if text is None else Fraction(text) for text in (least, greatest, default)]
    return Argument(name, ArgumentKind.SCALAR, *numbers)


def instance_of(node: GraphNode, nodes: Sequence[GraphNode]) -> Instance:
    """Return the use of a function that a node is: its constants sorted by their type."""
    constants = node.constants
    return Instance(
        periods=tuple(value for value in constants if isinstance(value, int)),
        inputs=tuple(nodes[index].denominator for index in node.inputs),
        result=node.denominator,
        scalars=tuple(value for value in constants if isinstance(value, float)),
        names=tuple(value for value in constants if isinstance(value, str)),
    )


def same_denominator(instance: Instance) -> int | None:
    """Say that the result is as exact as the first input."""
    return instance.inputs[0]


def last_denominator(instance: Instance) -> int | None:
    """Say that the result is as exact as the last input."""
    return instance.inputs[-1]


def counted(_: Instance) -> int:
    """Say that the result is a whole number."""
    return 1


def times_period(instance: Instance) -> int | None:
    """Say that the result is a sum over the input's denominator times the period."""
    return _exact_over(instance.inputs[0], instance.periods[0])


def times_weights(instance: Instance) -> int | None:
    """Say that the result is a sum over the input's denominator times 1 + 2 + ... + period."""
    count = instance.periods[0]
    return _exact_over(instance.inputs[0], count * (count + 1) // 2)


def _exact_over(own: int | None, divisor: int) -> int | None:
    if own is None or own * divisor > MAXIMUM_DENOMINATOR:
        return None
    return own * divisor


def as_double(value: int | float, denominator: int | None) -> float:
    """Return a node's value as a double: the numerator is rounded, then the quotient."""
    return value if denominator is None else float(value) / float(denominator)


def mean(values: Sequence[int | float], denominator: int | None) -> float:
    """Return the mean as a double: the exact sum rounded once, then divided by the count.

    Exact values divide by denominator times count.
    """
    if denominator is None:
        return fsum(values) / len(values)
    return float(sum(values)) / float(denominator * len(values))
