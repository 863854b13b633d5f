"""Replacing what is cancelled, in doubt or filling unheard: nothing is sent that was given up, nothing uncounted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quantumzero.domain.orders import (
    OrderState,
)
from tests.fakes.order_desk import OrderDesk
from tests.unit.usecases.test_replace_order import OLD, ask, room, used, working

D = Decimal
S = OrderState


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "40")
    return desk


def test_a_cancel_before_the_send_gives_the_replacement_up(desk: OrderDesk) -> None:
    working(desk)
    new = ask(desk, quantity=D(150))
    assert desk.cancel.cancel(new)
    stored = desk.ledger.records[new.terms.client_order_id]
    assert (stored.state, stored.code) == (S.ABANDONED, "CANCELED")
    assert used(desk) == (4000, 4000)


def test_a_cancel_of_an_order_in_doubt_is_kept_until_it_turns_up(desk: OrderDesk) -> None:
    desk.broker.submit_faults = ["accept_then_lost"]
    name = desk.buy("AAPL")
    assert desk.ledger.records[name].state is S.UNKNOWN
    assert desk.cancel.cancel(desk.ledger.records[name])
    desk.sweep.sweep(request="s1")
    desk.sweep.sweep(request="s2")
    assert desk.broker.accepted[name].status == "canceled"
    assert desk.ledger.records[name].state is S.CANCELED
    assert desk.ledger.risk().gross_used == 0


def test_a_cancelled_order_that_never_arrived_is_not_sent_again(desk: OrderDesk) -> None:
    desk.broker.submit_faults = ["lost"]
    name = desk.buy("AAPL")
    assert desk.cancel.cancel(desk.ledger.records[name])
    desk.machine.advance(61)
    desk.sweep.sweep(request="s1")
    assert (desk.ledger.records[name].state, desk.ledger.records[name].code) == (
        S.ABANDONED,
        "CANCELED",
    )
    assert desk.broker.submits == 1


def test_a_replacement_whose_reading_took_too_long_is_not_sent(
    desk: OrderDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    working(desk)
    new = ask(desk, quantity=D(120))
    submits, read = desk.broker.submits, desk.ledger.order

    def slowly(client_order_id: str):
        if desk.ledger.events[-1][2] == "claimed" and client_order_id == OLD:
            desk.machine.advance(3)
        return read(client_order_id)

    monkeypatch.setattr(desk.ledger, "order", slowly)
    assert desk.place.place(new.terms.client_order_id, request="r1") is S.UNKNOWN
    assert desk.broker.submits == submits


def test_a_replacement_that_fills_in_parts_lets_go_of_nothing_of_the_old_one(
    desk: OrderDesk,
) -> None:
    room(desk, 28000)
    working(desk, quantity=498)
    name = ask(desk, quantity=D(199), limit_price=D("39.87")).terms.client_order_id
    unheard = desk.broker.fill(OLD, D(396), D(40))
    assert desk.place.place(name, request="r1") is S.ACCEPTED
    for part in (77, 41, 81):
        desk.apply.apply(desk.broker.fill(name, D(part), D("39.87")))
        assert desk.ledger.records[OLD].reserved_value == 498 * 40
    desk.apply.apply(unheard)
    assert not desk.ledger.risk().above_limit
    desk.apply.apply(desk.broker.accepted[OLD])
    assert used(desk) == (396 * 40 + 199 * D("39.87"), 0)
