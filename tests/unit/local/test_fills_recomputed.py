"""Fills on the real bars equal a plain re-computation from docs/exchange_simulator.md."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

from bokeh_sampledata import stocks

from local.exchange.engine import Exchange
from local.exchange.orders import OrderRequest
from local.exchange.refusals import Refusal
from local.exchange.replay import Replay, initial_state
from local.exchange.state import Settings
from local.market_data.loading import load_market_data
from quantumzero.domain.orders import OrderType, Side, TimeInForce

SYMBOLS = ("AAPL", "GOOG", "IBM", "MSFT")
START, COUNT = "2005-01-03", 80  # AAPL splits 2:1 on 2005-02-28 in the middle
CASH = Decimal(1_000_000)
Wish = tuple[str, str, int, Decimal | None]  # symbol, side, shares, limit


def prints_of(symbol: str, day: str) -> list[tuple[Decimal, int]]:
    """Section 2 of the document, for one daily bar."""
    table = getattr(stocks, symbol)
    row = table["date"].index(day)
    opened, high, low, closed = (
        Decimal(str(table[name][row])) for name in ("open", "high", "low", "close")
    )
    volume = table["volume"][row]
    small, large = volume // 20, volume // 5
    extremes = [low, high] if closed >= opened else [high, low]
    rest = volume - 3 * small - 2 * large
    return [(opened, small)] * 3 + [(extremes[0], large), (extremes[1], large), (closed, rest)]


def recompute(
    days: list[str], wishes: dict[str, list[Wish]]
) -> tuple[Decimal, dict[str, int], int]:
    """Sections 3, 5 and 6: day orders placed before each session, on their own copy of the money."""
    cash, held, fills = CASH, dict.fromkeys(SYMBOLS, 0), 0
    for day in days:
        if day == "2005-02-28":
            held["AAPL"] *= 2
        for symbol, side, shares, limit in wishes.get(day, []):
            left = shares
            for price, size in prints_of(symbol, day):
                if limit is not None and (price > limit if side == "buy" else price < limit):
                    continue
                taken = min(left, max(1, size * 5 // 100_000))
                if taken:
                    fills += 1
                    left -= taken
                    cash += -taken * price if side == "buy" else taken * price
                    held[symbol] += taken if side == "buy" else -taken
    return cash, held, fills


def test_eighty_real_sessions_with_a_split_fill_as_the_document_says() -> None:
    generator = random.Random(20050228)  # noqa: S311 - repeatable, not secret
    data = load_market_data(None)
    sessions = [one for one in data.sessions if one.date >= date.fromisoformat(START)][:COUNT]
    exchange = Exchange(
        state=initial_state(data, sessions, CASH),
        settings=Settings(participation=Decimal("0.00005")),
        symbols=data.symbols,
        calendar=data.calendar,
        publish=lambda _: None,
    )
    replay = Replay(data, sessions, exchange, lambda _: None, lambda _: None)
    accepted: dict[str, list[Wish]] = {}
    for session in sessions:
        for symbol in SYMBOLS:
            last = exchange.state.books.last_prices[symbol]
            side = generator.choice(["buy", "sell"])
            limit = generator.choice(
                [None, round(last * Decimal(generator.uniform(0.97, 1.03)), 2)]
            )
            shares = generator.randint(1, 900)
            request = OrderRequest(
                symbol=symbol,
                side=Side(side),
                order_type=OrderType.LIMIT if limit else OrderType.MARKET,
                time_in_force=TimeInForce.DAY,
                quantity=Decimal(shares),
                limit_price=limit,
            )
            day = session.date.isoformat()
            # An order placed the evening before a split is restated; the document's rule for it is
            # tested on its own, so none is placed for that morning here.
            if day == "2005-02-28" and symbol == "AAPL":
                continue
            try:
                exchange.submit(request)
            except Refusal:
                continue
            accepted.setdefault(day, []).append((symbol, side, shares, limit))
        replay.open_next()
        for _ in replay.pending_ticks():
            pass
        replay.close()

    cash, held, fills = recompute([one.date.isoformat() for one in sessions], accepted)

    books = exchange.state.books
    assert fills == len(exchange.state.fills) > 300
    assert books.cash == cash
    assert {symbol: books.quantity(symbol) for symbol in SYMBOLS} == held
    assert len(exchange.state.splits) == 1
