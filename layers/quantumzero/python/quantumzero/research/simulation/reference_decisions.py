"""Decisions at a row's close: signals or target weights become orders, or refusals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from quantumzero.research.simulation.reference_limits import exit_refused, refused
from quantumzero.research.simulation.reference_resting import expire, trade_working
from quantumzero.research.simulation.reference_sizes import given, size_at_decision
from quantumzero.research.simulation.reference_state import (
    ENTRY,
    EXIT,
    HALTED,
    TIME_STOP,
    Order,
    cancel,
    life_of_market_orders,
    send,
    work,
)
from quantumzero.research.simulation.reference_weights import rebalance
from quantumzero.research.simulation.request import (
    ENTER_LONG,
    ENTER_SHORT,
    EXIT_LONG,
    EXIT_SHORT,
    FillAt,
    Life,
    OrderKind,
)

if TYPE_CHECKING:
    from quantumzero.research.simulation.reference_state import Run


def decide(run: Run, row: int) -> None:
    """Send the row's orders; those that trade at the decision's own close or quote do so now."""
    request = run.request
    if request.signals is not None:
        for instrument in range(len(run.positions)):
            bits = int(request.signals[instrument, row])
            if bits and run.has_bar(instrument, row):
                _read_signals(run, instrument, bits, row)
    if request.weights is not None and request.rebalance is not None and request.rebalance[row]:
        rebalance(run, row)
    _stop_by_time(run, row)
    if request.settings.fill_at in (FillAt.CLOSE, FillAt.QUOTE) and run.working:
        trade_working(run, row, closing=True)
        expire(run, row)


def _read_signals(run: Run, instrument: int, bits: int, row: int) -> None:
    position = run.positions[instrument]
    side = position.side
    if side == 0:
        if position.entries > 0:
            return
        if bits & ENTER_LONG:
            _enter(run, instrument, 1, row)
        elif bits & ENTER_SHORT:
            _enter(run, instrument, -1, row)
        return
    leave, turn = (EXIT_LONG, ENTER_SHORT) if side > 0 else (EXIT_SHORT, ENTER_LONG)
    if not bits & leave or position.exits > 0:
        return
    cancel(run, instrument, reduces=False)
    if leave_position(run, instrument, EXIT, row) and bits & turn:
        _enter(run, instrument, -side, row)


def leave_position(run: Run, instrument: int, purpose: int, row: int) -> bool:
    """Send a market order for the whole position and return True, False when it was refused. By
    signal it is asked the controls and fills as the settings say; every other lives until it is done
    and trades at the next open.
    """
    position = run.positions[instrument]
    order = Order(
        number=len(run.orders),
        instrument=instrument,
        side=-position.side,
        purpose=purpose,
        quantity=abs(position.quantity),
        row=row,
        decided_at=run.time[row],
        reduces=True,
        life=Life.GOOD_TIL_CANCELLED,
    )
    if purpose == EXIT:
        order.life = life_of_market_orders(run)
        order.fill_at = run.request.settings.fill_at
        if exit_refused(run, order, row):
            return False
    send(run, order)
    work(run, order)
    return True


def _stop_by_time(run: Run, row: int) -> None:
    bars = run.request.settings.time_stop_bars
    if bars <= 0 or run.state == HALTED:
        return
    for instrument, position in enumerate(run.positions):
        due = position.quantity != 0.0 and position.bars >= bars and position.exits == 0
        if due and run.has_bar(instrument, row):
            cancel(run, instrument, reduces=False)
            leave_position(run, instrument, TIME_STOP, row)


def _enter(run: Run, instrument: int, side: int, row: int) -> None:
    request = run.request
    if request.member is not None and not request.member[instrument, row]:
        return
    close = run.close[instrument][row]
    order = Order(
        number=len(run.orders),
        instrument=instrument,
        side=side,
        purpose=ENTRY,
        quantity=0.0,
        row=row,
        decided_at=run.time[row],
        reduces=False,
    )
    set_distances(run, order, row)
    if not _describe(run, order, close, row):
        return
    size_at_decision(run, order, close, row)
    value = order.quantity * close if math.isnan(order.money) else order.money
    if refused(run, order, value, row):
        return
    order.reserved = value
    send(run, order)
    work(run, order)


def set_distances(run: Run, order: Order, row: int) -> None:
    """Read how far from its fill the entry's protective orders will stand."""
    request = run.request
    order.stop_distance = given(request.stop_distance, order.instrument, row)
    order.target_distance = given(request.target_distance, order.instrument, row)
    order.trail_distance = given(request.trail_distance, order.instrument, row)


def _describe(run: Run, order: Order, close: float, row: int) -> bool:
    """Set kind, life and prices of an entry; False when a price that its kind needs is missing."""
    request = run.request
    settings = request.settings
    order.kind, order.life, order.fill_at = settings.order_kind, settings.life, settings.fill_at
    if order.kind in (OrderKind.MARKET_ON_OPEN, OrderKind.MARKET_ON_CLOSE):
        order.life = Life.IMMEDIATE_OR_CANCEL
    if order.kind in (OrderKind.LIMIT, OrderKind.STOP_LIMIT):
        order.limit = given(request.limit, order.instrument, row)
        if not order.limit > 0.0:
            return False
    if order.kind in (OrderKind.STOP, OrderKind.STOP_LIMIT):
        order.stop = given(request.stop, order.instrument, row)
        if not order.stop > 0.0:
            return False
    if order.kind == OrderKind.TRAILING_STOP:
        order.trail = settings.entry_trail_fraction
        order.water = close
        order.stop = close * (1.0 + order.side * order.trail)
    return True
