"""Working orders at a bar: whether the bar trades them, at what price, and how much of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from quantumzero.research.simulation.codes import Code
from quantumzero.research.simulation.reference_costs import slipped
from quantumzero.research.simulation.reference_fills import Fill, book, see
from quantumzero.research.simulation.reference_sizes import (
    affordable,
    power_at_fill,
    resize_at_fill,
    whole,
)
from quantumzero.research.simulation.reference_state import (
    CANCELLED,
    ENTRY,
    EXPIRED,
    FILLED,
    OPEN,
    REJECTED,
    finish,
    refuse,
)
from quantumzero.research.simulation.reference_touch import Touch, touch
from quantumzero.research.simulation.request import Life

if TYPE_CHECKING:
    from quantumzero.research.simulation.reference_state import Order, Run


def trade_working(run: Run, row: int, *, closing: bool) -> None:
    """Try the working orders at the row's opens or at its closes: reductions, then entries."""
    for reducing in (True, False):
        for order in run.working:
            if order.reduces == reducing and order.state == OPEN:
                _attempt(run, order, row, closing=closing)
    clear(run)


def clear(run: Run) -> None:
    """Forget the working orders that have ended."""
    run.working = [order for order in run.working if order.state == OPEN]


def expire(run: Run, row: int) -> None:
    """End the day orders of a session that ends with this row."""
    if not run.working or not run.session_end[row]:
        return
    for order in run.working:
        if order.life == Life.DAY and order.session == run.session[row] and order.state == OPEN:
            finish(run, order, EXPIRED)
    clear(run)


def _attempt(run: Run, order: Order, row: int, *, closing: bool) -> None:
    if not run.has_bar(order.instrument, row):
        return
    if order.session < 0 and row > order.row:
        order.session = run.session[row]
    touched = touch(run, order, row, closing=closing)
    if touched is None or not may_trade(run, order):
        return
    order.session = run.session[row] if order.session < 0 else order.session
    if closing:
        see(run, order.instrument, row)
    if not math.isnan(touched.raw):
        execute(run, order, row, touched)
    if order.state == OPEN and order.life in (Life.IMMEDIATE_OR_CANCEL, Life.FILL_OR_KILL):
        finish(run, order, CANCELLED)


def may_trade(run: Run, order: Order) -> bool:
    """Say whether the position lets the order trade; a reduction of nothing is cancelled."""
    side = run.positions[order.instrument].side
    if order.reduces:
        if side != -order.side:
            finish(run, order, CANCELLED)
            return False
        return True
    return side != -order.side


def capped(run: Run, quantity: float, volume: float) -> float:
    """Return how much of the quantity one fill may take of the volume."""
    settings = run.request.settings
    if settings.participation <= 0.0:
        return quantity
    most = settings.participation * volume
    if settings.lot > 0.0:
        most = max(float(math.floor(most + 1e-9)), 1.0)
    return min(quantity, most)


def execute(run: Run, order: Order, row: int, touched: Touch) -> None:
    """Fill what the account and the volume allow at the price, and end the order when it is done."""
    place = (row, touched.volume)
    quantity = _wanted(run, order, touched, place, row)
    if not quantity > 0.0:
        return
    part = capped(run, quantity, touched.volume)
    if not part > 0.0 or (order.life == Life.FILL_OR_KILL and part < quantity):
        return
    price = touched.raw
    if touched.slips:
        price = slipped(run, order, price, part, place)
    fee = book(run, order, Fill(part, touched.raw, price, touched.time, row, touched.manner))
    if not part < quantity:
        if not math.isnan(order.money):
            order.quantity = order.filled
        finish(run, order, FILLED)
        return
    order.remaining -= part
    if not math.isnan(order.money):
        order.money -= part * price + fee


def _wanted(run: Run, order: Order, touched: Touch, place: tuple[int, float], row: int) -> float:
    """Return what is left to trade of the order that the account can hold or pay; 0: it has ended."""
    if order.reduces:
        return min(order.remaining, abs(run.positions[order.instrument].quantity))
    settings = run.request.settings
    price = touched.raw
    if not math.isnan(order.money):
        order.remaining = order.money / (price * (1.0 + settings.costs.rate))
    if touched.slips:
        price = slipped(run, order, price, order.remaining, place)
    if not price > 0.0:
        return 0.0
    if settings.size_at_fill and order.fills == 0 and order.purpose == ENTRY:
        resize_at_fill(run, order, price)
    budget = math.inf if settings.replay_prints else power_at_fill(run, order)
    quantity = _payable(run, order, price, budget)
    if quantity > 0.0:
        if math.isnan(order.money) and quantity < order.remaining:
            order.remaining = quantity
            order.quantity = order.filled + quantity
        return quantity
    if order.remaining > 0.0:
        refuse(run, order, Code.BUYING_POWER, order.remaining * price, budget, row)
    else:
        refuse(run, order, Code.ZERO_SIZE, 0.0, settings.lot, row)
    finish(run, order, REJECTED if order.fills == 0 else CANCELLED)
    return 0.0


def _payable(run: Run, order: Order, price: float, budget: float) -> float:
    if math.isnan(order.money):
        return affordable(run, order, order.remaining, price, budget)
    money = min(order.money, budget)
    rate = run.request.settings.costs.rate
    quantity = whole(money / (price * (1.0 + rate)), 0.0)
    return affordable(run, order, quantity, price, money)
