"""How many shares: at the decision, at the fill, and what the account can pay for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from quantumzero.research.simulation.reference_costs import expected_fee
from quantumzero.research.simulation.reference_state import NAN
from quantumzero.research.simulation.request import SizeBy

if TYPE_CHECKING:
    from quantumzero.research.simulation.reference_state import Order, Run

LARGEST = 1e15
"""Sizes above it are nonsense and count as none."""


def whole(quantity: float, lot: float) -> float:
    """Return the quantity rounded down to lots; within 1e-9 of a lot it is that lot. 0 if none."""
    if not 0.0 < quantity < LARGEST:
        return 0.0
    if lot <= 0.0:
        return quantity
    return math.floor(quantity / lot + 1e-9) * lot


def toward_zero(quantity: float, lot: float) -> float:
    """Return a signed quantity rounded to lots toward zero."""
    return -whole(-quantity, lot) if quantity < 0.0 else whole(quantity, lot)


def given(values: object, instrument: int, row: int) -> float:
    """Return an optional array's value, NaN where there is none."""
    return NAN if values is None else float(values[instrument, row])  # type: ignore[index]


def size_at_decision(run: Run, order: Order, price: float, row: int) -> None:
    """Set the order's quantity from the equity at the marks and the decision's close."""
    settings = run.request.settings
    amount = given(run.request.size, order.instrument, row)
    order.amount = settings.amount if math.isnan(amount) else amount
    distance = given(run.request.stop_distance, order.instrument, row)
    order.size_distance = price * settings.stop_fraction if math.isnan(distance) else distance
    money = money_of(run, order, run.equity)
    if not math.isnan(money):
        if settings.lot <= 0.0:
            order.money = money
            order.quantity = whole(money / (price * (1.0 + settings.costs.rate)), 0.0)
        else:
            order.quantity = whole(money / price, settings.lot)
        return
    order.quantity = whole(shares_of(run, order, run.equity), settings.lot)


def money_of(run: Run, order: Order, equity: float) -> float:
    """Return what an order sized by money may cost, NaN when it is sized by shares."""
    size_by = run.request.settings.size_by
    if size_by == SizeBy.FRACTION_OF_EQUITY:
        return order.amount * equity
    return order.amount if size_by == SizeBy.NOTIONAL else NAN


def shares_of(run: Run, order: Order, equity: float) -> float:
    """Return the shares of an order sized by quantity or by risk, not yet rounded."""
    if run.request.settings.size_by == SizeBy.QUANTITY:
        return order.amount
    if not order.size_distance > 0.0:
        return 0.0
    return order.amount * equity / order.size_distance


def resize_at_fill(run: Run, order: Order, price: float) -> None:
    """Compute the size again from the equity before the fill, others at their last closes."""
    settings = run.request.settings
    equity, _ = worth(run)
    money = money_of(run, order, equity)
    if math.isnan(money):
        order.quantity = whole(shares_of(run, order, equity), settings.lot)
    elif settings.lot <= 0.0:
        order.money = money
    else:
        order.quantity = whole(money / (price * (1.0 + settings.costs.rate)), settings.lot)
    order.remaining = order.quantity


def worth(run: Run) -> tuple[float, float]:
    """Return equity and gross value now, at the last closes."""
    net, gross = values_held(run)
    return run.cash + net, gross


def values_held(run: Run) -> tuple[float, float]:
    """Return net and gross value of what is held, at the last closes."""
    net = gross = 0.0
    for position in run.positions:
        if position.quantity != 0.0:
            net += position.quantity * position.last
            gross += abs(position.quantity) * position.last
    return net, gross


def power_at_fill(run: Run, order: Order) -> float:
    """Return what an entry may cost now: the cash, or what leverage leaves over the positions."""
    leverage = run.request.settings.leverage
    if leverage == 1.0 and run.shorts == 0 and order.side > 0:
        return run.cash
    equity, gross = worth(run)
    return leverage * equity - gross


def affordable(run: Run, order: Order, quantity: float, price: float, budget: float) -> float:
    """Return the part of the quantity that the budget pays for, fees included, in lots."""
    settings = run.request.settings
    costs = settings.costs
    lot = settings.lot
    most = budget / (price * (1.0 + costs.rate))
    if quantity > most:
        quantity = whole(most, lot)
    fixed = costs.per_share > 0.0 or costs.per_trade > 0.0 or costs.minimum > 0.0
    if not fixed and not costs.tier_rates:
        return quantity
    fee = expected_fee(run, order, quantity, price)
    if quantity * price + fee > budget:
        quantity = whole((budget - fee) / price, lot)
    return quantity
