"""Move the trades of a vendor onto the tick stream, up to the vendor's own now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from quantumzero.contracts.ticks import pack_ticks
from quantumzero.domain.calendars import (
    EXCHANGE_ZONE,
    Session,
    last_session_opened_by,
    sessions_between,
    to_us,
)
from quantumzero.domain.errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from quantumzero.ports.leases import Cursors, Heartbeats
    from quantumzero.ports.ticks import TickStream, TradeFeed, VendorTrades

SERVICE = "poll_market"


@dataclass(frozen=True, slots=True)
class Pace:
    """How a poll walks through time.

    settle: how long the vendor may still report trades of the past (nothing, when its clock stands
    still while it is read); window: the longest time read in one go, None for a whole session.
    """

    settle: timedelta = timedelta(seconds=10)
    window: timedelta | None = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What a poll moved: trades sent, and the market time up to which all have been sent."""

    trades: int
    unread: int
    watermark: datetime | None
    vendor_time: datetime


class PollMarket:
    """The cursor moves only after the stream took the trades: a repeat sends the same trades
    again.
    """

    def __init__(
        self,
        *,
        feed: TradeFeed,
        stream: TickStream,
        cursors: Cursors,
        heartbeats: Heartbeats,
        symbols: Sequence[str],
        pace: Pace,
    ) -> None:
        self._feed = feed
        self._stream = stream
        self._cursors = cursors
        self._heartbeats = heartbeats
        self._symbols = tuple(symbols)
        self._pace = pace
        self._cursor_name = f"{SERVICE}#{feed.name}"

    def __call__(self) -> PollOutcome:
        """Send what traded since the last poll, window by window, each followed by its watermark.

        Raises UnavailableError when the vendor, the stream or the cursor does not answer.
        """
        now = self._feed.now()
        cursor = self._cursors.read(self._cursor_name)
        trades = unread = 0
        start = cursor or last_session_opened_by(now).opens_at
        for begin, end, closes_at in self._windows(start, now):
            found = self._feed.trades(self._symbols, begin, end)
            trades += len(found.trades)
            unread += len(found.unread)
            watermark = min(end, closes_at, now - self._pace.settle)
            if watermark <= begin:  # too fresh to promise anything: the next poll reads it again
                self._send(found, now, None)
                break
            self._send(found, now, watermark)
            try:
                self._cursors.advance(self._cursor_name, previous=cursor, to=watermark)
            except ConflictError:
                break  # a poll beside this one has sent the same and goes on from there
            cursor = watermark
        self._heartbeats.beat(SERVICE, market_time=now, detail=f"{trades} trades sent")
        return PollOutcome(trades, unread, cursor, now)

    def _send(self, found: VendorTrades, now: datetime, watermark: datetime | None) -> None:
        records = pack_ticks(
            self._feed.name,
            found.trades,
            as_of=to_us(now),
            watermark=None if watermark is None else to_us(watermark),
            unread=found.unread,
        )
        for part in (records[:-1], records[-1:]):  # the last carries the watermark: after the rest
            if part:
                self._stream.put(part)

    def _windows(
        self, start: datetime, now: datetime
    ) -> Iterator[tuple[datetime, datetime, datetime]]:
        """Yield (begin, end, close of the session) of every stretch of trading to be read."""
        for session in _sessions_since(start, now):
            begin = max(start, session.opens_at)
            last = min(now, session.closes_at)
            while begin < last:
                end = last if self._pace.window is None else min(last, begin + self._pace.window)
                yield begin, end, session.closes_at
                begin = end


def _sessions_since(start: datetime, now: datetime) -> Iterator[Session]:
    first, last = (instant.astimezone(EXCHANGE_ZONE).date() for instant in (start, now))
    for session in sessions_between(first, last):
        if session.closes_at > start and session.opens_at <= now:
            yield session
