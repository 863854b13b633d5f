"""Whether an order makes sense in itself, at whatever broker: sizes, and prices exactly where its type has them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.orders import OrderClass, OrderType, Origin, Side, TimeInForce

if TYPE_CHECKING:
    from quantumzero.domain.orders import OrderTerms
    from quantumzero.domain.protection_plan import ProtectionPlan

_LIMITED = (OrderType.LIMIT, OrderType.STOP_LIMIT)
_STOPPED = (OrderType.STOP, OrderType.STOP_LIMIT)
_PRICED_AT_ONCE = (OrderType.MARKET, OrderType.LIMIT)
_LASTING = (TimeInForce.DAY, TimeInForce.GOOD_TIL_CANCELED)


def check_shape(terms: OrderTerms) -> str | None:
    """Return what is wrong with the order in words, None when nothing is."""
    return (
        _check_numbers(terms)
        or _check_prices(terms)
        or _check_combination(terms)
        or _check_legs(terms)
    )


def valuation_price(terms: OrderTerms, newest: Decimal) -> Decimal:
    """Return the price that the order is valued and reserved at: the most it may cost as far as its terms say.

    A buy's limit; for a stop the greater of its price and the newest; for a trailing one the newest and its distance; a
    short sale counts at the greater of its limit and the newest price.
    """
    if terms.side is Side.BUY and terms.limit_price is not None:
        return terms.limit_price
    if terms.side is Side.BUY and terms.order_type is OrderType.TRAILING_STOP:
        percent = terms.trail_percent or 0
        return newest + (terms.trail_price or newest * percent / 100)
    return max(newest, terms.limit_price or newest, terms.stop_price or newest)


def _check_numbers(terms: OrderTerms) -> str | None:
    numbers = {
        "quantity": terms.quantity,
        "notional": terms.notional,
        "limit_price": terms.limit_price,
        "stop_price": terms.stop_price,
        "trail_price": terms.trail_price,
        "trail_percent": terms.trail_percent,
        "take_profit_price": terms.take_profit_price,
        "stop_loss_price": terms.stop_loss_price,
        "stop_loss_limit_price": terms.stop_loss_limit_price,
    }
    for name, number in numbers.items():
        if number is not None and not (number.is_finite() and number > 0):
            return f"{name} was {number}; it must be a number above 0"
    return None


def _check_prices(terms: OrderTerms) -> str | None:
    kind = terms.order_type
    for name, given, types in (
        ("limit_price", terms.limit_price, _LIMITED),
        ("stop_price", terms.stop_price, _STOPPED),
    ):
        if (given is not None) != (kind in types):
            verb = "need" if kind in types else "take no"
            return f"{kind} orders {verb} {name}"
    trails = (terms.trail_price is not None) + (terms.trail_percent is not None)
    if trails != (kind is OrderType.TRAILING_STOP):
        wanted = "exactly one of" if kind is OrderType.TRAILING_STOP else "neither"
        return f"{kind} orders take {wanted} trail_price and trail_percent"
    if terms.trail_percent is not None and terms.trail_percent >= 100:
        return f"trail_percent was {terms.trail_percent}; it must be below 100"
    return None


def _check_combination(terms: OrderTerms) -> str | None:
    if terms.time_in_force not in _LASTING and terms.order_type not in _PRICED_AT_ONCE:
        return (
            f"{terms.time_in_force} orders are market or limit orders; this is {terms.order_type}"
        )
    if terms.extended_hours and terms.order_type is not OrderType.LIMIT:
        return f"orders outside the session are limit orders; this is {terms.order_type}"
    if terms.opens_short and (terms.side is not Side.SELL or terms.reduce_only):
        return "only a sell that is not reduce-only opens a short position"
    if terms.opens_short and (terms.notional is not None or terms.quantity % 1):
        return "short sales are of whole shares"
    return None


def _check_legs(terms: OrderTerms) -> str | None:
    if terms.origin is Origin.PROTECTIVE:
        # A leg that was kept here remembers the price that let it go.
        return None
    target, stop = terms.take_profit_price, terms.stop_loss_price
    given = (target is not None) + (stop is not None)
    wanted = {OrderClass.SIMPLE: (0,), OrderClass.OTO: (1,)}.get(terms.order_class, (2,))
    if terms.protection is not None:
        wrong = _check_plan(terms, terms.protection)
        if wrong is not None:
            return wrong
    elif given not in wanted:
        counted = {OrderClass.SIMPLE: "neither", OrderClass.OTO: "one of"}
        words = counted.get(terms.order_class, "both")
        return f"{terms.order_class} orders take {words} take_profit_price and stop_loss_price"
    if terms.stop_loss_limit_price is not None and stop is None:
        return "stop_loss_limit_price was given without stop_loss_price; give both"
    if target is not None and stop is not None:
        exits_by_sale = (terms.side is Side.BUY) != (terms.order_class is OrderClass.OCO)
        if (target > stop) != exits_by_sale or target == stop:
            place = "above" if exits_by_sale else "below"
            return f"take_profit_price {target} must be {place} stop_loss_price {stop}"
    return None


def _check_plan(terms: OrderTerms, plan: ProtectionPlan) -> str | None:
    """Return what is wrong with legs that are given by their distance from the entry's price."""
    twice = (terms.take_profit_price is not None and plan.take_profit is not None) or (
        terms.stop_loss_price is not None and plan.stop_loss is not None
    )
    if twice:
        return "a leg was given by price and by distance; give one of the two"
    if terms.order_class not in (OrderClass.BRACKET, OrderClass.OTO):
        return f"{terms.order_class} orders take no legs; a bracket or oto order has them"
    for name in ("stop_loss", "take_profit", "trailing_stop"):
        offset = getattr(plan, name)
        if offset is not None and not offset.from_price(Decimal(1)) > 0:
            return (
                f"the distance of {name} was {offset.money or offset.percent}; it must be above 0"
            )
    if plan == type(plan)():
        return "the plan of protection had no leg; give a stop, a target or a time"
    return None
