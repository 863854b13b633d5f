"""The incremental evaluator: O(1) work per bar, all its memory in a few hundred bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.program import SymbolProgram
from quantumzero.domain.strategy.stored_state import read_state, write_state

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from quantumzero.domain.bars import Bar
    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.domain.strategy.graph import Value


class Evaluation(NamedTuple):
    """What one bar says: the conditions, False until warm, and every node's value.

    bars_seen counts the bars stepped so far; nodes are the values in the order of the graph.
    """

    entry_long: bool
    exit_long: bool
    entry_short: bool
    exit_short: bool
    bars_seen: int
    warm: bool
    nodes: tuple[Value, ...]
    compiled: CompiledStrategy

    @property
    def values(self) -> Mapping[str, Value]:
        """Every labelled node by its source text; numbers in currency or shares."""
        return {label: self.value(index) for label, index in self.compiled.labels}

    def value(self, index: int) -> Value:
        """Return a node's value as a number in currency or shares, a truth, or None."""
        value = self.nodes[index]
        denominator = self.compiled.nodes[index].denominator
        if value is None or denominator is None or denominator == 1:
            return value
        return float(value) / float(denominator)


def evaluation_of(compiled: CompiledStrategy, values: list[Value], bars_seen: int) -> Evaluation:
    """Return what present values say."""
    if bars_seen < compiled.warm_up_bars:
        return Evaluation(False, False, False, False, bars_seen, False, tuple(values), compiled)
    return Evaluation(
        _is_true(values, compiled.entry_long),
        _is_true(values, compiled.exit_long),
        _is_true(values, compiled.entry_short),
        _is_true(values, compiled.exit_short),
        bars_seen,
        True,
        tuple(values),
        compiled,
    )


def _is_true(values: list[Value], end: int | None) -> bool:
    return end is not None and values[end] is True


class IncrementalEvaluator:
    """Run one compiled strategy over the bars of one symbol, oldest first.

    A bar that does not close later than the last one changes nothing and returns the last result
    again. Raises InvalidInputError for a strategy that compares members of its universe (it takes
    PortfolioEvaluator), and for a bar of another symbol than the given one.
    """

    def __init__(self, compiled: CompiledStrategy, symbol: str = "") -> None:
        if compiled.cross_sectional:
            raise InvalidInputError(
                f"strategy {compiled.document.strategy} compares the members of its universe; step "
                "all of them together"
            )
        self._compiled = compiled
        self._symbol = symbol
        self._program = SymbolProgram(compiled)
        self._last_closes_at: datetime | None = None
        self._bars_seen = 0

    @property
    def last_closes_at(self) -> datetime | None:
        """The close of the newest bar stepped, aware UTC."""
        return self._last_closes_at

    @property
    def bars_seen(self) -> int:
        return self._bars_seen

    def step(self, bar: Bar, others: Mapping[str, Bar] | None = None) -> Evaluation:
        """Advance by one closed bar and return what it says.

        others hold the newest bar of each other instrument that the strategy reads; one that closes
        later than the bar is not used.
        """
        last = self._last_closes_at
        if last is None or bar.closes_at > last:
            if self._symbol and bar.symbol != self._symbol:
                raise InvalidInputError(
                    f"the bar was of {bar.symbol}; this evaluator steps {self._symbol}"
                )
            program = self._program
            program.take(bar, others)
            program.run()
            self._last_closes_at = bar.closes_at
            self._bars_seen += 1
        return evaluation_of(self._compiled, self._program.values, self._bars_seen)

    def evaluation(self) -> Evaluation:
        """Return the result of the last bar; all undefined before the first."""
        return evaluation_of(self._compiled, self._program.values, self._bars_seen)

    def dump(self) -> bytes:
        """Return the whole state as compact JSON."""
        memory = {"bars": self._bars_seen, **self._program.dump()}
        return write_state(self._compiled, self._last_closes_at, memory)

    @classmethod
    def load(
        cls, compiled: CompiledStrategy, state: bytes, symbol: str = ""
    ) -> IncrementalEvaluator:
        """Return the evaluator that dumped the state.

        Raises CorruptDataError when the state is not one, or belongs to another graph.
        """
        evaluator = cls(compiled, symbol)
        evaluator._last_closes_at = read_state(compiled, state, evaluator._take)
        return evaluator

    def _take(self, memory: Mapping[str, Any]) -> None:
        self._program.load(memory)
        self._bars_seen = int(memory["bars"])
