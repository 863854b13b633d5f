"""One simulator a module, set back to its beginning before each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alpaca.data.historical.stock import StockHistoricalDataClient
from alpaca.trading.client import TradingClient

from local.exchange.control import Exchange, ExchangeControl, ExchangeSettings, start_exchange
from tests.contract.exchange.vendor_shapes import Checked

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYS = ("local-key", "local-secret")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exchange]:
    exchange = start_exchange(
        ExchangeSettings(
            tmp_path_factory.mktemp("exchange"), from_date="2005-02-23", participation="0.0001"
        )
    )
    exchange.control.snapshot("beginning")
    yield exchange
    exchange.stop()


@pytest.fixture
def exchange(running: Exchange) -> Iterator[Exchange]:
    running.control.rewind("beginning")
    yield running
    running.control.clear_faults()


@pytest.fixture
def control(exchange: Exchange) -> ExchangeControl:
    return exchange.control


@pytest.fixture
def checked() -> Checked:
    return Checked()


@pytest.fixture
def trading(exchange: Exchange, checked: Checked) -> TradingClient:
    return checked.watch(TradingClient(*KEYS, url_override=exchange.url))


@pytest.fixture
def history(exchange: Exchange, checked: Checked) -> StockHistoricalDataClient:
    return checked.watch(StockHistoricalDataClient(*KEYS, url_override=exchange.url))
