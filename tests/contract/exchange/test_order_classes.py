"""The real TradingClient places brackets and pairs at the simulator, and the product's adapter the same ones."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from alpaca.common.exceptions import APIError
from alpaca.trading import requests as asks
from alpaca.trading.enums import OrderClass, OrderSide, OrderStatus, QueryOrderStatus, TimeInForce

from quantumzero.adapters.brokers.alpaca import AlpacaBroker
from quantumzero.adapters.brokers.alpaca_http import AlpacaHttp
from quantumzero.domain import orders as ours
from tests.contract.brokers.test_broker import accepted, terms
from tests.contract.exchange.conftest import KEYS

if TYPE_CHECKING:
    from alpaca.trading.client import TradingClient

    from local.exchange.control import Exchange, ExchangeControl


def bracket(**fields: Any) -> asks.MarketOrderRequest:
    values: dict[str, Any] = {
        "symbol": "IBM",
        "qty": 3,
        "side": OrderSide.BUY,
        "time_in_force": TimeInForce.GTC,
        "order_class": OrderClass.BRACKET,
        "take_profit": asks.TakeProfitRequest(limit_price=500),
        "stop_loss": asks.StopLossRequest(stop_price=1),
    }
    return asks.MarketOrderRequest(**{**values, **fields})


def test_a_bracket_is_three_orders_that_end_together(
    trading: TradingClient, control: ExchangeControl
) -> None:
    control.advance()
    placed = trading.submit_order(bracket())
    assert placed.order_class is OrderClass.BRACKET
    target, stop = placed.legs
    assert (target.status, stop.status) == (OrderStatus.HELD, OrderStatus.HELD)
    assert (target.limit_price, stop.stop_price) == ("500", "1")
    assert target.side is stop.side is OrderSide.SELL
    control.advance()
    now = trading.get_order_by_id(placed.id)
    assert [each.status for each in (now, *now.legs)] == [
        OrderStatus.FILLED,
        OrderStatus.NEW,
        OrderStatus.HELD,
    ]
    flat = trading.get_orders(asks.GetOrdersRequest(status=QueryOrderStatus.ALL))
    nested = trading.get_orders(asks.GetOrdersRequest(status=QueryOrderStatus.ALL, nested=True))
    assert (len(flat), len(nested), len(nested[0].legs)) == (3, 1, 2)
    trading.cancel_order_by_id(target.id)
    assert trading.get_order_by_id(stop.id).status is OrderStatus.CANCELED
    assert trading.get_open_position("IBM").qty == "3"


def test_an_exit_by_a_pair_and_a_triggered_stop(
    trading: TradingClient, control: ExchangeControl
) -> None:
    control.advance()
    only_stop = bracket(order_class=OrderClass.OTO, take_profit=None)
    entry = trading.submit_order(only_stop)
    assert len(entry.legs) == 1
    control.advance()
    trading.cancel_order_by_id(entry.legs[0].id)
    pair = trading.submit_order(
        asks.LimitOrderRequest(
            symbol="IBM",
            qty=3,
            side=OrderSide.SELL,
            time_in_force=TimeInForce.GTC,
            limit_price=500,
            order_class=OrderClass.OCO,
            take_profit=asks.TakeProfitRequest(limit_price=500),
            stop_loss=asks.StopLossRequest(stop_price=1, limit_price=1),
        )
    )
    assert pair.order_class is OrderClass.OCO
    assert [each.status for each in pair.legs] == [OrderStatus.HELD]
    assert len(trading.cancel_orders()) == 1
    assert trading.get_orders() == []


def test_an_exit_is_no_bracket(trading: TradingClient, control: ExchangeControl) -> None:
    control.advance()
    with pytest.raises(APIError, match=r"take_profit\.limit_price must be"):
        trading.submit_order(bracket(take_profit=asks.TakeProfitRequest(limit_price=2)))
    with pytest.raises(APIError, match="oco orders must be exit orders"):
        trading.submit_order(
            asks.LimitOrderRequest(
                symbol="IBM",
                qty=3,
                side=OrderSide.SELL,
                time_in_force=TimeInForce.GTC,
                limit_price=500,
                order_class=OrderClass.OCO,
                take_profit=asks.TakeProfitRequest(limit_price=500),
                stop_loss=asks.StopLossRequest(stop_price=1),
            )
        )


def test_our_adapter_writes_a_bracket_that_the_exchange_takes(
    exchange: Exchange, trading: TradingClient, control: ExchangeControl
) -> None:
    control.advance()
    broker = AlpacaBroker(AlpacaHttp(exchange.url, key_id=KEYS[0], secret_key=KEYS[1]))
    wanted = replace(
        terms(),
        order_class=ours.OrderClass.BRACKET,
        take_profit_price=Decimal("500.25"),
        stop_loss_price=Decimal("1.50"),
        stop_loss_limit_price=Decimal("1.25"),
    )
    sent = accepted(broker.submit(wanted))
    shown = trading.get_order_by_id(sent.broker_order_id)
    target, stop = shown.legs
    assert (target.limit_price, stop.stop_price, stop.limit_price) == ("500.25", "1.5", "1.25")
    alone = replace(wanted, client_order_id="qz1-alone", emulated=True)
    assert trading.get_order_by_id(accepted(broker.submit(alone)).broker_order_id).legs is None


def test_a_pair_is_one_order_to_us_and_two_to_the_vendors_client(
    exchange: Exchange, trading: TradingClient, control: ExchangeControl
) -> None:
    control.advance()
    broker = AlpacaBroker(AlpacaHttp(exchange.url, key_id=KEYS[0], secret_key=KEYS[1]))
    broker.submit(terms())
    control.advance()
    wanted = replace(
        terms("pair", ours.Side.SELL),
        order_class=ours.OrderClass.OCO,
        order_type=ours.OrderType.LIMIT,
        time_in_force=ours.TimeInForce.GOOD_TIL_CANCELED,
        limit_price=Decimal("500.25"),
        take_profit_price=Decimal("500.25"),
        stop_loss_price=Decimal("1.50"),
    )
    sent = accepted(broker.submit(wanted))
    shown = trading.get_order_by_client_id(wanted.client_order_id)
    (stop,) = shown.legs
    assert (shown.order_class, shown.limit_price) == (OrderClass.OCO, "500.25")
    assert (stop.status, stop.stop_price) == (OrderStatus.HELD, "1.5")
    assert broker.order(wanted.client_order_id) == sent
    told = broker.orders(since=None, open_only=False)
    assert [each.client_order_id for each in told] == [
        terms().client_order_id,
        wanted.client_order_id,
    ]
    # Cancelled by somebody else through the stop: both halves are closed, and so is the one order.
    trading.cancel_order_by_id(stop.id)
    gone = broker.order(wanted.client_order_id)
    assert gone is not None
    assert (gone.status, gone.filled_quantity) == ("canceled", 0)
