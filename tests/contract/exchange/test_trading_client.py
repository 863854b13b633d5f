"""The real TradingClient trades at the simulator."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import requests
from alpaca.common.exceptions import APIError
from alpaca.trading import requests as asks
from alpaca.trading.enums import OrderSide, OrderStatus, QueryOrderStatus, TimeInForce

if TYPE_CHECKING:
    from alpaca.trading.client import TradingClient

    from local.exchange.control import Exchange, ExchangeControl
    from tests.contract.exchange.vendor_shapes import Checked

DAY, GTC = TimeInForce.DAY, TimeInForce.GTC
BUY, SELL = OrderSide.BUY, OrderSide.SELL
KEY_HEADERS = {"APCA-API-KEY-ID": "local-key", "APCA-API-SECRET-KEY": "local-secret"}


def market(quantity: float, name: str | None = None, side: OrderSide = BUY) -> Any:
    return asks.MarketOrderRequest(
        symbol="IBM", qty=quantity, side=side, time_in_force=DAY, client_order_id=name
    )


def limit(price: float, quantity: float = 10, **fields: Any) -> Any:
    values = {"symbol": "IBM", "side": BUY, "time_in_force": GTC, **fields}
    return asks.LimitOrderRequest(qty=quantity, limit_price=price, **values)


def test_account_clock_calendar_and_assets_are_readable(
    trading: TradingClient, control: ExchangeControl, checked: Checked
) -> None:
    account = trading.get_account()
    clock = trading.get_clock()
    calendar = trading.get_calendar(
        asks.GetCalendarRequest(start=date(2005, 2, 18), end=date(2005, 2, 22))
    )
    assets = trading.get_all_assets()

    assert (account.cash, account.multiplier) == ("100000.00", "1")
    assert not clock.is_open
    assert clock.next_open == datetime(2005, 2, 23, 14, 30, tzinfo=UTC)
    assert [day.date for day in calendar] == [date(2005, 2, 18), date(2005, 2, 22)]
    assert {asset.symbol for asset in assets} == {"AAPL", "GOOG", "IBM", "MSFT"}
    assert trading.get_asset(str(assets[0].id)).symbol == assets[0].symbol
    control.open_session()
    assert trading.get_clock().is_open
    assert checked.answers == 6


def test_an_order_placed_after_the_close_fills_from_the_next_opening_prints(
    trading: TradingClient, control: ExchangeControl
) -> None:
    control.advance()
    order = trading.submit_order(market(50, "mine"))
    assert order.status is OrderStatus.ACCEPTED

    control.advance()

    filled = trading.get_order_by_client_id("mine")
    assert (filled.id, filled.status, filled.filled_qty) == (order.id, OrderStatus.FILLED, "50")
    position = trading.get_open_position("IBM")
    assert position.qty == "50"
    books = control.books()
    assert books["positions"]["IBM"]["quantity"] == "50"
    cost = sum(Decimal(fill["quantity"]) * Decimal(fill["price"]) for fill in books["fills"])
    assert Decimal(books["cash"]) == 100_000 - cost
    assert Decimal(trading.get_account().equity) == round(Decimal(books["equity"]), 2)
    assert [order["client_order_id"] for order in books["orders"]] == ["mine"]
    assert Decimal(filled.filled_avg_price) * 50 == cost


def test_every_simple_order_type_is_taken_listed_and_cancelled(
    trading: TradingClient, control: ExchangeControl
) -> None:
    control.advance()
    common: dict[str, Any] = {"symbol": "IBM", "qty": 1, "side": BUY, "time_in_force": GTC}
    placed = [
        trading.submit_order(order)
        for order in (
            limit(50),
            asks.StopOrderRequest(stop_price=150, **common),
            asks.StopLimitOrderRequest(stop_price=150, limit_price=151, **common),
            asks.TrailingStopOrderRequest(trail_percent=5, **common),
            asks.TrailingStopOrderRequest(trail_price=7.5, **common),
            asks.MarketOrderRequest(symbol="MSFT", notional=1_000, side=BUY, time_in_force=DAY),
            asks.MarketOrderRequest(symbol="MSFT", qty=0.25, side=BUY, time_in_force=DAY),
        )
    ]

    listed = trading.get_orders(asks.GetOrdersRequest(status=QueryOrderStatus.OPEN, limit=100))
    assert [order.id for order in listed] == [order.id for order in reversed(placed)]
    assert trading.get_order_by_id(placed[3].id).hwm is not None
    trading.cancel_order_by_id(placed[0].id)
    with pytest.raises(APIError, match='already in \\\\"canceled\\\\" state'):
        trading.cancel_order_by_id(placed[0].id)
    assert {answer.status for answer in trading.cancel_orders()} == {200}
    assert trading.get_orders() == []
    closed = trading.get_orders(asks.GetOrdersRequest(status=QueryOrderStatus.CLOSED))
    assert {order.status for order in closed} == {OrderStatus.CANCELED}
    assert len(closed) == 7


def test_orders_are_paged_by_time_and_by_id(
    trading: TradingClient, control: ExchangeControl
) -> None:
    control.advance()
    placed = [trading.submit_order(limit(50 + number)) for number in range(7)]
    seen, until = [], None
    while page := trading.get_orders(
        asks.GetOrdersRequest(status=QueryOrderStatus.ALL, limit=3, until=until)
    ):
        seen += [order.id for order in page]
        until = page[-1].submitted_at

    assert seen == [order.id for order in reversed(placed)]
    after = trading.get_orders(
        asks.GetOrdersRequest(status=QueryOrderStatus.ALL, after=placed[4].submitted_at)
    )
    assert [order.id for order in after] == [placed[6].id, placed[5].id]


def test_a_replaced_order_gives_way_to_a_new_one(
    trading: TradingClient, control: ExchangeControl
) -> None:
    control.advance()
    first = trading.submit_order(limit(50))

    second = trading.replace_order_by_id(
        first.id, asks.ReplaceOrderRequest(qty=20, limit_price=51, client_order_id="second")
    )

    assert second.replaces == first.id
    assert (second.qty, second.limit_price) == ("20", "51")
    old = trading.get_order_by_id(first.id)
    assert (old.status, old.replaced_by) == (OrderStatus.REPLACED, second.id)


def test_positions_are_closed_wholly_partly_and_all_at_once(
    trading: TradingClient, control: ExchangeControl
) -> None:
    control.advance()
    trading.submit_order(market(40))
    control.advance()

    part = trading.close_position("IBM", asks.ClosePositionRequest(percentage="25"))
    assert (part.qty, part.side) == ("10", SELL)
    control.advance()
    assert trading.get_open_position("IBM").qty == "30"
    answers = trading.close_all_positions(cancel_orders=True)
    assert [answer.status for answer in answers] == [200]
    control.advance()
    assert trading.get_all_positions() == []
    with pytest.raises(APIError, match="position does not exist"):
        trading.get_open_position("IBM")


def test_a_split_doubles_shares_and_open_orders_before_the_open(
    trading: TradingClient, control: ExchangeControl, exchange: Exchange
) -> None:
    control.advance()
    trading.submit_order(
        asks.MarketOrderRequest(symbol="AAPL", qty=10, side=BUY, time_in_force=DAY)
    )
    resting = trading.submit_order(limit(40, 5, symbol="AAPL"))
    control.advance()
    control.advance()
    equity = control.books(summary=True)["equity"]

    assert control.open_session()["session"]["date"] == "2005-02-28"

    assert trading.get_open_position("AAPL").qty == "20"
    assert control.books(summary=True)["equity"] == equity
    restated = trading.get_order_by_id(resting.id)
    assert (restated.qty, restated.limit_price) == ("10", "20")
    activities = requests.get(
        f"{exchange.url}/v2/account/activities/SPLIT", headers=KEY_HEADERS, timeout=5
    ).json()
    assert [(entry["symbol"], entry["qty"]) for entry in activities] == [("AAPL", "10")]


def test_activities_list_every_fill_page_by_page(
    trading: TradingClient, control: ExchangeControl, exchange: Exchange, checked: Checked
) -> None:
    control.advance()
    trading.submit_order(market(60))
    control.advance()
    fills = control.books()["fills"]
    listed: list[dict[str, Any]] = []
    while len(listed) < len(fills):
        answer = requests.get(
            f"{exchange.url}/v2/account/activities",
            params={
                "activity_types": "FILL",
                "direction": "asc",
                "page_size": 1,
                "page_token": listed[-1]["id"] if listed else "",
            },
            headers=KEY_HEADERS,
            timeout=5,
        )
        checked.check(answer)
        listed += answer.json()

    assert len(fills) > 1
    assert [entry["qty"] for entry in listed] == [fill["quantity"] for fill in fills]
    assert [entry["type"] for entry in listed][-1] == "fill"


@pytest.mark.parametrize(
    ("order", "status", "code"),
    [
        (market(1, "used"), 422, 40010001),
        (limit(290.123), 422, 42210000),
        (market(1_000_000), 403, 40310000),
        (market(1, side=SELL), 403, 40310000),
        (limit(50, symbol="NONE"), 422, 42210000),
    ],
)
def test_refusals_have_the_vendors_status_and_code(
    trading: TradingClient, control: ExchangeControl, order: Any, status: int, code: int
) -> None:
    control.advance()
    trading.submit_order(limit(50, client_order_id="used", symbol="MSFT"))

    with pytest.raises(APIError) as refused:
        trading.submit_order(order)

    assert (refused.value.status_code, refused.value.code) == (status, code)
    assert len(control.books()["orders"]) == 1


def test_wrong_keys_get_401_without_a_code_and_unknown_paths_404(exchange: Exchange) -> None:
    url = f"{exchange.url}/v2/account"
    refused = requests.get(url, headers={"APCA-API-KEY-ID": "x"}, timeout=5)
    basic = requests.get(url, auth=("local-key", "local-secret"), timeout=5)
    broken = requests.get(url, headers={"Authorization": "Basic %%%"}, timeout=5)

    assert (refused.status_code, "code" in refused.json()) == (401, False)
    assert basic.status_code == 200
    assert broken.status_code == 401
    assert (
        requests.get(f"{exchange.url}/v2/none", headers=KEY_HEADERS, timeout=5).status_code == 404
    )


@pytest.mark.parametrize("body", ["", "[]", "{", '"text"', '{"qty": 1e400}', '{"symbol": 5}'])
def test_a_body_that_is_no_order_is_refused_with_422(exchange: Exchange, body: str) -> None:
    answer = requests.post(f"{exchange.url}/v2/orders", body, headers=KEY_HEADERS, timeout=5)

    assert answer.status_code == 422
    assert answer.json()["code"] == 40010001


@pytest.mark.parametrize(
    "query", ["status=none", "limit=-1", "limit=501", "limit=x", "after=never", "until=2005-13-01"]
)
def test_a_query_that_makes_no_sense_is_refused_by_name(exchange: Exchange, query: str) -> None:
    answer = requests.get(f"{exchange.url}/v2/orders?{query}", headers=KEY_HEADERS, timeout=5)

    assert answer.status_code == 422
    assert query.split("=")[0] in answer.json()["message"]


def test_two_orders_of_one_symbol_and_side_in_one_session_are_told(
    trading: TradingClient, control: ExchangeControl
) -> None:
    control.advance()
    for name in ("one", "two"):
        trading.submit_order(market(1, name))

    assert control.duplicates() == [
        {
            "session": "2005-02-24",
            "symbol": "IBM",
            "side": "buy",
            "client_order_ids": ["one", "two"],
        }
    ]
