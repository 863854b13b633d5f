"""Folding: the same bars in whatever order and however often the ticks arrive."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.contracts.tick_checkpoint import decode_state, encode_state
from quantumzero.domain.bar_building import TIMEFRAME_US, ShardState
from quantumzero.domain.bars import Bar
from quantumzero.domain.calendars import from_us, session_on, to_us
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.tick_folding import FoldRules, TickFolder
from quantumzero.domain.ticks import Quote, Trade
from tests.fakes.repeatable import chance

DAY = session_on(date(2005, 3, 1))
assert DAY is not None
OPEN, CLOSE = to_us(DAY.opens_at), to_us(DAY.closes_at)
SECOND = 1_000_000
RULES = FoldRules(frozenset({"AAPL", "IBM"}), ("1m", "5m", "1d"))

trades = st.builds(
    Trade,
    symbol=st.sampled_from(["AAPL", "IBM"]),
    time_us=st.integers(OPEN, OPEN + 600 * SECOND),
    price=st.integers(400_000, 590_000),
    size=st.integers(1, 5_000),
    id=st.integers(0, 2**60),
)
tick_sets = st.lists(trades, min_size=1, max_size=120, unique_by=lambda one: (one.symbol, one.id))


def columns(run: list[Trade]) -> tuple[list[int], list[int], list[int], list[int]]:
    return (
        [one.time_us for one in run],
        [one.price for one in run],
        [one.size for one in run],
        [one.id for one in run],
    )


def expected_bars(ticks: list[Trade]) -> list[Bar]:
    """Compute the bars of a clean set the plain way."""
    groups: dict[tuple[str, str, int, int], list[Trade]] = defaultdict(list)
    for tick in ticks:
        for timeframe in RULES.timeframes:
            length = TIMEFRAME_US[timeframe]
            opens = OPEN + (tick.time_us - OPEN) // length * length
            groups[tick.symbol, timeframe, opens, min(opens + length, CLOSE)].append(tick)
    bars = []
    for (symbol, timeframe, opens, closes), members in groups.items():
        ordered = sorted(members, key=lambda one: (one.time_us, one.id))
        prices = [one.price for one in ordered]
        bars.append(
            Bar(
                symbol,
                timeframe,
                from_us(opens),
                from_us(closes),
                prices[0],
                max(prices),
                min(prices),
                prices[-1],
                sum(one.size for one in ordered),
                len(ordered),
            )
        )
    return in_order(bars)


def in_order(bars: list[Bar]) -> list[Bar]:
    return sorted(bars, key=lambda bar: (bar.symbol, bar.timeframe, bar.opens_at))


def disorder(ticks: list[Trade], seed: int) -> list[Trade]:
    """Delay each tick by less than the allowed lateness and deliver some of them again."""
    draw = chance(seed)
    delivered = [(one.time_us + draw.randrange(9 * SECOND), one) for one in ticks]
    delivered += [
        (at + draw.randrange(SECOND), one) for at, one in delivered if draw.random() < 0.3
    ]
    return [one for _, one in sorted(delivered, key=lambda pair: pair[0])]


def feed(folder: TickFolder, ticks: list[Trade], seed: int) -> TickFolder:
    """Give the ticks in runs of random length, restoring the state from its stored form at times."""
    draw = chance(seed)
    rest = list(ticks)
    while rest:
        size = draw.randrange(1, 12)
        part, rest = rest[:size], rest[size:]
        for symbol in sorted({one.symbol for one in part}):
            folder.add_trades(symbol, *columns([one for one in part if one.symbol == symbol]))
        if draw.random() < 0.3:
            stored = encode_state(folder.state)
            restored = TickFolder(RULES, decode_state(stored, folder.state.last_sequence))
            restored.closed, restored.rejections = folder.closed, folder.rejections
            restored.counts = folder.counts
            folder = restored
    return folder


@settings(max_examples=300, deadline=None)
@given(tick_sets, st.integers(0, 2**32))
def test_any_order_and_repetition_within_the_lateness_gives_the_bars_of_the_sorted_clean_set(
    ticks: list[Trade], seed: int
) -> None:
    folder = feed(TickFolder(RULES, ShardState()), disorder(ticks, seed), seed)
    folder.advance(CLOSE)
    assert folder.rejections == []
    assert in_order(folder.closed) == expected_bars(ticks)
    assert folder.counts.folded == len(ticks)


@settings(max_examples=100, deadline=None)
@given(tick_sets, st.integers(0, 2**32))
def test_ticks_repeated_after_their_bars_closed_change_nothing(
    ticks: list[Trade], seed: int
) -> None:
    folder = feed(TickFolder(RULES, ShardState()), disorder(ticks, seed), seed)
    folder.advance(CLOSE)
    closed = list(folder.closed)
    feed(folder, ticks, seed).advance(CLOSE)
    assert folder.closed == closed


def folder_for(*timeframes: str) -> TickFolder:
    return TickFolder(FoldRules(frozenset({"AAPL"}), timeframes), ShardState())


def test_a_bar_closes_by_itself_once_its_symbol_is_ten_seconds_past_its_end() -> None:
    folder = folder_for("1m")
    folder.add_trades("AAPL", [OPEN], [100], [1], [1])
    folder.add_trades("AAPL", [OPEN + 69 * SECOND], [100], [1], [2])
    assert folder.closed == []
    folder.add_trades("AAPL", [OPEN + 70 * SECOND], [100], [1], [3])
    assert [bar.opens_at for bar in folder.closed] == [from_us(OPEN)]


def test_one_symbols_trades_do_not_close_the_bars_of_another() -> None:
    folder = TickFolder(RULES, ShardState())
    folder.add_trades("AAPL", [CLOSE - 1], [100], [1], [1])
    folder.add_trades("IBM", [OPEN], [100], [1], [1])
    folder.advance(CLOSE)
    assert folder.rejections == []
    assert {bar.symbol for bar in folder.closed if bar.timeframe == "1d"} == {"AAPL", "IBM"}


def test_a_daily_bar_spans_the_session_and_an_early_close_ends_it() -> None:
    half_day = session_on(date(2004, 11, 26))
    assert half_day is not None
    folder = folder_for("1d")
    folder.add_trades("AAPL", [to_us(half_day.opens_at) + 1], [100], [1], [1])
    folder.advance(to_us(half_day.closes_at))
    assert [(bar.opens_at, bar.closes_at) for bar in folder.closed] == [
        (half_day.opens_at, datetime(2004, 11, 26, 18, tzinfo=UTC))
    ]


def test_trades_outside_a_session_are_counted_and_dropped() -> None:
    folder = folder_for("1d")
    folder.add_trades("AAPL", [OPEN - 1, OPEN, CLOSE], [100, 100, 100], [1, 1, 1], [1, 2, 3])
    assert (folder.counts.folded, folder.counts.outside_session) == (1, 2)
    assert folder.rejections == []


def test_a_watermark_before_the_last_one_changes_nothing() -> None:
    folder = folder_for("1m")
    folder.advance(OPEN + 60 * SECOND)
    folder.advance(OPEN)
    assert folder.state.watermark == OPEN + 60 * SECOND


def test_a_bar_carries_the_last_quote_before_its_close_in_any_order_of_arrival() -> None:
    quotes = [
        Quote("AAPL", OPEN + 5 * SECOND, 99, 101, 1, 1),
        Quote("AAPL", OPEN + 59 * SECOND, 100, 102, 1, 1),
        Quote("AAPL", OPEN + 61 * SECOND, 200, 202, 1, 1),
    ]
    for order in (quotes, quotes[::-1]):
        folder = folder_for("1m")
        for quote in order:
            folder.add_quote(quote)
        folder.add_trades("AAPL", [OPEN + SECOND], [100], [1], [1])
        folder.add_trades("AAPL", [OPEN + 125 * SECOND], [150], [1], [2])
        folder.advance(OPEN + 180 * SECOND)
        assert [(bar.bid, bar.ask) for bar in folder.closed] == [(100, 102), (200, 202)]


def test_memory_is_bounded_and_what_is_forgotten_can_no_longer_be_accepted() -> None:
    folder = folder_for("1d")
    first = list(range(2_000))
    folder.add_trades("AAPL", [OPEN + one for one in first], [100] * 2_000, [1] * 2_000, first)
    state = folder.state.symbols["AAPL"]
    assert len(state.seen) == 512
    assert state.horizon == OPEN + 1_488
    folder.add_trades("AAPL", [OPEN + one for one in first], [100] * 2_000, [1] * 2_000, first)
    assert folder.counts.folded == 2_000
    assert folder.counts.repeated == 512
    assert len(folder.rejections) == 1_488


def test_many_small_runs_keep_the_memory_bounded_too() -> None:
    folder = folder_for("1d")
    for one in range(3_000):
        folder.add_trades("AAPL", [OPEN + one], [100], [1], [one])
    assert len(folder.state.symbols["AAPL"].seen) <= 513
    for one in range(3_000):
        folder.add_trades("AAPL", [OPEN + one], [100], [1], [one])
    assert folder.counts.folded == 3_000


def test_a_symbol_or_timeframe_no_longer_built_leaves_the_state() -> None:
    folder = TickFolder(RULES, ShardState())
    folder.add_trades("AAPL", [OPEN], [100], [1], [1])
    folder.add_trades("IBM", [OPEN], [100], [1], [1])
    later = TickFolder(FoldRules(frozenset({"AAPL"}), ("1d",)), folder.state)
    later.advance(CLOSE)
    assert [(bar.symbol, bar.timeframe) for bar in later.closed] == [("AAPL", "1d")]


def test_a_timeframe_that_ticks_cannot_build_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="'1w'; ticks are folded into 1m, 5m"):
        folder_for("1w")
