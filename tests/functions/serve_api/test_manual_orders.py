"""Orders by hand through the API: one key is one order, the same controls decide, every step is told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.domain.orders import OrderState, Origin
from quantumzero.domain.risk.account_risk import TradingState
from tests.fakes.order_desk import OrderDesk
from tests.functions.serve_api.requests import api_over, call, claims

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api
    from tests.functions.serve_api.requests import Answer

BUY = {"symbol": "AAPL", "side": "buy", "quantity": "10"}
KEY = "3f1c7a52-0000-4000-8000-000000000001"


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "40")
    return desk


@pytest.fixture
def api(desk: OrderDesk) -> Api:
    return api_over(desk)


def order(api: Api, key: str | None = KEY, **changes: Any) -> Answer:
    headers = None if key is None else {"Idempotency-Key".lower(): key}
    return call(api, "POST", "/v1/orders", body={**BUY, **changes}, headers=headers)


def settle(desk: OrderDesk, request: str = "s1") -> None:
    desk.sweep.sweep(request=request, settled=True)


def test_an_order_by_hand_is_an_intent_that_the_sweep_sends_once(desk: OrderDesk, api: Api) -> None:
    answer = order(api)
    assert (answer.status, answer.body["order"]["state"]) == (201, "INTENT")
    name = answer.body["order"]["client_order_id"]
    assert (answer.body["origin"], answer.body["order"]["leg"]) == ("manual", "manual")
    assert desk.ledger.records[name].terms.origin is Origin.MANUAL
    assert desk.ledger.records[name].reserved_value == 400
    settle(desk)
    settle(desk, "s2")
    assert desk.ledger.records[name].state is OrderState.ACCEPTED
    assert desk.broker.accept_count == {name: 1}


def test_the_same_key_and_body_is_the_same_order_however_its_numbers_are_written(
    desk: OrderDesk, api: Api
) -> None:
    first = order(api)
    again = order(api, quantity="10.00")
    assert (first.status, again.status) == (201, 200)
    assert again.body == first.body
    settle(desk)
    later = order(api)
    assert later.body["order"]["state"] == "ACCEPTED"
    assert len(desk.ledger.records) == 1


def test_the_same_key_with_another_body_is_refused(desk: OrderDesk, api: Api) -> None:
    order(api)
    answer = order(api, quantity="11")
    assert (answer.status, answer.body["code"]) == (409, "refused")
    assert "buy 10 AAPL" in answer.body["message"]
    assert len(desk.ledger.records) == 1


def test_another_key_is_another_order(desk: OrderDesk, api: Api) -> None:
    order(api)
    assert order(api, key="another-key", symbol="AAPL", quantity="5").status == 201
    assert len(desk.ledger.records) == 2


@pytest.mark.parametrize("key", [None, "short", "with a space", "k" * 129])
def test_without_a_usable_key_nothing_is_written(
    desk: OrderDesk, api: Api, key: str | None
) -> None:
    answer = order(api, key=key)
    assert (answer.status, answer.body["field"]) == (422, "header.idempotency-key")
    assert desk.ledger.records == {}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"quantity": None}, "exactly one of quantity and notional"),
        ({"notional": "100"}, "exactly one of quantity and notional"),
        ({"quantity": "0"}, "must be a number above 0"),
        ({"order_type": "limit"}, "need limit_price"),
        ({"limit_price": "40"}, "take no limit_price"),
        ({"quantity": "0.5", "time_in_force": "gtc"}, "as day, not as gtc"),
        ({"stop_loss_price": "41"}, "must be below 40"),
        ({"side": "sell", "take_profit_price": "41"}, "are of entries"),
        ({"take_profit_price": "44", "stop_loss_limit_price": "37"}, "give both"),
        ({"opens_short": True}, "only a sell"),
        ({"symbol": "MSFT"}, "no bar of MSFT"),
        ({"symbol": "TSLA"}, "not followed here"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_with_words(
    desk: OrderDesk, api: Api, changes: dict[str, Any], words: str
) -> None:
    answer = order(api, **changes)
    assert answer.status in (409, 422)
    assert words in answer.body["message"]
    assert desk.ledger.records == {}


def test_a_control_denies_it_with_code_limit_and_value(desk: OrderDesk, api: Api) -> None:
    answer = order(api, quantity="100000")
    assert (answer.status, answer.body["order"]["state"]) == (201, "DENIED")
    assert answer.body["order"]["code"] == "MAX_VALUE"
    assert Decimal(answer.body["order"]["value"]) > Decimal(answer.body["order"]["limit"])
    assert order(api, quantity="100000").status == 200


def test_after_a_halt_nothing_is_ordered_by_hand(desk: OrderDesk, api: Api) -> None:
    desk.ledger.set_state(TradingState.HALTED, by="ada", reason="odd", at=desk.market.now())
    assert order(api).body["order"]["code"] == "TRADING_HALTED"
    settle(desk)
    assert desk.broker.submits == 0


def test_an_amount_of_money_and_limits_reach_the_broker_as_asked(desk: OrderDesk, api: Api) -> None:
    money = order(api, quantity=None, notional="100")
    bought = money.body["order"]
    assert (bought["notional"], bought["quantity"]) == ("100", "2.500000000")
    limit = order(
        api, key="second-key", order_type="limit", limit_price="39.5", time_in_force="gtc"
    )
    assert limit.body["order"]["limit_price"] == "39.5"
    assert limit.body["reserved_value"] == "395.0"


def test_one_sells_what_one_bought_by_hand_and_a_strategys_part_only_by_its_name(
    desk: OrderDesk, api: Api
) -> None:
    name = desk.buy("AAPL")
    held = desk.ledger.records[name].terms.quantity
    desk.broker.fill(name, held, Decimal(40))
    settle(desk)
    refused = order(api, side="sell", quantity="5")
    assert refused.body["order"]["code"] == "NOT_SHORTABLE"
    sold = order(api, key="second-key", side="sell", quantity="5", strategy="sma-cross")
    assert sold.body["order"]["state"] == "INTENT"
    settle(desk, "s2")
    desk.broker.fill(sold.body["order"]["client_order_id"], Decimal(5), Decimal(41))
    settle(desk, "s3")
    assert desk.ledger.strategy_holdings("sma-cross")[0].quantity == held - 5
    assert desk.ledger.position("AAPL").quantity == held - 5


def test_an_intent_is_cancelled_before_it_is_sent(desk: OrderDesk, api: Api) -> None:
    name = order(api).body["order"]["client_order_id"]
    cancelled = call(api, "POST", f"/v1/orders/{name}/cancel")
    assert (cancelled.status, cancelled.body["order"]["state"]) == (200, "ABANDONED")
    assert cancelled.body["order"]["code"] == "CANCELED"
    assert desk.ledger.risk().gross_used == 0
    assert call(api, "POST", f"/v1/orders/{name}/cancel").body == cancelled.body
    settle(desk)
    assert desk.broker.submits == 0


def test_a_working_order_is_marked_and_the_sweep_cancels_it(desk: OrderDesk, api: Api) -> None:
    name = order(api).body["order"]["client_order_id"]
    settle(desk)
    marked = call(api, "POST", f"/v1/orders/{name}/cancel").body
    assert (marked["order"]["cancel_requested"], marked["order"]["state"]) == (True, "ACCEPTED")
    assert call(api, "POST", f"/v1/orders/{name}/cancel").body == marked
    settle(desk, "s2")
    settle(desk, "s3")
    assert desk.ledger.records[name].state is OrderState.CANCELED
    assert call(api, "POST", f"/v1/orders/{name}/cancel").status == 200


def test_an_order_that_is_over_or_unknown_cannot_be_cancelled(desk: OrderDesk, api: Api) -> None:
    name = order(api).body["order"]["client_order_id"]
    settle(desk)
    desk.broker.fill(name, Decimal(10), Decimal(40))
    settle(desk, "s2")
    answer = call(api, "POST", f"/v1/orders/{name}/cancel")
    assert (answer.status, "FILLED" in answer.body["message"]) == (409, True)
    assert call(api, "POST", "/v1/orders/qz1-unknown/cancel").status == 404
    assert call(api, "GET", "/v1/orders/qz1-unknown").status == 404


def test_every_step_of_an_order_is_told_with_its_reason_and_evidence(
    desk: OrderDesk, api: Api
) -> None:
    desk.broker.submit_faults = ["accept_then_lost"]
    name = order(api).body["order"]["client_order_id"]
    settle(desk)
    settle(desk, "s2")
    desk.market.advance(1)
    desk.broker.fill(name, Decimal(4), Decimal("40.5"))
    settle(desk, "s3")
    desk.market.advance(1)
    desk.broker.fill(name, Decimal(6), Decimal("41"))
    settle(desk, "s4")
    told = call(api, "GET", f"/v1/orders/{name}", token=claims("viewer")).body["events"]
    assert [(each["from_state"], each["to_state"]) for each in told] == [
        (None, "INTENT"),
        ("INTENT", "SUBMITTING"),
        ("SUBMITTING", "UNKNOWN"),
        ("UNKNOWN", "ACCEPTED"),
        ("ACCEPTED", "PARTIAL"),
        ("PARTIAL", "FILLED"),
    ]
    assert told[0]["reason"] == "ordered by ada"
    assert told[1]["claim"]
    assert told[2]["reason"].startswith("no clear answer")
    assert (told[3]["broker_order_id"], told[3]["reason"]) == ("b-1", None)
    assert (told[4]["filled_quantity"], told[4]["fill_price"]) == ("4", "40.5000")
    assert "filled 6 at 41.0000" in told[5]["changes"]
    assert [each["version"] for each in told] == [1, 2, 3, 4, 5, 6]


def test_orders_of_strategies_are_told_too(desk: OrderDesk, api: Api) -> None:
    name = desk.buy("AAPL")
    story = call(api, "GET", f"/v1/orders/{name}").body
    assert (story["origin"], story["order"]["strategy"]) == ("strategy", "sma-cross")
    assert story["events"][0]["event"] == "intended"


def working_limit(desk: OrderDesk, api: Api) -> str:
    answer = order(api, order_type="limit", limit_price="39", time_in_force="gtc")
    settle(desk)
    name: str = answer.body["order"]["client_order_id"]
    assert desk.ledger.records[name].state is OrderState.ACCEPTED
    return name


def test_a_working_order_is_replaced_and_the_sweep_puts_the_new_one_in_its_place(
    desk: OrderDesk, api: Api
) -> None:
    name = working_limit(desk, api)
    path = f"/v1/orders/{name}/replace"
    answer = call(api, "POST", path, body={"limit_price": "39.5", "quantity": "8"})
    assert (answer.status, answer.body["order"]["state"]) == (200, "INTENT")
    assert (answer.body["replaces"], answer.body["order"]["quantity"]) == (name, "8")
    again = call(api, "POST", path, body={"limit_price": "39.5", "quantity": "8"})
    assert again.body == answer.body
    settle(desk, "s2")
    settle(desk, "s3")
    child = answer.body["order"]["client_order_id"]
    assert desk.ledger.records[child].state is OrderState.ACCEPTED
    assert desk.ledger.records[name].state is OrderState.REPLACED
    assert call(api, "GET", f"/v1/orders/{name}").body["replaced_by"] == child


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({}, 422, "nothing was to be changed"),
        ({"limit_price": "0"}, 422, "above 0"),
        ({"trail": "1"}, 409, "no trail"),
    ],
)
def test_a_replacement_that_makes_no_sense_is_refused(
    desk: OrderDesk, api: Api, body: dict[str, str], status: int, words: str
) -> None:
    name = working_limit(desk, api)
    answer = call(api, "POST", f"/v1/orders/{name}/replace", body=body)
    assert answer.status == status
    assert words in answer.body["message"]


def test_only_a_working_order_is_replaced(desk: OrderDesk, api: Api) -> None:
    name = order(api).body["order"]["client_order_id"]
    body = {"limit_price": "39"}
    assert call(api, "POST", f"/v1/orders/{name}/replace", body=body).status == 409
    assert call(api, "POST", "/v1/orders/qz1-none/replace", body=body).status == 404


def test_an_order_of_somebody_else_is_cancelled_where_it_was_made(
    desk: OrderDesk, api: Api
) -> None:
    name = order(api).body["order"]["client_order_id"]
    record = desk.ledger.records[name]
    desk.ledger.records[name] = replace(record, terms=replace(record.terms, origin=Origin.EXTERNAL))
    answer = call(api, "POST", f"/v1/orders/{name}/cancel")
    assert (answer.status, "cancel it there" in answer.body["message"]) == (409, True)
