"""Whole days through the deployed handlers: decisions become orders, fills become positions, splits are followed."""

from __future__ import annotations

import time
from decimal import Decimal
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

from quantumzero.bootstrap import ledger as order_path
from quantumzero.domain.decisions import Action
from quantumzero.domain.errors import InvalidInputError, NotFoundError
from quantumzero.domain.orders import OrderState
from tests.functions.order_path.conftest import SPLIT_SESSION

if TYPE_CHECKING:
    from tests.functions.order_path.conftest import Deployment


def books(deployment: Deployment) -> dict[str, Any]:
    return deployment.exchange.control.books(summary=True)


def assert_same_books(deployment: Deployment) -> None:
    """Assert that the ledger equals the simulator's own books, to the last decimal."""
    truth = books(deployment)
    ledger = order_path.ledger()
    assert ledger.cash() == Decimal(truth["cash"])
    here = {each.symbol: each.quantity for each in ledger.holdings()}
    there = {
        symbol: Decimal(position["quantity"])
        for symbol, position in truth["positions"].items()
        if Decimal(position["quantity"])
    }
    assert here == there


def test_the_first_preparation_opens_the_books(deployment: Deployment) -> None:
    deployment.exchange.control.open_session()
    answer = deployment.invoke("prepare_session")
    assert answer == {
        "session": "2005-02-18",
        "splits": [],
        "unresolved": 0,
        "clean": True,
        "differences": [],
    }
    assert order_path.ledger().cash() == Decimal(books(deployment)["cash"])
    assert deployment.invoke("prepare_session") == answer


def test_a_strategy_that_was_disabled_after_it_decided_exits_and_does_not_enter(
    deployment: Deployment,
) -> None:
    deployment.run_session()
    assert deployment.trade_cycle("AAPL", Action.ENTER_LONG)["state"] == "ACCEPTED"
    deployment.run_session()
    deployment.enable(enabled=False)
    refused = deployment.trade_cycle("IBM", Action.ENTER_LONG)
    assert (refused["approved"], refused["code"]) == (False, "NOT_AUTHORISED")
    assert "sma-cross is not enabled any more" in refused["reason"]
    assert deployment.trade_cycle("AAPL", Action.EXIT_LONG)["state"] == "ACCEPTED"


def test_a_round_trip_over_a_split_ends_with_the_brokers_own_books(
    deployment: Deployment,
) -> None:
    deployment.run_session()
    assert deployment.trade_cycle("AAPL", Action.ENTER_LONG)["state"] == "ACCEPTED"
    assert deployment.trade_cycle("IBM", Action.ENTER_LONG)["state"] == "ACCEPTED"
    deployment.run_session()
    assert_same_books(deployment)
    closed = deployment.invoke("close_session")
    assert Decimal(closed["equity"]) == Decimal(books(deployment)["equity"])
    before = order_path.ledger().position("AAPL").quantity
    while deployment.exchange.control.clock()["next_session"]["date"] != SPLIT_SESSION:
        deployment.run_session()
    # An exit rests over the night of the split: its quantity is restated by the broker.
    assert deployment.trade_cycle("AAPL", Action.EXIT_LONG)["state"] == "ACCEPTED"
    deployment.exchange.control.open_session()
    prepared = deployment.invoke("prepare_session")
    split = {"symbol": "AAPL", "ex_date": SPLIT_SESSION, "new": 2, "old": 1}
    assert (prepared["splits"], prepared["clean"]) == ([split], True)
    assert order_path.ledger().position("AAPL").quantity == 2 * before
    assert deployment.invoke("prepare_session")["clean"]
    deployment.exchange.control.run_session()
    swept = deployment.invoke("sweep_orders", {"settled": True})
    assert (swept["unresolved"], swept["changed"]) == (0, 1)
    deployment.close_bars()
    assert_same_books(deployment)
    assert order_path.ledger().position("AAPL").quantity == 0
    assert deployment.invoke("reconcile_account")["clean"]
    risk = order_path.ledger().risk()
    assert risk.gross_used == order_path.ledger().position("IBM").exposure
    assert risk.open_reserved == 0
    assert order_path.ledger().alerts(limit=5) == []


def test_a_lost_answer_is_repaired_by_the_sweep(deployment: Deployment) -> None:
    deployment.run_session()
    deployment.exchange.control.add_faults(
        {
            "action": "accept_then_status",
            "method": "POST",
            "path": "^/v2/orders$",
            "nth": 1,
            "status": 504,
        }
    )
    assert deployment.trade_cycle("AAPL", Action.ENTER_LONG)["state"] == "UNKNOWN"
    swept = deployment.invoke("sweep_orders")
    assert swept == {"orders": 1, "changed": 1, "unresolved": 0, "carried": 0}
    assert books(deployment)["order_count"] == 1


def test_a_decision_whose_execution_never_ran_is_ordered_by_the_preparation(
    deployment: Deployment,
) -> None:
    deployment.run_session()
    deployment.decide("AAPL", Action.ENTER_LONG, unordered=True)
    deployment.exchange.control.open_session()
    assert deployment.invoke("prepare_session")["unresolved"] == 0
    assert books(deployment)["order_count"] == 1
    deployment.exchange.control.run_session()
    swept = deployment.invoke("sweep_orders", {"settled": True})
    assert (swept["carried"], swept["unresolved"]) == (0, 0)
    assert_same_books(deployment)
    assert order_path.ledger().position("AAPL").quantity > 0


def test_repeating_a_cycle_places_nothing_more(deployment: Deployment) -> None:
    deployment.run_session()
    event = deployment.decide("AAPL", Action.ENTER_LONG)
    first = deployment.invoke("check_risk", event)
    assert deployment.invoke("check_risk", event) == first
    order = {"client_order_id": first["client_order_id"]}
    assert deployment.invoke("place_order", order)["state"] == "ACCEPTED"
    assert deployment.invoke("place_order", order)["state"] == "ACCEPTED"
    assert books(deployment)["order_count"] == 1


def test_a_halt_stops_entries_and_cancels_what_works(deployment: Deployment) -> None:
    deployment.run_session()
    name = deployment.trade_cycle("AAPL", Action.ENTER_LONG)["client_order_id"]
    order_path.halt_trading().halt(reason="test", by="operator")
    assert deployment.trade_cycle("IBM", Action.ENTER_LONG)["code"] == "TRADING_HALTED"
    deployment.invoke("sweep_orders")
    order = order_path.ledger().order(name)
    assert order is not None
    assert order.state is OrderState.CANCELED
    order_path.halt_trading().resume(by="operator")
    assert deployment.trade_cycle("MSFT", Action.ENTER_LONG)["state"] == "ACCEPTED"


def test_an_order_placed_by_hand_is_followed_and_never_touched(deployment: Deployment) -> None:
    deployment.run_session()
    keys = {"APCA-API-KEY-ID": "local-key", "APCA-API-SECRET-KEY": "local-secret"}
    by_hand = {"symbol": "IBM", "qty": "1", "side": "buy", "type": "market", "time_in_force": "day"}
    post(f"{deployment.exchange.url}/v2/orders", by_hand, keys)
    answer = deployment.invoke("reconcile_account")
    assert (answer["clean"], answer["external"]) == (True, 1)
    [alert] = order_path.ledger().alerts(limit=5)
    assert "somebody else made order" in alert.message
    order_path.halt_trading().halt(reason="test", by="operator")
    deployment.invoke("sweep_orders")
    assert books(deployment)["open_order_count"] == 1
    order_path.halt_trading().resume(by="operator")
    deployment.run_session()
    assert deployment.invoke("reconcile_account")["clean"]
    [held] = order_path.ledger().strategy_holdings("external")
    assert (held.symbol, held.quantity) == ("IBM", 1)
    assert order_path.ledger().position("IBM").quantity == 1


def post(url: str, body: dict[str, str], headers: dict[str, str]) -> None:
    answer = urllib3.request("POST", url, json=body, headers=headers)
    assert answer.status == 200, answer.data


def test_the_relay_applies_fills_as_they_happen(deployment: Deployment) -> None:
    deployment.run_session()
    name = deployment.trade_cycle("AAPL", Action.ENTER_LONG)["client_order_id"]
    answers: list[dict[str, Any]] = []

    def relay() -> None:
        answers.append(deployment.invoke("relay_trade_updates", seconds=23.0))

    relaying = Thread(target=relay)
    relaying.start()
    wait_for_listener(deployment)
    assert deployment.invoke("relay_trade_updates") == {"held": False, "applied": 0}
    deployment.exchange.control.open_session()
    deployment.exchange.control.run_session()
    relaying.join(20)
    assert answers[0]["held"]
    assert answers[0]["applied"] >= 2
    order = order_path.ledger().order(name)
    assert order is not None
    assert order.state is OrderState.FILLED
    assert_same_books(deployment)


def wait_for_listener(deployment: Deployment) -> None:
    for _ in range(100):
        if deployment.exchange.control.streams()["/stream"]:
            return
        time.sleep(0.05)
    raise AssertionError(f"nobody listens: {deployment.exchange.control.streams()}")


@pytest.mark.parametrize("function", ["check_risk", "place_order"])
def test_a_wrong_input_is_refused_with_its_field(deployment: Deployment, function: str) -> None:
    with pytest.raises(InvalidInputError, match="field"):
        deployment.invoke(function, {"symbol": "AAPL"})


def test_what_is_not_stored_is_not_traded(deployment: Deployment) -> None:
    deployment.run_session()
    event = {**deployment.decide("AAPL", Action.ENTER_LONG), "symbol": "NONE"}
    with pytest.raises(NotFoundError, match="no decision"):
        deployment.invoke("check_risk", event)
    with pytest.raises(NotFoundError, match="not in the ledger"):
        deployment.invoke("place_order", {"client_order_id": "qz1-none"})
