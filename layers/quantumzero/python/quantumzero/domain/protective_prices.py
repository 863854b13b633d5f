"""At which prices an entry's legs stand: as they were asked for, or measured from what the entry cost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from quantumzero.domain.orders import Leg, Side
from quantumzero.domain.protection_plan import Offset, stop_price, target_price

if TYPE_CHECKING:
    from decimal import Decimal

    from quantumzero.domain.orders import OrderTerms
    from quantumzero.domain.protection_plan import ProtectionPlan


def stop_level(entry: OrderTerms, average: Decimal) -> Decimal | None:
    """Return where the entry's stop stands at first: of a price and a plan, the one that is hit first."""
    long = entry.side is Side.BUY
    planned = None
    if entry.protection is not None:
        planned = stop_price(entry.protection, average, long=long)
    given = [each for each in (entry.stop_loss_price, planned) if each is not None]
    if not given:
        return None
    return max(given) if long else min(given)


def target_level(entry: OrderTerms, average: Decimal) -> Decimal | None:
    """Return where the entry's target stands; a price that was asked for goes before the plan's."""
    if entry.take_profit_price is not None or entry.protection is None:
        return entry.take_profit_price
    return target_price(entry.protection, average, long=entry.side is Side.BUY)


def leg_plan(entry: OrderTerms, leg: Leg, average: Decimal) -> ProtectionPlan | None:
    """Return what a leg must remember of the plan: how a stop trails, or when time is up.

    A fixed price beside a trailing stop is remembered as its distance, so that both are known to be wanted.
    """
    plan = entry.protection
    if plan is None or leg is Leg.TARGET:
        return None
    if leg is Leg.TIME:
        return plan
    if plan.trailing_stop is None:
        return None
    if plan.stop_loss is None and entry.stop_loss_price is not None:
        return replace(plan, stop_loss=Offset(money=abs(average - entry.stop_loss_price)))
    return plan
