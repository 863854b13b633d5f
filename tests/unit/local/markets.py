"""Small markets that tests build exchanges on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from local.exchange.engine import Exchange
from local.exchange.orders import OrderRequest
from local.exchange.replay import Replay, initial_state
from local.exchange.state import Settings
from local.market_data.sessions import TradingCalendar
from local.market_data.source import MarketData, Prints
from local.market_data.values import Session, SourceBar, SourceTick, StockSplit
from quantumzero.domain.orders import OrderType, Side, TimeInForce

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local.exchange.order_events import OrderEvent

MONDAY, TUESDAY, WEDNESDAY = date(2024, 3, 4), date(2024, 3, 5), date(2024, 3, 6)
CALENDAR = TradingCalendar(MONDAY, date(2024, 3, 29))


def session_on(day: date) -> Session:
    session = CALENDAR.session_on(day)
    assert session is not None
    return session


def at(hour: int, minute: int = 0, day: date = TUESDAY) -> datetime:
    """Return a UTC time; New York is five hours behind in these weeks."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def daily_bar(day: date, prices: str, volume: int) -> SourceBar:
    """Return a bar of "open high low close"."""
    session = session_on(day)
    opened, high, low, closed = (Decimal(text) for text in prices.split())
    return SourceBar(session.opens_at, session.closes_at, opened, high, low, closed, volume)


def ticks_of(day: date, *prints: tuple[str, int]) -> Prints:
    """Return prints one minute apart, from a minute after the open on."""
    first = session_on(day).opens_at.replace(second=0)
    moments = [first.replace(minute=31 + number) for number in range(len(prints))]
    return Prints(
        "ticks",
        [],
        [
            SourceTick(moment, Decimal(price), size)
            for moment, (price, size) in zip(moments, prints, strict=True)
        ],
    )


class Market:
    """An exchange on given prints, driven session by session, with all its events."""

    def __init__(
        self,
        prints: Mapping[date, Mapping[str, Prints]],
        *,
        splits: Sequence[StockSplit] = (),
        cash: str = "100000",
        **settings: Any,
    ) -> None:
        self.data = MarketData(calendar=CALENDAR, prints=prints, splits=splits, outside_sessions=0)
        self.events: list[tuple[str, str]] = []
        self.exchange = Exchange(
            state=initial_state(self.data, self.data.sessions, Decimal(cash)),
            settings=Settings(**settings),
            symbols=self.data.symbols,
            calendar=CALENDAR,
            publish=self._hear,
        )
        self.replay = Replay(
            self.data, self.data.sessions, self.exchange, lambda _: None, lambda _: None
        )

    def _hear(self, event: OrderEvent) -> None:
        self.events.append((event.order.client_order_id, event.name))

    def advance(self) -> None:
        """Open, run and close the next session."""
        self.replay.open_next()
        self.run()

    def run(self) -> None:
        """Run the open session to its close."""
        for _ in self.replay.pending_ticks():
            pass
        self.replay.close()


def order_for(quantity: str | None, **fields: Any) -> OrderRequest:
    """Return a request, a market day order to buy A unless told otherwise; prices as text."""
    values: dict[str, Any] = {
        "symbol": "A",
        "side": Side.BUY,
        "order_type": OrderType.MARKET,
        "time_in_force": TimeInForce.DAY,
        "quantity": None if quantity is None else Decimal(quantity),
    }
    for name, value in fields.items():
        is_amount = name.endswith(("price", "percent", "notional"))
        values[name] = Decimal(value) if is_amount else value
    return OrderRequest(**values)
