"""Check one call of a function and build its nodes: overload, arguments, units, expansion.

A primitive becomes one node; a composite is its formula, read once and visited with the call's
arguments bound to its names, and a fault inside it points at the call.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Protocol

from quantumzero.domain.strategy.arithmetic import (
    Arithmetic,
    Operand,
    OperandError,
    Scalar,
    Series,
)
from quantumzero.domain.strategy.function_definition import (
    Argument,
    ArgumentKind,
    FunctionDefinition,
    Instance,
)
from quantumzero.domain.strategy.functions import BY_NAME
from quantumzero.domain.strategy.graph import GraphBuilder, GraphNode, Kind, Unit
from quantumzero.domain.strategy.parser import parse_expression
from quantumzero.domain.strategy.problems import nearest_name
from quantumzero.domain.strategy.tree import Name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quantumzero.domain.strategy.tree import Call, Expression

MAXIMUM_LOOKBACK = 5_000
_AHEAD = frozenset(
    {"lead", "shift", "future", "next", "forward", "ahead", "tomorrow", "peek", "look_ahead"}
)
_ALL_FIXED = "every argument was a fixed number; one must be a series of the bars"
_parsed = cache(parse_expression)


class CallHost(Protocol):
    """What checking a call needs of the checker."""

    graph: GraphBuilder
    arithmetic: Arithmetic
    calendar: str

    def visit(self, expression: Expression) -> Operand | None: ...
    def field(self, name: str) -> int: ...
    def report(self, where: Expression, message: str, nearest: str | None = None) -> None: ...
    def is_number(self, expression: Expression, operand: Operand) -> bool: ...
    def as_truth(self, expression: Expression, operand: Operand) -> Series | None: ...
    def group(self, expression: Expression) -> str | None: ...
    def expand(
        self, call: Call, formula: Expression, names: Mapping[str, Operand]
    ) -> Operand | None: ...


class _Gathered:
    """The arguments of one call as far as they were right."""

    def __init__(self) -> None:
        self.inputs: list[tuple[Argument, Operand]] = []
        self.constants: list[int | float | str] = []
        self.bound: dict[str, Operand] = {}
        self.periods: dict[str, int] = {}


def check_call(host: CallHost, call: Call) -> Operand | None:
    """Return what the call yields, None when it or a part of it is wrong (and was reported)."""
    overloads = BY_NAME.get(call.name)
    definition = overloads and _overload(overloads, len(call.arguments))
    if not definition:
        for argument in call.arguments:
            host.visit(argument)
        if overloads:
            ways = " or ".join(each.signature for each in overloads)
            host.report(call, f"{call.name} had {len(call.arguments)} arguments; write {ways}")
        else:
            written = Name(call.name, call.start, call.start + len(call.name))
            host.report(written, *_unknown(call.name))
        return None
    gathered = _gather(host, call, definition)
    if gathered is None:
        return None
    try:
        if definition.expansion is not None:
            return _expanded(host, call, definition, gathered)
        return _node(host, definition, gathered)
    except OperandError as error:
        host.report(call, str(error))
        return None


def _overload(overloads: tuple[FunctionDefinition, ...], written: int) -> FunctionDefinition | None:
    fitting = (each for each in overloads if each.least_arguments <= written <= len(each.arguments))
    return next(fitting, None)


def _unknown(name: str) -> tuple[str, str | None]:
    if name in _AHEAD:
        return (
            f"the function {name} does not exist: the language cannot look ahead, because a bar is "
            "decided at its close; write lag(close, 1) for the close of the bar before",
            "lag",
        )
    nearest = nearest_name(name, BY_NAME)
    hint = f"did you mean {nearest}?" if nearest else "docs/functions.md lists all there are"
    return f"the function {name} does not exist; {hint}", nearest


def _gather(host: CallHost, call: Call, definition: FunctionDefinition) -> _Gathered | None:
    gathered, right = _Gathered(), True
    for position, argument in enumerate(definition.arguments):
        if position < len(call.arguments):
            right &= _take(host, argument, call.arguments[position], gathered)
        elif argument.default is not None:
            _keep_number(argument, argument.default, gathered)
    return gathered if right else None


def _take(host: CallHost, argument: Argument, written: Expression, gathered: _Gathered) -> bool:
    """Add one written argument; return whether it was right."""
    if argument.kind is ArgumentKind.GROUP:
        name = host.group(written)
        gathered.constants.extend([] if name is None else [name])
        return name is not None
    operand = host.visit(written)
    if operand is None:
        return False
    if argument.kind is ArgumentKind.TRUTH:
        operand = host.as_truth(written, operand)
        if operand is None:
            return False
    elif argument.kind is ArgumentKind.SERIES:
        if not host.is_number(written, operand):
            return False
    else:
        return _take_number(host, argument, written, operand, gathered)
    gathered.inputs.append((argument, operand))
    gathered.bound[argument.name] = operand
    return True


def _take_number(
    host: CallHost, argument: Argument, written: Expression, operand: Operand, gathered: _Gathered
) -> bool:
    fault = _fault_of_number(argument, operand)
    if fault is not None or not isinstance(operand, Scalar):
        host.report(written, str(fault))
        return False
    _keep_number(argument, operand.value, gathered)
    return True


def _keep_number(argument: Argument, value: Fraction, gathered: _Gathered) -> None:
    gathered.bound[argument.name] = Scalar(value)
    if argument.kind is ArgumentKind.PERIOD:
        gathered.constants.append(int(value))
        gathered.periods[argument.name] = int(value)
    else:
        gathered.constants.append(float(value))


def _fault_of_number(argument: Argument, operand: Operand) -> str | None:
    """Return what is wrong with a period or a fixed number, None when nothing is."""
    named = argument.name
    if argument.kind is ArgumentKind.PERIOD and named != "period":
        named = f"period {named}"
    if isinstance(operand, Series):
        whole = "whole " if argument.kind is ArgumentKind.PERIOD else ""
        return f"the {named} was a series; it must be one fixed {whole}number"
    value, least, greatest = operand.value, argument.least, argument.greatest
    if argument.kind is ArgumentKind.PERIOD:
        allowed = f"a whole number from {least} to {MAXIMUM_LOOKBACK}"
        if value < 0:
            return (
                f"the {named} was {float(value):g}, which means bars that have not closed yet; the "
                f"language cannot look ahead: it may be {allowed}, such as lag(close, 1)"
            )
        if value.denominator == 1 and (least or 0) <= value <= MAXIMUM_LOOKBACK:
            return None
    else:
        if (least is None or value >= least) and (greatest is None or value <= greatest):
            return None
        ends = [] if least is None else [f"from {float(least):g}"]
        ends += [] if greatest is None else [f"to {float(greatest):g}"]
        allowed = f"a number {' '.join(ends)}"
    return f"the {named} was {float(value):g}; it may be {allowed}"


def _expanded(
    host: CallHost, call: Call, definition: FunctionDefinition, gathered: _Gathered
) -> Operand | None:
    given = [operand for _, operand in gathered.inputs]
    if given and not any(isinstance(operand, Series) for operand in given):
        raise OperandError(_ALL_FIXED)
    names = dict(gathered.bound)
    for name, derived in definition.derived.items():
        names[name] = Scalar(Fraction(derived.follows(gathered.periods)))
    for name, formula in definition.parts.items():
        operand = host.expand(call, _parsed(formula), names)
        if operand is None:
            return None
        names[name] = operand
    return host.expand(call, _parsed(str(definition.expansion)), names)


def _node(host: CallHost, definition: FunctionDefinition, gathered: _Gathered) -> Operand:
    inputs = _inputs(host, definition, gathered)
    nodes = [host.graph[index] for index in inputs]
    constants = (*gathered.constants, *([host.calendar] if definition.calendar else []))
    periods = tuple(gathered.periods.values())
    instance = Instance(periods, tuple(node.denominator for node in nodes), None)
    warm_up = definition.warm_up(max(node.warm_up for node in nodes), periods)
    counted = (node.unit for node in nodes if node.unit is not Unit.PLAIN)
    unit = definition.unit or next(counted, Unit.PLAIN)
    return Series(
        host.graph.add(
            GraphNode(
                definition.node_operation,
                inputs,
                constants,
                definition.result,
                Unit.PLAIN if definition.result is Kind.TRUTH else unit,
                definition.denominator(instance),
                warm_up,
            )
        )
    )


def _inputs(host: CallHost, definition: FunctionDefinition, gathered: _Gathered) -> tuple[int, ...]:
    fields = [host.field(name) for name in definition.fields]
    given = [operand for _, operand in gathered.inputs]
    if not fields and not any(isinstance(operand, Series) for operand in given):
        raise OperandError(_ALL_FIXED)
    arithmetic = host.arithmetic
    if definition.aligned:
        *before, first, second = given
        arithmetic.check_comparable(first, second)
        left, right, _ = arithmetic.aligned(first, second)
        return (*fields, *(arithmetic.index(operand) for operand in before), left, right)
    if definition.doubles:
        fields = [host.graph.as_float(index) for index in fields]
        return (*fields, *(arithmetic.double_index(operand) for operand in given))
    return (*fields, *(arithmetic.index(operand) for operand in given))
