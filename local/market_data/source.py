"""Sessions of market data: what was printed in each, and the splits before it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from local.market_data.bar_ticks import daily_ticks, intraday_ticks
from local.market_data.values import Session, SourceBar, SourceTick, StockSplit, Tick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from local.market_data.sessions import TradingCalendar

_TICKS_PER_SESSION = 10_000_000  # identifiers of one symbol and session lie in one such range
_CACHED_SESSIONS = 8  # a session of real ticks takes megabytes, one of bars microseconds


@dataclass(frozen=True, slots=True)
class Prints:
    """What one symbol printed in one session: daily or intraday bars, or ticks; kind says which."""

    kind: str
    bars: list[SourceBar]
    ticks: list[SourceTick]

    def expand(self) -> list[SourceTick]:
        """Return the session's ticks in time order."""
        if self.kind == "ticks":
            return self.ticks
        expand = daily_ticks if self.kind == "daily" else intraday_ticks
        return [tick for bar in self.bars for tick in expand(bar)]


class MarketData:
    """All loaded sessions, oldest first.

    Days of the exchange without any row are sessions without ticks.
    """

    def __init__(
        self,
        *,
        calendar: TradingCalendar,
        prints: Mapping[date, Mapping[str, Prints]],
        splits: Sequence[StockSplit],
        outside_sessions: int,
    ) -> None:
        self.calendar = calendar
        self.splits = tuple(sorted(splits, key=lambda split: (split.ex_date, split.symbol)))
        self.outside_sessions = outside_sessions
        self._prints = prints
        self.sessions: tuple[Session, ...] = calendar.between(min(prints), max(prints))
        self.symbols = tuple(sorted({symbol for day in prints.values() for symbol in day}))
        self.ticks = lru_cache(maxsize=_CACHED_SESSIONS)(self._ticks)

    def _ticks(self, day: date) -> tuple[Tick, ...]:
        """Return the session's ticks of all symbols by time, then symbol.

        Identifiers grow per symbol.
        """
        ticks = []
        first = day.toordinal() * _TICKS_PER_SESSION
        for symbol, prints in self._prints.get(day, {}).items():
            ticks += [
                Tick(symbol, first + number, tick.at, tick.price, tick.size)
                for number, tick in enumerate(prints.expand(), start=1)
            ]
        return tuple(sorted(ticks, key=lambda tick: (tick.at, tick.symbol, tick.identifier)))

    def prints_on(self, day: date) -> Mapping[str, Prints]:
        """Return what each symbol printed on the exchange date, as it was read."""
        return self._prints.get(day, {})

    def splits_before(self, session: Session) -> tuple[StockSplit, ...]:
        """Return the splits that take effect before this session's open.

        Since the session before it.
        """
        before = self.calendar.previous(session)
        return tuple(split for split in self.splits if before.date < split.ex_date <= session.date)

    def gaps(self) -> list[tuple[str, date]]:
        """Return every symbol and session between its first and last rows in which it has no
        row.
        """
        gaps = []
        for symbol in self.symbols:
            days = [day for day in self._prints if symbol in self._prints[day]]
            first, last = min(days), max(days)
            gaps += [
                (symbol, session.date)
                for session in self.sessions
                if first <= session.date <= last
                and symbol not in self._prints.get(session.date, {})
            ]
        return gaps
