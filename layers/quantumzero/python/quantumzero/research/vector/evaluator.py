"""The vector evaluator: a strategy's graph over whole histories, one array for each computation."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.kernel import kernel as loaded_kernel
from quantumzero.research.vector.adjusted_fields import (
    EpochFields,
    SymbolFields,
    epochs_of,
)
from quantumzero.research.vector.array_machine import ArrayMachine
from quantumzero.research.vector.comparison import Universe, as_known, prefix_of
from quantumzero.research.vector.epoch_columns import EpochColumns
from quantumzero.research.vector.interning import Interner
from quantumzero.research.vector.native_machine import NativeMachine
from quantumzero.research.vector.signals import signal_bits
from quantumzero.research.vector.worlds import history_known, remembers_comparisons, split_times

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.domain.strategy.graph import Value
    from quantumzero.research.history import MarketHistory
    from quantumzero.research.kernel import Kernel
    from quantumzero.research.vector.adjusted_fields import Epoch
    from quantumzero.research.vector.columns import Column
    from quantumzero.research.vector.interning import Computation
    from quantumzero.research.vector.memory_operations import Machine

    Read = Callable[[EpochColumns, list[int]], NDArray[Any]]


class VectorEvaluator:
    """Evaluate strategies over one history; equal sub-graphs of all of them are computed once.

    calendar names sessions and weeks of higher timeframes (XNYS or none). kernel None takes the
    machine's own kernel, or NumPy when there is none: the results are the same bits. Arrays that are
    returned may be shared with later answers: do not write into them.
    """

    def __init__(
        self, history: MarketHistory, calendar: str = "XNYS", kernel: Kernel | None = None
    ) -> None:
        chosen = kernel or loaded_kernel()
        self._history = history
        self._calendar = calendar
        self._machine: Machine = NativeMachine(chosen) if chosen else ArrayMachine()
        self._interner = Interner()
        self._fields: dict[str, SymbolFields] = {}
        self._epochs: dict[tuple[str, tuple[str, ...]], list[EpochColumns]] = {}
        self._compared: dict[tuple[int, tuple[str, ...]], dict[str, Column]] = {}
        self._universes: dict[tuple[str, ...], Universe] = {}

    def truths(self, compiled: CompiledStrategy, node: int) -> dict[str, NDArray[np.int8]]:
        """Return a truth node on each symbol's own bars: 1, 0, or -1 where undefined.

        Everything before the strategy's warm-up is over is undefined.
        """
        found = self._each(compiled, lambda columns, of: columns.column(of[node]).values)
        return {name: _gated(values, compiled, np.int8(-1)) for name, values in found.items()}

    def numbers(self, compiled: CompiledStrategy, node: int) -> dict[str, NDArray[np.float64]]:
        """Return a number node on each symbol's own bars as doubles, NaN where undefined.

        Everything before the strategy's warm-up is over is undefined.
        """
        found = self._each(compiled, lambda columns, of: columns.column(of[node]).doubles())
        nothing = np.float64("nan")
        return {name: _gated(values, compiled, nothing) for name, values in found.items()}

    def signals(self, compiled: CompiledStrategy) -> dict[str, NDArray[np.uint8]]:
        """Return each symbol's bits ENTER_LONG, EXIT_LONG, ENTER_SHORT, EXIT_SHORT per bar.

        No bit is set before the strategy's warm-up is over.
        """
        return self._each(compiled, lambda columns, of: signal_bits(compiled, of, columns))

    def symbols(self, compiled: CompiledStrategy) -> list[str]:
        """Return the strategy's symbols that the history has."""
        return [each for each in compiled.document.universe if each in self._history.series]

    def forget(self) -> None:
        """Drop everything computed, and with it all that refers back to the evaluator: its memory
        is free at once. The next question computes what it needs again.
        """
        self._compared.clear()
        self._epochs.clear()
        self._fields.clear()
        self._universes.clear()

    def raw(self, compiled: CompiledStrategy, symbol: str) -> list[list[Value]]:
        """Return the values of every node on a symbol's bars as the incremental evaluator has them:
        numerators, doubles, truths or None, warm-up included.
        """
        return [
            self._each(compiled, partial(_listed, node))[symbol].tolist()
            for node in range(len(compiled.nodes))
        ]

    def _each(self, compiled: CompiledStrategy, read: Read) -> dict[str, NDArray[Any]]:
        """Return what is read of each symbol, every epoch's bars from that epoch's columns."""
        if compiled.price_decimals != self._history.price_decimals:
            raise InvalidInputError(
                f"the strategy was compiled for prices of {compiled.price_decimals} decimals, but the "
                f"data's have {self._history.price_decimals}; compile it for those"
            )
        if compiled.cross_sectional and remembers_comparisons(compiled):
            borders = split_times(self._history, (*compiled.document.universe, *compiled.others))
            if borders:
                return self._world_by_world(compiled, read, borders)
        numbers, others = self._interner.numbers(compiled), self._splitting(compiled)
        found = {}
        for symbol in self.symbols(compiled):
            parts = [
                read(columns, numbers)[columns.epoch.first :]
                for columns in self._epochs_of(symbol, others)
            ]
            found[symbol] = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return found

    def _world_by_world(
        self, compiled: CompiledStrategy, read: Read, borders: list[int]
    ) -> dict[str, NDArray[Any]]:
        """Evaluate the whole universe anew after each split, when past comparisons are remembered:
        what was compared then changes with what a share is now.
        """
        parts: dict[str, list[NDArray[Any]]] = {each: [] for each in self.symbols(compiled)}
        starts = [-(2**62), *borders]
        for start, stop in zip(starts, [*borders, 2**62], strict=True):
            world = VectorEvaluator(history_known(self._history, start, stop), self._calendar)
            world._machine = self._machine
            for symbol, values in world._each(compiled, read).items():
                closes_at = world._history.series[symbol].closes_at
                parts[symbol].append(values[int(np.searchsorted(closes_at, start)) :])
        return {symbol: np.concatenate(own) for symbol, own in parts.items()}

    def _splitting(self, compiled: CompiledStrategy) -> tuple[str, ...]:
        return tuple(each for each in compiled.others if self._symbol(each).splits)

    def _symbol(self, symbol: str) -> SymbolFields:
        found = self._fields.get(symbol)
        if found is None:
            found = self._fields[symbol] = SymbolFields(self._history, symbol, self._calendar)
        return found

    def _epochs_of(self, symbol: str, others: tuple[str, ...]) -> list[EpochColumns]:
        found = self._epochs.get((symbol, others))
        if found is None:
            own = self._symbol(symbol)
            splits = [
                *own.splits,
                *(each for other in others for each in self._symbol(other).splits),
            ]
            found = self._epochs[symbol, others] = [
                EpochColumns(
                    EpochFields(self._symbol, own, epoch), epoch, self._interner, self._machine,
                    partial(self._compare, symbol, others),
                )
                for epoch in epochs_of(own.series.closes_at, splits)
            ]  # fmt: skip
        return found

    def _compare(
        self, symbol: str, others: tuple[str, ...], computation: Computation, epoch: Epoch
    ) -> Column:
        """Return a symbol's column of a computation over its universe."""
        found = self._compared.get((computation.number, others))
        if found is None:
            universe = self._universes.get(computation.universe)
            if universe is None:
                universe = Universe(self._history, computation.universe)
                self._universes[computation.universe] = universe
            inputs = {
                member: as_known(
                    [
                        (columns.epoch.first, columns.column(computation.inputs[0]))
                        for columns in self._epochs_of(member, others)
                    ]
                )
                for member in universe.rows
            }
            found = universe.compare(computation, inputs)
            self._compared[computation.number, others] = found
        return prefix_of(found[symbol], epoch.stop)


def _listed(node: int, columns: EpochColumns, numbers: list[int]) -> NDArray[np.object_]:
    return np.array(columns.column(numbers[node]).as_list(), object)


def _gated(values: NDArray[Any], compiled: CompiledStrategy, undefined: Any) -> NDArray[Any]:
    """Return the values, undefined before the warm-up is over."""
    early = values[: max(compiled.warm_up_bars - 1, 0)]
    hidden = np.isnan(early) if early.dtype == np.float64 else early == undefined
    if hidden.all():
        return values
    gated = values.copy()
    gated[: len(early)] = undefined
    return gated
