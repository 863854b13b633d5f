"""Whatever is ordered, the exchange's books balance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from local.exchange.orders import OrderRequest, OrderStatus
from local.exchange.refusals import Refusal
from local.exchange.state import State
from local.market_data.source import Prints
from local.market_data.values import StockSplit
from quantumzero.domain.orders import OrderType, Side, TimeInForce
from tests.unit.local.markets import CALENDAR, MONDAY, Market, daily_bar

DAYS = [session.date for session in CALENDAR.between(MONDAY, date(2024, 3, 13))]

bars = st.tuples(
    st.integers(800, 1200), st.integers(0, 300), st.integers(0, 300), st.integers(0, 99)
)
orders = st.tuples(
    st.integers(0, len(DAYS) - 1),
    st.booleans(),
    st.sampled_from(["A", "B"]),
    st.sampled_from(list(Side)),
    st.sampled_from(list(OrderType)),
    st.sampled_from(list(TimeInForce)),
    st.decimals("0.001", 400, places=3),
    st.integers(700, 1300),
)
Drawn = tuple[int, bool, str, Side, OrderType, TimeInForce, Decimal, int]


def market_of(days: list[tuple[int, int, int, int]], split_day: int, short: bool) -> Market:
    prints = {}
    for number, day in enumerate(DAYS):
        by_symbol = {}
        for symbol, (opened, above, below, volume) in zip("AB", days[2 * number :], strict=False):
            closed = opened + above - below // 2
            high, low = max(opened, closed) + above, min(opened, closed) - below
            prices = " ".join(str(Decimal(cents) / 100) for cents in (opened, high, low, closed))
            by_symbol[symbol] = Prints("daily", [daily_bar(day, prices, 4 + volume * 50)], [])
        prints[day] = by_symbol
    return Market(
        prints,
        splits=[StockSplit("A", DAYS[split_day], 3, 2)],
        participation=Decimal("0.05"),
        allow_short=short,
        commission_per_share=Decimal("0.01"),
    )


def request_of(drawn: Drawn) -> OrderRequest:
    _, _, symbol, side, kind, force, quantity, cents = drawn
    price = Decimal(cents) / 100
    if kind is not OrderType.MARKET:
        quantity = Decimal(int(quantity) + 1)
    return OrderRequest(
        symbol=symbol,
        side=side,
        order_type=kind,
        time_in_force=force,
        quantity=quantity,
        limit_price=price if kind in (OrderType.LIMIT, OrderType.STOP_LIMIT) else None,
        stop_price=price if kind in (OrderType.STOP, OrderType.STOP_LIMIT) else None,
        trail_price=Decimal("0.5") if kind is OrderType.TRAILING_STOP else None,
    )


def check_books(market: Market) -> None:
    state = market.exchange.state
    cash, held = state.books.start_cash, {"A": Decimal(0), "B": Decimal(0)}
    events = sorted(
        [(fill.at, 1, number, fill) for number, fill in enumerate(state.fills)]
        + [(split.at, 0, number, split) for number, split in enumerate(state.splits)],
        key=lambda event: event[:3],
    )
    for _, kind, _, event in events:
        if kind == 0:
            held["A"] = (held["A"] * 3 / 2).quantize(Decimal("1e-9"))
            assert event.quantity_after == held["A"]
            continue
        signed = event.quantity if event.side is Side.BUY else -event.quantity
        cash -= signed * event.price + event.commission
        held[event.symbol] += signed
        assert event.position_quantity == held[event.symbol]
    assert state.books.cash == cash
    for symbol, quantity in held.items():
        assert state.books.quantity(symbol) == quantity
    for order in state.orders.values():
        filled = [fill for fill in state.fills if fill.order_id == order.identifier]
        assert order.filled_quantity == sum(fill.quantity for fill in filled)
        assert order.filled_cost == sum(fill.quantity * fill.price for fill in filled)
        assert order.quantity is not None
        assert order.filled_quantity <= order.quantity
        assert (order.status is OrderStatus.FILLED) == (order.filled_quantity == order.quantity)


@settings(max_examples=60, deadline=None)
@given(
    days=st.lists(bars, min_size=2 * len(DAYS), max_size=2 * len(DAYS)),
    placed=st.lists(orders, max_size=25),
    split_day=st.integers(1, len(DAYS) - 1),
    short=st.booleans(),
)
def test_books_balance_and_no_order_is_overfilled(
    days: list[tuple[int, int, int, int]], placed: list[Drawn], split_day: int, short: bool
) -> None:
    market = market_of(days, split_day, short)
    for number in range(len(DAYS)):
        for drawn in placed:
            if drawn[0] != number:
                continue
            try:
                order = market.exchange.submit(request_of(drawn))
            except Refusal:
                continue
            if drawn[1] and order.filled_quantity == 0 and number % 3 == 0:
                market.exchange.cancel(order)
        market.advance()
        check_books(market)
        if not short:
            assert all(market.exchange.state.books.quantity(one) >= 0 for one in "AB")


@settings(max_examples=15, deadline=None)
@given(
    days=st.lists(bars, min_size=2 * len(DAYS), max_size=2 * len(DAYS)),
    placed=st.lists(orders, max_size=15),
)
def test_a_state_read_back_from_its_snapshot_goes_on_to_the_same_end(
    days: list[tuple[int, int, int, int]], placed: list[Drawn]
) -> None:
    market = market_of(days, 2, short=True)
    for number in range(len(DAYS)):
        for drawn in placed:
            if drawn[0] == number:
                try:
                    market.exchange.submit(request_of(drawn))
                except Refusal:
                    continue
        if number == 3:
            middle = msgspec.json.encode(market.exchange.state)
        market.advance()
    first = msgspec.json.encode(market.exchange.state)

    market.exchange.restore(msgspec.json.decode(middle, type=State))
    for number in range(3, len(DAYS)):
        for drawn in placed:
            if drawn[0] == number and number > 3:
                try:
                    market.exchange.submit(request_of(drawn))
                except Refusal:
                    continue
        market.advance()

    assert msgspec.json.encode(market.exchange.state) == first
