"""Take the ticks of one record after another into a shard's state: believe, refuse, fold, close
bars.

The common case (a symbol's trades all good, new, in order and inside one session) is decided on
whole columns by built-in functions; anything else is sifted trade by trade by the same rules.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from quantumzero.domain.bar_building import ShardState, SymbolState, TradeRun, timeframe_lengths
from quantumzero.domain.calendars import DAY_US, from_us, session_bounds_us
from quantumzero.domain.tick_quality import (
    PRICE_CEILING,
    SIZE_CEILING,
    TickLimits,
    fault_of_quote,
    fault_of_time,
    fault_of_trade,
    latest_believable_us,
    strays_from,
)
from quantumzero.domain.ticks import Quote, Reason, Rejection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from quantumzero.domain.bars import Bar

IDS_PER_SYMBOL = 512
IDS_PER_SHARD = 16_384  # keeps the checkpoint item well under DynamoDB's 400 KB


@dataclass(frozen=True, slots=True)
class FoldRules:
    """Which symbols are traded, which timeframes are built, and how far ticks may stray."""

    symbols: frozenset[str]
    timeframes: tuple[str, ...]
    limits: TickLimits = field(default_factory=TickLimits)


@dataclass(slots=True)
class FoldCounts:
    """How many ticks were folded, were repeats, or (dropped, not wrong) lay outside a session."""

    folded: int = 0
    repeated: int = 0
    outside_session: int = 0


class TickFolder:
    """Folds records into the state it was given, which it changes in place."""

    def __init__(self, rules: FoldRules, state: ShardState) -> None:
        """Start from the state; raises InvalidInputError for a timeframe ticks cannot build."""
        self.state = state
        self.closed: list[Bar] = []
        self.rejections: list[Rejection] = []
        self.counts = FoldCounts()
        self._rules = rules
        self._limits = rules.limits
        self._lateness = rules.limits.lateness_us
        self._timeframes = dict(
            zip(rules.timeframes, timeframe_lengths(rules.timeframes), strict=True)
        )
        self._ids_limit = max(16, min(IDS_PER_SYMBOL, IDS_PER_SHARD // max(1, len(rules.symbols))))
        self._latest = 0
        self._session = (0, 0)
        self._drop_what_is_no_longer_built()
        self.begin_record(None)

    def _drop_what_is_no_longer_built(self) -> None:
        for symbol in self.state.symbols.keys() - self._rules.symbols:
            del self.state.symbols[symbol]
        for state in self.state.symbols.values():
            for timeframe in state.windows.keys() - self._timeframes.keys():
                del state.windows[timeframe]
                state.carried.pop(timeframe, None)

    def begin_record(self, as_of: int | None) -> None:
        """Set how far events of the next record may reach; as_of is the vendor's clock at
        packing.
        """
        self._latest = latest_believable_us(as_of, self.state.market_time, self._limits)

    def take_rejections(self) -> list[Rejection]:
        """Return the refusals since the last call."""
        rejections, self.rejections = self.rejections, []
        return rejections

    def add_trades(
        self, symbol: str, times: list[int], prices: list[int], sizes: list[int], ids: list[int]
    ) -> None:
        """Fold one symbol's trades, given in columns."""
        count = len(times)
        if not count == len(prices) == len(sizes) == len(ids):
            lengths = (count, len(prices), len(sizes), len(ids))
            self._refuse(
                Reason.MALFORMED, (symbol, *lengths), f"columns had {lengths} values; all equal"
            )
            return
        state = self.state.symbols.get(symbol) or self._symbol_state(symbol)
        if state is None:
            self._refuse_unknown(symbol, zip(times, prices, sizes, ids, strict=True))
        elif count:
            if not self._session[0] <= times[0] < self._session[1]:
                self._session = session_bounds_us(times[0] // DAY_US)
            run = TradeRun(times, prices, sizes, ids)
            if self._is_clean(run, state, self._session) and state.claim(ids):
                state.price.accept(times[-1], ids[-1], prices[-1])
                self._take(symbol, state, run, self._session)
            else:
                self._sift(symbol, state, run)

    def _is_clean(self, run: TradeRun, state: SymbolState, session: tuple[int, int]) -> bool:
        """Say whether every trade is good whatever their order; False only means: look closer."""
        times = run.times
        first, last = times[0], times[-1]
        floor, ceiling = run.low, run.high
        reference = state.price.price if state.price.time_us >= session[0] else 0
        if reference:
            floor, ceiling = min(floor, reference), max(ceiling, reference)
        return (
            first >= state.horizon
            and first >= self.state.watermark
            and first >= session[0]
            and last < session[1]
            and last <= self._latest
            and run.low > 0
            and run.high <= PRICE_CEILING
            and (ceiling - floor) * 100 <= self._limits.price_move_percent * floor
            and min(run.sizes) > 0
            and run.volume <= SIZE_CEILING
            and sorted(times) == times
        )

    def _take(
        self, symbol: str, state: SymbolState, run: TradeRun, session: tuple[int, int]
    ) -> None:
        newest = run.times[-1]
        state.fold(run, session, self._timeframes)
        state.horizon = max(state.horizon, newest - self._lateness)
        state.remember(run, self._ids_limit)
        self.state.market_time = max(self.state.market_time, newest)
        self.counts.folded += len(run.times)
        if state.next_close <= state.horizon:
            self.closed += state.close_windows(symbol, state.horizon)

    def _sift(self, symbol: str, state: SymbolState, run: TradeRun) -> None:
        horizon = max(state.horizon, self.state.watermark)
        taken: set[int] = set()
        by_day: dict[int, list[tuple[int, int, int, int]]] = {}
        for time, price, size, identity in zip(
            run.times, run.prices, run.sizes, run.ids, strict=True
        ):
            if identity in taken or identity in state.seen:
                self.counts.repeated += 1
                continue
            fault = fault_of_trade(time, price, size, self._latest)
            fault = fault or _fault_of_lateness(time, horizon)
            if fault is None:
                opens, closes = session_bounds_us(time // DAY_US)
                if not opens <= time < closes:
                    self.counts.outside_session += 1
                    continue
                fault = self._fault_of_price(state, opens, identity, price)
            if fault is not None:
                self._refuse(fault[0], (symbol, time, price, size, identity), fault[1])
                continue
            state.price.accept(time, identity, price)
            taken.add(identity)
            by_day.setdefault(time // DAY_US, []).append((time, identity, price, size))
        for day in sorted(by_day):
            good = _run_of(by_day[day])
            state.claim(good.ids)
            self._take(symbol, state, good, session_bounds_us(day))

    def _fault_of_price(
        self, state: SymbolState, session_opens: int, identity: int, price: int
    ) -> tuple[Reason, str] | None:
        reference = state.price.reference(session_opens)
        if not strays_from(reference, price, price, self._limits):
            return None
        if state.price.confirms(identity, price, self._limits):
            return None
        return (
            Reason.PRICE_ABSURD,
            f"price was {price} units; the last trade of the session was at {reference} and a step"
            f" may be {self._limits.price_move_percent} %",
        )

    def add_quote(self, quote: Quote) -> None:
        """Keep a quote as the newest of its intervals, or refuse it."""
        state = self._symbol_state(quote.symbol)
        row = (quote.symbol, quote.time_us, quote.bid, quote.ask, quote.bid_size, quote.ask_size)
        if state is None:
            self._refuse_unknown(quote.symbol, [row[1:]])
            return
        time = quote.time_us
        session = session_bounds_us(time // DAY_US)
        reference = state.price.reference(session[0])
        fault = (
            fault_of_time(time, self._latest)
            or fault_of_quote(quote.bid, quote.ask, reference, self._limits)
            or _fault_of_lateness(time, max(state.horizon, self.state.watermark))
        )
        if fault is not None:
            self._refuse(fault[0], row, fault[1])
        elif not session[0] <= time < session[1]:
            self.counts.outside_session += 1
        else:
            for timeframe, length in self._timeframes.items():
                window = state.window_at(time, session, timeframe, length)
                window.add_quote((time, quote.bid, quote.ask))
            self.state.market_time = max(self.state.market_time, time)
            self.counts.folded += 1

    def advance(self, watermark: int) -> None:
        """Close every bar that ends at or before the watermark; an earlier one than before changes
        nothing.
        """
        fault = fault_of_time(watermark, self._latest)
        if fault is not None:
            self._refuse(fault[0], ("watermark", watermark), fault[1])
            return
        if watermark <= self.state.watermark:
            return
        self.state.watermark = watermark
        self.state.market_time = max(self.state.market_time, watermark)
        for symbol, state in self.state.symbols.items():
            if state.next_close <= watermark:
                self.closed += state.close_windows(symbol, watermark)

    def _symbol_state(self, symbol: str) -> SymbolState | None:
        state = self.state.symbols.get(symbol)
        if state is None and symbol in self._rules.symbols:
            state = self.state.symbols[symbol] = SymbolState()
        return state

    def _refuse_unknown(self, symbol: str, ticks: Iterable[tuple[int, ...]]) -> None:
        traded = ", ".join(sorted(self._rules.symbols)[:20])
        detail = f"symbol was {symbol!r}; the traded symbols are {traded}"
        for tick in ticks:
            self._refuse(Reason.UNKNOWN_SYMBOL, (symbol, *tick), detail)

    def _refuse(self, reason: Reason, tick: tuple[object, ...], detail: str) -> None:
        self.rejections.append(Rejection(reason, json.dumps(tick), detail))


def _fault_of_lateness(time: int, horizon: int) -> tuple[Reason, str] | None:
    if time >= horizon:
        return None
    return Reason.LATE, f"time was {from_us(time)}; bars are settled up to {from_us(horizon)}"


def _run_of(trades: list[tuple[int, int, int, int]]) -> TradeRun:
    trades.sort()
    times, ids, prices, sizes = (list(column) for column in zip(*trades, strict=True))
    return TradeRun(times, prices, sizes, ids)
