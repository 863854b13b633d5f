"""The sweep settles what nothing else does: each state, each answer of the broker."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from quantumzero.domain.decisions import Action
from quantumzero.domain.errors import RefusedError
from quantumzero.domain.orders import OrderState
from quantumzero.domain.risk.account_risk import TradingState, default_limits
from quantumzero.domain.risk.proposal import NO_MODEL
from tests.fakes.order_desk import OrderDesk


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "40")
    return desk


def state(desk: OrderDesk, name: str) -> OrderState:
    return desk.ledger.records[name].state


def approve(desk: OrderDesk, symbol: str = "AAPL") -> str:
    verdict = desk.decide.decide(desk.decision(symbol, Action.ENTER_LONG), NO_MODEL)
    assert verdict.approved
    return verdict.client_order_id


def test_an_intent_is_left_to_its_execution_for_a_moment(desk: OrderDesk) -> None:
    name = approve(desk)
    assert desk.sweep.sweep(request="s1").unresolved == 1
    assert state(desk, name) is OrderState.INTENT
    desk.machine.advance(3)
    assert desk.sweep.sweep(request="s2").unresolved == 0
    assert state(desk, name) is OrderState.ACCEPTED


def test_an_intent_is_sent_at_once_when_nothing_is_under_way(desk: OrderDesk) -> None:
    name = approve(desk)
    desk.sweep.sweep(request="s1", settled=True)
    assert state(desk, name) is OrderState.ACCEPTED


def test_an_intent_that_the_market_left_behind_is_given_up(desk: OrderDesk) -> None:
    name = approve(desk)
    desk.market.advance(300)
    desk.sweep.sweep(request="s1")
    record = desk.ledger.records[name]
    assert (record.state, record.code) == (OrderState.ABANDONED, "STALE")
    assert desk.ledger.risk().gross_used == 0
    assert desk.broker.submits == 0


def test_a_claim_without_its_owner_becomes_unknown_after_its_lease(desk: OrderDesk) -> None:
    name = approve(desk)
    record = desk.ledger.records[name]
    claimed = desk.place._claim(record, "somebody")
    assert claimed is not None
    desk.machine.advance(9)
    desk.sweep.sweep(request="s1")
    assert state(desk, name) is OrderState.SUBMITTING
    desk.machine.advance(2)
    assert desk.sweep.sweep(request="s2").unresolved == 1
    assert state(desk, name) is OrderState.UNKNOWN
    desk.machine.advance(60)
    desk.sweep.sweep(request="s3")
    assert state(desk, name) is OrderState.ACCEPTED
    assert desk.ledger.records[name].attempts == 2


def test_a_slow_claim_is_not_followed_by_a_send(desk: OrderDesk) -> None:
    name = approve(desk)
    commit = desk.ledger.commit

    def slow(change: object) -> None:
        desk.machine.advance(2.5)
        commit(change)

    desk.ledger.commit = slow
    assert desk.place.place(name, request="r1") is OrderState.UNKNOWN
    assert desk.broker.submits == 0


def test_a_lost_order_is_given_up_once_it_is_too_late_to_repeat_it(desk: OrderDesk) -> None:
    desk.broker.submit_faults = ["lost"]
    name = desk.buy("AAPL")
    desk.market.advance(300)
    desk.machine.advance(61)
    desk.sweep.sweep(request="s1")
    assert state(desk, name) is OrderState.ABANDONED
    assert desk.ledger.risk().gross_used == 0


def test_while_the_broker_cannot_be_asked_nothing_is_concluded(desk: OrderDesk) -> None:
    desk.broker.submit_faults = ["accept_then_lost"]
    name = desk.buy("AAPL")
    desk.machine.advance(301)
    desk.broker.read_faults = [True, True]
    assert desk.sweep.sweep(request="s1").unresolved == 1
    assert state(desk, name) is OrderState.UNKNOWN
    assert [each.id for each in desk.ledger.alerts(limit=5)] == [f"unresolved-{name}"]
    desk.sweep.sweep(request="s2")
    assert state(desk, name) is OrderState.ACCEPTED


def test_a_failed_list_is_made_up_for_by_single_reads(desk: OrderDesk) -> None:
    name = desk.buy("AAPL")
    desk.broker.fill(name, Decimal(500), Decimal(40))
    desk.broker.read_faults = [True]
    desk.sweep.sweep(request="s1")
    assert state(desk, name) is OrderState.FILLED


def test_a_working_order_that_the_broker_forgot_raises_an_alert(desk: OrderDesk) -> None:
    name = desk.buy("AAPL")
    desk.broker.accepted.clear()
    desk.sweep.sweep(request="s1")
    assert state(desk, name) is OrderState.ACCEPTED
    assert desk.ledger.alerts(limit=1)[0].id == f"missing-{name}"


def test_a_contradiction_of_one_order_does_not_keep_the_others(desk: OrderDesk) -> None:
    first = desk.buy("AAPL")
    desk.price("IBM", "40")
    second = desk.buy("IBM")
    desk.broker.accepted[first] = replace(desk.broker.accepted[first], symbol="MSFT")
    desk.broker.fill(second, Decimal(500), Decimal(40))
    desk.sweep.sweep(request="s1")
    assert state(desk, second) is OrderState.FILLED
    assert desk.ledger.alerts(limit=1)[0].id == f"corrupt-{first}"


def test_a_late_order_above_the_limit_halts_and_is_cancelled(desk: OrderDesk) -> None:
    desk.broker.submit_faults = ["late"]
    name = desk.buy("AAPL")
    desk.market.advance(300)
    desk.machine.advance(61)
    desk.sweep.sweep(request="s1")
    assert state(desk, name) is OrderState.ABANDONED
    full = replace(desk.ledger.risk(), limits=default_limits(Decimal(10000)))
    desk.ledger._risk = full
    desk.broker.deliver()
    desk.apply.apply(desk.broker.accepted[name])
    risk = desk.ledger.risk()
    assert (risk.state, risk.changed_by, risk.gross_used) == (TradingState.HALTED, "ledger", 20000)
    desk.sweep.sweep(request="s2")
    desk.sweep.sweep(request="s3")
    assert state(desk, name) is OrderState.CANCELED
    assert desk.ledger.risk().gross_used == 0


def test_above_the_limit_only_exits_resume(desk: OrderDesk) -> None:
    name = desk.buy("AAPL")
    desk.apply.apply(desk.broker.fill(name, Decimal(500), Decimal(40)))
    desk.ledger._risk = replace(desk.ledger.risk(), limits=default_limits(Decimal(10000)))
    desk.sweep.sweep(request="s1")
    assert desk.ledger.risk().state is TradingState.HALTED
    desk.reconcile.reconcile()
    assert desk.halt.resume(by="operator").state is TradingState.REDUCING
    desk.sweep.sweep(request="s2")
    with pytest.raises(RefusedError, match="above the limit"):
        desk.halt.resume(by="operator")
    exit_order = desk.sell("AAPL")
    desk.apply.apply(desk.broker.fill(exit_order, Decimal(500), Decimal(40)))
    assert desk.halt.resume(by="operator").state is TradingState.ACTIVE


def test_a_sweep_notes_that_it_succeeded(desk: OrderDesk) -> None:
    desk.sweep.sweep(request="s1")
    assert desk.heartbeats.beats == {"sweep_orders": "0 open, 0 changed, 0 unresolved"}
