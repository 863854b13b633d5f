"""What becomes of an order on paper, decided from closed bars alone.

An order meets only prices that came after it: the bars that opened later and, of the bar in which it was placed, the
close. A market order trades at the first of them. A limit order trades at its limit or at a better open; a stop at its
stop or at a worse open; a stop limit that was touched goes on as a limit. The whole order trades at once. A day order
that its session leaves is expired.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from quantumzero.domain.calendars import EXCHANGE_ZONE, next_session, session_at, session_on
from quantumzero.domain.orders import OrderTerms, OrderType, Side, TimeInForce
from quantumzero.domain.prices import price_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from decimal import Decimal

    from quantumzero.domain.bars import Bar


@dataclass(frozen=True, slots=True)
class Traded:
    """The order filled, all of it."""

    price: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Expired:
    """The order's session ended without a trade."""

    at: datetime


def outcome(
    terms: OrderTerms, *, placed_at: datetime, bars: Iterable[Bar], now: datetime
) -> Traded | Expired | None:
    """Return what the bars (oldest first) did to the order, None when it still works."""
    last_day = _last_day(terms, placed_at)
    for bar in bars:
        if bar.closes_at <= placed_at:
            continue
        if last_day is not None and _day(bar.opens_at) > last_day:
            return Expired(bar.opens_at)
        met = bar if bar.opens_at >= placed_at else _only_close(bar)
        at = bar.opens_at if bar.opens_at >= placed_at else bar.closes_at
        price = _price(terms, met)
        if price is not None:
            return Traded(price, at)
        if terms.order_type is OrderType.STOP_LIMIT and _touched(terms, met):
            terms = replace(terms, order_type=OrderType.LIMIT)
    if last_day is not None and _day(now) > last_day:
        return Expired(now)
    return None


def _price(terms: OrderTerms, bar: Bar) -> Decimal | None:
    """Return the price at which the bar fills the order, None when it does not."""
    opened = price_decimal(bar.open)
    if terms.order_type is OrderType.MARKET:
        return opened
    if terms.order_type is OrderType.LIMIT:
        return _limited(terms, bar, opened)
    if not _touched(terms, bar) or terms.stop_price is None:
        return None
    buying = terms.side is Side.BUY
    stopped = max(opened, terms.stop_price) if buying else min(opened, terms.stop_price)
    if terms.order_type is OrderType.STOP:
        return stopped
    limit = terms.limit_price
    within = limit is not None and (stopped <= limit if buying else stopped >= limit)
    return stopped if within else None


def _limited(terms: OrderTerms, bar: Bar, opened: Decimal) -> Decimal | None:
    limit = terms.limit_price
    if limit is None:
        return None
    if terms.side is Side.BUY:
        return min(opened, limit) if price_decimal(bar.low) <= limit else None
    return max(opened, limit) if price_decimal(bar.high) >= limit else None


def _touched(terms: OrderTerms, bar: Bar) -> bool:
    stop = terms.stop_price
    if stop is None:
        return False
    if terms.side is Side.BUY:
        return price_decimal(bar.high) >= stop
    return price_decimal(bar.low) <= stop


def _only_close(bar: Bar) -> Bar:
    """Return the bar as an order meets it that was placed within it."""
    return replace(bar, open=bar.close, high=bar.close, low=bar.close)


def _last_day(terms: OrderTerms, placed_at: datetime) -> date | None:
    """Return the exchange date after which the order is over, None for one that stays."""
    if terms.time_in_force is not TimeInForce.DAY:
        return None
    if session_at(placed_at) is not None:
        return _day(placed_at)
    today = session_on(_day(placed_at))
    if today is not None and placed_at < today.opens_at:
        return today.day
    return next_session(_day(placed_at)).day


def _day(instant: datetime) -> date:
    return instant.astimezone(EXCHANGE_ZONE).date()
