"""The real adapter and the order path against a broker that misbehaves: never two orders, the truth in the end."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.adapters.brokers import alpaca_http
from quantumzero.adapters.brokers.alpaca_corporate_actions import AlpacaCorporateActions
from quantumzero.domain.errors import UnavailableError, UnknownOutcomeError
from quantumzero.domain.orders import OrderState, Side
from quantumzero.ports.brokers import Rejection
from tests.contract.brokers.conftest import alpaca_http as http_to
from tests.contract.brokers.test_broker import terms
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from local.exchange.control import Exchange
    from quantumzero.adapters.brokers.alpaca import AlpacaBroker, AlpacaClock

ORDERS = "^/v2/orders$"
FAULTS: list[dict[str, Any]] = [
    {"action": "accept_then_timeout", "seconds": 1.5},
    {"action": "accept_then_status", "status": 504},
    {"action": "accept_then_status", "status": 500},
    {"action": "accept_then_drop"},
    {"action": "truncate"},
    {"action": "late_accept", "delay_seconds": 0.2, "seconds": 1.5},
]
LOST: list[dict[str, Any]] = [
    {"action": "rate_limit"},
    {"action": "status", "status": 503},
    {"action": "status", "status": 401},
    {"action": "drop"},
    {"action": "hang", "seconds": 1.5},
]


@pytest.fixture(autouse=True)
def _short_timeouts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alpaca_http, "READ_SECONDS", 0.5)


@pytest.fixture
def desk(alpaca: AlpacaBroker, alpaca_clock: AlpacaClock) -> OrderDesk:
    desk = OrderDesk(broker=alpaca)
    moved = alpaca_clock.now() - desk.market.now()
    desk.market.advance(moved.total_seconds())
    desk.price("AAPL", "30")
    return desk


def fault(exchange: Exchange, rule: dict[str, Any], **changes: Any) -> None:
    exchange.control.add_faults({"method": "POST", "path": ORDERS, "nth": 1, **rule, **changes})


def order_count(exchange: Exchange) -> int:
    return int(exchange.control.books(summary=True)["order_count"])


def identifier(rule: dict[str, Any]) -> str:
    return f"{rule['action']}-{rule.get('status', '')}"


@pytest.mark.parametrize("rule", FAULTS, ids=identifier)
def test_an_order_accepted_without_an_answer_is_found_by_the_sweep(
    exchange: Exchange, desk: OrderDesk, rule: dict[str, Any]
) -> None:
    fault(exchange, rule)
    name = desk.buy("AAPL")
    assert desk.ledger.records[name].state is OrderState.UNKNOWN
    wait_for_arrival(exchange, desk, name)
    desk.sweep.sweep(request="s1")
    assert desk.ledger.records[name].state is OrderState.ACCEPTED
    assert order_count(exchange) == 1


def wait_for_arrival(exchange: Exchange, desk: OrderDesk, name: str) -> None:
    for _ in range(200):
        if desk.broker.order(name) is not None:
            return
    raise AssertionError("the order never arrived")


@pytest.mark.parametrize("rule", LOST, ids=identifier)
def test_an_order_that_never_arrived_is_sent_again_only_after_the_quiet_period(
    exchange: Exchange, desk: OrderDesk, rule: dict[str, Any]
) -> None:
    fault(exchange, rule)
    name = desk.buy("AAPL")
    assert desk.ledger.records[name].state is OrderState.UNKNOWN
    desk.sweep.sweep(request="s1")
    assert desk.ledger.records[name].state is OrderState.UNKNOWN
    assert order_count(exchange) == 0
    desk.machine.advance(timedelta(seconds=61).total_seconds())
    desk.sweep.sweep(request="s2")
    assert desk.ledger.records[name].state is OrderState.ACCEPTED
    assert order_count(exchange) == 1


def test_fills_of_the_simulator_reach_the_ledger_to_the_cent(
    exchange: Exchange, desk: OrderDesk
) -> None:
    name = desk.buy("AAPL")
    exchange.control.open_session()
    exchange.control.run_session()
    desk.sweep.sweep(request="s1")
    books = exchange.control.books(summary=True)
    record = desk.ledger.records[name]
    assert record.filled_quantity > 0
    assert desk.ledger.cash() == Decimal(books["cash"])
    held = Decimal(books["positions"]["AAPL"]["quantity"])
    assert desk.ledger.position("AAPL").quantity == held == record.filled_quantity
    assert desk.reconcile.reconcile().clean


def test_a_refusal_of_this_order_is_a_rejection(alpaca: AlpacaBroker) -> None:
    answer = alpaca.submit(terms("too-many", quantity="1000000"))
    assert isinstance(answer, Rejection)
    assert answer.code == "40310000"
    short = alpaca.submit(terms("short", side=Side.SELL))
    assert isinstance(short, Rejection)


def test_reads_that_fail_are_no_verdict(exchange: Exchange, alpaca: AlpacaBroker) -> None:
    exchange.control.add_faults({"action": "status", "method": "GET", "status": 503})
    for read in (
        lambda: alpaca.order("qz1-a"),
        lambda: alpaca.orders(since=None, open_only=False),
        alpaca.holdings,
    ):
        with pytest.raises(UnavailableError):
            read()


def test_a_truncated_list_is_no_verdict(exchange: Exchange, alpaca: AlpacaBroker) -> None:
    alpaca.submit(terms())
    exchange.control.add_faults({"action": "truncate", "method": "GET"})
    with pytest.raises(UnavailableError):
        alpaca.orders(since=None, open_only=False)


def test_a_read_is_repeated_once(exchange: Exchange, alpaca: AlpacaBroker) -> None:
    exchange.control.add_faults({"action": "status", "method": "GET", "status": 503, "nth": 1})
    assert list(alpaca.orders(since=None, open_only=False)) == []


def test_a_cancel_without_an_answer_is_unknown(exchange: Exchange, alpaca: AlpacaBroker) -> None:
    sent = alpaca.submit(terms())
    assert not isinstance(sent, Rejection)
    exchange.control.add_faults({"action": "status", "method": "DELETE", "status": 500, "nth": 1})
    with pytest.raises(UnknownOutcomeError):
        alpaca.cancel(sent.broker_order_id)


def test_a_listing_of_many_pages_holds_every_order(
    alpaca: AlpacaBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quantumzero.adapters.brokers.alpaca._PAGE", 3)
    names = []
    for index in range(8):
        sent = alpaca.submit(terms(f"s{index}", quantity="1"))
        assert not isinstance(sent, Rejection)
        names.append(sent.client_order_id)
    listed = alpaca.orders(since=None, open_only=False)
    assert [each.client_order_id for each in listed] == names


def test_splits_appear_on_their_date(exchange: Exchange, alpaca_clock: AlpacaClock) -> None:
    actions = AlpacaCorporateActions(http_to(exchange))
    today = alpaca_clock.now().date()
    assert actions.splits(["AAPL", "IBM"], since=today, until=today) == []
