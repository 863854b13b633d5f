"""After a halt nothing is claimed, what was approved is freed, what rests is cancelled, and resuming trades again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quantumzero.domain.decisions import Action
from quantumzero.domain.orders import OrderState
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.domain.risk.proposal import NO_MODEL
from quantumzero.usecases.halt_trading import HaltTrading
from tests.fakes.order_desk import OrderDesk

S = OrderState


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    for symbol in ("AAPL", "IBM", "MSFT", "GOOG"):
        desk.price(symbol, "40")
    # As the API has it: no keys of the broker, so only the sweep can cancel.
    desk.halt = HaltTrading(switch=desk.ledger, market=desk.market, cancel=None)
    return desk


def approve(desk: OrderDesk, symbol: str) -> str:
    verdict = desk.decide.decide(desk.decision(symbol, Action.ENTER_LONG), NO_MODEL)
    assert verdict.approved
    return verdict.client_order_id


def states(desk: OrderDesk, *names: str) -> list[OrderState]:
    return [desk.ledger.records[name].state for name in names]


def test_orders_in_every_stage_end_after_a_halt(desk: OrderDesk) -> None:
    approved, resting, partial = approve(desk, "AAPL"), desk.buy("IBM"), desk.buy("MSFT")
    desk.apply.apply(desk.broker.fill(partial, Decimal(100), Decimal(40)))
    desk.broker.submit_faults = ["accept_then_lost"]
    unknown = desk.buy("GOOG")
    desk.halt.halt(reason="test", by="operator")
    assert desk.place.place(approved, request="late") is S.INTENT
    desk.sweep.sweep(request="s1")
    assert states(desk, approved) == [S.ABANDONED]
    assert {desk.broker.accepted[each].status for each in (resting, partial, unknown)} == {
        "canceled"
    }
    desk.sweep.sweep(request="s2")
    assert states(desk, resting, partial, unknown) == [S.CANCELED] * 3
    risk = desk.ledger.risk()
    assert (risk.open_reserved, risk.gross_used) == (0, 4000)
    assert desk.broker.submits == 3


def test_a_send_that_never_arrived_is_given_up_and_its_reservation_freed(desk: OrderDesk) -> None:
    desk.broker.submit_faults = ["lost"]
    name = desk.buy("AAPL")
    desk.halt.halt(reason="test", by="operator")
    desk.sweep.sweep(request="s1")
    assert states(desk, name) == [S.UNKNOWN]
    desk.machine.advance(61)
    desk.sweep.sweep(request="s2")
    assert states(desk, name) == [S.ABANDONED]
    assert desk.ledger.risk().gross_used == 0
    assert desk.broker.submits == 1


def test_a_halt_in_the_moment_of_the_claim_wins(
    desk: OrderDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = approve(desk, "AAPL")
    commit = desk.ledger.commit

    def halted_first(change: object) -> None:
        desk.halt.halt(reason="test", by="operator")
        commit(change)

    monkeypatch.setattr(desk.ledger, "commit", halted_first)
    assert desk.place.place(name, request="r1") is S.INTENT
    assert desk.broker.submits == 0
    assert "claimed" not in [event for _, _, event in desk.ledger.events]


def test_resuming_after_a_clean_comparison_trades_again(desk: OrderDesk) -> None:
    desk.halt.halt(reason="test", by="operator")
    desk.sweep.sweep(request="s1")
    assert desk.reconcile.reconcile().clean
    assert desk.halt.resume(by="operator").state is TradingState.ACTIVE
    assert states(desk, desk.buy("AAPL")) == [S.ACCEPTED]
