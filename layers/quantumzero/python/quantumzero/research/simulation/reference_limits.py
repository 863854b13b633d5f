"""The controls of an order at its decision, in the order in which the live path asks them
(domain/risk/controls.py); the first refusal is the answer.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from quantumzero.research.simulation.codes import Code
from quantumzero.research.simulation.reference_exposure import beyond_exposure, leaving
from quantumzero.research.simulation.reference_state import ENTRY, NAN, refuse
from quantumzero.research.simulation.reference_trading_state import (
    TOLERANCE,
    refused_by_loss,
    refused_by_state,
    refused_by_throttle,
    spend,
    stop_after_loss,
)
from quantumzero.research.simulation.request import INFINITE

if TYPE_CHECKING:
    from quantumzero.research.simulation.reference_state import Order, Run

NEWEST_BARS = 3


def refused(run: Run, order: Order, value: float, row: int) -> bool:
    """Say whether a control refuses the entry of that value, and record which; one that passes is
    counted. The losses stop trading in any case, where they ask for it.
    """
    found = _first_refusal(run, order, value, row)
    if not found:
        spend(run, order, row)
    stop_after_loss(run, run.equity, row)
    return found


def exit_refused(run: Run, order: Order, row: int) -> bool:
    """The same for an exit by signal or rebalancing, which only a halt refuses."""
    found = refused_by_state(run, order, row) or refused_by_loss(run, order, row)
    if not found:
        spend(run, order, row)
    stop_after_loss(run, run.equity, row)
    return found


def _first_refusal(run: Run, order: Order, value: float, row: int) -> bool:
    settings = run.request.settings
    if (
        refused_by_state(run, order, row)
        or _listed(run, order, row)
        or refused_by_loss(run, order, row)
        or _wrong_quantity(run, order, row)
        or _wrong_price(run, order, row)
    ):
        return True
    if value > settings.limit_order_value:
        refuse(run, order, Code.MAX_VALUE, value, settings.limit_order_value, row)
        return True
    if beyond_exposure(run, order, value, row):
        return True
    free = _free(run, order)
    if settings.haircut > 0.0:
        free = free * (100.0 - settings.haircut) / 100.0
    if order.purpose == ENTRY and value > free:
        refuse(run, order, Code.BUYING_POWER, value, free, row)
        return True
    return _too_many(run, order, row) or refused_by_throttle(run, order, row)


def _listed(run: Run, order: Order, row: int) -> bool:
    """Symbols on the restricted list, then moments outside the session."""
    request = run.request
    if request.restricted is not None and request.restricted[order.instrument]:
        refuse(run, order, Code.RESTRICTED, NAN, NAN, row)
        return True
    if request.closed is not None and request.closed[row]:
        refuse(run, order, Code.SESSION, NAN, NAN, row)
        return True
    return False


def _wrong_quantity(run: Run, order: Order, row: int) -> bool:
    settings, quantity = run.request.settings, order.quantity
    if not quantity > 0.0:
        refuse(run, order, Code.ZERO_SIZE, quantity, settings.lot, row)
        return True
    if quantity > settings.limit_quantity:
        refuse(run, order, Code.MAX_QTY, quantity, settings.limit_quantity, row)
        return True
    if order.side < 0 and not settings.allow_short:
        refuse(run, order, Code.NOT_SHORTABLE, quantity, 0.0, row)
        return True
    return False


def _wrong_price(run: Run, order: Order, row: int) -> bool:
    """An order's own price away from the newest close, then newest closes that drift."""
    settings = run.request.settings
    close = run.close[order.instrument][row]
    if settings.limit_collar < INFINITE:
        price = order.limit
        if math.isnan(price):
            price = order.stop if order.stop > close else close
        if _percent(price, close) > settings.limit_collar + TOLERANCE:
            refuse(run, order, Code.PRICE_COLLAR, price, settings.limit_collar, row)
            return True
    if settings.limit_drift < INFINITE:
        earlier = _earlier_close(run, order.instrument, row)
        if _percent(close, earlier) > settings.limit_drift + TOLERANCE:
            refuse(run, order, Code.PRICE_DRIFT, earlier, settings.limit_drift, row)
            return True
    return False


def _percent(price: float, from_price: float) -> float:
    return abs(price - from_price) * 100.0 / from_price if from_price > 0.0 else INFINITE


def _earlier_close(run: Run, instrument: int, row: int) -> float:
    """Return the earliest of the instrument's few newest closes."""
    found, seen = run.close[instrument][row], 1
    while seen < NEWEST_BARS and row > 0:
        row -= 1
        if run.has_bar(instrument, row):
            found = run.close[instrument][row]
            seen += 1
    return found


def _too_many(run: Run, order: Order, row: int) -> bool:
    """Open orders, in a turn the exit too; then positions: those that are open or may come of working
    entries count, and the order's own.
    """
    settings = run.request.settings
    orders = 1.0 + float(run.entries + run.exits)
    if orders > settings.limit_open_orders:
        refuse(run, order, Code.OPEN_ORDERS, orders, settings.limit_open_orders, row)
        return True
    count = 1.0 + sum(
        1
        for instrument, each in enumerate(run.positions)
        if instrument != order.instrument and (each.quantity != 0.0 or each.reserved > 0.0)
    )
    if count <= settings.limit_positions:
        return False
    refuse(run, order, Code.MAX_OPEN, count, settings.limit_positions, row)
    return True


def _free(run: Run, order: Order) -> float:
    """Return the buying power that is not promised to other orders."""
    leverage = run.request.settings.leverage
    if leverage == 1.0 and run.shorts == 0 and order.side > 0:
        return run.cash - run.reserved
    left, _ = leaving(run, order)
    return leverage * run.equity - (run.gross - left) - run.reserved
