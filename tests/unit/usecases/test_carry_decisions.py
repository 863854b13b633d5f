"""A decision to act becomes an order even when its execution never does its work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from quantumzero.domain.bars import Split
from quantumzero.domain.decisions import Action, Decision
from quantumzero.domain.errors import UnavailableError
from quantumzero.domain.orders import OrderState
from quantumzero.domain.risk.proposal import NO_MODEL
from quantumzero.usecases import carry_decisions
from tests.fakes.order_desk import OrderDesk


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "40")
    return desk


def decided(desk: OrderDesk, symbol: str = "AAPL", **changes: object) -> Decision:
    """Store a decision to act as evaluate_strategies does, and start nothing."""
    decision = desk.decision(symbol, Action.ENTER_LONG, **changes)
    desk.decisions.hold(decision)
    desk.decisions.note_unordered(decision)
    return decision


def test_a_decision_without_an_execution_is_ordered_by_the_sweep(desk: OrderDesk) -> None:
    decision = decided(desk)
    desk.machine.advance(20)
    report = desk.sweep.sweep(request="s1")
    assert (report.carried, report.unresolved) == (1, 0)
    [record] = desk.ledger.records.values()
    assert (record.state, record.terms.decision_id) == (OrderState.ACCEPTED, decision.id)
    assert desk.decisions.unordered() == []
    assert desk.sweep.sweep(request="s2").carried == 0
    assert desk.broker.submits == 1
    assert desk.ledger.alerts(limit=5) == []


def test_a_young_decision_is_left_to_its_execution(desk: OrderDesk) -> None:
    decided(desk)
    assert desk.sweep.sweep(request="s1").unresolved == 1
    assert desk.ledger.records == {}


def test_it_is_taken_up_at_once_when_nothing_is_under_way(desk: OrderDesk) -> None:
    decided(desk)
    assert desk.sweep.sweep(request="s1", settled=True).carried == 1


def test_what_its_execution_ordered_is_only_taken_off_the_list(desk: OrderDesk) -> None:
    decision = decided(desk)
    verdict = desk.decide.decide(decision, NO_MODEL)
    desk.place.place(verdict.client_order_id, request="r1")
    assert desk.sweep.sweep(request="s1").carried == 0
    assert desk.decisions.unordered() == []
    assert desk.broker.submits == 1


def test_a_late_execution_finds_the_order(desk: OrderDesk) -> None:
    decision = decided(desk)
    desk.sweep.sweep(request="s1", settled=True)
    verdict = desk.decide.decide(decision, NO_MODEL)
    assert desk.place.place(verdict.client_order_id, request="r1") is OrderState.ACCEPTED
    assert desk.broker.submits == 1


def test_a_decision_of_another_day_is_refused_and_told(desk: OrderDesk) -> None:
    decision = decided(desk)
    desk.market.advance(86400)
    assert desk.sweep.sweep(request="s1", settled=True).unresolved == 0
    [record] = desk.ledger.records.values()
    assert (record.state, record.code) == (OrderState.DENIED, "STALE_PRICE")
    [alert] = desk.ledger.alerts(limit=5)
    assert alert.id == f"unordered-{decision.id}"
    assert "never ordered: it was made on 2005-03-01" in alert.message
    assert desk.decisions.unordered() == []


def test_a_decision_from_before_a_split_is_refused_and_told(desk: OrderDesk) -> None:
    decided(desk)
    desk.bars.put_splits([Split("AAPL", "2005-03-02", 2, 1)])
    desk.sweep.sweep(request="s1", settled=True)
    assert [each.state for each in desk.ledger.records.values()] == [OrderState.DENIED]
    assert "AAPL was split" in desk.ledger.alerts(limit=1)[0].message


def test_a_refusal_by_a_limit_is_no_alert(desk: OrderDesk) -> None:
    decided(desk, percent_of_equity=Decimal(35))
    desk.sweep.sweep(request="s1", settled=True)
    assert [each.code for each in desk.ledger.records.values()] == ["MAX_VALUE"]
    assert desk.ledger.alerts(limit=5) == []


def test_a_halt_refuses_what_was_not_ordered(desk: OrderDesk) -> None:
    decided(desk)
    desk.halt.halt(reason="test", by="operator")
    desk.sweep.sweep(request="s1", settled=True)
    assert [each.code for each in desk.ledger.records.values()] == ["TRADING_HALTED"]
    assert desk.broker.submits == 0


def test_a_decision_that_cannot_be_ordered_is_told_and_keeps_nothing_else(desk: OrderDesk) -> None:
    broken = decided(desk, percent_of_equity=Decimal(200))
    desk.price("IBM", "40")
    decided(desk, "IBM")
    report = desk.sweep.sweep(request="s1", settled=True)
    assert (report.carried, report.unresolved) == (2, 0)
    assert [each.terms.symbol for each in desk.ledger.records.values()] == ["IBM"]
    assert [each.id for each in desk.ledger.alerts(limit=5)] == [f"unordered-{broken.id}"]


def test_what_could_not_be_read_waits_and_is_counted(
    desk: OrderDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(desk)
    with monkeypatch.context() as patch:
        patch.setattr(desk.bars, "splits", lambda symbol: (_ for _ in ()).throw(UnavailableError()))
        assert desk.sweep.sweep(request="s1", settled=True).unresolved == 1
        patch.setattr(
            desk.decisions, "unordered", lambda: (_ for _ in ()).throw(UnavailableError())
        )
        assert desk.sweep.sweep(request="s2", settled=True).unresolved == 1
    assert desk.sweep.sweep(request="s3", settled=True).unresolved == 0
    assert desk.broker.submits == 1


def test_one_call_orders_a_bounded_number(desk: OrderDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carry_decisions, "AT_ONCE", 1)
    first = decided(desk)
    later = replace(first, id="later", strategy="other")
    desk.decisions.hold(later)
    desk.decisions.note_unordered(later)
    report = desk.sweep.sweep(request="s1", settled=True)
    assert (report.carried, report.unresolved) == (1, 1)
    assert desk.sweep.sweep(request="s2", settled=True).unresolved == 0
    assert desk.broker.submits == 2


def test_an_order_that_was_never_sent_is_not_sent_after_a_split(desk: OrderDesk) -> None:
    verdict = desk.decide.decide(desk.decision("AAPL", Action.ENTER_LONG), NO_MODEL)
    desk.bars.put_splits([Split("AAPL", "2005-03-02", 1, 2)])
    desk.sweep.sweep(request="s1", settled=True)
    record = desk.ledger.records[verdict.client_order_id]
    assert (record.state, record.code) == (OrderState.ABANDONED, "SPLIT")
    assert desk.ledger.risk().gross_used == 0
    assert desk.ledger.alerts(limit=1)[0].id == f"split-{verdict.client_order_id}"
    assert desk.broker.submits == 0


def test_patience_is_shorter_than_two_of_the_shortest_bars() -> None:
    assert carry_decisions.PATIENCE + timedelta(minutes=1) < timedelta(minutes=2)
