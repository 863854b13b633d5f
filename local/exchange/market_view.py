"""Market data as far as market time has come.

Nothing after the last replayed tick is ever visible.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from local.exchange.formats import NEW_YORK
from local.exchange.orders import round_price

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from local.exchange.state import ClockState
    from local.market_data.source import MarketData
    from local.market_data.values import Session, Tick


@dataclass(frozen=True, slots=True)
class ViewBar:
    """A bar as the vendor counts it.

    `at` is its first instant (midnight in New York for days and longer).
    """

    at: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int
    trades: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Timeframe:
    """Bars of `amount` units; unit is Min, Hour, Day, Week or Month."""

    amount: int
    unit: str

    def start(self, moment: datetime) -> datetime:
        """Return the first instant of the bar that the moment belongs to."""
        if self.unit in ("Min", "Hour"):
            minutes = self.amount * (60 if self.unit == "Hour" else 1)
            midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
            steps = (moment - midnight) // timedelta(minutes=minutes)
            return midnight + steps * timedelta(minutes=minutes)
        local = moment.astimezone(NEW_YORK)
        day = local.replace(hour=0, minute=0, second=0, microsecond=0)
        if self.unit == "Week":
            day -= timedelta(days=day.weekday())
        elif self.unit == "Month":
            day = day.replace(day=1, month=day.month - (day.month - 1) % self.amount)
        return day.astimezone(UTC)

    def is_complete(self, start: datetime, until: datetime) -> bool:
        """Say whether a bar of minutes is over; days and longer ones are shown while they grow."""
        if self.unit == "Min":
            return start + timedelta(minutes=self.amount) <= until
        if self.unit == "Hour":
            return start + timedelta(hours=self.amount) <= until
        return True


class MarketView:
    """Reads of the market data at the exchange's present time."""

    def __init__(self, data: MarketData, clock: Callable[[], ClockState]) -> None:
        self._data = data
        self._clock = clock
        self._closes = [session.closes_at for session in data.sessions]

    @property
    def now(self) -> datetime:
        """Return the market time."""
        return self._clock().now

    @property
    def today(self) -> date:
        """Return New York's date."""
        return self.now.astimezone(NEW_YORK).date()

    @property
    def symbols(self) -> tuple[str, ...]:
        """Return all instruments of the data."""
        return self._data.symbols

    def session_bars(self, symbol: str, unit: str, session: Session) -> list[ViewBar]:
        """Return the raw bars of one unit (Min or Day) of a session that has closed."""
        start = session.opens_at if unit == "Min" else Timeframe(1, unit).start(session.opens_at)
        return list(self.bars(symbol, Timeframe(1, unit), start, session.closes_at, adjusted=False))

    def ticks(self, symbol: str, start: datetime, end: datetime) -> Iterator[Tick]:
        """Yield the visible ticks of a symbol from start to end, both included, in order."""
        for session in self._sessions(start, end):
            for tick in self._visible(session):
                if tick.symbol == symbol and start <= tick.at <= end:
                    yield tick

    def latest(self, symbol: str) -> Tick | None:
        """Return the newest visible tick, None when the symbol has not traded."""
        until = self._clock().replayed_until
        for session in reversed([one for one in self._data.sessions if one.opens_at <= until]):
            for tick in reversed(self._visible(session)):
                if tick.symbol == symbol:
                    return tick
        return None

    def bars(
        self, symbol: str, timeframe: Timeframe, start: datetime, end: datetime, *, adjusted: bool
    ) -> Iterator[ViewBar]:
        """Yield the bars that begin from start to end, oldest first.

        Adjusted: for the splits known by now.
        """
        until = self._clock().replayed_until
        group: list[Tick] = []
        opened: datetime | None = None
        for tick in self.ticks(symbol, timeframe.start(start), until):
            at = timeframe.start(tick.at)
            if at > end:
                break
            if at != opened and opened is not None and opened >= start:
                yield self._bar(opened, group, adjusted=adjusted)
            if at != opened:
                group, opened = [], at
            group.append(tick)
        if opened is not None and start <= opened <= end and timeframe.is_complete(opened, until):
            yield self._bar(opened, group, adjusted=adjusted)

    def _sessions(self, start: datetime, end: datetime) -> Iterator[Session]:
        until = min(end, self._clock().replayed_until)
        for session in self._data.sessions[bisect_left(self._closes, start) :]:
            if session.opens_at > until:
                return
            yield session

    def _visible(self, session: Session) -> tuple[Tick, ...]:
        ticks = self._data.ticks(session.date)
        clock = self._clock()
        if session.closes_at <= clock.replayed_until:
            return ticks
        if clock.is_open and session.opens_at <= clock.now < session.closes_at:
            return ticks[: clock.replayed]
        return ()

    def _bar(self, at: datetime, ticks: Iterable[Tick], *, adjusted: bool) -> ViewBar:
        prices = [(self._factor(tick, adjusted=adjusted), tick) for tick in ticks]
        values = [round_price(tick.price / factor) for factor, tick in prices]
        volume = sum(int(tick.size * factor) for factor, tick in prices)
        return ViewBar(
            at=at,
            open=values[0],
            high=max(values),
            low=min(values),
            close=values[-1],
            volume=volume,
            trades=len(values),
            value=sum((tick.price * tick.size for _, tick in prices), Decimal(0)),
        )

    def _factor(self, tick: Tick, *, adjusted: bool) -> Decimal:
        factor = Decimal(1)
        if adjusted:
            day = tick.at.astimezone(NEW_YORK).date()
            for split in self._data.splits:
                if split.symbol == tick.symbol and day < split.ex_date <= self.today:
                    factor = factor * split.new / split.old
        return factor
