"""What a fill costs: commission, charges on sales, and slippage."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quantumzero.research.simulation.reference_state import Order, Run


def share_rate(run: Run) -> float:
    """Return the commission a share: the fixed one and that of the tier the month has reached."""
    costs = run.request.settings.costs
    if not costs.tier_rates:
        return costs.per_share
    tier = costs.tier_rates[0]
    for threshold, rate in zip(costs.tier_shares, costs.tier_rates, strict=True):
        if run.month_shares >= threshold:
            tier = rate
    return costs.per_share + tier


def commission_of(run: Run, value: float, share_cost: float) -> float:
    """Return the commission of an order that has traded the value so far."""
    costs = run.request.settings.costs
    total = value * costs.rate + share_cost + costs.per_trade
    total = max(total, costs.minimum)
    return min(total, value * costs.maximum_rate)


def sale_charges(run: Run, quantity: float, value: float) -> float:
    """Return the regulatory charges of a sale."""
    costs = run.request.settings.costs
    by_share = min(costs.sell_per_share * quantity, costs.sell_per_share_cap)
    return costs.sell_value_rate * value + by_share


def expected_fee(run: Run, order: Order, quantity: float, price: float) -> float:
    """Return what the fill would cost in fees; nothing changes."""
    value = quantity * price
    share_cost = order.share_cost + quantity * share_rate(run)
    fee = commission_of(run, order.value + value, share_cost) - order.commission
    if order.side < 0:
        fee += sale_charges(run, quantity, value)
    return fee


def turn_month(run: Run, row: int) -> None:
    """Count the month's shares from zero when the row begins a calendar month."""
    month = int(run.request.month[row])
    if month != run.month:
        run.month, run.month_shares = month, 0.0


def charge(run: Run, order: Order, quantity: float, price: float) -> float:
    """Return the fill's fee and count it and the shares in the order, the month and the charges.

    Commission is reckoned on the whole order: each fill pays what the total has grown by.
    """
    value = quantity * price
    order.share_cost += quantity * share_rate(run)
    total = commission_of(run, order.value + value, order.share_cost)
    fee = total - order.commission
    order.commission = total
    if order.side < 0:
        fee += sale_charges(run, quantity, value)
    run.month_shares += quantity
    run.commission += fee
    return fee


def slipped(run: Run, order: Order, raw: float, quantity: float, place: tuple[int, float]) -> float:
    """Return the price after slippage of a market or stop fill; place is its row and volume."""
    costs = run.request.settings.costs
    row, volume = place
    adverse = costs.slippage_rate
    if costs.volume_share_impact > 0.0 or costs.square_root_coefficient > 0.0:
        share = quantity / volume if volume > 0.0 else 0.0
        adverse += costs.volume_share_impact * share * share
        if costs.square_root_coefficient > 0.0 and run.request.volatility is not None:
            daily = float(run.request.volatility[order.instrument, row])
            if daily > 0.0:
                adverse += costs.square_root_coefficient * daily * math.sqrt(share)
    adverse = min(adverse, 1.0)
    return raw * (1.0 + adverse) if order.side > 0 else raw * (1.0 - adverse)
