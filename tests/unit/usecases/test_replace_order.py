"""Replacing: never two orders counted, whoever speaks first; the races with fills and cancels end in the truth."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest

from quantumzero.domain.errors import InvalidInputError, NotFoundError, RefusedError
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_lifecycle import intend
from quantumzero.domain.order_replacement import NO_ROOM_FOR_BOTH, OrderChanges
from quantumzero.domain.orders import (
    Leg,
    OrderState,
    OrderTerms,
    OrderType,
    Origin,
    Side,
    TimeInForce,
)
from quantumzero.domain.portfolio import Position
from quantumzero.usecases.replace_order import ReplaceOrder
from tests.fakes.order_desk import OrderDesk

D = Decimal
S = OrderState
OLD = "qz1-old"


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "40")
    return desk


def working(desk: OrderDesk, quantity: int = 100, limit: str = "40", **changes: object) -> None:
    terms = OrderTerms(
        OLD,
        "d",
        "sma-cross",
        "AAPL",
        Side.BUY,
        D(quantity),
        OrderType.LIMIT,
        TimeInForce.GOOD_TIL_CANCELED,
        D(limit),
    )
    terms = replace(terms, **changes)
    now = desk.market.now()
    step = intend(terms, at=now, recorded_at=now, reference_price=D(limit))
    desk.ledger.commit(change_of(step, Position("AAPL"), at=now))
    assert desk.place.place(OLD, request="r0") is S.ACCEPTED


def ask(desk: OrderDesk, **changes: object):
    replacing = ReplaceOrder(decide=desk.decide, timeframes=("1d",))
    return replacing.replace(OLD, OrderChanges(**changes))


def used(desk: OrderDesk) -> tuple[Decimal, Decimal]:
    risk = desk.ledger.risk()
    assert risk.gross_used == risk.symbol_used["AAPL"]
    return risk.gross_used, risk.open_reserved


def room(desk: OrderDesk, money: int) -> None:
    """Let the account use so much in all."""
    risk = desk.ledger.risk()
    limits = replace(risk.limits, gross_exposure=D(money), symbol_exposure=D(money))
    desk.ledger._risk = replace(risk, limits=limits)


@pytest.mark.parametrize(
    ("quantity", "limit", "counted"),
    [
        (150, 10000, 10000),
        (60, 10000, 6400),
        (150, 9999, 6000),
        (60, 6399, 4000),
        (99, 4000, 4000),
    ],
)
def test_the_two_count_both_where_there_is_room_else_as_the_greater_until_the_old_is_closed(
    desk: OrderDesk, quantity: int, limit: int, counted: int
) -> None:
    room(desk, limit)
    working(desk)
    new = ask(desk, quantity=D(quantity))
    assert (new.state, new.terms.replaces, new.terms.intent) == (S.INTENT, OLD, 1)
    assert used(desk) == (counted, counted)
    assert (new.reason == NO_ROOM_FOR_BOTH) is (counted < 4000 + quantity * 40)
    name = new.terms.client_order_id
    assert desk.place.place(name, request="r1") is S.ACCEPTED
    assert used(desk) == (counted, counted)
    desk.apply.apply(desk.broker.accepted[OLD])
    assert desk.ledger.records[OLD].state is S.REPLACED
    assert used(desk) == (quantity * 40, quantity * 40)
    desk.apply.apply(desk.broker.fill(name, D(quantity), D(39)))
    assert used(desk) == (quantity * 40, 0)
    assert desk.ledger.position("AAPL").quantity == quantity
    assert desk.ledger.cash() == desk.broker.cash
    assert desk.ledger.risk().open_orders == 0
    holding = desk.ledger.strategy_holdings("sma-cross")[0]
    assert (holding.pending_buy, holding.pending_sell) == (0, 0)


def test_a_stop_or_target_is_not_replaced_by_hand(desk: OrderDesk) -> None:
    working(desk, origin=Origin.PROTECTIVE, parent="qz1-entry", leg=Leg.STOP)
    with pytest.raises(RefusedError, match="protects what order qz1-entry filled"):
        ask(desk, quantity=D(60))
    assert list(desk.ledger.records) == [OLD]


def test_what_the_old_one_filled_unheard_is_within_what_both_reserved(desk: OrderDesk) -> None:
    room(desk, 10000)
    working(desk)
    new = ask(desk, quantity=D(150))
    name = new.terms.client_order_id
    unheard = desk.broker.fill(OLD, D(70), D(40))
    assert desk.place.place(name, request="r1") is S.ACCEPTED
    desk.apply.apply(desk.broker.fill(name, D(150), D(40)))
    assert used(desk) == (10000, 4000)
    desk.apply.apply(unheard)
    assert used(desk) == (10000, 1200)
    desk.apply.apply(desk.broker.accepted[OLD])
    assert used(desk) == (8800, 0)
    assert desk.ledger.position("AAPL").quantity == 220
    assert not desk.ledger.risk().above_limit


@pytest.mark.parametrize("order", list(permutations(range(4))))
@pytest.mark.parametrize(("limit", "most"), [(4100, 1600 + 2460), (10000, 1600 + 2400 + 2460)])
def test_news_of_both_in_any_order_ends_in_the_same_books(
    desk: OrderDesk, order: tuple[int, ...], limit: int, most: int
) -> None:
    room(desk, limit)
    working(desk)
    desk.apply.apply(desk.broker.fill(OLD, D(40), D(40)))
    new = ask(desk, limit_price=D(41))
    assert new.terms.quantity == 60
    name = new.terms.client_order_id
    desk.broker.submit_faults = ["accept_then_lost"]
    assert desk.place.place(name, request="r1") is S.UNKNOWN
    words = [desk.broker.accepted[OLD], desk.broker.accepted[name]]
    words.append(desk.broker.fill(name, D(25), D(41)))
    words.append(desk.broker.fill(name, D(35), D(41)))
    for place in order:
        desk.apply.apply(words[place])
        gross, reserved = used(desk)
        position = desk.ledger.position("AAPL")
        assert gross == position.exposure + reserved
        assert gross <= most
        # Nothing that may still fill is ever without its room.
        assert gross >= 40 * 40 + 60 * 40 - 1
    assert used(desk) == (40 * 40 + 60 * 41, 0)
    assert desk.ledger.records[OLD].state is S.REPLACED
    assert desk.ledger.records[name].state is S.FILLED
    assert desk.ledger.cash() == desk.broker.cash


def test_an_order_that_filled_first_is_not_replaced(desk: OrderDesk) -> None:
    working(desk)
    new = ask(desk, quantity=D(150))
    filled = desk.broker.fill(OLD, D(100), D(40))
    assert desk.place.place(new.terms.client_order_id, request="r1") is S.REJECTED
    desk.apply.apply(filled)
    assert used(desk) == (4000, 0)
    assert desk.ledger.position("AAPL").quantity == 100


def test_a_fill_that_is_known_before_the_send_gives_the_replacement_up(desk: OrderDesk) -> None:
    working(desk)
    new = ask(desk, quantity=D(150))
    desk.apply.apply(desk.broker.fill(OLD, D(100), D(40)))
    assert used(desk) == (10000, 6000)
    sends = desk.broker.submits
    assert desk.place.place(new.terms.client_order_id, request="r1") is S.ABANDONED
    assert desk.ledger.records[new.terms.client_order_id].code == "NOTHING_TO_REPLACE"
    assert desk.broker.submits == sends
    assert used(desk) == (4000, 0)


def test_a_lost_replacement_is_sent_again_under_its_own_id_or_given_up(desk: OrderDesk) -> None:
    working(desk)
    name = ask(desk, quantity=D(150)).terms.client_order_id
    desk.broker.submit_faults = ["lost"]
    assert desk.place.place(name, request="r1") is S.UNKNOWN
    desk.machine.advance(61)
    desk.sweep.sweep(request="s1")
    assert desk.ledger.records[name].state is S.ACCEPTED
    desk.sweep.sweep(request="s2")
    assert desk.ledger.records[OLD].state is S.REPLACED
    assert desk.broker.accept_count == {OLD: 1, name: 1}
    assert used(desk) == (6000, 6000)


def test_a_refused_replacement_leaves_the_old_and_another_may_be_asked(desk: OrderDesk) -> None:
    working(desk)
    first = ask(desk, quantity=D(150))
    desk.broker.submit_faults = ["reject"]
    assert desk.place.place(first.terms.client_order_id, request="r1") is S.REJECTED
    assert used(desk) == (4000, 4000)
    second = ask(desk, quantity=D(120))
    assert second.terms.intent == 2
    assert second.terms.client_order_id != first.terms.client_order_id
    assert desk.place.place(second.terms.client_order_id, request="r2") is S.ACCEPTED


def test_the_same_changes_again_are_the_same_order_and_others_are_refused(desk: OrderDesk) -> None:
    working(desk)
    new = ask(desk, quantity=D(150))
    assert ask(desk, quantity=D(150)) == new
    with pytest.raises(RefusedError, match=r"replaced by qz1-\w+ already"):
        ask(desk, quantity=D(160))
    desk.place.place(new.terms.client_order_id, request="r1")
    desk.apply.apply(desk.broker.accepted[OLD])
    assert ask(desk, quantity=D(150)).state is S.ACCEPTED


def test_a_replacement_above_a_limit_is_denied_and_the_old_stays(desk: OrderDesk) -> None:
    working(desk)
    denied = ask(desk, quantity=D(2000))
    assert (denied.state, denied.code) == (S.DENIED, "MAX_VALUE")
    assert denied.limit == 30000
    assert used(desk) == (4000, 4000)
    assert ask(desk, quantity=D(150)).state is S.INTENT


def test_a_smaller_order_fits_under_a_full_limit(desk: OrderDesk) -> None:
    working(desk, quantity=500)
    risk = desk.ledger.risk()
    desk.ledger._risk = replace(
        risk, limits=replace(risk.limits, gross_exposure=D(20000), symbol_exposure=D(20000))
    )
    assert ask(desk, quantity=D(400)).state is S.INTENT
    assert used(desk) == (20000, 20000)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"limit_price": D(0)}, InvalidInputError, "limit_price was 0"),
        ({"stop_price": D(41)}, InvalidInputError, "limit orders take no stop_price"),
        ({"trail": D(1)}, RefusedError, "has no trail"),
        (
            {"time_in_force": TimeInForce.AT_OPEN, "quantity": D("1.5")},
            InvalidInputError,
            "takes no",
        ),
    ],
)
def test_what_makes_no_sense_is_said(
    desk: OrderDesk, changes: dict[str, object], error: type[Exception], words: str
) -> None:
    working(desk)
    with pytest.raises(error, match=words):
        ask(desk, **changes)


def test_only_what_works_is_replaced(desk: OrderDesk) -> None:
    with pytest.raises(NotFoundError, match="not in the ledger"):
        ask(desk, quantity=D(1))
    working(desk)
    desk.apply.apply(desk.broker.close(OLD, "canceled"))
    with pytest.raises(RefusedError, match="is CANCELED"):
        ask(desk, quantity=D(1))


def test_a_replaced_exit_reserves_nothing_and_may_sell_what_the_old_one_did(
    desk: OrderDesk,
) -> None:
    desk.apply.apply(desk.broker.fill(desk.buy("AAPL"), D(500), D(40)))
    working(desk, quantity=500, limit="44", side=Side.SELL)
    new = ask(desk, limit_price=D(43))
    assert (new.state, new.terms.quantity, new.reserved_value) == (S.INTENT, 500, 0)
    desk.place.place(new.terms.client_order_id, request="r1")
    desk.apply.apply(desk.broker.accepted[OLD])
    desk.apply.apply(desk.broker.fill(new.terms.client_order_id, D(500), D(43)))
    assert used(desk) == (0, 0)
    assert desk.ledger.position("AAPL").quantity == 0
