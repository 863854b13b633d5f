"""The real stream clients listen to the simulator."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from alpaca.data.live.stock import StockDataStream
from alpaca.trading import requests as asks
from alpaca.trading.enums import OrderSide, TimeInForce
from alpaca.trading.stream import TradingStream

from tests.contract.exchange.conftest import KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alpaca.trading.client import TradingClient

    from local.exchange.control import Exchange, ExchangeControl

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@contextlib.contextmanager
def listening(stream: Any) -> Iterator[None]:
    """Run a vendor stream client beside the test."""
    thread = threading.Thread(target=stream.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        # Its own stop() waits up to five seconds for the next message.
        asyncio.run_coroutine_threadsafe(stream.stop_ws(), stream._loop).result()
        asyncio.run_coroutine_threadsafe(stream.close(), stream._loop).result()
        thread.join(timeout=10)
        assert not thread.is_alive()


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, f"waited ten seconds for {what}"
        time.sleep(0.01)


def test_trade_updates_tell_an_order_from_acceptance_to_its_last_fill(
    exchange: Exchange, control: ExchangeControl, trading: TradingClient
) -> None:
    control.advance()
    updates: list[Any] = []

    async def hear(update: Any) -> None:
        updates.append(update)

    stream = TradingStream(*KEYS, url_override=exchange.trade_updates_url)
    stream.subscribe_trade_updates(hear)
    with listening(stream):
        wait_until(lambda: control.streams()["/stream"] == 1, "the stream to connect")
        time.sleep(0.2)
        order = trading.submit_order(
            asks.MarketOrderRequest(
                symbol="IBM", qty=40, side=OrderSide.BUY, time_in_force=TimeInForce.DAY
            )
        )
        control.advance()
        wait_until(lambda: bool(updates) and updates[-1].event == "fill", "the fill")

    fills = control.books()["fills"]
    assert [update.event for update in updates] == [
        "accepted",
        "new",
        *["partial_fill"] * (len(fills) - 1),
        "fill",
    ]
    assert {update.order.id for update in updates} == {order.id}
    executions = updates[2:]
    assert [str(update.execution_id) for update in executions] == [
        fill["execution_id"] for fill in fills
    ]
    assert [update.qty for update in executions] == [float(fill["quantity"]) for fill in fills]
    assert executions[-1].position_qty == 40
    assert executions[-1].order.filled_qty == "40"


def test_the_market_data_stream_sends_prints_quotes_and_bars_of_what_is_subscribed(
    exchange: Exchange, control: ExchangeControl
) -> None:
    trades: list[Any] = []
    quotes: list[Any] = []
    bars: list[Any] = []
    days: list[Any] = []

    def into(heard: list[Any]) -> Any:
        async def hear(message: Any) -> None:
            heard.append(message)

        return hear

    stream = StockDataStream(*KEYS, url_override=exchange.market_data_stream_url)
    stream.subscribe_trades(into(trades), "IBM", "MSFT")
    stream.subscribe_quotes(into(quotes), "IBM")
    stream.subscribe_bars(into(bars), "IBM")
    stream.subscribe_daily_bars(into(days), "*")
    with listening(stream):
        wait_until(lambda: control.streams()["/v2/iex"] == 1, "the stream to connect")
        time.sleep(0.2)
        control.advance()
        wait_until(lambda: len(days) == 4, "the daily bars")

    assert {trade.symbol for trade in trades} == {"IBM", "MSFT"}
    assert len(trades) == 12
    assert len(quotes) == 6
    assert {bar.symbol for bar in bars} == {"IBM"}
    day = next(bar for bar in days if bar.symbol == "IBM")
    assert (
        sum(bar.volume for bar in bars)
        == day.volume
        == sum(trade.size for trade in trades if trade.symbol == "IBM")
    )
    assert trades[0].timestamp.tzinfo is not None


async def _data_conversation(url: str, *messages: dict[str, Any]) -> list[Any]:
    """Return all that the market data stream answers in JSON to these messages."""
    heard: list[Any] = []
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        heard += json.loads((await socket.receive(5)).data)
        for message in messages:
            await socket.send_str(json.dumps(message))
            frame = await socket.receive(5)
            if frame.type is not aiohttp.WSMsgType.TEXT:
                break
            heard += json.loads(frame.data)
    return heard


AUTH = {"action": "auth", "key": KEYS[0], "secret": KEYS[1]}


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([{"action": "auth", "key": "x", "secret": "y"}], 402),
        ([{"action": "subscribe", "trades": ["IBM"]}], 401),
        ([AUTH, AUTH], 403),
        ([AUTH, {"action": "dance"}], 400),
        ([AUTH, {"action": "subscribe", "trades": "IBM"}], 400),
    ],
)
def test_the_market_data_stream_names_what_a_client_does_wrong(
    exchange: Exchange, messages: list[dict[str, Any]], code: int
) -> None:
    heard = asyncio.run(_data_conversation(exchange.market_data_stream_url, *messages))

    assert (heard[0]["msg"], heard[-1]["T"], heard[-1]["code"]) == ("connected", "error", code)


def test_subscriptions_are_answered_with_the_whole_list(exchange: Exchange) -> None:
    heard = asyncio.run(
        _data_conversation(
            exchange.market_data_stream_url,
            AUTH,
            {"action": "subscribe", "trades": ["IBM", "AAPL"], "bars": ["*"]},
            {"action": "unsubscribe", "trades": ["IBM"]},
        )
    )

    assert [message["T"] for message in heard] == ["success", "success", *["subscription"] * 2]
    assert (heard[-1]["trades"], heard[-1]["bars"]) == (["AAPL"], ["*"])


def test_a_second_market_data_client_is_over_the_connection_limit(exchange: Exchange) -> None:
    async def both() -> list[Any]:
        url = exchange.market_data_stream_url
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as first:
            await first.receive(5)
            await first.send_str(json.dumps(AUTH))
            await first.receive(5)
            return await _data_conversation(url, AUTH)

    assert asyncio.run(both())[-1]["code"] == 406


def test_wrong_keys_are_not_authorized_for_trade_updates(exchange: Exchange) -> None:
    async def answer() -> Any:
        url = exchange.trade_updates_url
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            await socket.send_str('{"action":"auth","key":"x","secret":"y"}')
            frame = await socket.receive(5)
            assert frame.type is aiohttp.WSMsgType.BINARY
            return json.loads(frame.data)

    assert asyncio.run(answer())["data"]["status"] == "unauthorized"


@pytest.mark.parametrize("action", ["stream_drop", "stream_mute"])
def test_a_script_cuts_or_mutes_the_trade_updates(
    exchange: Exchange, control: ExchangeControl, trading: TradingClient, action: str
) -> None:
    control.advance()

    async def converse() -> aiohttp.WSMessage:
        url = exchange.trade_updates_url
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            data = {"key_id": KEYS[0], "secret_key": KEYS[1]}
            await socket.send_json({"action": "authenticate", "data": data})
            await socket.receive(5)
            await socket.send_json({"action": "listen", "data": {"streams": ["trade_updates"]}})
            await socket.receive(5)
            await asyncio.to_thread(
                control.add_faults, {"action": action, "method": "SEND", "path": "^/stream$"}
            )
            ask = asks.MarketOrderRequest(
                symbol="IBM", qty=1, side=OrderSide.BUY, time_in_force=TimeInForce.DAY
            )
            await asyncio.to_thread(trading.submit_order, ask)
            return await socket.receive(0.5)

    if action == "stream_mute":
        with pytest.raises(TimeoutError):
            asyncio.run(converse())
    else:
        message = asyncio.run(converse())
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1011)


@pytest.mark.parametrize("path", ["/stream", "/v2/iex"])
def test_a_script_refuses_the_sign_in(
    exchange: Exchange, control: ExchangeControl, path: str
) -> None:
    control.add_faults({"action": "stream_refuse", "method": "SIGN_IN", "path": path, "times": 1})

    async def sign_in() -> Any:
        url = f"ws://127.0.0.1:{exchange.port}{path}"
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            if path == "/v2/iex":
                await socket.receive(5)
            await socket.send_json({**AUTH, "data": {"key_id": KEYS[0], "secret_key": KEYS[1]}})
            return json.loads((await socket.receive(5)).data)

    first, second = asyncio.run(sign_in()), asyncio.run(sign_in())

    if path == "/stream":
        assert [one["data"]["status"] for one in (first, second)] == ["unauthorized", "authorized"]
    else:
        assert (first[0]["code"], second[0]["msg"]) == (406, "authenticated")


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{", '{"action":"listen","data":5}', '{"data":{"streams":3}}']
)
def test_nonsense_on_the_trade_updates_is_answered_with_an_error(
    exchange: Exchange, text: str
) -> None:
    async def converse() -> Any:
        url = exchange.trade_updates_url
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            await socket.send_json({"action": "auth", "key": KEYS[0], "secret": KEYS[1]})
            await socket.receive(5)
            await socket.send_str(text)
            return json.loads((await socket.receive(5)).data)

    assert asyncio.run(converse())["stream"] == "error"
