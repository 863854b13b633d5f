"""Sessions of the New York Stock Exchange (XNYS), with early closes and holidays, in UTC."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta

import exchange_calendars

from local.market_data.values import Session

EXCHANGE = "XNYS"
# Clocks and calendars speak of days before the first and after the last session of the data.
_MARGIN = timedelta(days=30)


class TradingCalendar:
    """The sessions from a month before `first` to a month after `last`, both exchange dates."""

    def __init__(self, first: date, last: date) -> None:
        calendar = exchange_calendars.get_calendar(
            EXCHANGE, start=(first - _MARGIN).isoformat(), end=(last + _MARGIN).isoformat()
        )
        self.sessions: tuple[Session, ...] = tuple(
            Session(
                day.date(),
                opens.to_pydatetime().astimezone(UTC),
                closes.to_pydatetime().astimezone(UTC),
            )
            for day, opens, closes in zip(
                calendar.schedule.index,
                calendar.schedule["open"],
                calendar.schedule["close"],
                strict=True,
            )
        )
        self._by_date = {session.date: session for session in self.sessions}
        self._opens = [session.opens_at for session in self.sessions]
        self._closes = [session.closes_at for session in self.sessions]

    def session_on(self, day: date) -> Session | None:
        """Return the session of an exchange date, None on a day without one."""
        return self._by_date.get(day)

    def session_at(self, moment: datetime) -> Session | None:
        """Return the session that was open at the moment, None when the exchange was closed."""
        position = bisect_right(self._opens, moment) - 1
        if position < 0 or moment >= self._closes[position]:
            return None
        return self.sessions[position]

    def between(self, first: date, last: date) -> tuple[Session, ...]:
        """Return the sessions of the exchange dates first to last, both included."""
        return tuple(session for session in self.sessions if first <= session.date <= last)

    def next_open(self, moment: datetime) -> Session:
        """Return the first session that opens after the moment."""
        return self.sessions[min(bisect_right(self._opens, moment), len(self.sessions) - 1)]

    def next_close(self, moment: datetime) -> Session:
        """Return the first session that closes after the moment."""
        return self.sessions[min(bisect_right(self._closes, moment), len(self.sessions) - 1)]

    def previous(self, session: Session) -> Session:
        """Return the session before the given one."""
        return self.sessions[max(bisect_left(self._opens, session.opens_at) - 1, 0)]

    def settlement(self, session: Session) -> Session:
        """Return the session in which its trades settle.

        T+3, T+2 from 2017-09-05, T+1 from 2024-05-28.
        """
        lag = 3
        if session.date >= date(2024, 5, 28):
            lag = 1
        elif session.date >= date(2017, 9, 5):
            lag = 2
        position = bisect_left(self._opens, session.opens_at) + lag
        return self.sessions[min(position, len(self.sessions) - 1)]
