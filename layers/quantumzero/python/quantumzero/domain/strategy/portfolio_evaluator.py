"""The incremental evaluator of a whole universe: all members step together, instant by instant.

Nodes that compare members are computed between the steps of the others: the graph is cut at each of
them, every member runs up to the cut, and the node is computed over all. Members are those with a
bar at the instant; the others keep their memory and take no part.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.cross_section import cross_section
from quantumzero.domain.strategy.evaluator import Evaluation, evaluation_of
from quantumzero.domain.strategy.program import SymbolProgram
from quantumzero.domain.strategy.stored_state import read_state, write_state
from quantumzero.domain.strategy.weights import target_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from quantumzero.domain.bars import Bar
    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.domain.strategy.graph import Value
    from quantumzero.domain.strategy.operations import Step

    Across = Callable[[list[Value]], list[Value]]


class PortfolioEvaluator:
    """Run one compiled strategy over the bars of its universe, instant by instant, oldest first.

    Bars that do not close later than the last instant change nothing.
    """

    def __init__(self, compiled: CompiledStrategy) -> None:
        self._compiled = compiled
        self._programs = {symbol: SymbolProgram(compiled) for symbol in compiled.document.universe}
        self._bars_seen = dict.fromkeys(self._programs, 0)
        self._across: list[tuple[int, int, Across]] = []
        for index, node in enumerate(compiled.nodes):
            compute = cross_section(node)
            if compute is not None:
                self._across.append((index, node.inputs[0], compute))
        cuts = [index for index, _, _ in self._across]
        self._stages = {symbol: _cut(program, cuts) for symbol, program in self._programs.items()}
        self._last_closes_at: datetime | None = None
        self._stepped: frozenset[str] = frozenset()
        self._compared: frozenset[str] = frozenset()

    @property
    def last_closes_at(self) -> datetime | None:
        """The close of the newest bars stepped, aware UTC."""
        return self._last_closes_at

    def step(
        self,
        bars: Mapping[str, Bar],
        others: Mapping[str, Bar] | None = None,
        members: Collection[str] | None = None,
    ) -> dict[str, Evaluation]:
        """Advance by the bars that close at one instant, and return what each symbol says.

        bars are by symbol; those of symbols outside the universe serve as other instruments, beside
        others. members limits who is compared (None: the universe); the rest is stepped all the
        same. Raises InvalidInputError when the bars do not close together.
        """
        closes = {bar.closes_at for bar in bars.values()}
        if len(closes) > 1:
            raise InvalidInputError(
                f"the bars closed between {min(closes).isoformat()} and {max(closes).isoformat()}; "
                "those of one step must close together"
            )
        last = self._last_closes_at
        if closes and (last is None or min(closes) > last):
            self._advance(bars, {**(others or {}), **bars}, members)
            self._last_closes_at = min(closes)
        return {
            symbol: evaluation_of(self._compiled, program.values, self._bars_seen[symbol])
            for symbol, program in self._programs.items()
            if symbol in self._stepped
        }

    def _advance(
        self,
        bars: Mapping[str, Bar],
        newest: Mapping[str, Bar],
        members: Collection[str] | None,
    ) -> None:
        stepping = [
            (symbol, program) for symbol, program in self._programs.items() if symbol in bars
        ]
        for symbol, program in stepping:
            program.take(bars[symbol], newest)
            self._bars_seen[symbol] += 1
        self._stepped = frozenset(symbol for symbol, _ in stepping)
        members = self._stepped if members is None else members
        self._compared = compared = self._stepped & set(members)
        for stage in range(len(self._across) + 1):
            for symbol, program in stepping:
                values = program.values
                for index, step in self._stages[symbol][stage]:
                    values[index] = step()
            if stage < len(self._across):
                self._compare(*self._across[stage], compared)

    def _compare(self, index: int, source: int, compute: Across, compared: frozenset[str]) -> None:
        programs = self._programs
        given = [
            program.values[source] if symbol in compared else None
            for symbol, program in programs.items()
        ]
        for (symbol, program), value in zip(programs.items(), compute(given), strict=True):
            if symbol in self._stepped:
                program.values[index] = value

    def weights_at(self) -> dict[str, float]:
        """Return the target weight of every symbol with a bar at the last instant: its share of
        equity, below 0 for a short one.

        Only members that have seen the warm-up's bars are wished for. Empty while there is none,
        and for a strategy of entries and exits.
        """
        weights, rebalance = self._compiled.document.weights, self._compiled.document.rebalance
        warm = {
            symbol
            for symbol in self._stepped
            if self._bars_seen[symbol] >= self._compiled.warm_up_bars
        }
        if weights is None or not warm:
            return {}
        wished = warm & self._compared
        exposure = float(rebalance.exposure_percent) / 100 if rebalance else 1.0
        found = target_weights(
            self._values(self._compiled.weight_long, wished),
            self._values(self._compiled.weight_short, wished),
            weights.scheme,
            self._values(self._compiled.volatility, wished),
        )
        return {
            symbol: weight * exposure
            for symbol, weight in zip(self._programs, found, strict=True)
            if symbol in self._stepped
        }

    def _values(self, index: int | None, wished: Collection[str]) -> list[Value] | None:
        """Return a node's value by symbol, None for one that is not wished for."""
        if index is None:
            return None
        return [
            program.values[index] if symbol in wished else None
            for symbol, program in self._programs.items()
        ]

    def dump(self) -> bytes:
        """Return the whole state as compact JSON."""
        memory = {
            "stepped": sorted(self._stepped),
            "compared": sorted(self._compared),
            "bars": self._bars_seen,
            "symbols": {symbol: program.dump() for symbol, program in self._programs.items()},
        }
        return write_state(self._compiled, self._last_closes_at, memory)

    @classmethod
    def load(cls, compiled: CompiledStrategy, state: bytes) -> PortfolioEvaluator:
        """Return the evaluator that dumped the state.

        Raises CorruptDataError when the state is not one, or belongs to another graph.
        """
        evaluator = cls(compiled)
        evaluator._last_closes_at = read_state(compiled, state, evaluator._take)
        return evaluator

    def _take(self, memory: Mapping[str, Any]) -> None:
        for symbol, program in self._programs.items():
            program.load(memory["symbols"][symbol])
            self._bars_seen[symbol] = int(memory["bars"][symbol])
        self._stepped = frozenset(memory["stepped"])
        self._compared = frozenset(memory["compared"])


def _cut(program: SymbolProgram, cuts: list[int]) -> list[list[tuple[int, Step]]]:
    """Return the steps before the first cut, between each and the next, and after the last."""
    stages: list[list[tuple[int, Step]]] = [[] for _ in range(len(cuts) + 1)]
    for index, step in program.steps:
        stages[bisect_left(cuts, index)].append((index, step))
    return stages
