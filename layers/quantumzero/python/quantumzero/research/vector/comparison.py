"""Functions over the members of a universe at one instant, on the union of the members' bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.strategy.cross_section import cross_section
from quantumzero.research.vector.adjusted_fields import midnight
from quantumzero.research.vector.columns import Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from quantumzero.domain.strategy.graph import Value
    from quantumzero.research.history import MarketHistory
    from quantumzero.research.vector.interning import Computation


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
        self._members = {
            symbol: _membership(history, symbol, own) for symbol, own in closes.items()
        }

    def compare(
        self, computation: Computation, inputs: Mapping[str, list[Value]]
    ) -> dict[str, Column]:
        """Return each symbol's column of a computation over the universe.

        inputs are each symbol's values on its own bars. A symbol takes part where it has a bar and
        is a member.
        """
        compute = cross_section(computation.node)
        if compute is None:
            raise ValueError(f"{computation.node.operation} compares no members")
        at: list[list[Value]] = [[None] * len(self.symbols) for _ in range(self.count)]
        for place, symbol in enumerate(self.symbols):
            if symbol in self.rows:
                bars = zip(
                    self.rows[symbol].tolist(), inputs[symbol], self._members[symbol].tolist(),
                    strict=True,
                )  # fmt: skip
                for row, value, is_member in bars:
                    if is_member:
                        at[row][place] = value
        answers = [compute(values) for values in at]
        return {
            symbol: Column.of_list(
                [answers[row][self.symbols.index(symbol)] for row in rows.tolist()],
                computation.node.denominator,
                computation.is_truth,
            )
            for symbol, rows in self.rows.items()
        }


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


def as_known(parts: Sequence[tuple[int, Column]]) -> list[Value]:
    """Return the values of a symbol's epochs, each on its own bars: (its first bar, its column)."""
    return [value for first, column in parts for value in column.as_list()[first:]]


def prefix_of(column: Column, stop: int) -> Column:
    """Return the first bars of a column."""
    if stop == column.length:
        return column
    return Column.of_list(column.as_list()[:stop], column.denominator, column.is_truth)
