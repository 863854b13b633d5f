"""The vector evaluator: a strategy's graph over whole histories, one array for each computation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.research.kernel import kernel as loaded_kernel
from quantumzero.research.vector.adjusted_fields import AdjustedFields, epochs_of, splits_of
from quantumzero.research.vector.array_machine import ArrayMachine
from quantumzero.research.vector.columns import Column
from quantumzero.research.vector.interning import Interner
from quantumzero.research.vector.native_machine import NativeMachine
from quantumzero.research.vector.operations import OPERATIONS, Machine
from quantumzero.research.vector.signals import signal_bits
from quantumzero.research.vector.stepping import stepped

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.research.history import MarketHistory
    from quantumzero.research.kernel import Kernel
    from quantumzero.research.vector.adjusted_fields import Epoch
    from quantumzero.research.vector.interning import Computation


class EpochColumns:
    """The columns of one symbol's bars up to the end of one epoch, made when first asked for."""

    def __init__(self, fields: AdjustedFields, epoch: Epoch, interner: Interner, machine: Machine):
        self.epoch = epoch
        self.machine = machine
        self._fields = fields
        self._interner = interner
        self._columns: dict[int, Column] = {}

    def column(self, number: int) -> Column:
        """Return the column of a computation."""
        found = self._columns.get(number)
        if found is None:
            found = self._columns[number] = self._make(self._interner.computations[number])
        return found

    def inputs(self, number: int) -> list[Column]:
        return [self.column(each) for each in self._interner.computations[number].inputs]

    def input_numbers(self, number: int) -> tuple[int, ...]:
        return self._interner.computations[number].inputs

    def operation(self, number: int) -> str:
        return self._interner.computations[number].node.operation

    def forget(self) -> None:
        self._columns.clear()

    def _make(self, computation: Computation) -> Column:
        node, length = computation.node, self.epoch.stop
        if node.operation == "field":
            return self._fields[str(node.constants[0])]
        if node.operation == "constant":
            value: Any = node.constants[0]
            return Column.of_constant(value, length, node.denominator)
        inputs = [self.column(number) for number in computation.inputs]
        operation = OPERATIONS.get(node.operation)
        if operation is not None and not any(column.is_big for column in inputs):
            column = operation(computation, inputs, self.machine)
            if column is not None:
                return column
        return stepped(computation, inputs, length)


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
        self._epochs: dict[str, list[EpochColumns]] = {}

    def truths(self, compiled: CompiledStrategy, node: int) -> dict[str, NDArray[np.int8]]:
        """Return a truth node on each symbol's own bars: 1, 0, or -1 where undefined.

        Everything before the strategy's warm-up is over is undefined.
        """
        return self._each(compiled, node, lambda column: column.values, np.int8(-1))

    def numbers(self, compiled: CompiledStrategy, node: int) -> dict[str, NDArray[np.float64]]:
        """Return a number node on each symbol's own bars as doubles, NaN where undefined.

        Everything before the strategy's warm-up is over is undefined.
        """
        return self._each(compiled, node, lambda column: column.doubles(), np.float64("nan"))

    def signals(self, compiled: CompiledStrategy) -> dict[str, NDArray[np.uint8]]:
        """Return each symbol's bits ENTER_LONG, EXIT_LONG, ENTER_SHORT, EXIT_SHORT per bar.

        No bit is set before the strategy's warm-up is over.
        """
        numbers = self._interner.numbers(compiled.nodes)
        warm = compiled.warm_up_bars - 1
        found: dict[str, NDArray[np.uint8]] = {}
        for symbol in self.symbols(compiled):
            parts = [
                signal_bits(compiled, numbers, columns, warm)[columns.epoch.first :]
                for columns in self._columns(symbol)
            ]
            found[symbol] = _joined(parts, np.uint8)
        return found

    def symbols(self, compiled: CompiledStrategy) -> list[str]:
        """Return the strategy's symbols that the history has."""
        return [each for each in compiled.document.universe if each in self._history.series]

    def forget(self) -> None:
        """Drop every computed column; the next question computes it again."""
        for each in self._epochs.values():
            for columns in each:
                columns.forget()

    def _each(
        self, compiled: CompiledStrategy, node: int, read: Callable[[Column], Any], undefined: Any
    ) -> dict[str, NDArray[Any]]:
        number = self._interner.numbers(compiled.nodes)[node]
        warm = compiled.warm_up_bars - 1
        found: dict[str, NDArray[Any]] = {}
        for symbol in self.symbols(compiled):
            parts = []
            for columns in self._columns(symbol):
                column = columns.column(number)
                part = read(column)[columns.epoch.first :]
                early = warm - columns.epoch.first
                if early > 0 and column.start < warm:
                    part = part.copy()
                    part[:early] = undefined
                parts.append(part)
            found[symbol] = _joined(parts, undefined.dtype)
        return found

    def _columns(self, symbol: str) -> list[EpochColumns]:
        found = self._epochs.get(symbol)
        if found is None:
            series = self._history.series[symbol]
            splits = splits_of(self._history.actions, symbol)
            found = self._epochs[symbol] = [
                EpochColumns(
                    AdjustedFields(self._history, series, epoch), epoch, self._interner,
                    self._machine,
                )
                for epoch in epochs_of(series.closes_at, splits)
            ]  # fmt: skip
        return found


def _joined(parts: list[NDArray[Any]], kind: Any) -> NDArray[Any]:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(0, kind)
