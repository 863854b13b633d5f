"""Polling: nothing lost, nothing skipped, and a watermark only for what was sent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from quantumzero.contracts.ticks import TickRecord, decode_record
from quantumzero.domain.calendars import next_session, session_on, to_us
from quantumzero.domain.errors import ConflictError, UnavailableError
from quantumzero.domain.ticks import Trade
from quantumzero.usecases.poll_market import Pace, PollMarket
from tests.fakes.held_leases import HeldBeats, HeldCursors
from tests.fakes.held_ticks import HeldTickStream, HeldTradeFeed

FRIDAY = session_on(date(2005, 2, 25))
assert FRIDAY is not None
MONDAY = next_session(FRIDAY.day)
REPLAY = Pace(timedelta(0), None)
CURSOR = "poll_market#held"


def trade(at: datetime, number: int, symbol: str = "AAPL") -> tuple[datetime, Trade]:
    return at, Trade(symbol, to_us(at), 450_000, 100, number)


class Desk:
    """A poll with everything around it held in memory."""

    def __init__(self, time: datetime, pace: Pace = REPLAY) -> None:
        self.feed = HeldTradeFeed(time)
        self.stream = HeldTickStream()
        self.cursors = HeldCursors()
        self.heartbeats = HeldBeats()
        self.poll = PollMarket(
            feed=self.feed,
            stream=self.stream,
            cursors=self.cursors,
            heartbeats=self.heartbeats,
            symbols=["AAPL", "IBM"],
            pace=pace,
        )

    def records(self) -> list[TickRecord]:
        return [decode_record(data) for data in self.stream.records]

    def ids(self) -> list[int]:
        return [one for record in self.records() for series in record.series for one in series.ids]


def test_a_replayed_session_is_one_record_whose_watermark_is_exactly_the_close() -> None:
    desk = Desk(FRIDAY.closes_at)
    desk.feed.held = [trade(FRIDAY.opens_at, 1), trade(FRIDAY.closes_at - timedelta(seconds=1), 2)]
    outcome = desk.poll()
    (record,) = desk.records()
    assert record.watermark == to_us(FRIDAY.closes_at)
    assert record.as_of == to_us(FRIDAY.closes_at)
    assert record.series[0].ids == [1, 2]
    assert (outcome.trades, outcome.watermark) == (2, FRIDAY.closes_at)
    assert desk.cursors.positions == {CURSOR: FRIDAY.closes_at}
    assert desk.heartbeats.beats == {"poll_market": (FRIDAY.closes_at, "2 trades sent")}


def test_polling_again_at_the_same_time_asks_and_sends_nothing() -> None:
    desk = Desk(FRIDAY.closes_at)
    desk.poll()
    desk.feed.asked.clear()
    desk.stream.records.clear()
    assert desk.poll().trades == 0
    assert desk.feed.asked == []
    assert desk.stream.records == []


def test_sessions_missed_are_read_one_by_one_each_with_its_own_close() -> None:
    desk = Desk(FRIDAY.opens_at + timedelta(hours=1))
    desk.poll()
    desk.stream.records.clear()
    desk.feed.time = MONDAY.closes_at + timedelta(hours=2)
    desk.feed.held = [trade(FRIDAY.closes_at - timedelta(minutes=1), 1), trade(MONDAY.opens_at, 2)]
    desk.poll()
    assert [(one.watermark, len(one.series)) for one in desk.records()] == [
        (to_us(FRIDAY.closes_at), 1),
        (to_us(MONDAY.closes_at), 1),
    ]


def test_a_live_poll_promises_only_what_has_settled_and_reads_the_rest_again() -> None:
    now = FRIDAY.opens_at + timedelta(minutes=5)
    desk = Desk(now, Pace())
    desk.feed.held = [trade(now - timedelta(seconds=3), 1)]
    desk.poll()
    assert desk.cursors.positions == {CURSOR: now - timedelta(seconds=10)}
    desk.feed.time = now + timedelta(minutes=1)
    desk.poll()
    assert desk.ids() == [1, 1]


def test_the_first_seconds_of_a_session_are_sent_without_a_promise() -> None:
    now = FRIDAY.opens_at + timedelta(seconds=5)
    desk = Desk(now, Pace())
    desk.feed.held = [trade(FRIDAY.opens_at, 1)]
    outcome = desk.poll()
    assert outcome.watermark is None
    assert [one.watermark for one in desk.records()] == [None]
    assert desk.cursors.positions == {}


def test_a_long_gap_is_read_in_windows_and_each_one_done_is_kept() -> None:
    desk = Desk(FRIDAY.opens_at + timedelta(minutes=40), Pace())
    desk.poll()
    lengths = [end - begin for begin, end in desk.feed.asked]
    assert lengths == [timedelta(minutes=15), timedelta(minutes=15), timedelta(minutes=10)]
    watermarks = [one.watermark for one in desk.records()]
    assert watermarks == sorted(w for w in watermarks if w is not None)
    assert len(watermarks) == 3


def test_the_cursor_stays_when_the_stream_refuses_and_the_repeat_has_the_same_ids() -> None:
    desk = Desk(FRIDAY.closes_at)
    desk.feed.held = [
        trade(FRIDAY.opens_at + timedelta(milliseconds=one), one) for one in range(1_500)
    ]
    desk.stream.fails_after = 1
    with pytest.raises(UnavailableError):
        desk.poll()
    assert desk.cursors.positions == {}
    assert [one.watermark for one in desk.records()] == [None]
    desk.stream.fails_after = None
    desk.poll()
    assert desk.ids() == [*range(1_000), *range(1_500)]
    assert desk.records()[-1].watermark == to_us(FRIDAY.closes_at)


def test_a_poll_that_another_overtook_stops_quietly() -> None:
    desk = Desk(MONDAY.closes_at)
    desk.cursors.positions[CURSOR] = FRIDAY.opens_at

    def overtaken(_name: str, *, previous: datetime | None, to: datetime) -> None:
        raise ConflictError(f"not at {previous}, so not to {to}")

    desk.cursors.advance = overtaken  # type: ignore[method-assign]
    outcome = desk.poll()
    assert outcome.watermark == FRIDAY.opens_at
    assert len(desk.feed.asked) == 1


def test_between_sessions_there_is_nothing_to_ask() -> None:
    desk = Desk(datetime(2005, 2, 26, 12, tzinfo=UTC))
    desk.cursors.positions[CURSOR] = FRIDAY.closes_at
    desk.poll()
    assert desk.feed.asked == []


def test_messages_the_feed_could_not_read_travel_to_the_quarantine() -> None:
    desk = Desk(FRIDAY.closes_at)
    desk.feed.unread = ['{"t":"noon"}']
    assert desk.poll().unread == 1
    assert desk.records()[0].unread == ['{"t":"noon"}']
