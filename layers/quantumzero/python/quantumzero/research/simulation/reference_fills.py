"""Booking a fill: cash, position, protection, and the rows of fills and trades."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.research.simulation.reference_costs import charge, expected_fee
from quantumzero.research.simulation.reference_protection_levels import protect
from quantumzero.research.simulation.reference_state import (
    AT_CLOSE,
    AT_OPEN,
    EXIT,
    NAN,
    REBALANCE,
    Position,
    Trade,
    reason_of,
    release,
)

if TYPE_CHECKING:
    from quantumzero.research.simulation.reference_state import Order, Run


@dataclass(slots=True)
class Fill:
    """One execution about to be booked: raw is the price before slippage. other is the price the
    position could have closed at instead (NaN: its outcome is certain).
    """

    quantity: float
    raw: float
    price: float
    time: int
    row: int
    manner: int = AT_OPEN
    free: bool = False
    other: float = NAN


def book(run: Run, order: Order, fill: Fill) -> float:
    """Move cash and position by the fill, write it down, and return its fee."""
    value = fill.quantity * fill.price
    other_fee = 0.0
    if not math.isnan(fill.other):
        other_fee = expected_fee(run, order, fill.quantity, fill.other)
    fee = 0.0 if fill.free else charge(run, order, fill.quantity, fill.price)
    run.cash = (run.cash - value if order.side > 0 else run.cash + value) - fee
    run.slippage += abs(fill.price - fill.raw) * fill.quantity
    run.traded_value += value
    order.first_price = fill.price if order.fills == 0 else order.first_price
    order.fills += 1
    order.value += value
    order.filled += fill.quantity
    run.fills.append((order.number, fill.time, fill.quantity, fill.price, fee))
    position = run.positions[order.instrument]
    if order.reduces:
        _reduce(run, order, fill, fee, other_fee)
    else:
        _increase(run, order, fill, fee)
        protect(run, position, order)
    return fee


def _increase(run: Run, order: Order, fill: Fill, fee: float) -> None:
    position = run.positions[order.instrument]
    held = abs(position.quantity)
    if held == 0.0:
        position.price = position.high = position.low = position.water = fill.price
        position.last, position.bars = fill.price, 0
        if fill.manner == AT_CLOSE:
            position.last = run.close[order.instrument][fill.row]
        position.entry_row, position.entry_time = fill.row, fill.time
        position.manner = fill.manner
        position.seen = fill.row - 1 if fill.manner == AT_OPEN else fill.row
        run.held += 1
        run.shorts += 1 if order.side < 0 else 0
        if fill.manner not in (AT_OPEN, AT_CLOSE):
            _see_price(position, run.close[order.instrument][fill.row])
    else:
        cost = position.price * held + fill.price * fill.quantity
        position.price = cost / (held + fill.quantity)
    position.quantity += order.side * fill.quantity
    position.fees += fee
    moved = order.reserved * _share(order, fill, fee)
    release(run, order, moved)
    position.exposure += moved
    run.exposure += moved


def _share(order: Order, fill: Fill, fee: float) -> float:
    """Return which part of what is left of the order the fill is."""
    if math.isnan(order.money):
        whole = fill.quantity >= order.remaining
        return 1.0 if whole else fill.quantity / order.remaining
    spent = fill.quantity * fill.price + fee
    return 1.0 if spent >= order.money else spent / order.money


def _reduce(run: Run, order: Order, fill: Fill, fee: float, other_fee: float) -> None:
    position = run.positions[order.instrument]
    held = abs(position.quantity)
    side = position.side
    entry_fee = position.fees if fill.quantity >= held else position.fees * (fill.quantity / held)
    gain = side * (fill.price - position.price) * fill.quantity
    profit = gain - entry_fee - fee
    _see_price(position, fill.price)
    other = profit
    if not math.isnan(fill.other):
        other = side * (fill.other - position.price) * fill.quantity - entry_fee - other_fee
    _record_trade(run, order, fill, (profit, entry_fee + fee, other))
    if order.purpose in (EXIT, REBALANCE):
        position.guarded = position.guarded and order.purpose == REBALANCE
    position.fees -= entry_fee
    before = position.exposure
    if fill.quantity >= held:
        close_position(run, position)
    else:
        position.quantity -= side * fill.quantity
        position.exposure = before * ((held - fill.quantity) / held)
    run.exposure += position.exposure - before
    if run.held == 0:
        run.exposure = 0.0


def close_position(run: Run, position: Position) -> None:
    """Make the instrument flat."""
    run.shorts -= 1 if position.quantity < 0.0 else 0
    run.held -= 1
    position.quantity = position.fees = position.exposure = 0.0
    position.guarded = False
    position.stop = position.target = NAN


def _record_trade(run: Run, order: Order, fill: Fill, outcome: tuple[float, float, float]) -> None:
    position = run.positions[order.instrument]
    profit, fees, other = outcome
    if order.trade < 0:
        order.trade = len(run.trades)
        run.trades.append(_new_trade(order, position, fill))
    trade = run.trades[order.trade]
    if trade.quantity > 0.0:
        total = trade.exit_price * trade.quantity + fill.price * fill.quantity
        trade.exit_price = total / (trade.quantity + fill.quantity)
    trade.exit_time, trade.exit_bar = fill.time, fill.row
    trade.quantity += fill.quantity
    trade.profit += profit
    trade.fees += fees
    trade.best_profit += max(profit, other)
    trade.worst_profit += min(profit, other)
    if not math.isnan(fill.other):
        trade.ambiguous = 1
    up = (position.high - trade.entry_price) * trade.quantity
    down = (position.low - trade.entry_price) * trade.quantity
    trade.mfe, trade.mae = (up, down) if trade.side > 0 else (-down, -up)


def _new_trade(order: Order, position: Position, fill: Fill) -> Trade:
    return Trade(
        symbol=order.instrument,
        side=position.side,
        entry_time=position.entry_time,
        entry_price=position.price,
        exit_time=fill.time,
        exit_price=fill.price,
        quantity=0.0,
        profit=0.0,
        fees=0.0,
        mae=0.0,
        mfe=0.0,
        best_profit=0.0,
        worst_profit=0.0,
        reason=reason_of(order.purpose),
        ambiguous=0,
        entry_bar=position.entry_row,
        exit_bar=fill.row,
    )


def _see_price(position: Position, price: float) -> None:
    position.high = max(position.high, price)
    position.low = min(position.low, price)


def see(run: Run, instrument: int, row: int) -> None:
    """Count the bar's high and low among the extremes of the position, once."""
    position = run.positions[instrument]
    if position.seen >= row:
        return
    position.seen = row
    if run.has_bar(instrument, row):
        _see_price(position, run.high[instrument][row])
        _see_price(position, run.low[instrument][row])
