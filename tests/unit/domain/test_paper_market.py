"""What closed bars do to an order on paper, case by case with numbers that can be checked by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from quantumzero.domain.bars import Bar
from quantumzero.domain.orders import OrderTerms, OrderType, Side, TimeInForce
from quantumzero.domain.paper_market import Expired, Traded, outcome

# 2005-03-01 is a Tuesday; New York closes at 21:00 UTC.
OPEN = datetime(2005, 3, 1, 14, 30, tzinfo=UTC)
CLOSE = datetime(2005, 3, 1, 21, 0, tzinfo=UTC)
DAY = timedelta(days=1)
AFTER = CLOSE + timedelta(hours=20)


def bar(day: int, opened: str, high: str, low: str, close: str) -> Bar:
    units = [int(Decimal(price) * 10_000) for price in (opened, high, low, close)]
    return Bar("AAPL", "1d", OPEN + day * DAY, CLOSE + day * DAY, *units, 1000, 4)


def terms(kind: OrderType, side: Side = Side.BUY, **changes: object) -> OrderTerms:
    return OrderTerms("qz1-a", "d", "s", "AAPL", side, Decimal(3), kind, **changes)  # type: ignore[arg-type]  # by name


NEXT = bar(1, "40", "42", "38", "41")


def test_a_market_order_trades_at_the_next_open() -> None:
    met = outcome(terms(OrderType.MARKET), placed_at=CLOSE, bars=[NEXT], now=AFTER)
    assert met == Traded(Decimal(40), NEXT.opens_at)


def test_within_a_bar_only_its_close_is_still_to_come() -> None:
    noon = OPEN + DAY + timedelta(hours=3)
    met = outcome(terms(OrderType.MARKET), placed_at=noon, bars=[NEXT], now=NEXT.closes_at)
    assert met == Traded(Decimal(41), NEXT.closes_at)
    low = terms(OrderType.LIMIT, limit_price=Decimal(39))
    assert outcome(low, placed_at=noon, bars=[NEXT], now=NEXT.closes_at) is None


def test_bars_of_before_are_not_met() -> None:
    order = terms(OrderType.MARKET)
    assert outcome(order, placed_at=NEXT.closes_at, bars=[NEXT], now=NEXT.closes_at) is None


@pytest.mark.parametrize(
    ("kind", "side", "limit", "stop", "price"),
    [
        (OrderType.LIMIT, Side.BUY, "39", None, "39"),
        (OrderType.LIMIT, Side.BUY, "45", None, "40"),
        (OrderType.LIMIT, Side.BUY, "37.99", None, None),
        (OrderType.LIMIT, Side.SELL, "41.5", None, "41.5"),
        (OrderType.LIMIT, Side.SELL, "39", None, "40"),
        (OrderType.LIMIT, Side.SELL, "42.01", None, None),
        (OrderType.STOP, Side.BUY, None, "41", "41"),
        (OrderType.STOP, Side.BUY, None, "39", "40"),
        (OrderType.STOP, Side.BUY, None, "42.01", None),
        (OrderType.STOP, Side.SELL, None, "39", "39"),
        (OrderType.STOP, Side.SELL, None, "41", "40"),
        (OrderType.STOP, Side.SELL, None, "37.99", None),
        (OrderType.STOP_LIMIT, Side.BUY, "41.5", "41", "41"),
        (OrderType.STOP_LIMIT, Side.SELL, "38.5", "39", "39"),
        (OrderType.STOP_LIMIT, Side.SELL, "39.5", "39", None),
    ],
)
def test_limits_and_stops(
    kind: OrderType, side: Side, limit: str | None, stop: str | None, price: str | None
) -> None:
    prices = {
        "limit_price": None if limit is None else Decimal(limit),
        "stop_price": None if stop is None else Decimal(stop),
    }
    order = terms(kind, side, time_in_force=TimeInForce.GOOD_TIL_CANCELED, **prices)
    met = outcome(order, placed_at=CLOSE, bars=[NEXT], now=AFTER)
    assert met == (None if price is None else Traded(Decimal(price), NEXT.opens_at))


def test_a_stop_limit_that_was_touched_goes_on_as_a_limit() -> None:
    order = terms(
        OrderType.STOP_LIMIT,
        Side.SELL,
        time_in_force=TimeInForce.GOOD_TIL_CANCELED,
        stop_price=Decimal(39),
        limit_price=Decimal("41.75"),
    )
    later = bar(2, "41", "42", "40.5", "41")
    met = outcome(order, placed_at=CLOSE, bars=[NEXT, later], now=AFTER + DAY)
    assert met == Traded(Decimal("41.75"), later.opens_at)


def test_a_day_order_lives_in_its_session_only() -> None:
    order = terms(OrderType.LIMIT, limit_price=Decimal(30))
    later = bar(2, "29", "29", "29", "29")
    assert outcome(order, placed_at=CLOSE, bars=[NEXT], now=NEXT.closes_at) is None
    assert outcome(order, placed_at=CLOSE, bars=[NEXT, later], now=AFTER + DAY) == Expired(
        later.opens_at
    )
    silent = NEXT.closes_at + DAY
    assert outcome(order, placed_at=CLOSE, bars=[NEXT], now=silent) == Expired(silent)
    early = OPEN + DAY - timedelta(hours=2)
    assert outcome(order, placed_at=early, bars=[NEXT], now=NEXT.closes_at) is None
    midday = OPEN + timedelta(hours=1)
    assert outcome(order, placed_at=midday, bars=[NEXT], now=AFTER) == Expired(NEXT.opens_at)


def test_a_lasting_order_stays() -> None:
    order = terms(
        OrderType.LIMIT, limit_price=Decimal(30), time_in_force=TimeInForce.GOOD_TIL_CANCELED
    )
    assert outcome(order, placed_at=CLOSE, bars=[NEXT], now=AFTER + 30 * DAY) is None
