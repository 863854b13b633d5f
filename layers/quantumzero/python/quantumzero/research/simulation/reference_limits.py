"""The controls of an entry at its decision, in the order in which the live path asks them
(domain/risk/controls.py); the first refusal is the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.research.simulation.reference_state import ENTRY, refuse
from quantumzero.research.simulation.request import Code

if TYPE_CHECKING:
    from quantumzero.research.simulation.reference_state import Order, Run


def refused(run: Run, order: Order, value: float, row: int) -> bool:
    """Say whether a control refuses the order of that value, and record which."""
    settings = run.request.settings
    if _wrong_quantity(run, order, row):
        return True
    if value > settings.limit_order_value:
        refuse(run, order, Code.MAX_VALUE, value, settings.limit_order_value, row)
        return True
    if _beyond_exposure(run, order, value, row):
        return True
    free = _free(run, order)
    if order.purpose == ENTRY and value > free:
        refuse(run, order, Code.BUYING_POWER, value, free, row)
        return True
    return _beyond_positions(run, order, row)


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


def _beyond_positions(run: Run, order: Order, row: int) -> bool:
    """Positions that are open or may come of working entries count, and the order's own."""
    limit = run.request.settings.limit_positions
    count = 1.0 + sum(
        1
        for instrument, position in enumerate(run.positions)
        if instrument != order.instrument and (position.quantity != 0.0 or position.reserved > 0.0)
    )
    if count <= limit:
        return False
    refuse(run, order, Code.MAX_OPEN, count, limit, row)
    return True


def _leaving(run: Run, order: Order) -> tuple[float, float]:
    """Return market value and exposure of a position that a reversal closes first."""
    position = run.positions[order.instrument]
    if position.side * order.side >= 0:
        return 0.0, 0.0
    return abs(position.quantity) * position.last, position.exposure


def _beyond_exposure(run: Run, order: Order, value: float, row: int) -> bool:
    """What is held counts at the greater of its newest value and what its orders had reserved."""
    settings = run.request.settings
    position = run.positions[order.instrument]
    leaving, reserved = _leaving(run, order)
    used = run.reserved + run.exposure - reserved
    gross = max(used, run.gross - leaving + run.reserved) + value
    if gross > settings.limit_gross:
        refuse(run, order, Code.EXPOSURE_GROSS, gross, settings.limit_gross, row)
        return True
    market = abs(position.quantity) * position.last if position.quantity != 0.0 else 0.0
    used = position.reserved + position.exposure - reserved
    symbol = max(used, market - leaving + position.reserved) + value
    if symbol > settings.limit_symbol:
        refuse(run, order, Code.EXPOSURE_SYMBOL, symbol, settings.limit_symbol, row)
        return True
    return False


def _free(run: Run, order: Order) -> float:
    """Return the buying power that is not promised to other orders."""
    leverage = run.request.settings.leverage
    if leverage == 1.0 and run.shorts == 0 and order.side > 0:
        return run.cash - run.reserved
    leaving, _ = _leaving(run, order)
    return leverage * run.equity - (run.gross - leaving) - run.reserved
