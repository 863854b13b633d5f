"""/v1/lots answers what its contract says, over fakes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.domain.lots.events import Income, IncomeKind
from tests.fakes.order_desk import OrderDesk
from tests.functions.serve_api.requests import api_over, call, claims

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api

CLOSE = datetime(2005, 3, 1, 21, 0, tzinfo=UTC)


@pytest.fixture
def desk() -> OrderDesk:
    """Buy 500 AAPL at 40.00, sell them at 38.50, buy 400 at 39.00; the newest close is 42.50."""
    desk = OrderDesk()
    desk.price("AAPL", "40.00")
    desk.bars.time = CLOSE
    trade(desk, desk.buy("AAPL"), 500, "40.00")
    trade(desk, desk.sell("AAPL"), 500, "38.50")
    desk.market.advance(timedelta(days=1).total_seconds())
    desk.price("AAPL", "48.50")
    trade(desk, desk.buy("AAPL"), 400, "39.00")
    desk.price("AAPL", "42.50", desk.market.now() + timedelta(hours=1))
    return desk


def trade(desk: OrderDesk, order: str, quantity: int, price: str) -> None:
    desk.broker.fill(order, Decimal(quantity), Decimal(price))
    desk.sweep.sweep(request=order, settled=True)


@pytest.fixture
def api(desk: OrderDesk) -> Api:
    return api_over(desk)


def lots_of(api: Api, path: str = "/v1/lots", **query: str) -> dict[str, Any]:
    answer = call(api, "GET", path, query=query)
    assert answer.status == 200, answer.body
    body: dict[str, Any] = answer.body
    return body


def test_lots_tell_cost_proceeds_profit_and_a_wash_sale(api: Api) -> None:
    body = lots_of(api)
    opened, closed = body["lots"]
    assert (opened["state"], opened["quantity"], opened["cost"]) == ("open", "400", "15600")
    assert (opened["price"], opened["profit"], opened["proceeds"]) == ("42.5", "1400", None)
    assert (closed["state"], closed["quantity"], closed["side"]) == ("closed", "500", "long")
    assert (closed["cost"], closed["proceeds"], closed["profit"]) == ("20000", "19250", "-750")
    assert closed["wash_sale"] == {
        "disallowed": "600",
        "replacements": [{"lot": opened["id"], "quantity": "400"}],
    }
    assert body["account"] == {
        "basis": "15600",
        "realised": "-750",
        "unrealised": "1400",
        "dividends": "0",
        "fees": "0",
        "other": "0",
        "disallowed": "600",
    }
    assert body["differences"] == []


def test_sums_are_by_symbol_and_strategy(desk: OrderDesk, api: Api) -> None:
    desk.ledger.book_income(Income("d", IncomeKind.DIVIDEND, Decimal("12.30"), CLOSE, "AAPL"))
    body = lots_of(api)
    assert body["symbols"] == [
        {
            "symbol": "AAPL",
            "quantity": "400",
            "basis": "15600",
            "realised": "-750",
            "unrealised": "1400",
            "dividends": "12.3",
            "disallowed": "600",
        }
    ]
    assert body["strategies"] == [
        {
            "strategy": "sma-cross",
            "quantities": {"AAPL": "400"},
            "basis": "15600",
            "realised": "-750",
            "unrealised": "1400",
        }
    ]


def test_filters_choose_and_pages_continue(api: Api) -> None:
    assert [each["state"] for each in lots_of(api, state="open")["lots"]] == ["open"]
    assert [each["state"] for each in lots_of(api, state="closed")["lots"]] == ["closed"]
    assert lots_of(api, symbol="IBM")["lots"] == []
    assert len(lots_of(api, strategy="sma-cross")["lots"]) == 2
    assert lots_of(api, strategy="other")["lots"] == []
    first = lots_of(api, limit="1")
    second = lots_of(api, limit="1", cursor=first["next_cursor"])
    assert [each["lots"][0]["state"] for each in (first, second)] == ["open", "closed"]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [({"method": "best"}, "query.method"), ({"cursor": "!!"}, "query.cursor")],
)
def test_what_is_wrong_is_named(api: Api, query: dict[str, str], field: str) -> None:
    answer = call(api, "GET", "/v1/lots", query=query)
    assert (answer.status, answer.body["field"]) == (422, field)


def test_lots_are_named_once_by_a_trader(desk: OrderDesk, api: Api) -> None:
    opened = lots_of(api, state="open")["lots"][0]
    selling = desk.sell("AAPL")
    body = {"order": selling, "lots": [{"lot": opened["id"], "quantity": "100"}]}
    assert call(api, "POST", "/v1/lots/named", body=body, token=claims("viewer")).status == 403
    assert call(api, "POST", "/v1/lots/named", body=body).body == body
    assert desk.ledger.named_lots() == {selling: [(opened["id"], Decimal(100))]}
    assert call(api, "POST", "/v1/lots/named", body=body).status == 409


@pytest.mark.parametrize(
    ("order", "lot", "quantity", "status"),
    [
        ("qz1-nothing", "right", "1", 404),
        ("right", "qz1-nothing#1", "1", 404),
        ("right", "right", "-1", 422),
        ("right", "right", "401", 422),
    ],
)
def test_only_lots_that_there_are_can_be_named(
    desk: OrderDesk, api: Api, order: str, lot: str, quantity: str, status: int
) -> None:
    opened = lots_of(api, state="open")["lots"][0]
    selling = desk.sell("AAPL")
    body = {
        "order": selling if order == "right" else order,
        "lots": [{"lot": opened["id"] if lot == "right" else lot, "quantity": quantity}],
    }
    assert call(api, "POST", "/v1/lots/named", body=body).status == status
