"""Stops and targets of an entry: written with what filled, kept here until they rest at the broker or are let go.

An entry with legs gets, in the transaction of each fill, held orders for what has filled: they reserve nothing and
count in no limit. When the entry is closed they go to rest at the broker where it can hold them (resting_legs.py); what
it cannot hold is sent, reduce-only, when a bar meets its price. In the transaction that lets a leg go its successor is
written, so that a leg that comes to nothing never leaves the position without protection. All of them go when the
position is closed, by a leg or by anything else.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from quantumzero.domain.order_identity import successor_id
from quantumzero.domain.order_lifecycle import Transition, move
from quantumzero.domain.orders import (
    Leg,
    OrderClass,
    OrderRecord,
    OrderState,
    OrderTerms,
    OrderType,
    Origin,
    Side,
    TimeInForce,
)
from quantumzero.domain.prices import price_decimal
from quantumzero.domain.protection_plan import ProtectionPlan, to_tick, trailed
from quantumzero.domain.protective_prices import leg_plan, stop_level, target_level

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal

    from quantumzero.domain.bars import Bar

_NO_PLAN = ProtectionPlan()


def protects(terms: OrderTerms) -> bool:
    """Tell whether the order has legs that are ours to look after."""
    by_price = terms.emulated and terms.order_class is not OrderClass.SIMPLE
    return not terms.reduce_only and (by_price or terms.protection is not None)


def kept_here(terms: OrderTerms) -> OrderTerms:
    """Return the entry with its legs ours: every broker takes the entry alone, its legs follow with what it fills."""
    if terms.order_class in (OrderClass.BRACKET, OrderClass.OTO) and not terms.reduce_only:
        return replace(terms, emulated=True)
    return terms


def legs_of(entry: OrderTerms) -> tuple[Leg, ...]:
    """Return which legs the entry has: the stop, then the target, then the way out when time is up."""
    plan = entry.protection or _NO_PLAN
    wanted = {
        Leg.STOP: entry.stop_loss_price or plan.stop_loss or plan.trailing_stop,
        Leg.TARGET: entry.take_profit_price or plan.take_profit,
        Leg.TIME: plan.time_stop_bars,
    }
    return tuple(leg for leg, given in wanted.items() if given)


def leg_id(entry: str, leg: Leg, generation: int) -> str:
    """Return the id of the entry's leg; generations count from 1."""
    return successor_id(entry, f"{leg}-{generation}")


def held_leg(
    entry: OrderRecord, leg: Leg, generation: int, quantity: Decimal, *, at: datetime
) -> Transition:
    """Return the step that writes one leg for that quantity; entry is the order with the fill in it."""
    identifier = leg_id(entry.terms.client_order_id, leg, generation)
    terms = _leg_terms(entry, identifier, quantity, leg)
    record = OrderRecord(terms, OrderState.INTENT, 1, at, entry.reference_price, held=True)
    return Transition(None, record, "held")


def heir(leg: OrderRecord, generation: int, *, at: datetime) -> Transition:
    """Return the step that writes the successor of a leg that is let go; generation is the successor's."""
    identifier = leg_id(leg.terms.parent or "", leg.terms.leg, generation)
    terms = replace(leg.terms, client_order_id=identifier)
    record = OrderRecord(terms, OrderState.INTENT, 1, at, leg.reference_price, held=True)
    return Transition(None, record, "held")


def grow(leg: OrderRecord, quantity: Decimal, entry: OrderRecord | None = None) -> Transition:
    """Return the step after which the leg is for that quantity; with the entry that filled more, at its new prices.

    A trailing stop that has followed the market already is never moved back.
    """
    terms = replace(leg.terms, quantity=quantity)
    if entry is not None and entry.terms.protection is not None:
        fresh = _leg_terms(entry, terms.client_order_id, quantity, terms.leg)
        terms = fresh if not follows_market(leg.terms) else _nearer(terms, fresh)
    return move(leg, leg.state, "resized", terms=terms)


def fire(leg: OrderRecord, quantity: Decimal, *, at: datetime, recorded_at: datetime) -> Transition:
    """Return the step after which the leg is an order to be sent, for that quantity.

    Parts of a share are sold at the market: brokers take no limit on them.
    """
    terms = replace(leg.terms, quantity=quantity)
    if quantity % 1 and "/" not in terms.symbol:
        terms = replace(terms, order_type=OrderType.MARKET, limit_price=None)
    return let_go(leg, terms, "fired", at=at, recorded_at=recorded_at)


def let_go(
    leg: OrderRecord, terms: OrderTerms, event: str, *, at: datetime, recorded_at: datetime
) -> Transition:
    """Return the step after which a held leg is an intent with those terms. at is market time."""
    return move(
        leg,
        OrderState.INTENT,
        event,
        terms=terms,
        held=False,
        created_at=at,
        recorded_at=recorded_at,
    )


def met(leg: OrderRecord, bars: Sequence[Bar]) -> bool:
    """Tell whether a bar that closed since the leg was written met its price.

    A bar that was open already then speaks by its close alone: its extremes may have been before.
    """
    return any(
        _met_by(leg.terms, *_extremes(bar, leg.created_at))
        for bar in bars
        if bar.closes_at > leg.created_at
    )


def follow(leg: OrderRecord, bars: Sequence[Bar], *, at: datetime) -> Transition | None:
    """Return the step after which a trailing stop stands where the bars since have brought it; None when they did not.

    From then on only bars that close later may meet it: those before were lower while the stop was.
    """
    plan, level = leg.terms.protection, leg.terms.stop_loss_price
    since = [_extremes(bar, leg.created_at) for bar in bars if bar.closes_at > leg.created_at]
    if plan is None or level is None or not follows_market(leg.terms) or not since:
        return None
    long = leg.terms.side is Side.SELL
    best = max(high for _, high in since) if long else min(low for low, _ in since)
    stop = trailed(plan, level, best, long=long)
    if stop == level:
        return None
    limit = leg.terms.limit_price
    moved = replace(
        leg.terms,
        stop_loss_price=stop,
        limit_price=None if limit is None else limit + stop - level,
    )
    return move(leg, leg.state, "followed", terms=moved, created_at=at)


def restated(leg: OrderRecord, quantity: Decimal, new: int, old: int, at: datetime) -> Transition:
    """Return the leg after a split: as many more shares at as much less."""
    terms = leg.terms
    changed = replace(
        terms,
        quantity=quantity,
        limit_price=_after_split(terms.limit_price, new, old),
        stop_loss_price=_after_split(terms.stop_loss_price, new, old),
        take_profit_price=_after_split(terms.take_profit_price, new, old),
        protection=None if terms.protection is None else terms.protection.after_split(new, old),
    )
    return move(leg, leg.state, "restated", terms=changed, created_at=at)


def _leg_terms(
    entry_record: OrderRecord, identifier: str, quantity: Decimal, leg: Leg
) -> OrderTerms:
    entry = entry_record.terms
    average = entry_record.filled_cost / entry_record.filled_quantity
    stop = stop_level(entry, average) if leg is Leg.STOP else None
    target = target_level(entry, average) if leg is Leg.TARGET else None
    limit = entry.stop_loss_limit_price if leg is Leg.STOP else target
    return OrderTerms(
        client_order_id=identifier,
        decision_id=entry.decision_id,
        strategy=entry.strategy,
        symbol=entry.symbol,
        side=entry.side.opposite,
        quantity=quantity,
        order_type=OrderType.MARKET if limit is None else OrderType.LIMIT,
        time_in_force=TimeInForce.GOOD_TIL_CANCELED if "/" in entry.symbol else TimeInForce.DAY,
        limit_price=limit,
        stop_loss_price=stop,
        take_profit_price=target,
        parent=entry.client_order_id,
        leg=leg,
        reduce_only=True,
        origin=Origin.PROTECTIVE,
        protection=leg_plan(entry, leg, average),
    )


def follows_market(terms: OrderTerms) -> bool:
    """Tell whether the leg is a stop that trails."""
    plan = terms.protection
    return terms.leg is Leg.STOP and plan is not None and plan.trailing_stop is not None


def _nearer(terms: OrderTerms, fresh: OrderTerms) -> OrderTerms:
    """Return the stop that is hit first."""
    before, after = terms.stop_loss_price, fresh.stop_loss_price
    if before is None or after is None:
        return fresh
    sign = 1 if terms.side is Side.SELL else -1
    return fresh if sign * (after - before) > 0 else terms


def _extremes(bar: Bar, since: datetime) -> tuple[Decimal, Decimal]:
    if bar.opens_at >= since:
        return price_decimal(bar.low), price_decimal(bar.high)
    close = price_decimal(bar.close)
    return close, close


def _met_by(terms: OrderTerms, low: Decimal, high: Decimal) -> bool:
    selling = terms.side is Side.SELL
    if terms.leg is Leg.STOP and terms.stop_loss_price is not None:
        return low <= terms.stop_loss_price if selling else high >= terms.stop_loss_price
    if terms.take_profit_price is None:
        return False
    return high >= terms.take_profit_price if selling else low <= terms.take_profit_price


def _after_split(price: Decimal | None, new: int, old: int) -> Decimal | None:
    return None if price is None else to_tick(price * old / new)
