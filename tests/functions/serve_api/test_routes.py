"""Each route answers what its contract says, over fakes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain.bars import Split
from quantumzero.domain.decisions import Action
from quantumzero.ports.ledger import EquitySnapshot, LedgerAlert
from tests.fakes.order_desk import OrderDesk
from tests.functions.serve_api.requests import DOCUMENT, api_over, call

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api

CLOSE = datetime(2005, 3, 1, 21, 0, tzinfo=UTC)


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "40.00")
    desk.bars.time = CLOSE
    return desk


@pytest.fixture
def api(desk: OrderDesk) -> Api:
    return api_over(desk)


def holding_500_shares(desk: OrderDesk) -> None:
    """Buy 20 % of 100,000 at 40.00, filled at 40.00."""
    bought = desk.buy("AAPL")
    desk.broker.fill(bought, Decimal(500), Decimal("40.00"))
    desk.sweep.sweep(request="r2", settled=True)


def test_a_portfolio_is_cash_and_holdings_at_the_newest_close(desk: OrderDesk, api: Api) -> None:
    holding_500_shares(desk)
    desk.ledger.put_equity(
        EquitySnapshot(CLOSE - timedelta(days=1), Decimal("99000"), Decimal("99000"))
    )
    desk.ledger.put_equity(EquitySnapshot(CLOSE, Decimal("100000"), Decimal("80000")))
    desk.price("AAPL", "42.50", CLOSE + timedelta(hours=1))
    desk.bars.time = CLOSE + timedelta(hours=1)
    assert call(api, "GET", "/v1/portfolio").body == {
        "account": "main",
        "stage": "local",
        "market_time": "2005-03-01T22:00:00Z",
        "equity": "101250.00",
        "cash": "80000.00",
        "day_profit": "2250.00",
        "gross_exposure": "21250.00",
        "net_exposure": "21250.00",
        "equity_curve": [
            {"time": "2005-02-28T21:00:00Z", "equity": "99000.00"},
            {"time": "2005-03-01T21:00:00Z", "equity": "100000.00"},
            {"time": "2005-03-01T22:00:00Z", "equity": "101250.00"},
        ],
    }


def test_an_account_without_a_ledger_is_shown_empty_and_halted() -> None:
    desk = OrderDesk()
    desk.ledger.__init__()  # type: ignore[misc]  # a new ledger in place: nothing was initialised
    api = api_over(desk)
    assert call(api, "GET", "/v1/portfolio").body["equity"] == "0.00"
    risk = call(api, "GET", "/v1/risk").body
    assert risk["state"] == "HALTED"
    assert "prepare_session" in risk["reason"]


def test_positions_carry_price_profit_and_staleness(desk: OrderDesk, api: Api) -> None:
    holding_500_shares(desk)
    desk.price("AAPL", "39.00")
    fresh = {
        "symbol": "AAPL",
        "quantity": "500",
        "average_price": "40.0000",
        "price": "39.0000",
        "market_value": "19500.00",
        "unrealised_profit": "-500.00",
        "stale": False,
    }
    assert call(api, "GET", "/v1/positions").body == {"positions": [fresh]}
    desk.bars.time = CLOSE + timedelta(days=3, hours=1)
    assert call(api, "GET", "/v1/positions").body == {"positions": [{**fresh, "stale": True}]}


def test_a_split_that_is_already_in_the_books_is_put_into_the_older_close(
    desk: OrderDesk, api: Api
) -> None:
    holding_500_shares(desk)
    split = Split("AAPL", "2005-03-02", 2, 1)
    desk.bars.put_splits([split])
    desk.ledger.apply_split(split, at=CLOSE)
    position = call(api, "GET", "/v1/positions").body["positions"][0]
    assert (position["quantity"], position["price"]) == ("1000", "20.0000")
    assert call(api, "GET", "/v1/portfolio").body["equity"] == "100000.00"


def test_orders_come_newest_first_by_page_with_their_fills(desk: OrderDesk, api: Api) -> None:
    holding_500_shares(desk)
    desk.market.advance(60)
    desk.price("MSFT", "25.00")
    desk.buy("MSFT")
    first = call(api, "GET", "/v1/orders", query={"limit": "1"}).body
    assert [order["symbol"] for order in first["orders"]] == ["MSFT"]
    second = call(
        api, "GET", "/v1/orders", query={"limit": "1", "cursor": first["next_cursor"]}
    ).body
    assert second["next_cursor"] is None
    order = second["orders"][0]
    assert order["state"] == "FILLED"
    assert order["average_fill_price"] == "40.0000"
    assert order["quantity"] == order["filled_quantity"] == "500"
    filtered = call(api, "GET", "/v1/orders", query={"state": "FILLED", "symbol": "MSFT"}).body
    assert filtered == {"orders": [], "next_cursor": None}


def test_decisions_carry_the_value_of_every_node(desk: OrderDesk) -> None:
    api = api_over(desk)
    decision = desk.decision(
        "AAPL", Action.HOLD, values={"sma(close, 3)": 39.5, "warm": None, "odd": float("nan")}
    )
    api.decision_store.hold(decision)  # type: ignore[attr-defined]  # the fake's own
    listed = call(api, "GET", "/v1/decisions", query={"strategy": "sma-cross"}).body
    shown = call(api, "GET", f"/v1/decisions/{decision.id}").body
    assert listed == {"decisions": [shown], "next_cursor": None}
    assert shown["values"] == {"sma(close, 3)": 39.5, "warm": None, "odd": None}
    assert shown["price"] == "40.0000"
    assert call(api, "GET", "/v1/decisions", query={"symbol": "IBM"}).body["decisions"] == []


@pytest.mark.parametrize(
    "identifier", ["sma-cross-v1-AAPL-20050301T200000Z", "nonsense", "sma-v1-A-20059999T999999Z"]
)
def test_an_unknown_decision_is_not_found(api: Api, identifier: str) -> None:
    answer = call(api, "GET", f"/v1/decisions/{identifier}")
    assert (answer.status, answer.body["code"]) == (404, "not_found")


def test_bars_are_raw_oldest_first_with_splits_beside_them(desk: OrderDesk, api: Api) -> None:
    desk.price("AAPL", "20.50", CLOSE + timedelta(days=1))
    desk.bars.put_splits([Split("AAPL", "2005-03-02", 2, 1)])
    listed = call(api, "GET", "/v1/bars", query={"symbol": "AAPL"}).body
    assert [bar["close"] for bar in listed["bars"]] == ["40.0000", "20.5000"]
    assert listed["splits"] == [{"ex_date": "2005-03-02", "new": 2, "old": 1}]
    earlier = call(
        api, "GET", "/v1/bars", query={"symbol": "AAPL", "until": "2005-03-01T16:00:00-05:00"}
    ).body
    assert [bar["closes_at"] for bar in earlier["bars"]] == ["2005-03-01T21:00:00Z"]
    assert call(api, "GET", "/v1/bars", query={"symbol": "IBM"}).body["bars"] == []


def test_service_health_names_every_part_and_the_newest_alerts(desk: OrderDesk, api: Api) -> None:
    api.heartbeats.beat("sweep_orders", detail="3 orders")  # type: ignore[attr-defined]  # the fake's own
    desk.ledger.raise_alert(LedgerAlert("a1", CLOSE, "critical", "cash differs by 1.00"))
    health = call(api, "GET", "/v1/service-health").body
    assert health["status"] == "healthy"
    assert health["market_clock"] == "replay"
    states = {service["service"]: service for service in health["services"]}
    assert states["sweep_orders"]["detail"] == "3 orders"
    assert states["poll_market"]["last_success"] is None
    assert states["process_ticks"]["last_success"] == "2005-03-01T21:00:00Z"
    assert health["alerts"] == [
        {
            "id": "a1",
            "time": "2005-03-01T21:00:00Z",
            "severity": "critical",
            "message": "cash differs by 1.00",
        }
    ]


def test_an_unchanged_read_is_answered_without_a_body(desk: OrderDesk, api: Api) -> None:
    first = call(api, "GET", "/v1/portfolio")
    tag = first.headers["ETag"]
    again = call(api, "GET", "/v1/portfolio", headers={"If-None-Match": f"W/{tag}"})
    assert (again.status, again.body) == (304, None)
    desk.price("AAPL", "41.00", CLOSE + timedelta(days=1))
    desk.bars.time = CLOSE + timedelta(days=1)
    assert call(api, "GET", "/v1/portfolio", headers={"If-None-Match": tag}).status == 200


def test_a_halt_is_kept_with_its_reason_and_resume_waits_for_a_clean_comparison(
    desk: OrderDesk, api: Api
) -> None:
    halted = call(api, "POST", "/v1/risk/halt", body={"reason": "odd fills"}).body
    assert (halted["state"], halted["halted_by"], halted["reason"]) == (
        "HALTED",
        "ada",
        "odd fills",
    )
    refused = call(api, "POST", "/v1/risk/resume")
    assert (refused.status, refused.body["code"]) == (409, "refused")
    assert "comparison with the broker" in refused.body["message"]
    desk.ledger.record_reconcile(clean=True, at=desk.machine.now(), market_time=CLOSE)
    resumed = call(api, "POST", "/v1/risk/resume", body={"reason": "checked"}).body
    assert (resumed["state"], resumed["halted_by"], resumed["reason"]) == (
        "ACTIVE",
        None,
        "checked",
    )


def test_the_life_of_a_strategy_document(api: Api) -> None:
    created = call(api, "POST", "/v1/strategies", body={"document": DOCUMENT})
    assert (created.status, created.body["version"], created.body["warm_up_bars"]) == (201, 1, 31)
    again = call(api, "POST", "/v1/strategies", body={"document": DOCUMENT})
    assert (again.status, again.body["version"]) == (200, 1)
    changed = DOCUMENT.replace("percent_of_equity: 20", "percent_of_equity: 10")
    assert call(api, "POST", "/v1/strategies", body={"document": changed}).body["version"] == 2
    enabled = call(api, "POST", "/v1/strategies/sma-cross/enable", body={"version": 1}).body
    assert (enabled["enabled"], enabled["enabled_version"], enabled["latest_version"]) == (
        True,
        1,
        2,
    )
    newest = call(api, "POST", "/v1/strategies/sma-cross/enable").body
    assert newest["enabled_version"] == 2
    assert call(api, "GET", "/v1/strategies").body["strategies"] == [newest]
    read = call(api, "GET", "/v1/strategies/sma-cross", query={"version": "1"}).body
    assert read["document"] == DOCUMENT
    disabled = call(api, "POST", "/v1/strategies/sma-cross/disable").body
    assert (disabled["enabled"], disabled["enabled_version"]) == (False, None)


def test_what_is_not_traded_live_yet_is_checked_and_stored_but_not_enabled(api: Api) -> None:
    document = DOCUMENT + "execution: {order: market_on_close}\n"
    checked = call(api, "POST", "/v1/strategies/validate", body={"document": document}).body
    assert (checked["valid"], checked["problems"]) == (True, [])
    assert call(api, "POST", "/v1/strategies", body={"document": document}).status == 201
    refused = call(api, "POST", "/v1/strategies/sma-cross/enable")
    assert (refused.status, refused.body["code"]) == (422, "invalid_request")
    said = (
        "strategy sma-cross cannot trade live yet: it uses order market_on_close (execution.order);"
    )
    assert said in refused.body["message"]


def test_while_trading_is_halted_nothing_is_enabled_but_everything_can_be_disabled(
    api: Api,
) -> None:
    call(api, "POST", "/v1/strategies", body={"document": DOCUMENT})
    call(api, "POST", "/v1/risk/halt", body={"reason": "odd fills"})
    refused = call(api, "POST", "/v1/strategies/sma-cross/enable")
    assert (refused.status, refused.body["code"]) == (409, "refused")
    for part in ("ada", "odd fills", "/v1/risk/resume"):
        assert part in refused.body["message"]
    assert call(api, "POST", "/v1/strategies/sma-cross/disable").status == 200


def test_a_wrong_document_is_refused_with_the_place_of_its_fault(api: Api) -> None:
    wrong = DOCUMENT.replace("sma(close, slow))", "smma(close, slow))", 1)
    listed = call(api, "POST", "/v1/strategies/validate", body={"document": wrong}).body
    assert listed["valid"] is False
    problem = listed["problems"][0]
    assert (problem["line"], problem["nearest"]) == (8, "sma")
    assert wrong.splitlines()[7][problem["column"] - 1 :].startswith("smma(")
    refused = call(api, "POST", "/v1/strategies", body={"document": wrong})
    assert (refused.status, refused.body["field"]) == (422, "body.document")
    assert f"line 8, column {problem['column']}" in refused.body["message"]


def test_a_universe_that_is_not_followed_is_refused_at_the_symbol(api: Api) -> None:
    wrong = DOCUMENT.replace("MSFT", "MSFTX")
    listed = call(api, "POST", "/v1/strategies/validate", body={"document": wrong}).body
    assert listed["problems"] == [
        {
            "path": "universe[1]",
            "line": 3,
            "column": 18,
            "message": "no market data is followed for MSFTX; did you mean MSFT?",
            "nearest": "MSFT",
        }
    ]
    assert call(api, "POST", "/v1/strategies", body={"document": wrong}).status == 422


def test_a_timeframe_of_which_no_bars_are_built_is_refused_at_its_place(api: Api) -> None:
    wrong = DOCUMENT.replace("timeframe: 1d", "timeframe: 1w")
    (problem,) = call(api, "POST", "/v1/strategies/validate", body={"document": wrong}).body[
        "problems"
    ]
    line = wrong.splitlines()[problem["line"] - 1]
    assert line[problem["column"] - 1 :] == "1w"
    assert problem["message"].startswith("no bars of 1w are built here; ")
    assert call(api, "POST", "/v1/strategies", body={"document": wrong}).status == 422


def test_a_sound_document_is_valid_and_nothing_is_stored(api: Api) -> None:
    checked = call(api, "POST", "/v1/strategies/validate", body={"document": DOCUMENT}).body
    assert checked == {"valid": True, "problems": [], "name": "sma-cross", "warm_up_bars": 31}
    assert call(api, "GET", "/v1/strategies").body == {"strategies": []}
