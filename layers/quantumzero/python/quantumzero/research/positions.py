"""What a run held and had working at the close of each row, read back from its orders and fills."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.strategy.conclusion import Held
from quantumzero.research.result import ORDER_STATES, SIDES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quantumzero.research.grid import Grid
    from quantumzero.research.simulation.request import SimulationOutcome

_SELL = SIDES.index("sell")
_ENDLESS = 2**62
_LIVING = ORDER_STATES.index("open")


class Positions:
    """Answer what one instrument held when a row was decided, and what its orders could still do.

    Orders decided on the row itself do not count: they follow from the decision.
    """

    def __init__(self, grid: Grid, outcome: SimulationOutcome) -> None:
        self._grid = grid
        self._splits: dict[int, list[tuple[int, float]]] = {}
        orders, fills = outcome.orders, outcome.fills
        self._orders = orders
        signs = np.where(orders.side == _SELL, -1.0, 1.0)
        self._fill_symbol = orders.symbol[fills.order]
        self._fill_time = fills.time
        self._fill_change = signs[fills.order] * fills.quantity
        self._filled_after = _last_fill(fills.order, fills.time, len(orders))
        self._rows_of_fills = np.searchsorted(grid.time, fills.time)
        self._quantities: dict[int, NDArray[np.float64]] = {}
        self._working: dict[int, list[tuple[int, int, int, float]]] = {}

    def with_splits(self, splits: dict[int, list[tuple[int, float]]]) -> Positions:
        """Take the (row, new shares for old) of each instrument: they change what is held."""
        self._splits = splits
        return self

    def at(self, index: int, row: int) -> Held:
        """Return the position and pending quantities of the instrument at the row's close."""
        if index not in self._quantities:
            self._quantities[index] = self._walk(index)
            self._working[index] = self._orders_of(index)
        pending = [0.0, 0.0]
        for decided, ended, side, quantity in self._working[index]:
            if decided < row < ended:
                pending[side] += quantity
        return Held(_exact(self._quantities[index][row]), _exact(pending[0]), _exact(pending[1]))

    def _walk(self, index: int) -> NDArray[np.float64]:
        rows = len(self._grid.time)
        own = self._fill_symbol == index
        changes: dict[int, list[float]] = {}
        for row, change in zip(
            self._rows_of_fills[own].tolist(), self._fill_change[own].tolist(), strict=True
        ):
            changes.setdefault(min(row, rows - 1), []).append(change)
        factors = dict(self._splits.get(index, []))
        held = np.zeros(rows)
        quantity, before = 0.0, 0
        for row in sorted({*changes, *factors}):
            held[before:row] = quantity
            quantity *= factors.get(row, 1.0)
            for change in changes.get(row, []):
                quantity += change
            quantity = 0.0 if abs(quantity) < 1e-9 else quantity
            before = row
        held[before:] = quantity
        return held

    def _orders_of(self, index: int) -> list[tuple[int, int, int, float]]:
        """Return (row of decision, row it ended, side, quantity) of each order of the instrument."""
        orders, grid = self._orders, self._grid
        found = []
        for number in np.flatnonzero(orders.symbol == index).tolist():
            decided = int(np.searchsorted(grid.time, orders.decided_at[number]))
            found.append(
                (decided, self._ended(number, decided), int(orders.side[number]),
                 float(orders.quantity[number]))
            )  # fmt: skip
        return found

    def _ended(self, number: int, decided: int) -> int:
        """Return the row from which the order works no more."""
        state = ORDER_STATES[int(self._orders.state[number])]
        if state == "open":
            return _ENDLESS
        if state == "filled":
            return int(np.searchsorted(self._grid.time, self._filled_after[number]))
        session = self._grid.session
        following = decided + 1
        if following >= len(session):
            return _ENDLESS
        # A day order that was not filled ends with the session in which it could first trade.
        return int(np.searchsorted(session, session[following], side="right")) - 1


def _last_fill(order: NDArray[np.int32], time: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    last = np.zeros(count, dtype=np.int64)
    np.maximum.at(last, order, time)
    return last


def _exact(value: float) -> Decimal:
    return Decimal(repr(float(value))).normalize() if value else Decimal(0)
