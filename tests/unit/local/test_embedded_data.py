"""The embedded bars are the real ones."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from bokeh_sampledata import stocks

from local.market_data.embedded import load_embedded
from local.market_data.loading import load_market_data, replay_window
from quantumzero.domain.errors import CorruptDataError

if TYPE_CHECKING:
    from local.market_data.source import MarketData


@pytest.fixture(scope="module")
def data() -> MarketData:
    return load_market_data(None)


def test_all_four_instruments_trade_in_every_session_of_the_default_window(
    data: MarketData,
) -> None:
    window = replay_window(data, embedded=True, start=None, count=None)

    assert (window[0].date, window[-1].date) == (date(2004, 8, 19), date(2013, 3, 1))
    assert len(window) == 2148
    for session in window:
        assert {tick.symbol for tick in data.ticks(session.date)} == set(data.symbols)
    assert data.gaps() == []


def test_ticks_give_back_the_bars_of_the_package_to_the_ten_thousandth(data: MarketData) -> None:
    table = stocks.AAPL
    for position in range(0, len(table["date"]), 97):
        day = date.fromisoformat(table["date"][position])
        ticks = [tick for tick in data.ticks(day) if tick.symbol == "AAPL"]
        assert ticks[0].price == Decimal(repr(table["open"][position]))
        assert ticks[-1].price == Decimal(repr(table["close"][position]))
        assert max(tick.price for tick in ticks) == Decimal(repr(table["high"][position]))
        assert min(tick.price for tick in ticks) == Decimal(repr(table["low"][position]))
        assert sum(tick.size for tick in ticks) == table["volume"][position]


def test_a_split_that_the_data_shows_but_nobody_listed_stops_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = copy.deepcopy(stocks.IBM)
    for position in range(100):
        table["adj_close"][position] /= 2
    monkeypatch.setattr(stocks, "IBM", table)

    with pytest.raises(CorruptDataError, match="IBM shows the splits"):
        load_embedded()
