"""What is refused, with which reason, and what is believed although it looks odd."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from quantumzero.domain.bar_building import ShardState
from quantumzero.domain.calendars import next_session, session_on, to_us
from quantumzero.domain.tick_folding import FoldRules, TickFolder
from quantumzero.domain.tick_quality import SIZE_CEILING
from quantumzero.domain.ticks import Quote, Reason

FRIDAY = session_on(date(2005, 2, 25))
assert FRIDAY is not None
MONDAY = next_session(FRIDAY.day)  # AAPL's 2:1 split is effective on it
OPEN, CLOSE = to_us(FRIDAY.opens_at), to_us(FRIDAY.closes_at)
SECOND = 1_000_000


def started() -> TickFolder:
    """Return a folder that has seen one good AAPL trade at 100.0000, id 1, a minute after the open."""
    folder = TickFolder(FoldRules(frozenset({"AAPL"}), ("1m", "1d")), ShardState())
    folder.add_trades("AAPL", [OPEN + 60 * SECOND], [1_000_000], [100], [1])
    folder.begin_record(None)
    return folder


def reasons(folder: TickFolder) -> list[Reason]:
    return [rejection.reason for rejection in folder.take_rejections()]


@pytest.mark.parametrize(
    ("time", "price", "size", "reason"),
    [
        (OPEN + 61 * SECOND, 0, 100, Reason.PRICE_NOT_POSITIVE),
        (OPEN + 61 * SECOND, -5, 100, Reason.PRICE_NOT_POSITIVE),
        (OPEN + 61 * SECOND, 1_500_001, 100, Reason.PRICE_ABSURD),
        (OPEN + 61 * SECOND, 499_999, 100, Reason.PRICE_ABSURD),
        (OPEN + 61 * SECOND, 10**12, 100, Reason.PRICE_ABSURD),
        (OPEN + 61 * SECOND, 1_000_000, 0, Reason.SIZE_NOT_POSITIVE),
        (OPEN + 61 * SECOND, 1_000_000, -1, Reason.SIZE_NOT_POSITIVE),
        (OPEN + 61 * SECOND, 1_000_000, SIZE_CEILING + 1, Reason.SIZE_ABSURD),
        (OPEN + 50 * SECOND - 1, 1_000_000, 100, Reason.LATE),
        (to_us(MONDAY.closes_at) + 86_400 * SECOND, 1_000_000, 100, Reason.TIME_IN_FUTURE),
        (-1, 1_000_000, 100, Reason.TIME_IMPOSSIBLE),
        (10**30, 1_000_000, 100, Reason.TIME_IMPOSSIBLE),
    ],
)
def test_a_bad_trade_is_refused_and_its_good_neighbours_count(
    time: int, price: int, size: int, reason: Reason
) -> None:
    folder = started()
    good = OPEN + 61 * SECOND
    folder.add_trades(
        "AAPL", [good, time, good], [1_000_000, price, 1_000_000], [1, size, 1], [2, 3, 4]
    )
    assert reasons(folder) == [reason]
    assert folder.counts.folded == 3


def test_steps_of_exactly_half_the_price_are_believed() -> None:
    folder = started()
    folder.add_trades("AAPL", [OPEN + 61 * SECOND], [1_500_000], [1], [2])
    folder.add_trades("AAPL", [OPEN + 62 * SECOND], [750_000], [1], [3])
    assert reasons(folder) == []


def test_a_trade_for_a_closed_bar_is_late() -> None:
    folder = started()
    folder.advance(OPEN + 120 * SECOND)
    folder.add_trades("AAPL", [OPEN + 119 * SECOND], [1_000_000], [1], [2])
    assert reasons(folder) == [Reason.LATE]


def test_the_vendors_clock_bounds_the_future_to_a_minute() -> None:
    folder = started()
    folder.begin_record(OPEN + 100 * SECOND)
    folder.add_trades("AAPL", [OPEN + 161 * SECOND], [1_000_000], [1], [2])
    assert reasons(folder) == [Reason.TIME_IN_FUTURE]
    folder.add_trades("AAPL", [OPEN + 160 * SECOND], [1_000_000], [1], [3])
    assert reasons(folder) == []


def test_a_watermark_in_the_future_is_refused() -> None:
    folder = started()
    folder.begin_record(OPEN + 100 * SECOND)
    folder.advance(CLOSE)
    assert reasons(folder) == [Reason.TIME_IN_FUTURE]
    assert folder.closed == []


def test_monday_after_a_friday_is_not_the_future() -> None:
    folder = started()
    folder.advance(CLOSE)
    folder.begin_record(None)
    folder.add_trades("AAPL", [to_us(MONDAY.closes_at) - 1], [1_000_000], [1], [2])
    assert reasons(folder) == []


def test_a_split_halves_the_price_at_an_open_without_a_refusal() -> None:
    folder = started()
    opens = to_us(MONDAY.opens_at)
    folder.add_trades("AAPL", [opens, opens + 1], [450_000, 450_100], [1, 1], [2, 3])
    assert reasons(folder) == []


def test_a_wild_first_price_of_a_session_does_not_silence_the_day() -> None:
    folder = started()
    opens = to_us(MONDAY.opens_at)
    folder.add_trades("AAPL", [opens], [9_000_000], [1], [2])
    for number in range(3, 20):
        folder.add_trades("AAPL", [opens + number], [1_000_000], [1], [number])
    assert reasons(folder) == [Reason.PRICE_ABSURD] * 9
    assert folder.state.symbols["AAPL"].price.price == 1_000_000


def test_the_same_doubted_trade_sent_often_proves_nothing() -> None:
    folder = started()
    for _ in range(30):
        folder.add_trades("AAPL", [OPEN + 61 * SECOND], [9_000_000], [1], [2])
    assert set(reasons(folder)) == {Reason.PRICE_ABSURD}


def test_one_good_trade_ends_the_doubt() -> None:
    folder = started()
    for number in range(30):
        price = 1_000_000 if number % 9 == 8 else 9_000_000
        folder.add_trades("AAPL", [OPEN + 61 * SECOND + number], [price], [1], [number + 2])
    assert folder.counts.folded == 1 + 3


def test_an_unknown_symbol_is_refused_trade_by_trade() -> None:
    folder = started()
    folder.add_trades("ZZZZ", [OPEN, OPEN], [100, 100], [1, 1], [1, 2])
    folder.add_quote(Quote("ZZZZ", OPEN, 100, 101, 1, 1))
    rejections = folder.take_rejections()
    assert [one.reason for one in rejections] == [Reason.UNKNOWN_SYMBOL] * 3
    assert "the traded symbols are AAPL" in rejections[0].detail


def test_columns_of_different_lengths_are_malformed() -> None:
    folder = started()
    folder.add_trades("AAPL", [OPEN], [100, 100], [1], [1])
    assert reasons(folder) == [Reason.MALFORMED]


@pytest.mark.parametrize(
    ("bid", "ask", "after", "reason"),
    [
        (1_010_000, 1_000_000, timedelta(seconds=61), Reason.CROSSED_QUOTE),
        (0, 1_000_000, timedelta(seconds=61), Reason.PRICE_NOT_POSITIVE),
        (100, 1_000_000, timedelta(seconds=61), Reason.PRICE_ABSURD),
        (1_000_000, 1_010_000, timedelta(seconds=40), Reason.LATE),
        (1_000_000, 1_010_000, timedelta(days=9), Reason.TIME_IN_FUTURE),
    ],
)
def test_a_bad_quote_is_refused(bid: int, ask: int, after: timedelta, reason: Reason) -> None:
    folder = started()
    folder.begin_record(None)
    folder.add_quote(Quote("AAPL", to_us(FRIDAY.opens_at + after), bid, ask, 1, 1))
    assert reasons(folder) == [reason]


def test_a_quote_outside_a_session_is_dropped() -> None:
    folder = started()
    folder.add_quote(Quote("AAPL", CLOSE, 1_000_000, 1_010_000, 1, 1))
    assert reasons(folder) == []
    assert folder.counts.outside_session == 1
