"""Stops and targets that are kept here where the broker does not keep them.

An entry whose legs are emulated gets, in the transaction of each fill, a stop and a target for what has filled: held
orders that reserve nothing, count in no limit and are sent, reduce-only, when a bar meets their price. In the
transaction that lets one go its successor is written, so that a leg that comes to nothing never leaves the position
without protection. All of them go when the position is closed, by a leg or by anything else.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.order_identity import successor_id
from quantumzero.domain.order_lifecycle import Transition, abandon, move
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

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from quantumzero.domain.bars import Bar

_CENT, _TICK = Decimal("0.01"), Decimal("0.0001")


def protects(terms: OrderTerms) -> bool:
    """Tell whether the order's legs are kept here."""
    return terms.emulated and terms.order_class is not OrderClass.SIMPLE


def kept_here(terms: OrderTerms) -> OrderTerms:
    """Return the entry with its legs kept here: every broker takes the entry alone, and its legs are ours to see."""
    if terms.order_class in (OrderClass.BRACKET, OrderClass.OTO) and not terms.reduce_only:
        return replace(terms, emulated=True)
    return terms


def legs_of(entry: OrderTerms) -> tuple[Leg, ...]:
    """Return which legs the entry has, the stop before the target."""
    prices = {Leg.STOP: entry.stop_loss_price, Leg.TARGET: entry.take_profit_price}
    return tuple(leg for leg, price in prices.items() if price is not None)


def leg_id(entry: str, leg: Leg, generation: int) -> str:
    """Return the id of the entry's leg; generations count from 1."""
    return successor_id(entry, f"{leg}-{generation}")


def held_leg(
    entry: OrderRecord, leg: Leg, generation: int, quantity: Decimal, *, at: datetime
) -> Transition:
    """Return the step that writes one leg for that quantity."""
    identifier = leg_id(entry.terms.client_order_id, leg, generation)
    terms = _leg_terms(entry.terms, identifier, quantity, leg)
    record = OrderRecord(terms, OrderState.INTENT, 1, at, entry.reference_price, held=True)
    return Transition(None, record, "held")


def heir(leg: OrderRecord, generation: int, *, at: datetime) -> Transition:
    """Return the step that writes the successor of a leg that is let go; generation is the successor's."""
    identifier = leg_id(leg.terms.parent or "", leg.terms.leg, generation)
    terms = replace(leg.terms, client_order_id=identifier)
    record = OrderRecord(terms, OrderState.INTENT, 1, at, leg.reference_price, held=True)
    return Transition(None, record, "held")


def grow(leg: OrderRecord, quantity: Decimal) -> Transition:
    """Return the step after which the leg is for that quantity."""
    return move(leg, leg.state, "resized", terms=replace(leg.terms, quantity=quantity))


def fire(leg: OrderRecord, quantity: Decimal, *, at: datetime, recorded_at: datetime) -> Transition:
    """Return the step after which the leg is an order to be sent, for that quantity.

    Parts of a share are sold at the market: brokers take no limit on them.
    """
    terms = replace(leg.terms, quantity=quantity)
    if quantity % 1 and "/" not in terms.symbol:
        terms = replace(terms, order_type=OrderType.MARKET, limit_price=None)
    return move(
        leg,
        OrderState.INTENT,
        "fired",
        terms=terms,
        held=False,
        created_at=at,
        recorded_at=recorded_at,
    )


def stand_down(leg: OrderRecord, code: str, reason: str) -> Transition:
    """Return the step that takes a held leg away."""
    step = abandon(leg, code=code, reason=reason)
    return replace(step, after=replace(step.after, held=False))


def met(leg: OrderRecord, bars: Sequence[Bar]) -> bool:
    """Tell whether a bar that closed since the leg was written met its price.

    A bar that was open already then speaks by its close alone: its extremes may have been before.
    """
    return any(
        _met_by(leg.terms, *_extremes(bar, leg.created_at))
        for bar in bars
        if bar.closes_at > leg.created_at
    )


def restated(leg: OrderRecord, quantity: Decimal, new: int, old: int, at: datetime) -> Transition:
    """Return the leg after a split: as many more shares at as much less."""
    terms = leg.terms
    changed = replace(
        terms,
        quantity=quantity,
        limit_price=_after_split(terms.limit_price, new, old),
        stop_loss_price=_after_split(terms.stop_loss_price, new, old),
        take_profit_price=_after_split(terms.take_profit_price, new, old),
    )
    return move(leg, leg.state, "restated", terms=changed, created_at=at)


def _leg_terms(entry: OrderTerms, identifier: str, quantity: Decimal, leg: Leg) -> OrderTerms:
    limit = entry.stop_loss_limit_price if leg is Leg.STOP else entry.take_profit_price
    return OrderTerms(
        client_order_id=identifier,
        decision_id=entry.decision_id,
        strategy=entry.strategy,
        symbol=entry.symbol,
        side=Side.SELL if entry.side is Side.BUY else Side.BUY,
        quantity=quantity,
        order_type=OrderType.MARKET if limit is None else OrderType.LIMIT,
        time_in_force=TimeInForce.GOOD_TIL_CANCELED if "/" in entry.symbol else TimeInForce.DAY,
        limit_price=limit,
        stop_loss_price=entry.stop_loss_price if leg is Leg.STOP else None,
        take_profit_price=entry.take_profit_price if leg is Leg.TARGET else None,
        parent=entry.client_order_id,
        leg=leg,
        reduce_only=True,
        origin=Origin.PROTECTIVE,
    )


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
    if price is None:
        return None
    after = price * old / new
    return after.quantize(_CENT if after >= 1 else _TICK)
