"""Orders as the vendor writes them: unknown words and fields are tolerated, missing essentials are not."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from quantumzero.adapters.brokers.alpaca_orders import broker_order, order_request
from quantumzero.domain.errors import CorruptDataError
from quantumzero.domain.orders import OrderTerms, OrderType, Side, TimeInForce

BODY: dict[str, Any] = {
    "id": "b-1",
    "client_order_id": "qz1-a",
    "symbol": "AAPL",
    "side": "buy",
    "qty": "10.5",
    "filled_qty": "4",
    "filled_avg_price": "39.123456789012",
    "status": "partially_filled",
    "submitted_at": "2005-03-01T21:00:00.123456789Z",
    "updated_at": "2005-03-01T16:00:01-05:00",
}


def test_an_order_is_read_exactly() -> None:
    order = broker_order(BODY)
    assert (order.quantity, order.filled_quantity) == (Decimal("10.5"), 4)
    assert order.average_fill_price == Decimal("39.123456789012")
    assert order.created_at == datetime(2005, 3, 1, 21, 0, 0, 123456, tzinfo=UTC)
    assert order.updated_at == datetime(2005, 3, 1, 21, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "a word of tomorrow"},
        {"asset_class": "ipo", "legs": [], "notional": 5},
        {"filled_qty": 4, "qty": 10.5},
        {"filled_avg_price": None, "filled_qty": None},
        {"filled_avg_price": "", "filled_at": ""},
        {"updated_at": None},
        {"side": "sell_short"},
        {"qty": None, "notional": "100"},
    ],
)
def test_what_is_unknown_or_absent_is_tolerated(change: dict[str, Any]) -> None:
    order = broker_order({**BODY, **change})
    assert order.client_order_id == "qz1-a"


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {**BODY, "qty": "many"},
        {**BODY, "filled_qty": "NaN"},
        {**BODY, "updated_at": "yesterday"},
        {**BODY, "updated_at": "2005-03-01T21:00:00"},
        {**BODY, "updated_at": None, "submitted_at": None},
        {name: value for name, value in BODY.items() if name != "client_order_id"},
    ],
)
def test_what_is_not_readable_is_said(body: Any) -> None:
    with pytest.raises(CorruptDataError, match="not readable"):
        broker_order(body)


def test_a_request_carries_text_and_its_id() -> None:
    terms = OrderTerms(
        "qz1-a",
        "d",
        "s",
        "AAPL",
        Side.SELL,
        Decimal("1E+2"),
        OrderType.STOP_LIMIT,
        TimeInForce.GOOD_TIL_CANCELED,
        Decimal("10.50"),
        Decimal("11"),
    )
    assert order_request(terms) == {
        "symbol": "AAPL",
        "qty": "100",
        "side": "sell",
        "type": "stop_limit",
        "time_in_force": "gtc",
        "client_order_id": "qz1-a",
        "limit_price": "10.50",
        "stop_price": "11",
    }
