"""Fold trades and quotes into bars, exactly once, in whatever order they arrive inside the allowed
lateness.

All times are microseconds since 1970 UTC, all prices units of 0.0001. Three things make the result
independent of order: a bar opens with its earliest (time, id) and closes with its latest; a trade's
id is remembered at least as long as the trade could still be accepted again; and nothing older than
its symbol's horizon is accepted.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from quantumzero.domain.bars import Bar
from quantumzero.domain.calendars import DAY_US, from_us
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.tick_quality import PriceMemory

_MINUTE_US = 60_000_000
TIMEFRAME_US = {
    "1m": _MINUTE_US,
    "5m": 5 * _MINUTE_US,
    "15m": 15 * _MINUTE_US,
    "30m": 30 * _MINUTE_US,
    "1h": 60 * _MINUTE_US,
    "1d": DAY_US,  # cut to the session by its close
}
NEVER = 1 << 62
IDS_KEPT = (
    32  # a symbol's newest ids, remembered past the horizon so that a repeated poll is recognised
)
_QuoteAt = tuple[int, int, int]  # (time, bid, ask)


def timeframe_lengths(timeframes: tuple[str, ...]) -> tuple[int, ...]:
    """Return the length of each timeframe in microseconds; raises InvalidInputError for one not
    built from ticks.
    """
    for timeframe in timeframes:
        if timeframe not in TIMEFRAME_US:
            raise InvalidInputError(
                f"timeframe was {timeframe!r}; ticks are folded into {', '.join(TIMEFRAME_US)}"
            )
    return tuple(TIMEFRAME_US[timeframe] for timeframe in timeframes)


class TradeRun:
    """Trades of one symbol in columns, ordered by time, with the sums that every timeframe needs.

    There is at least one trade.
    """

    __slots__ = ("high", "ids", "low", "prices", "sizes", "times", "volume")

    def __init__(
        self, times: list[int], prices: list[int], sizes: list[int], ids: list[int]
    ) -> None:
        self.times = times
        self.prices = prices
        self.sizes = sizes
        self.ids = ids
        self.low = min(prices)
        self.high = max(prices)
        self.volume = sum(sizes)

    def part(self, start: int, end: int) -> TradeRun:
        """Return the trades at positions start to end."""
        return TradeRun(
            self.times[start:end],
            self.prices[start:end],
            self.sizes[start:end],
            self.ids[start:end],
        )


@dataclass(slots=True)
class Window:
    """What is known of one interval while it is open; trade fields count only when trade_count >
    0.
    """

    opens: int
    closes: int
    trade_count: int = 0
    volume: int = 0
    high: int = 0
    low: int = 0
    open_time: int = 0
    open_id: int = 0
    open: int = 0
    close_time: int = 0
    close_id: int = 0
    close: int = 0
    quote: _QuoteAt | None = None

    def add(self, run: TradeRun) -> None:
        """Take trades that all lie inside the interval."""
        times, ids = run.times, run.ids
        count = len(times)
        first = 0 if count == 1 or times[1] > times[0] else _earliest(times, ids)
        last = -1 if count == 1 or times[-2] < times[-1] else _latest(times, ids)
        if not self.trade_count:
            self.low, self.high = run.low, run.high
            self._open_with(run, first)
            self._close_with(run, last)
        else:
            self.low = min(self.low, run.low)
            self.high = max(self.high, run.high)
            if times[first] <= self.open_time and (times[first], ids[first]) < (
                self.open_time,
                self.open_id,
            ):
                self._open_with(run, first)
            if times[last] > self.close_time or (times[last], ids[last]) > (
                self.close_time,
                self.close_id,
            ):
                self._close_with(run, last)
        self.trade_count += count
        self.volume += run.volume

    def _open_with(self, run: TradeRun, position: int) -> None:
        self.open_time, self.open_id = run.times[position], run.ids[position]
        self.open = run.prices[position]

    def _close_with(self, run: TradeRun, position: int) -> None:
        self.close_time, self.close_id = run.times[position], run.ids[position]
        self.close = run.prices[position]

    def add_quote(self, quote: _QuoteAt) -> None:
        """Keep the newest quote of the interval."""
        if self.quote is None or quote > self.quote:
            self.quote = quote


@dataclass(slots=True)
class SymbolState:
    """Everything remembered of one symbol: trades before `horizon` are late."""

    horizon: int = 0
    price: PriceMemory = field(default_factory=PriceMemory)
    seen: set[int] = field(default_factory=set)
    remembered: list[tuple[int, list[int]]] = field(default_factory=list)  # (newest time, ids)
    windows: dict[str, dict[int, Window]] = field(default_factory=dict)
    carried: dict[str, _QuoteAt] = field(default_factory=dict)  # newest quote of closed intervals
    next_close: int = NEVER
    newest: dict[str, Window] = field(default_factory=dict, compare=False)  # last one used

    def fold(self, run: TradeRun, session: tuple[int, int], timeframes: dict[str, int]) -> None:
        """Add a run of trades of one session to the windows of every timeframe."""
        first, last = run.times[0], run.times[-1]
        for timeframe, length in timeframes.items():
            window = self.newest.get(timeframe)
            if window is not None and window.opens <= first and last < window.closes:
                window.add(run)
            else:
                self._fold_across(run, session, timeframe, length)

    def _fold_across(
        self, run: TradeRun, session: tuple[int, int], timeframe: str, length: int
    ) -> None:
        while True:
            window = self.window_at(run.times[0], session, timeframe, length)
            self.newest[timeframe] = window
            if run.times[-1] < window.closes:
                window.add(run)
                return
            cut = bisect_left(run.times, window.closes)
            window.add(run.part(0, cut))
            run = run.part(cut, len(run.times))

    def window_at(self, time: int, session: tuple[int, int], timeframe: str, length: int) -> Window:
        """Return the open window that contains a time of the session, made when it is the first."""
        opens = session[0] + (time - session[0]) // length * length
        windows = self.windows.get(timeframe)
        if windows is None:
            windows = self.windows[timeframe] = {}
        window = windows.get(opens)
        if window is None:
            window = windows[opens] = Window(opens, min(opens + length, session[1]))
            self.next_close = min(self.next_close, window.closes)
        return window

    def claim(self, ids: list[int]) -> bool:
        """Take the ids of new trades; nothing and False when one was taken before or comes twice."""
        seen = self.seen
        if not seen.isdisjoint(ids):
            return False
        before = len(seen)
        seen.update(ids)
        if len(seen) - before == len(ids):
            return True
        seen.difference_update(ids)
        return False

    def remember(self, run: TradeRun, limit: int) -> None:
        """Note when the claimed ids of a run may be forgotten.

        Past the limit the oldest are given up, and the horizon moves past them: a trade that could
        no longer be told from its repeat is late.
        """
        ids, remembered, seen = run.ids, self.remembered, self.seen
        if len(ids) > limit:
            self.horizon = max(self.horizon, run.times[-limit - 1] + 1)
            seen.difference_update(ids[:-limit])
            ids = ids[-limit:]
        remembered.append((run.times[-1], ids))
        while len(remembered) > 1:
            newest, oldest_ids = remembered[0]
            if len(seen) - len(oldest_ids) < IDS_KEPT:
                return
            if newest >= self.horizon:
                if len(seen) <= limit:
                    return
                self.horizon = newest + 1
            seen.difference_update(oldest_ids)
            del remembered[0]

    def close_windows(self, symbol: str, horizon: int) -> list[Bar]:
        """Close every window that ends at or before the horizon and return the bars of those that
        traded.
        """
        bars = []
        self.newest.clear()
        for timeframe, windows in self.windows.items():
            for opens in sorted(windows):
                if windows[opens].closes > horizon:
                    break
                window = windows.pop(opens)
                if window.quote is not None:
                    self.carried[timeframe] = window.quote
                if window.trade_count:
                    bars.append(_bar(symbol, timeframe, window, self.carried.get(timeframe)))
        self.next_close = min(
            (window.closes for windows in self.windows.values() for window in windows.values()),
            default=NEVER,
        )
        return bars


@dataclass(slots=True)
class ShardState:
    """What a shard's checkpoint holds.

    last_sequence: number of the last record folded in, -1 before the first; watermark: every tick
    before it was sent; market_time: the newest event time reached.
    """

    last_sequence: int = -1
    watermark: int = 0
    market_time: int = 0
    symbols: dict[str, SymbolState] = field(default_factory=dict)


def _earliest(times: list[int], ids: list[int]) -> int:
    tied = bisect_right(times, times[0])
    return min(range(tied), key=ids.__getitem__)


def _latest(times: list[int], ids: list[int]) -> int:
    tied = bisect_left(times, times[-1])
    return max(range(tied, len(times)), key=ids.__getitem__)


def _bar(symbol: str, timeframe: str, window: Window, quote: _QuoteAt | None) -> Bar:
    return Bar(
        symbol=symbol,
        timeframe=timeframe,
        opens_at=from_us(window.opens),
        closes_at=from_us(window.closes),
        open=window.open,
        high=window.high,
        low=window.low,
        close=window.close,
        volume=window.volume,
        trade_count=window.trade_count,
        bid=quote[1] if quote else None,
        ask=quote[2] if quote else None,
    )
