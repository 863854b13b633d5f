"""The graph of one symbol as a program: its present values, and what computes each from a bar.

Everything a step needs is bound when the program is made; a step looks nothing up and makes no
containers. The whole memory is in dump().
"""

from __future__ import annotations

from math import isfinite
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from quantumzero.domain.calendars import to_us
from quantumzero.domain.strategy.cross_section import PREFIX
from quantumzero.domain.strategy.function_definition import instance_of
from quantumzero.domain.strategy.functions import FUNCTIONS
from quantumzero.domain.strategy.graph import GraphNode, Kind, Value
from quantumzero.domain.strategy.operations import Step, stateless_step
from quantumzero.domain.strategy.references import field_parts
from quantumzero.domain.strategy.timeframes import HIGHER_FIELDS, Aggregation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from quantumzero.domain.bars import Bar
    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.domain.strategy.function_definition import Running

_OTHER_FIELDS = (*HIGHER_FIELDS, "vwap")
_read_other = attrgetter(*_OTHER_FIELDS)


class FunctionNode:
    """One function node: restarts on an undefined input, and on a result beyond the doubles."""

    __slots__ = ("_definition", "_inputs", "_instance", "_is_double", "run", "running")

    def __init__(self, node: GraphNode, nodes: Sequence[GraphNode]) -> None:
        self._definition = FUNCTIONS[node.operation]
        self._instance = instance_of(node, nodes)
        self._inputs = node.inputs
        self._is_double = node.kind is Kind.NUMBER and node.denominator is None
        self.restart()

    def restart(self) -> None:
        """Forget everything: the next bar is the first."""
        self.running: Running = self._definition.start(self._instance)
        self.run: Callable[..., Value] = self.running.step

    def step_on(self, values: list[Value]) -> Step:
        """Return what advances the function by the present values."""
        if len(self._inputs) == 1:
            return self._step_of_one(values, self._inputs[0])
        if len(self._inputs) == 2:
            return self._step_of_two(values, *self._inputs)
        inputs = self._inputs

        def step() -> Value:
            given = [values[index] for index in inputs]
            if None in given:
                self.restart()
                return None
            try:
                return self._checked(self.run(*given))
            except OverflowError:
                self.restart()
                return None

        return step

    def _step_of_one(self, values: list[Value], source: int) -> Step:
        is_double = self._is_double

        def step() -> Value:
            value = values[source]
            if value is None:
                self.restart()
                return None
            try:
                result = self.run(value)
            except OverflowError:
                self.restart()
                return None
            return self._checked(result) if is_double else result

        return step

    def _step_of_two(self, values: list[Value], first: int, second: int) -> Step:
        is_double = self._is_double

        def step() -> Value:
            left, right = values[first], values[second]
            if left is None or right is None:
                self.restart()
                return None
            try:
                result = self.run(left, right)
            except OverflowError:
                self.restart()
                return None
            return self._checked(result) if is_double else result

        return step

    def _checked(self, result: Value) -> Value:
        if result is None or not self._is_double or isfinite(result):
            return result
        self.restart()
        return None


class SymbolProgram:
    """The values and the steps of one symbol; fields are taken from the bar before the steps run.

    steps holds (node, what computes it) in the order of the graph, cross-sectional nodes left out:
    their values are written by who knows the other members.
    """

    def __init__(self, compiled: CompiledStrategy) -> None:
        self.values: list[Value] = [None] * len(compiled.nodes)
        self.steps: list[tuple[int, Step]] = []
        self._stored: list[int] = []
        self._fields: list[tuple[int, Callable[[Bar], int | None]]] = []
        self._higher_fields: list[tuple[int, Aggregation, int]] = []
        self._other_fields: list[tuple[int, str, int]] = []
        self._functions: list[FunctionNode] = []
        calendar = compiled.document.calendar
        self._aggregations = {
            timeframe: Aggregation(timeframe, calendar) for timeframe in compiled.timeframes
        }
        self._others: dict[str, list[int | None]] = {}
        for index, node in enumerate(compiled.nodes):
            if node.operation == "constant":
                self.values[index] = node.constants[0]  # type: ignore[assignment]  # a number here
                continue
            self._stored.append(index)
            if node.operation == "field":
                self._prepare_field(index, node)
            elif not node.operation.startswith(PREFIX):
                self._prepare_step(index, node, compiled.nodes)

    def _prepare_field(self, index: int, node: GraphNode) -> None:
        name, timeframe, symbol = field_parts(node)
        if timeframe:
            place = HIGHER_FIELDS.index(name)
            self._higher_fields.append((index, self._aggregations[timeframe], place))
        elif symbol:
            self._other_fields.append((index, symbol, _OTHER_FIELDS.index(name) + 1))
        elif name in ("opens_at", "closes_at"):
            self._fields.append((index, _instant(name)))
        else:
            self._fields.append((index, attrgetter(name)))

    def _prepare_step(self, index: int, node: GraphNode, nodes: Sequence[GraphNode]) -> None:
        step = stateless_step(node, self.values)
        if step is None:
            function = FunctionNode(node, nodes)
            self._functions.append(function)
            step = function.step_on(self.values)
        self.steps.append((index, step))

    def take(self, bar: Bar, others: Mapping[str, Bar] | None) -> None:
        """Write the fields of the bar, of the higher timeframes it belongs to, and of the others."""
        values = self.values
        for index, read in self._fields:
            values[index] = read(bar)
        if self._aggregations:
            for aggregation in self._aggregations.values():
                aggregation.step(bar)
            for index, aggregation, place in self._higher_fields:
                completed = aggregation.completed
                values[index] = completed[place] if completed else None
        if self._other_fields:
            self._remember(bar, others or {})
            for index, symbol, place in self._other_fields:
                known = self._others.get(symbol)
                values[index] = known[place] if known else None

    def _remember(self, bar: Bar, others: Mapping[str, Bar]) -> None:
        """Keep the newest bar of each other instrument that closed at or before this one."""
        for symbol in {symbol for _, symbol, _ in self._other_fields}:
            other = bar if symbol == bar.symbol else others.get(symbol)
            if other is None or other.closes_at > bar.closes_at:
                continue
            closes_us = to_us(other.closes_at)
            known = self._others.get(symbol)
            if known is None or closes_us > (known[0] or 0):
                self._others[symbol] = [closes_us, *_read_other(other)]

    def run(self) -> None:
        """Compute every node of a graph without cross-sectional ones."""
        values = self.values
        for index, step in self.steps:
            values[index] = step()

    def dump(self) -> dict[str, Any]:
        """Return the memory as JSON data."""
        return {
            "values": [self.values[index] for index in self._stored],
            "functions": [function.running.dump() for function in self._functions],
            "higher": [aggregation.dump() for aggregation in self._aggregations.values()],
            "others": self._others,
        }

    def load(self, memory: Mapping[str, Any]) -> None:
        """Take over a dumped memory of the same graph; ValueError or its kin for any other."""
        for index, value in zip(self._stored, memory["values"], strict=True):
            self.values[index] = value
        for function, state in zip(self._functions, memory["functions"], strict=True):
            function.running.load(state)
        kept = zip(self._aggregations.values(), memory["higher"], strict=True)
        for aggregation, state in kept:
            aggregation.load(state)
        self._others = {str(symbol): list(bar) for symbol, bar in memory["others"].items()}


def _instant(name: str) -> Callable[[Bar], int]:
    read = attrgetter(name)
    return lambda bar: to_us(read(bar))
