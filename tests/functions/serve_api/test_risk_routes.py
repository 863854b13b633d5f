"""What the API says of refusals, limits and how much of them is used, and who may change them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_args

import pytest

from quantumzero.contracts.risk import LimitName
from quantumzero.domain.decisions import Action
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.domain.risk.limit_values import NAMES
from quantumzero.domain.risk.proposal import NO_MODEL
from tests.fakes.order_desk import OrderDesk
from tests.functions.serve_api.requests import Answer, api_over, call, claims

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api


def test_a_refused_order_says_the_limit_and_the_value() -> None:
    desk = OrderDesk()
    desk.price("AAPL", "40.00")
    entry = desk.decision("AAPL", Action.ENTER_LONG)
    desk.decide.decide(replace(entry, percent_of_equity=Decimal(50)), NO_MODEL)
    order = call(api_over(desk), "GET", "/v1/orders").body["orders"][0]
    assert (order["state"], order["code"]) == ("DENIED", "MAX_VALUE")
    assert (order["limit"], order["value"]) == ("30000.00", "50000.0000")
    assert order["reason"] == "the order is worth 50000.0000; one order may be worth 30000.00"


def changed(api: Api, *, signed_in: int | None = 0, **values: str) -> Answer:
    """Ask for other limits as an administrator who signed in that many seconds ago."""
    now = api.clock.now()
    seen = {} if signed_in is None else {"auth_time": str(int(now.timestamp()) - signed_in)}
    changes = [{"name": name, "value": value} for name, value in values.items()]
    body = {"reason": "a test", "changes": changes}
    return call(api, "POST", "/v1/risk/limits", body=body, token=claims("admin", **seen))


def limit_of(body: Any, name: str) -> Any:
    return next(each for each in body["limits"] if each["name"] == name)


def test_risk_shows_every_limit_with_its_use_and_what_is_left() -> None:
    desk = OrderDesk()
    desk.price("AAPL", "40.00")
    desk.apply.apply(desk.broker.fill(desk.buy("AAPL"), Decimal(200), Decimal(40)))
    desk.price("AAPL", "50.00")
    body = call(api_over(desk), "GET", "/v1/risk").body
    gross = limit_of(body, "gross_exposure")
    # 200 of 500 shares filled: at 50 they are 10000, and 300 may still cost 12000.
    assert (gross["used"], gross["limit"], gross["distance"]) == (
        "22000.0000",
        "100000",
        "78000.0000",
    )
    symbol = limit_of(body, "symbol_exposure")
    assert (symbol["subject"], symbol["used"], symbol["distance"]) == (
        "AAPL",
        "20000.0000",
        "20000.0000",
    )
    assert limit_of(body, "open_orders")["used"] == "1"
    assert limit_of(body, "positions")["distance"] == "499"
    assert limit_of(body, "daily_loss_percent")["used"] == "0"
    assert limit_of(body, "messages_per_minute")["used"] == "1.00"
    assert limit_of(body, "strategy_messages_per_minute")["subject"] == "sma-cross"
    assert limit_of(body, "net_exposure")["limit"] == "none"
    assert limit_of(body, "order_value")["used"] is None
    assert (body["limits_version"], body["pending"], body["scopes"]) == (1, [], [])


def test_a_limit_is_lowered_at_once_and_raised_later_after_a_fresh_sign_in() -> None:
    desk = OrderDesk()
    api = api_over(desk)
    lowered = changed(api, signed_in=None, order_value="20000")
    assert lowered.status == 200
    assert lowered.body["changes"][0]["state"] == "applied"
    assert lowered.body["risk"]["order_value_limit"] == "20000"
    for signed_in in (None, 301):
        refused = changed(api, signed_in=signed_in, order_value="25000")
        assert (refused.status, refused.body["code"]) == (403, "sign_in_again")
    raised = changed(api, signed_in=290, order_value="25000").body
    assert raised["changes"][0]["state"] == "pending"
    assert raised["risk"]["order_value_limit"] == "20000"
    assert raised["risk"]["pending"][0]["new"] == "25000"
    desk.machine.advance(3600)
    after = call(api, "GET", "/v1/risk").body
    assert (after["order_value_limit"], after["limits_version"], after["pending"]) == (
        "25000",
        3,
        [],
    )
    assert [each["author"] for each in after["history"]] == ["ada"] * 3


def test_a_limit_below_what_is_used_lets_exits_through_and_is_no_halt() -> None:
    desk = OrderDesk()
    desk.price("AAPL", "40.00")
    desk.buy("AAPL")
    lowered = changed(api_over(desk), signed_in=None, gross_exposure="1000").body["risk"]
    assert (lowered["state"], lowered["halted_by"]) == ("REDUCING", "ada")
    assert "below what is used" in lowered["reason"]
    desk.sweep.sweep(request="after")
    assert desk.ledger.risk().state is TradingState.REDUCING


def test_a_raise_takes_effect_with_the_first_decision_after_its_time() -> None:
    desk = OrderDesk()
    desk.price("AAPL", "40.00")
    changed(api_over(desk), order_value="50000", symbol_exposure="60000")
    large = replace(desk.decision("AAPL", Action.ENTER_LONG), percent_of_equity=Decimal(50))
    desk.machine.advance(3600)
    assert desk.decide.decide(large, NO_MODEL).approved
    assert desk.ledger.risk().limits.version == 2


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [("order_value", "none", 422), ("open_orders", "1.5", 422), ("colour", "red", 422)],
)
def test_what_a_limit_cannot_be_is_refused(name: str, value: str, status: int) -> None:
    assert changed(api_over(OrderDesk()), **{name: value}).status == status


def test_a_limit_named_twice_is_refused() -> None:
    twice = [{"name": "order_value", "value": "1"}, {"name": "order_value", "value": "2"}]
    body = {"reason": "a test", "changes": twice}
    answer = call(api_over(OrderDesk()), "POST", "/v1/risk/limits", body=body)
    assert (answer.status, answer.body["field"]) == (422, "body.changes")


@pytest.mark.parametrize(("scope", "name"), [("strategy", "sma-cross"), ("symbol", "AAPL")])
def test_a_strategy_or_symbol_is_stopped_and_resumed_alone(scope: str, name: str) -> None:
    desk = OrderDesk()
    desk.price("AAPL", "40.00")
    api = api_over(desk)
    body = {"reason": "odd fills", scope: name, "state": "REDUCING"}
    stopped = call(api, "POST", "/v1/risk/halt", body=body, token=claims("trader")).body
    assert (stopped["state"], stopped["scopes"][0][scope]) == ("ACTIVE", name)
    assert stopped["scopes"][0]["reason"] == "odd fills"
    refused = desk.decide.decide(desk.decision("AAPL", Action.ENTER_LONG), NO_MODEL)
    assert refused.code == "TRADING_REDUCING"
    halted = call(api, "POST", "/v1/risk/halt", body={**body, "state": "HALTED"}).body
    assert halted["scopes"][0]["state"] == "HALTED"
    assert call(api, "POST", "/v1/risk/halt", body=body).status == 409
    resume = {"reason": "looked at", scope: name}
    assert call(api, "POST", "/v1/risk/resume", body=resume).body["scopes"] == []
    assert call(api, "POST", "/v1/risk/resume", body=resume).status == 200


def test_the_account_may_only_reduce_and_is_not_loosened_by_it() -> None:
    api = api_over(OrderDesk())
    reducing = {"reason": "odd fills", "state": "REDUCING"}
    assert call(api, "POST", "/v1/risk/halt", body=reducing).body["state"] == "REDUCING"
    assert call(api, "POST", "/v1/risk/halt", body=reducing).status == 200
    assert call(api, "POST", "/v1/risk/halt", body={"reason": "worse"}).body["state"] == "HALTED"
    assert call(api, "POST", "/v1/risk/halt", body=reducing).status == 409
    both = {"reason": "both", "strategy": "sma-cross", "symbol": "AAPL"}
    assert call(api, "POST", "/v1/risk/halt", body=both).status == 422


def test_every_limit_has_its_name_in_the_contract() -> None:
    assert set(get_args(LimitName)) == set(NAMES)


def test_risk_shows_what_the_broker_lends_once_it_was_compared() -> None:
    desk = OrderDesk()
    assert call(api_over(desk), "GET", "/v1/risk").body["broker_buying_power"] is None
    assert desk.reconcile.reconcile().clean
    body = call(api_over(desk), "GET", "/v1/risk").body
    assert (body["broker_buying_power"], body["broker_buying_power_at"]) == (
        "100000",
        "2005-03-01T21:00:00Z",
    )
