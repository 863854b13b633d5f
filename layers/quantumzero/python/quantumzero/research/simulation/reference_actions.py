"""What happens to the account besides orders: corporate actions, interest, margin calls, the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.research.simulation.reference_costs import slipped
from quantumzero.research.simulation.reference_decisions import leave_position
from quantumzero.research.simulation.reference_fills import Fill, book
from quantumzero.research.simulation.reference_resting import clear
from quantumzero.research.simulation.reference_state import (
    AT_CLOSE,
    DELISTING,
    END,
    FILLED,
    MARGIN_CALL,
    OPEN,
    Order,
    cancel,
    send,
)

if TYPE_CHECKING:
    from quantumzero.research.simulation.reference_state import Run
    from quantumzero.research.simulation.request import Happening

SPLIT, DIVIDEND, DELISTED = 0, 1, 2
NINE_DECIMALS = 1e9


def happen(run: Run, happening: Happening) -> None:
    """Apply one corporate action before anything of its row trades."""
    position = run.positions[happening.instrument]
    if happening.kind == SPLIT:
        _split(run, happening.instrument, happening.value)
    elif happening.kind == DIVIDEND:
        amount = position.quantity * happening.value
        run.cash += amount
        run.dividends += amount
    elif happening.kind == DELISTED:
        cancel(run, happening.instrument, reduces=False)
        cancel(run, happening.instrument, reduces=True)
        clear(run)
        if position.quantity != 0.0:
            time = run.opens[happening.row]
            fill = Fill(0.0, happening.value, happening.value, time, happening.row, free=True)
            _close_now(run, happening.instrument, DELISTING, fill)


def _split(run: Run, instrument: int, ratio: float) -> None:
    position = run.positions[instrument]
    fine = run.request.settings.lot <= 0.0
    if position.quantity != 0.0:
        quantity = position.quantity * ratio
        position.quantity = quantity if fine else round(quantity * NINE_DECIMALS) / NINE_DECIMALS
        position.price /= ratio
        position.high /= ratio
        position.low /= ratio
        position.last /= ratio
        position.stop_distance /= ratio
        position.target_distance /= ratio
        position.trail_distance /= ratio
        position.stop /= ratio
        position.target /= ratio
        position.water /= ratio
    for order in run.working:
        if order.instrument == instrument and order.state == OPEN:
            _split_order(order, ratio)


def _split_order(order: Order, ratio: float) -> None:
    """The part that has not been filled is multiplied, parts of a billionth of a share dropped."""
    remaining = order.remaining * ratio
    floor = float(int(remaining * NINE_DECIMALS + 1e-3)) / NINE_DECIMALS
    order.remaining = floor
    order.quantity = order.filled + floor
    order.limit /= ratio
    order.stop /= ratio
    order.water /= ratio
    order.size_distance /= ratio
    order.stop_distance /= ratio
    order.target_distance /= ratio
    order.trail_distance /= ratio


def pay_interest(run: Run, row: int) -> None:
    """Charge borrow on short value and interest on negative cash for the days since the row before.

    Both are reckoned on a year of 360 days, at the previous closes and the cash before the charge.
    """
    costs = run.request.settings.costs
    days = float(run.request.days[row])
    if days <= 0.0:
        return
    short = 0.0
    for position in run.positions:
        if position.quantity < 0.0:
            short += -position.quantity * position.last
    borrow = short * costs.borrow_rate * days / 360.0
    interest = -run.cash * costs.interest_rate * days / 360.0 if run.cash < 0.0 else 0.0
    run.cash = run.cash - borrow - interest
    run.borrow += borrow
    run.interest += interest


def call_margin(run: Run, row: int) -> None:
    """Close the largest positions at the next open until what stays is covered."""
    maintenance = run.request.settings.maintenance
    if maintenance <= 0.0 or not run.equity < maintenance * run.gross:
        return
    staying = 0.0
    for position in run.positions:
        if position.quantity != 0.0 and position.exits == 0:
            staying += abs(position.quantity) * position.last
    while run.equity < maintenance * staying:
        largest, value = -1, 0.0
        for instrument, position in enumerate(run.positions):
            here = abs(position.quantity) * position.last if position.quantity != 0.0 else 0.0
            if position.exits == 0 and here > value:
                largest, value = instrument, here
        if largest < 0:
            return
        cancel(run, largest, reduces=False)
        leave_position(run, largest, MARGIN_CALL, row)
        staying -= value


def close_all(run: Run, row: int) -> None:
    """Close what is open at its last close, costs included, and cancel what works."""
    for instrument, position in enumerate(run.positions):
        cancel(run, instrument, reduces=False)
        cancel(run, instrument, reduces=True)
        if position.quantity != 0.0:
            fill = Fill(0.0, position.last, position.last, run.time[row], row, AT_CLOSE)
            _close_now(run, instrument, END, fill)
    clear(run)


def _close_now(run: Run, instrument: int, purpose: int, fill: Fill) -> None:
    """Book a fill of the whole position without asking the market."""
    position = run.positions[instrument]
    order = Order(
        number=len(run.orders),
        instrument=instrument,
        side=-position.side,
        purpose=purpose,
        quantity=abs(position.quantity),
        row=fill.row,
        decided_at=fill.time,
        reduces=True,
        state=FILLED,
    )
    send(run, order)
    fill.quantity = order.quantity
    if not fill.free:
        volume = run.volume[instrument][fill.row]
        fill.price = slipped(run, order, fill.raw, fill.quantity, (fill.row, volume))
    book(run, order, fill)
