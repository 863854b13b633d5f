"""The incremental evaluator: O(1) work per bar, all its memory in a few hundred bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import TYPE_CHECKING, Any

from quantumzero.domain.calendars import to_us
from quantumzero.domain.errors import CorruptDataError
from quantumzero.domain.strategy.function_definition import Running, instance_of
from quantumzero.domain.strategy.functions import FUNCTIONS
from quantumzero.domain.strategy.graph import GraphNode, Kind, Value
from quantumzero.domain.strategy.operations import Step, stateless_step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quantumzero.domain.bars import Bar
    from quantumzero.domain.strategy.compiler import CompiledStrategy

_STATE_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What one bar says: the two conditions, and every labelled node (numbers in currency or
    shares).

    entry_long and exit_long are False until warm; bars_seen counts the bars stepped so far.
    """

    entry_long: bool
    exit_long: bool
    entry_short: bool
    exit_short: bool
    values: Mapping[str, Value]
    bars_seen: int
    warm: bool


def field_value(bar: Bar, field: str) -> int | None:
    """Return a field of a bar; its times in microseconds since 1970 UTC, None for one it lacks."""
    value = getattr(bar, field, None)
    return to_us(value) if isinstance(value, datetime) else value


class _Function:
    """One function node: restarts on an undefined input, and on a result beyond the doubles."""

    def __init__(self, node: GraphNode, nodes: tuple[GraphNode, ...], values: list[Value]) -> None:
        self._definition = FUNCTIONS[node.operation]
        self._instance = instance_of(node, nodes)
        self._inputs = node.inputs
        self._values = values
        self._is_double = node.kind is Kind.NUMBER and node.denominator is None
        self.running: Running = self._definition.start(self._instance)

    def step(self) -> Value:
        values = self._values
        given = [values[index] for index in self._inputs]
        if None in given:
            self._restart()
            return None
        try:
            result = self.running.step(*given)
        except OverflowError:
            self._restart()
            return None
        if self._is_double and result is not None and not isfinite(result):
            self._restart()
            return None
        return result

    def _restart(self) -> None:
        self.running = self._definition.start(self._instance)


class IncrementalEvaluator:
    """Run one compiled strategy over the bars of one symbol, oldest first.

    A bar that does not close later than the last one changes nothing and returns the last result
    again.
    """

    def __init__(self, compiled: CompiledStrategy) -> None:
        self._compiled = compiled
        self._values: list[Value] = [None] * len(compiled.nodes)
        self._fields: list[tuple[int, str]] = []
        self._program: list[tuple[int, Step]] = []
        self._functions: list[_Function] = []
        for index, node in enumerate(compiled.nodes):
            self._prepare(index, node)
        self._last_closes_at: datetime | None = None
        self._bars_seen = 0

    def _prepare(self, index: int, node: GraphNode) -> None:
        if node.operation == "field":
            self._fields.append((index, str(node.constants[0])))
            return
        if node.operation == "constant":
            self._values[index] = node.constants[0]  # type: ignore[assignment]  # a number here
            return
        step = stateless_step(node, self._values)
        if step is None:
            function = _Function(node, self._compiled.nodes, self._values)
            self._functions.append(function)
            step = function.step
        self._program.append((index, step))

    @property
    def last_closes_at(self) -> datetime | None:
        """The close of the newest bar stepped, aware UTC."""
        return self._last_closes_at

    @property
    def bars_seen(self) -> int:
        return self._bars_seen

    def step(self, bar: Bar) -> Evaluation:
        """Advance by one closed bar and return what it says."""
        if self._last_closes_at is None or bar.closes_at > self._last_closes_at:
            self._advance(bar)
        return self.evaluation()

    def _advance(self, bar: Bar) -> None:
        values = self._values
        for index, field in self._fields:
            values[index] = field_value(bar, field)
        for index, step in self._program:
            values[index] = step()
        self._last_closes_at = bar.closes_at
        self._bars_seen += 1

    def evaluation(self) -> Evaluation:
        """Return the result of the last bar; all undefined before the first."""
        compiled = self._compiled
        warm = self._bars_seen >= compiled.warm_up_bars
        return Evaluation(
            entry_long=warm and self._is_true(compiled.entry_long),
            exit_long=warm and self._is_true(compiled.exit_long),
            entry_short=warm and self._is_true(compiled.entry_short),
            exit_short=warm and self._is_true(compiled.exit_short),
            values={label: self._shown(index) for label, index in compiled.labels},
            bars_seen=self._bars_seen,
            warm=warm,
        )

    def _is_true(self, index: int | None) -> bool:
        return index is not None and self._values[index] is True

    def _shown(self, index: int) -> Value:
        value = self._values[index]
        denominator = self._compiled.nodes[index].denominator
        if value is None or denominator is None or denominator == 1:
            return value
        return value / denominator

    def dump(self) -> bytes:
        """Return the whole state as compact JSON."""
        last = self._last_closes_at
        state = {
            "format": _STATE_FORMAT,
            "graph": self._compiled.fingerprint,
            "last": last.isoformat() if last else None,
            "bars": self._bars_seen,
            "values": [self._values[index] for index, _ in self._stored()],
            "functions": [function.running.dump() for function in self._functions],
        }
        return json.dumps(state, separators=(",", ":"), allow_nan=False).encode()

    def _stored(self) -> list[tuple[int, GraphNode]]:
        return [
            (index, node)
            for index, node in enumerate(self._compiled.nodes)
            if node.operation != "constant"
        ]

    @classmethod
    def load(cls, compiled: CompiledStrategy, state: bytes) -> IncrementalEvaluator:
        """Return the evaluator that dumped the state.

        Raises CorruptDataError when the state is not one, or belongs to another graph.
        """
        evaluator = cls(compiled)
        try:
            evaluator._restore(json.loads(state))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise CorruptDataError(
                f"stored state of strategy {compiled.document.strategy} cannot be read ({error}); "
                "delete it, and it is rebuilt from the stored bars"
            ) from error
        return evaluator

    def _restore(self, state: dict[str, Any]) -> None:
        found = (state["format"], state["graph"])
        if found != (_STATE_FORMAT, self._compiled.fingerprint):
            raise ValueError(
                f"it was of format and graph {found}; they must be "
                f"{(_STATE_FORMAT, self._compiled.fingerprint)}"
            )
        last = state["last"]
        self._last_closes_at = datetime.fromisoformat(last).astimezone(UTC) if last else None
        self._bars_seen = int(state["bars"])
        for (index, _), value in zip(self._stored(), state["values"], strict=True):
            self._values[index] = value
        for function, memory in zip(self._functions, state["functions"], strict=True):
            function.running.load(memory)
