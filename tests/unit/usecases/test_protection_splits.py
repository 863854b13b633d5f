"""Held legs on the day of a split: multiplied as the books are, never before, and never twice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quantumzero.domain.bars import Split
from quantumzero.domain.orders import Leg
from tests.fakes.order_desk import OrderDesk
from tests.unit.usecases.test_protection import ENTRY, bar, enter, fill, leg

D = Decimal


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "40")
    return desk


def split_of(desk: OrderDesk, new: int, old: int) -> Split:
    """Store a split of today, as the session's preparation does first."""
    split = Split("AAPL", desk.market.now().date().isoformat(), new, old)
    desk.bars.put_splits([split])
    return split


def multiply(desk: OrderDesk, split: Split) -> None:
    """Multiply the books, as the session's preparation does after a sweep."""
    desk.ledger.apply_split(split, at=desk.market.now())
    desk.ledger.mark_prepared(desk.market.now().date())


def test_a_split_restates_the_legs(desk: OrderDesk) -> None:
    enter(desk)
    fill(desk, ENTRY, 10)
    desk.market.advance(86400)
    multiply(desk, split_of(desk, 2, 1))
    desk.sweep.sweep(request="s1")
    stop, target = leg(desk, Leg.STOP), leg(desk, Leg.TARGET)
    assert (stop.terms.quantity, stop.terms.stop_loss_price) == (20, 19)
    assert (target.terms.quantity, target.terms.limit_price) == (20, 22)
    desk.sweep.sweep(request="s2")
    assert leg(desk, Leg.STOP).terms.quantity == 20


@pytest.mark.parametrize(("new", "old", "after"), [(2, 1, 20), (1, 2, 5)])
def test_until_the_books_are_multiplied_a_leg_is_neither_resized_nor_let_go(
    desk: OrderDesk, new: int, old: int, after: int
) -> None:
    enter(desk)
    fill(desk, ENTRY, 10)
    bar(desk, "19", "80", "40")
    split = split_of(desk, new, old)
    for request in ("s1", "s2"):
        desk.sweep.sweep(request=request)
        stop = leg(desk, Leg.STOP)
        assert (stop.held, stop.terms.quantity, stop.terms.stop_loss_price) == (True, 10, 38)
    multiply(desk, split)
    desk.sweep.sweep(request="s3")
    assert leg(desk, Leg.STOP).terms.quantity == after


def test_a_leg_that_nobody_looked_at_takes_every_split_since(desk: OrderDesk) -> None:
    enter(desk)
    fill(desk, ENTRY, 10)
    for new, old in ((2, 1), (3, 2)):
        desk.market.advance(86400)
        multiply(desk, split_of(desk, new, old))
    desk.sweep.sweep(request="s1")
    stop = leg(desk, Leg.STOP)
    assert (stop.terms.quantity, stop.terms.stop_loss_price) == (30, D("12.67"))


def test_a_fill_of_before_the_split_that_is_heard_after_it_makes_legs_in_its_own_shares(
    desk: OrderDesk,
) -> None:
    enter(desk)
    unheard = desk.broker.fill(ENTRY, D(10), D(40))
    desk.market.advance(86400)
    split = split_of(desk, 2, 1)
    desk.apply.apply(unheard)
    assert leg(desk, Leg.STOP).terms.quantity == 10
    multiply(desk, split)
    desk.sweep.sweep(request="s1")
    stop = leg(desk, Leg.STOP)
    assert (stop.terms.quantity, stop.terms.stop_loss_price) == (20, 19)
