"""Legs that wait for their price at the broker: what is sent for a stop, a target, or both, where it takes such orders.

The order is the leg itself under its own id: a stop and a target rest as one order (OCO), of which the broker fills
one. What it does not take (parts of a share, a stop that is fixed and trails, a class unknown to it) stays held.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.order_capabilities import check_capability
from quantumzero.domain.orders import (
    OrderClass,
    OrderRecord,
    OrderState,
    OrderTerms,
    OrderType,
    TimeInForce,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_CENT, _TICK = Decimal("0.01"), Decimal("0.0001")
# So often a broker may refuse to hold the legs of an entry before they stay here.
PATIENCE = 3


def resting_terms(
    stop: OrderRecord | None, target: OrderRecord | None, quantity: Decimal, broker: str
) -> OrderTerms | None:
    """Return the order that holds the legs at the broker, None when it takes none; one leg at least is given."""
    leg = stop or target
    if leg is None:
        return None
    base = replace(
        leg.terms,
        quantity=quantity,
        time_in_force=TimeInForce.GOOD_TIL_CANCELED,
        protection=None,
        rests=True,
    )
    terms: OrderTerms | None = base
    if stop is not None:
        terms = _as_pair(base, target) if target is not None else _as_stop(base, stop)
        if _trails(stop.terms) and target is not None:
            return None
    if terms is None or check_capability(terms, broker) is not None:
        return None
    return terms


def refused_too_often(generations: Sequence[OrderRecord]) -> bool:
    """Tell whether the newest orders that were to rest all came to nothing; generations are the leg's, oldest first."""
    sent = [each for each in generations if each.terms.rests][-PATIENCE:]
    return len(sent) == PATIENCE and all(_refused(each) for each in sent)


def _refused(leg: OrderRecord) -> bool:
    return leg.state is OrderState.REJECTED or leg.code == "REDUCE_ONLY"


def _as_pair(base: OrderTerms, target: OrderRecord) -> OrderTerms:
    return replace(
        base,
        order_class=OrderClass.OCO,
        order_type=OrderType.LIMIT,
        limit_price=target.terms.limit_price,
        take_profit_price=target.terms.limit_price,
        stop_loss_limit_price=base.limit_price,
    )


def _as_stop(base: OrderTerms, stop: OrderRecord) -> OrderTerms | None:
    if _trails(stop.terms):
        return _as_trailing(base, stop)
    limited = base.limit_price is not None
    kind = OrderType.STOP_LIMIT if limited else OrderType.STOP
    return replace(base, order_type=kind, stop_price=base.stop_loss_price)


def _as_trailing(base: OrderTerms, stop: OrderRecord) -> OrderTerms | None:
    """Return the broker's own trailing stop: only for one that nothing else moves or holds."""
    plan = stop.terms.protection
    if plan is None or plan.trailing_stop is None or plan.stop_loss or plan.trailing_step:
        return None
    if base.limit_price is not None:
        return None
    return replace(
        base,
        order_type=OrderType.TRAILING_STOP,
        trail_price=_in_ticks(plan.trailing_stop.money, base.stop_loss_price),
        trail_percent=plan.trailing_stop.percent,
    )


def _in_ticks(distance: Decimal | None, level: Decimal | None) -> Decimal | None:
    """Return a distance as brokers take it: in the ticks of prices like the level, at least one."""
    if distance is None:
        return None
    tick = _TICK if level is not None and level < 1 else _CENT
    return max(distance.quantize(tick), tick)


def _trails(terms: OrderTerms) -> bool:
    return terms.protection is not None and terms.protection.trailing_stop is not None


def may_rest_again(stop: OrderRecord | None, generations: Sequence[OrderRecord]) -> bool:
    """Tell whether a stop that rested before may do so again: one that trails would begin anew, further away."""
    if stop is None or not _trails(stop.terms):
        return True
    return not any(each.terms.rests for each in generations)
