"""Functions over the members of a universe at one instant, on the union of the members' bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.domain.strategy.cross_section import PREFIX, cross_section
from quantumzero.research.vector.adjusted_fields import midnight
from quantumzero.research.vector.columns import UNDEFINED, Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from quantumzero.domain.strategy.graph import Value
    from quantumzero.research.history import MarketHistory
    from quantumzero.research.vector.interning import Computation

    Columns = Mapping[str, Column]

_ORDERED = tuple(PREFIX + name for name in ("rank", "top", "bottom"))


class Universe:
    """The symbols of a universe in its order, the instants of their bars, and who is a member."""

    def __init__(self, history: MarketHistory, symbols: Sequence[str]) -> None:
        self.symbols = tuple(symbols)
        closes = {
            symbol: history.series[symbol].closes_at
            for symbol in self.symbols
            if symbol in history.series
        }
        parts = list(closes.values())
        instants = np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)
        self.count = len(instants)
        self.rows = {symbol: np.searchsorted(instants, own) for symbol, own in closes.items()}
        self._places = {symbol: place for place, symbol in enumerate(self.symbols)}
        self._members = {
            symbol: _membership(history, symbol, own) for symbol, own in closes.items()
        }

    def compare(self, computation: Computation, inputs: Columns) -> dict[str, Column]:
        """Return each symbol's column of a computation over the universe.

        inputs are each symbol's values on its own bars. A symbol takes part where it has a bar and
        is a member.
        """
        big = any(column.is_big for column in inputs.values())
        if computation.node.operation in _ORDERED and not big:
            return self._ordered(computation, inputs)
        return self._instant_by_instant(computation, inputs)

    def _ordered(self, computation: Computation, inputs: Columns) -> dict[str, Column]:
        """Sort the members of all instants at once; equal values stay in the universe's order."""
        node = computation.node
        exact = any(column.is_exact for column in inputs.values())
        shape = (self.count, len(self.symbols))
        values = np.zeros(shape, np.int64 if exact else np.float64)
        present = np.zeros(shape, bool)
        for symbol, rows in self.rows.items():
            own, place = inputs[symbol].values, self._places[symbol]
            known = own != UNDEFINED if exact else ~np.isnan(own)
            values[rows, place] = own
            present[rows, place] = known & self._members[symbol]
        if node.operation == PREFIX + "top":
            values = -values
        last = np.iinfo(np.int64).max if exact else np.inf
        order = np.argsort(np.where(present, values, last), axis=1, kind="stable")
        position = np.empty(shape, np.int64)
        np.put_along_axis(position, order, np.arange(shape[1])[None, :], axis=1)
        found = _ranks(position, present) if node.operation == _ORDERED[0] else None
        if found is None:
            chosen = position < int(node.constants[0])
            found = np.where(present, chosen, -1).astype(np.int8)
        return {
            symbol: Column(np.ascontiguousarray(found[rows, self._places[symbol]]), len(rows), None)
            for symbol, rows in self.rows.items()
        }

    def _instant_by_instant(self, computation: Computation, inputs: Columns) -> dict[str, Column]:
        compute = cross_section(computation.node)
        if compute is None:
            raise ValueError(f"{computation.node.operation} compares no members")
        at: list[list[Value]] = [[None] * len(self.symbols) for _ in range(self.count)]
        for symbol, rows in self.rows.items():
            place, members = self._places[symbol], self._members[symbol].tolist()
            for row, value, is_member in zip(
                rows.tolist(), inputs[symbol].as_list(), members, strict=True
            ):
                if is_member:
                    at[row][place] = value
        answers = [compute(values) for values in at]
        return {
            symbol: Column.of_list(
                [answers[row][self._places[symbol]] for row in rows.tolist()],
                computation.node.denominator,
                computation.is_truth,
            )
            for symbol, rows in self.rows.items()
        }


def _ranks(position: NDArray[np.int64], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    last = present.sum(axis=1, keepdims=True) - 1
    ranks = np.where(last > 0, position / np.maximum(last, 1), 1.0)
    return np.where(present, ranks, np.nan)


def _membership(
    history: MarketHistory, symbol: str, closes_at: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Say on which bars the symbol belongs to the universe; whose first change is join begins
    outside.
    """
    changes = sorted(
        (midnight(action.ex_date), action.kind == "join")
        for action in history.actions
        if action.symbol == symbol and action.kind in ("join", "leave")
    )
    member = np.full(len(closes_at), not changes or not changes[0][1])
    for instant, joins in changes:
        member[int(np.searchsorted(closes_at, instant)) :] = joins
    return member


def as_known(parts: Sequence[tuple[int, Column]]) -> Column:
    """Return one column of a symbol's epochs, each on its own bars: (its first bar, its column)."""
    last = parts[-1][1]
    if len(parts) == 1:
        return last
    if any(column.is_big for _, column in parts):
        listed = [value for first, column in parts for value in column.as_list()[first:]]
        return Column.of_list(listed, last.denominator, last.is_truth)
    joined: NDArray[Any] = np.concatenate([column.values[first:] for first, column in parts])
    bound = max(column.bound for _, column in parts)
    return Column(joined, len(joined), last.denominator, bound=bound)


def prefix_of(column: Column, stop: int) -> Column:
    """Return the first bars of a column, which is never big: comparisons yield none."""
    if stop == column.length:
        return column
    values = np.ascontiguousarray(column.values[:stop])
    return Column(values, stop, column.denominator, bound=column.bound)
