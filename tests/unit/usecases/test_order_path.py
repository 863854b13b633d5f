"""The order path from decision to fill, on fakes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from quantumzero.domain.decisions import Action
from quantumzero.domain.errors import InvalidInputError, NotFoundError, RefusedError
from quantumzero.domain.orders import BrokerOrder, OrderState, OrderTerms
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.domain.risk.proposal import NO_MODEL, ModelVerdict
from tests.fakes.order_desk import OrderDesk


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "40")
    return desk


def test_an_entry_buys_whole_shares_of_its_part_of_equity(desk: OrderDesk) -> None:
    name = desk.buy("AAPL")
    order = desk.broker.accepted[name]
    assert order.quantity == 500
    assert desk.ledger.records[name].state is OrderState.ACCEPTED
    assert desk.ledger.risk().gross_used == 20000
    assert desk.ledger.risk().open_reserved == 20000


def test_deciding_and_placing_again_sends_nothing_more(desk: OrderDesk) -> None:
    name = desk.buy("AAPL")
    assert desk.buy("AAPL", request="r2") == name
    assert desk.broker.submits == 1


def test_fills_move_position_cash_and_reservation_together(desk: OrderDesk) -> None:
    name = desk.buy("AAPL")
    desk.apply.apply(desk.broker.fill(name, Decimal(200), Decimal(41)))
    assert desk.ledger.cash() == Decimal(100000) - 200 * 41
    assert desk.ledger.records[name].state is OrderState.PARTIAL
    snapshot = desk.broker.fill(name, Decimal(300), Decimal(39))
    desk.apply.apply(snapshot)
    desk.apply.apply(snapshot)
    assert desk.ledger.cash() == desk.broker.cash
    assert desk.ledger.position("AAPL").quantity == 500
    assert desk.ledger.position("AAPL").cost == 200 * 41 + 300 * 39
    risk = desk.ledger.risk()
    assert (risk.gross_used, risk.open_reserved) == (20000, 0)


def test_an_exit_sells_the_whole_quantity_of_the_strategy_and_frees_its_exposure(
    desk: OrderDesk,
) -> None:
    desk.apply.apply(desk.broker.fill(desk.buy("AAPL"), Decimal(500), Decimal(40)))
    desk.market.advance(86400)
    desk.price("AAPL", "44")
    name = desk.sell("AAPL")
    assert desk.ledger.risk().gross_used == 20000
    desk.apply.apply(desk.broker.fill(name, Decimal(500), Decimal(45)))
    assert desk.ledger.risk().gross_used == 0
    assert desk.ledger.holdings() == []
    assert desk.ledger.cash() == desk.broker.cash == Decimal(102500)


def test_a_denied_order_is_stored_and_answers_the_same_again(desk: OrderDesk) -> None:
    decision = desk.decision("AAPL", Action.ENTER_LONG, percent_of_equity=Decimal(35))
    verdict = desk.decide.decide(decision, NO_MODEL)
    assert (verdict.approved, verdict.code) == (False, "MAX_VALUE")
    assert desk.decide.decide(decision, NO_MODEL) == verdict
    assert desk.place.place(verdict.client_order_id, request="r1") is OrderState.DENIED
    assert desk.broker.submits == 0


def test_a_strategy_with_a_model_needs_its_score(desk: OrderDesk) -> None:
    wanted = {"model": "momentum", "model_threshold": Decimal("0.6")}
    decision = desk.decision("AAPL", Action.ENTER_LONG, **wanted)
    assert desk.decide.decide(decision, NO_MODEL).code == "NO_MODEL"
    desk.price("IBM", "40")
    decision = desk.decision("IBM", Action.ENTER_LONG, **wanted)
    low = ModelVerdict(Decimal("0.59"), "momentum-3")
    assert desk.decide.decide(decision, low).code == "MODEL_SCORE"


def test_a_decision_to_hold_is_never_an_order(desk: OrderDesk) -> None:
    with pytest.raises(InvalidInputError, match="only entries and exits"):
        desk.decide.decide(desk.decision("AAPL", Action.HOLD), NO_MODEL)


def test_an_unknown_order_is_not_placed(desk: OrderDesk) -> None:
    with pytest.raises(NotFoundError, match="not in the ledger"):
        desk.place.place("qz1-none", request="r1")


def test_after_a_halt_nothing_is_claimed_and_working_orders_are_cancelled(
    desk: OrderDesk,
) -> None:
    working = desk.buy("AAPL")
    desk.price("IBM", "40")
    approved = desk.decide.decide(desk.decision("IBM", Action.ENTER_LONG), NO_MODEL)
    desk.halt.halt(reason="testing", by="operator")
    assert desk.place.place(approved.client_order_id, request="r2") is OrderState.INTENT
    assert desk.broker.accepted[working].status == "canceled"
    desk.sweep.sweep(request="s1")
    records = desk.ledger.records
    assert records[working].state is OrderState.CANCELED
    assert records[approved.client_order_id].state is OrderState.ABANDONED
    assert records[approved.client_order_id].code == "TRADING_HALTED"
    assert desk.ledger.risk().gross_used == 0
    desk.price("MSFT", "40")
    refused = desk.decide.decide(desk.decision("MSFT", Action.ENTER_LONG), NO_MODEL)
    assert refused.code == "TRADING_HALTED"
    assert desk.broker.submits == 1


def test_the_first_reason_of_a_halt_stays(desk: OrderDesk) -> None:
    desk.halt.halt(reason="first", by="operator")
    assert desk.halt.halt(reason="second", by="operator").reason == "first"


def test_resume_needs_a_clean_comparison_with_the_broker(desk: OrderDesk) -> None:
    desk.halt.halt(reason="testing", by="operator")
    with pytest.raises(RefusedError, match="has not run yet"):
        desk.halt.resume(by="operator")
    desk.broker.cash -= 1
    desk.reconcile.reconcile()
    with pytest.raises(RefusedError, match="found differences"):
        desk.halt.resume(by="operator")
    desk.broker.cash += 1
    desk.reconcile.reconcile()
    assert desk.halt.resume(by="operator").state is TradingState.ACTIVE


def test_reducing_lets_exits_through_and_stops_entries(desk: OrderDesk) -> None:
    desk.apply.apply(desk.broker.fill(desk.buy("AAPL"), Decimal(500), Decimal(40)))
    desk.broker.cash -= 1
    assert not desk.reconcile.reconcile().clean
    assert desk.ledger.risk().state is TradingState.REDUCING
    desk.price("IBM", "40")
    refused = desk.decide.decide(desk.decision("IBM", Action.ENTER_LONG), NO_MODEL)
    assert refused.code == "TRADING_REDUCING"
    name = desk.sell("AAPL")
    assert desk.ledger.records[name].state is OrderState.ACCEPTED


def test_a_broker_that_takes_another_quantity_than_was_sent_is_told(desk: OrderDesk) -> None:
    verdict = desk.decide.decide(desk.decision("AAPL", Action.ENTER_LONG), NO_MODEL)
    submit = desk.broker.submit

    def tenfold(terms: OrderTerms) -> BrokerOrder:
        return submit(replace(terms, quantity=terms.quantity * 10))

    desk.broker.submit = tenfold
    desk.place.place(verdict.client_order_id, request="r1")
    [alert] = desk.ledger.alerts(limit=5)
    assert (alert.id, alert.severity) == (f"quantity-{verdict.client_order_id}", "critical")
    assert "took 5000" in alert.message
