"""The Alpaca feed against a vendor that misbehaves in every way the real one may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.adapters.feeds import alpaca
from quantumzero.adapters.feeds.alpaca import AlpacaTradeFeed
from quantumzero.domain.calendars import to_us
from quantumzero.domain.errors import UnavailableError
from quantumzero.domain.ticks import Trade
from tests.fakes.scripted_vendor import Answer, ScriptedVendor, scripted_vendor

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2005, 3, 1, 14, 30, tzinfo=UTC)
END = START + timedelta(hours=6.5)
TRADES, CLOCK = "/v2/stocks/trades", "/v2/clock"


@pytest.fixture
def vendor() -> Iterator[ScriptedVendor]:
    with scripted_vendor() as served:
        yield served


@pytest.fixture
def feed(vendor: ScriptedVendor) -> AlpacaTradeFeed:
    return feed_of(vendor)


def feed_of(vendor: ScriptedVendor) -> AlpacaTradeFeed:
    keys = {"key_id": "key", "secret_key": "secret"}
    return AlpacaTradeFeed(**keys, data_url=vendor.url, broker_url=vendor.url + "/")


def row(**changes: Any) -> dict[str, Any]:
    good = {"t": "2005-03-01T14:30:00.123456789Z", "x": "V", "p": 44.9312, "s": 100, "i": 7}
    return good | {"c": ["@"], "z": "C"} | changes


def page(trades: dict[str, Any], token: str | None = None) -> Answer:
    return 200, {"trades": trades, "next_page_token": token}


def test_a_trade_is_read_with_its_venue_in_the_id_and_time_cut_to_microseconds(
    vendor: ScriptedVendor, feed: AlpacaTradeFeed
) -> None:
    vendor.answers[TRADES] = lambda _query: page({"AAPL": [row(), row(x="Q")]})
    found = feed.trades(["AAPL", "IBM"], START, END)
    time = to_us(START) + 123_456
    assert found.trades == [
        Trade("AAPL", time, 449_312, 100, 7 << 7 | ord("V")),
        Trade("AAPL", time, 449_312, 100, 7 << 7 | ord("Q")),
    ]
    assert found.unread == []
    (_, query) = vendor.requests[0]
    assert query["symbols"] == "AAPL,IBM"
    assert query["start"].startswith("2005-03-01T14:30:00")


def test_every_page_is_read(vendor: ScriptedVendor, feed: AlpacaTradeFeed) -> None:
    pages = {
        None: page({"AAPL": [row(i=1)]}, "second"),
        "second": page({"AAPL": [row(i=2)], "IBM": [row(i=3)]}, "third"),
        "third": page({"IBM": [row(i=4)]}),
    }
    vendor.answers[TRADES] = lambda query: pages[query.get("page_token")]
    found = feed.trades(["AAPL", "IBM"], START, END)
    assert [(one.symbol, one.id >> 7) for one in found.trades] == [
        ("AAPL", 1),
        ("AAPL", 2),
        ("IBM", 3),
        ("IBM", 4),
    ]


def test_a_page_token_that_leads_in_a_circle_ends_in_an_error(
    vendor: ScriptedVendor, feed: AlpacaTradeFeed
) -> None:
    vendor.answers[TRADES] = lambda _query: page({"AAPL": [row()]}, "again")
    with pytest.raises(UnavailableError, match="led back to a page read before"):
        feed.trades(["AAPL"], START, END)
    vendor.answers[TRADES] = lambda _query: page({"AAPL": [row()]})
    assert len(feed.trades(["AAPL"], START, END).trades) == 1


@pytest.mark.parametrize(
    "bad",
    [
        row(t="noon"),
        row(t=5),
        row(p="free"),
        row(p=None),
        row(p=True) | {"p": float("inf")},
        row(s=0.5),
        row(s="many"),
        {"t": "2005-03-01T14:30:00Z"},
        "not a trade",
    ],
)
def test_a_trade_that_makes_no_sense_is_kept_as_text_and_the_others_are_read(
    bad: Any, vendor: ScriptedVendor, feed: AlpacaTradeFeed
) -> None:
    vendor.answers[TRADES] = lambda _query: page({"AAPL": [row(), bad, row(i=8)]})
    found = feed.trades(["AAPL"], START, END)
    assert len(found.trades) == 2
    assert len(found.unread) == 1
    assert '"symbol":"AAPL"' in found.unread[0]


def test_trades_that_the_exchange_took_back_are_left_out(
    vendor: ScriptedVendor, feed: AlpacaTradeFeed
) -> None:
    rows = [row(u="canceled"), row(u="incorrect"), row(i=9, u="corrected")]
    vendor.answers[TRADES] = lambda _query: page({"AAPL": rows})
    assert [one.id >> 7 for one in feed.trades(["AAPL"], START, END).trades] == [9]


def test_a_trade_without_a_usable_number_gets_the_same_id_every_time(
    vendor: ScriptedVendor, feed: AlpacaTradeFeed
) -> None:
    rows = [row(i="abc"), row(i=None), row(i=2**60), row(i=-1)]
    vendor.answers[TRADES] = lambda _query: page({"AAPL": rows})
    first = [one.id for one in feed.trades(["AAPL"], START, END).trades]
    assert first == [one.id for one in feed.trades(["AAPL"], START, END).trades]
    assert len(set(first)) == 4
    assert all(0 <= one < 2**63 for one in first)


def test_no_trades_is_an_empty_answer(vendor: ScriptedVendor, feed: AlpacaTradeFeed) -> None:
    vendor.answers[TRADES] = lambda _query: page({})
    assert feed.trades(["AAPL"], START, END).trades == []


@pytest.mark.parametrize(
    "answer",
    [
        (429, {"message": "too many requests."}),
        (401, {"message": "forbidden."}),
        (500, b""),
        (504, b""),
        (200, b"<html>"),
        (200, b""),
        (200, {"unexpected": 1}),
        (200, {"trades": None, "next_page_token": None}),
        (200, {"trades": {"AAPL": None}, "next_page_token": None}),
        (200, []),
    ],
)
def test_an_answer_that_is_not_trades_fails_at_once(
    answer: Answer, vendor: ScriptedVendor, feed: AlpacaTradeFeed
) -> None:
    vendor.answers[TRADES] = lambda _query: answer
    with pytest.raises(UnavailableError):
        feed.trades(["AAPL"], START, END)
    assert len(vendor.requests) == 1


def test_a_silent_vendor_is_given_up(
    vendor: ScriptedVendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alpaca, "_READ_SECONDS", 0.1)
    feed = feed_of(vendor)
    vendor.delay = 1.0
    vendor.answers[TRADES] = lambda _query: page({})
    vendor.answers[CLOCK] = lambda _query: (200, {})
    with pytest.raises(UnavailableError, match="did not answer with trades"):
        feed.trades(["AAPL"], START, END)
    with pytest.raises(UnavailableError, match="clock did not answer"):
        feed.now()


def test_the_vendors_now_is_the_brokers_clock(
    vendor: ScriptedVendor, feed: AlpacaTradeFeed
) -> None:
    vendor.answers[CLOCK] = lambda _query: (
        200,
        {"timestamp": "2005-03-01T16:00:00.000000001-05:00", "is_open": False},
    )
    assert feed.now() == datetime(2005, 3, 1, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    "answer",
    [
        (500, b""),
        (200, b"<html>"),
        (200, {"timestamp": "noon"}),
        (200, {"timestamp": 5}),
        (200, {}),
        (200, []),
    ],
)
def test_a_clock_that_makes_no_sense_is_an_error(
    answer: Answer, vendor: ScriptedVendor, feed: AlpacaTradeFeed
) -> None:
    vendor.answers[CLOCK] = lambda _query: answer
    with pytest.raises(UnavailableError, match="broker's clock"):
        feed.now()
