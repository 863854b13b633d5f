"""Cancels are counted in the message rate and never refused by it; a turn counts the two orders that it opens."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain.decisions import Action
from quantumzero.domain.errors import ConflictError
from quantumzero.domain.orders import Leg, OrderState
from quantumzero.domain.risk.limit_use import Standing, uses_of
from quantumzero.domain.risk.proposal import NO_MODEL
from quantumzero.usecases.request_cancel import RequestCancel
from tests.fakes.manual_clock import NoBackoff
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from quantumzero.domain.ledger_changes import LedgerChange


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "40")
    return desk


def counted(desk: OrderDesk) -> list[Decimal]:
    """Return the messages of this minute: the account's and the strategy's."""
    now = desk.machine.now()
    uses = uses_of(desk.ledger.risk(), Standing(Decimal(0), {}, desk.market.now(), now))
    names = ("messages_per_minute", "strategy_messages_per_minute")
    return [round(uses[name].used, 1) for name in names]


def asking(desk: OrderDesk) -> RequestCancel:
    return RequestCancel(
        ledger=desk.ledger, market=desk.market, backoff=NoBackoff(), machine=desk.machine
    )


def limit(desk: OrderDesk, **changes: Decimal) -> None:
    risk = desk.ledger.risk()
    object.__setattr__(desk.ledger, "_risk", replace(risk, limits=replace(risk.limits, **changes)))


def test_a_cancel_is_a_message_and_asking_again_is_none(desk: OrderDesk) -> None:
    name = desk.buy("AAPL")
    assert counted(desk) == [1, 1]
    assert desk.cancel.cancel(desk.ledger.records[name])
    assert counted(desk) == [2, 2]
    desk.cancel.cancel(desk.ledger.records[name])
    assert counted(desk) == [2, 2]


def test_a_cancel_by_hand_is_a_message(desk: OrderDesk) -> None:
    name = desk.buy("AAPL")
    asking(desk).request(name, by="me")
    assert counted(desk) == [2, 2]


def test_what_was_never_sent_is_given_up_without_a_message(desk: OrderDesk) -> None:
    verdict = desk.decide.decide(desk.decision("AAPL", Action.ENTER_LONG), NO_MODEL)
    before = counted(desk)
    asking(desk).request(verdict.client_order_id, by="me")
    assert counted(desk) == before


def test_an_empty_rate_refuses_no_cancel(desk: OrderDesk) -> None:
    limit(desk, messages_per_minute=Decimal(1), strategy_messages_per_minute=Decimal(1))
    name = desk.buy("AAPL")
    assert desk.cancel.cancel(desk.ledger.records[name])
    desk.sweep.sweep(request="sweep")
    assert desk.ledger.records[name].state is OrderState.CANCELED
    assert counted(desk) == [2, 2]


def test_a_rate_that_moves_meanwhile_keeps_no_cancel_back(
    desk: OrderDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = desk.buy("AAPL")
    commit = desk.ledger.commit

    def contended(change: LedgerChange) -> None:
        if change.guard is not None:
            raise ConflictError("another order took from the rate")
        commit(change)

    monkeypatch.setattr(desk.ledger, "commit", contended)
    assert desk.cancel.cancel(desk.ledger.records[name])
    assert desk.ledger.records[name].cancel_requested


def test_a_turn_needs_room_for_two_orders(desk: OrderDesk) -> None:
    limit(desk, open_orders=Decimal(1), short_selling=True)  # type: ignore[arg-type]  # a word among numbers
    bought = desk.buy("AAPL")
    desk.broker.fill(bought, desk.ledger.records[bought].terms.quantity, Decimal(40))
    desk.sweep.sweep(request="sweep")
    desk.market.advance(86400)
    desk.price("AAPL", "40")
    turn = desk.decision("AAPL", Action.ENTER_SHORT)
    closing = desk.decide.decide(turn, NO_MODEL)
    record = desk.ledger.records[closing.client_order_id]
    assert (closing.approved, record.terms.leg) == (True, Leg.EXIT)
    assert "2 open orders" in (record.reason or "")
    opening = next(r for r in desk.ledger.records.values() if r.state is OrderState.DENIED)
    assert (opening.code, opening.terms.parent) == ("MAX_OPEN", closing.client_order_id)


def test_a_turn_that_has_room_for_two_orders_is_two(desk: OrderDesk) -> None:
    limit(desk, open_orders=Decimal(2), short_selling=True)  # type: ignore[arg-type]  # a word among numbers
    bought = desk.buy("AAPL")
    desk.broker.fill(bought, desk.ledger.records[bought].terms.quantity, Decimal(40))
    desk.sweep.sweep(request="sweep")
    desk.market.advance(86400)
    desk.price("AAPL", "40")
    assert desk.decide.decide(desk.decision("AAPL", Action.ENTER_SHORT), NO_MODEL).approved
    assert desk.ledger.risk().open_orders == 2
