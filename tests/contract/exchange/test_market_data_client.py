"""The real StockHistoricalDataClient and CorporateActionsClient read the simulator's market."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests
from alpaca.data import requests as asks
from alpaca.data.enums import Adjustment
from alpaca.data.historical.corporate_actions import CorporateActionsClient
from alpaca.data.timeframe import TimeFrame, TimeFrameUnit

from tests.contract.exchange.conftest import KEYS

if TYPE_CHECKING:
    from alpaca.data.historical.stock import StockHistoricalDataClient

    from local.exchange.control import Exchange, ExchangeControl
    from tests.contract.exchange.vendor_shapes import Checked

SYMBOLS = ["AAPL", "GOOG", "IBM", "MSFT"]
START = datetime(2005, 2, 23, tzinfo=UTC)
HEADERS = {"APCA-API-KEY-ID": KEYS[0], "APCA-API-SECRET-KEY": KEYS[1]}


def test_nothing_of_a_session_is_visible_before_it_has_been_replayed(
    history: StockHistoricalDataClient, control: ExchangeControl
) -> None:
    ask = asks.StockTradesRequest(symbol_or_symbols=SYMBOLS, start=START)
    control.open_session()
    assert history.get_stock_trades(ask).data == {}

    control.run_session()

    trades = history.get_stock_trades(ask).data
    assert {symbol: len(of_symbol) for symbol, of_symbol in trades.items()} == dict.fromkeys(
        SYMBOLS, 6
    )
    latest = history.get_stock_latest_trade(asks.StockLatestTradeRequest(symbol_or_symbols=SYMBOLS))
    assert latest["IBM"].id == trades["IBM"][-1].id
    assert latest["IBM"].timestamp == datetime(2005, 2, 23, 20, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("limit", [1, 4, 7, 24, 100])
def test_pages_run_over_all_symbols_together_in_the_order_of_their_names(
    exchange: Exchange, control: ExchangeControl, checked: Checked, limit: int
) -> None:
    control.advance()
    seen: list[tuple[str, int]] = []
    token = ""
    while token is not None:
        answer = requests.get(
            f"{exchange.url}/v2/stocks/trades",
            params={
                "symbols": "MSFT,IBM,AAPL,GOOG",
                "start": START.isoformat(),
                "limit": limit,
                "page_token": token,
            },
            headers=HEADERS,
            timeout=5,
        )
        checked.check(answer)
        page = answer.json()
        assert sum(map(len, page["trades"].values())) <= limit
        seen += [
            (symbol, trade["i"]) for symbol, trades in page["trades"].items() for trade in trades
        ]
        token = page["next_page_token"]

    assert len(seen) == 24
    assert seen == sorted(seen)


def test_daily_bars_are_the_source_bars_raw_or_adjusted_for_the_splits_known_by_now(
    history: StockHistoricalDataClient, control: ExchangeControl
) -> None:
    def bars(adjustment: Adjustment) -> list[Any]:
        ask = asks.StockBarsRequest(
            symbol_or_symbols="AAPL",
            timeframe=TimeFrame.Day,
            start=START,
            adjustment=adjustment,
        )
        return list(history.get_stock_bars(ask).data["AAPL"])

    for _ in range(3):
        control.advance()
    assert [bar.close for bar in bars(Adjustment.SPLIT)] == [
        bar.close for bar in bars(Adjustment.RAW)
    ]
    control.advance()

    raw, adjusted = bars(Adjustment.RAW), bars(Adjustment.SPLIT)
    assert [bar.close for bar in raw] == [88.23, 88.93, 88.99, 44.86]
    assert [bar.close for bar in adjusted] == [44.115, 44.465, 44.495, 44.86]
    assert adjusted[0].volume == 2 * raw[0].volume
    assert raw[-1].timestamp == datetime(2005, 2, 28, 5, tzinfo=UTC)


def test_bars_of_minutes_hours_and_weeks_hold_the_whole_volume(
    history: StockHistoricalDataClient, control: ExchangeControl
) -> None:
    for _ in range(3):
        control.advance()

    monday = datetime(2005, 2, 21, 5, tzinfo=UTC)

    def volume(timeframe: TimeFrame) -> float:
        ask = asks.StockBarsRequest(symbol_or_symbols="IBM", timeframe=timeframe, start=monday)
        return float(sum(bar.volume for bar in history.get_stock_bars(ask).data["IBM"]))

    day = volume(TimeFrame.Day)
    assert volume(TimeFrame.Minute) == volume(TimeFrame.Hour) == day
    assert volume(TimeFrame(15, TimeFrameUnit.Minute)) == day
    assert volume(TimeFrame.Week) == day


def test_quotes_snapshots_and_latest_are_derived_from_the_last_print(
    history: StockHistoricalDataClient, control: ExchangeControl
) -> None:
    control.advance()
    quotes = history.get_stock_quotes(
        asks.StockQuotesRequest(symbol_or_symbols="IBM", start=START)
    ).data["IBM"]
    quote = history.get_stock_latest_quote(asks.StockLatestQuoteRequest(symbol_or_symbols="IBM"))[
        "IBM"
    ]
    bar = history.get_stock_latest_bar(asks.StockLatestBarRequest(symbol_or_symbols="IBM"))["IBM"]
    snapshot = history.get_stock_snapshot(asks.StockSnapshotRequest(symbol_or_symbols="IBM"))["IBM"]

    assert quotes[-1] == quote
    assert quote.bid_price < snapshot.latest_trade.price < quote.ask_price
    assert bar.close == snapshot.latest_trade.price == snapshot.daily_bar.close
    assert snapshot.previous_daily_bar.timestamp < snapshot.daily_bar.timestamp


def test_a_split_is_announced_from_the_open_of_its_ex_date_on(
    exchange: Exchange, control: ExchangeControl, checked: Checked
) -> None:
    client = checked.watch(CorporateActionsClient(*KEYS, url_override=exchange.url))
    ask = asks.CorporateActionsRequest(
        symbols=["AAPL"], start=date(2005, 2, 1), end=date(2005, 3, 30)
    )
    for _ in range(3):
        control.advance()
    assert client.get_corporate_actions(ask).data == {}

    control.open_session()

    splits = client.get_corporate_actions(ask).data["forward_splits"]
    assert [(split.symbol, split.ex_date, split.new_rate, split.old_rate) for split in splits] == [
        ("AAPL", date(2005, 2, 28), 2.0, 1.0)
    ]


@pytest.mark.parametrize("kind", ["trades", "quotes", "bars"])
def test_the_paths_of_one_symbol_answer_in_their_own_shape(
    exchange: Exchange, control: ExchangeControl, checked: Checked, kind: str
) -> None:
    control.advance()
    base = f"{exchange.url}/v2/stocks/IBM"
    page = requests.get(
        f"{base}/{kind}", params={"start": "2005-02-23", "sort": "desc"}, headers=HEADERS, timeout=5
    )
    latest = requests.get(f"{base}/{kind}/latest", headers=HEADERS, timeout=5)
    snapshot = requests.get(f"{base}/snapshot", headers=HEADERS, timeout=5)

    for answer in (page, latest, snapshot):
        checked.check(answer)
        assert answer.json()["symbol"] == "IBM"
    assert page.json()[kind][0] == latest.json()[kind[:-1]]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("trades", 400),
        ("trades?symbols=IBM&page_token=%21", 400),
        ("trades?symbols=IBM&sort=up", 400),
        ("trades?symbols=IBM&start=soon", 422),
        ("trades?symbols=IBM&limit=10001", 422),
        ("bars?symbols=IBM&timeframe=2Day", 400),
        ("bars?symbols=IBM&timeframe=forever", 400),
        ("NONE/trades/latest", 404),
    ],
)
def test_bad_questions_get_a_clear_refusal(exchange: Exchange, path: str, status: int) -> None:
    answer = requests.get(f"{exchange.url}/v2/stocks/{path}", headers=HEADERS, timeout=5)

    assert answer.status_code == status
    assert answer.json()["message"]
