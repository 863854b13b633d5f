"""Target weights: the orders that move every position to its share of equity."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from quantumzero.research.simulation.reference_limits import exit_refused, refused
from quantumzero.research.simulation.reference_sizes import given, toward_zero
from quantumzero.research.simulation.reference_state import (
    REBALANCE,
    Order,
    cancel,
    life_of_market_orders,
    send,
    work,
)

if TYPE_CHECKING:
    from quantumzero.research.simulation.reference_state import Run


def rebalance(run: Run, row: int) -> None:
    """Send the orders of a rebalancing row, in order of instruments."""
    for instrument in range(len(run.positions)):
        weight = given(run.request.weights, instrument, row)
        if run.has_bar(instrument, row) and not math.isnan(weight):
            cancel(run, instrument, reduces=False)
            cancel(run, instrument, reduces=True)
            _rebalance_one(run, instrument, weight, row)


def _rebalance_one(run: Run, instrument: int, weight: float, row: int) -> None:
    settings = run.request.settings
    position = run.positions[instrument]
    price = run.close[instrument][row]
    goal = weight * (1.0 - settings.cash_buffer)
    target = 0.0
    if run.equity > 0.0 and weight != 0.0:
        current = position.quantity * price / run.equity
        if abs(current - goal) < settings.drift_band:
            return
        target = toward_zero(goal * run.equity / price, settings.lot)
    if target < 0.0 and not settings.allow_short:
        order = _order(run, instrument, row, (-1, -target), reduces=False)
        refused(run, order, -target * price, row)
        target = 0.0
    held = position.quantity
    if held * target < 0.0:
        order = _order(run, instrument, row, (-position.side, abs(held)), reduces=True)
        if not _reduced(run, order, row):
            return
        held = 0.0
    change = target - held
    if change == 0.0:
        return
    side = 1 if change > 0.0 else -1
    reduces = abs(target) < abs(held)
    order = _order(run, instrument, row, (side, abs(change)), reduces=reduces)
    if reduces:
        _reduced(run, order, row)
        return
    member = run.request.member
    if member is not None and not member[instrument, row]:
        return
    value = order.quantity * price
    if not refused(run, order, value, row):
        _send(run, order, value)


def _reduced(run: Run, order: Order, row: int) -> bool:
    """Send an order that reduces, unless it is refused."""
    if exit_refused(run, order, row):
        return False
    _send(run, order, 0.0)
    return True


def _order(
    run: Run, instrument: int, row: int, wanted: tuple[int, float], *, reduces: bool
) -> Order:
    side, quantity = wanted
    request = run.request
    return Order(
        number=len(run.orders),
        instrument=instrument,
        side=side,
        purpose=REBALANCE,
        quantity=quantity,
        row=row,
        decided_at=run.time[row],
        reduces=reduces,
        life=life_of_market_orders(run),
        fill_at=request.settings.fill_at,
        stop_distance=given(request.stop_distance, instrument, row),
        target_distance=given(request.target_distance, instrument, row),
        trail_distance=given(request.trail_distance, instrument, row),
    )


def _send(run: Run, order: Order, value: float) -> None:
    order.reserved = value
    send(run, order)
    work(run, order)
