"""Legs that rest at the broker: sent when their entry is closed, followed by the next when they come to nothing."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest

from quantumzero.domain.bars import Split
from quantumzero.domain.errors import ConflictError
from quantumzero.domain.orders import (
    Leg,
    OrderClass,
    OrderState,
    OrderType,
    Origin,
    Side,
    TimeInForce,
)
from quantumzero.domain.protection import leg_id
from quantumzero.domain.protection_plan import Offset, ProtectionPlan
from quantumzero.usecases.rest_legs import Family, RestLegs
from tests.fakes.legs_desk import (
    BRACKET,
    ENTRY,
    STOP_ONLY,
    bar,
    enter,
    fill,
    leg,
    legs_desk,
    plain,
    rest,
    tick,
)
from tests.fakes.order_desk import OrderDesk

D = Decimal
S = OrderState


@pytest.fixture
def desk() -> OrderDesk:
    return legs_desk()


def test_a_stop_and_a_target_rest_as_one_order_under_our_id(desk: OrderDesk) -> None:
    resting = rest(desk)
    sent = desk.broker.sent[leg_id(ENTRY, Leg.STOP, 1)]
    assert (sent.order_class, sent.order_type) == (OrderClass.OCO, OrderType.LIMIT)
    assert (sent.limit_price, sent.take_profit_price, sent.stop_loss_price) == (44, 44, 38)
    assert (sent.side, sent.quantity, sent.reduce_only) == (Side.SELL, 10, True)
    assert sent.time_in_force is TimeInForce.GOOD_TIL_CANCELED
    assert (resting.state, resting.terms.origin) == (S.ACCEPTED, Origin.PROTECTIVE)
    own = desk.ledger.strategy_holding("sma-cross", "AAPL")
    assert (own.pending_sell, own.resting) == (0, 10)
    assert [each.terms.leg for each in desk.ledger.held_orders()] == [Leg.TARGET, Leg.STOP]
    assert desk.ledger.risk().open_orders == 1


def test_while_the_entry_works_its_legs_stay_held(desk: OrderDesk) -> None:
    enter(desk)
    assert not desk.legs.follow(fill(desk, ENTRY, 4), request="f")
    desk.sweep.sweep(request="s1")
    assert desk.broker.submits == 1
    desk.broker.close(ENTRY, "canceled")
    desk.sweep.sweep(request="s2")
    assert desk.broker.accepted[leg_id(ENTRY, Leg.STOP, 1)].quantity == 4


def test_of_two_who_let_the_legs_rest_one_does_whatever_they_have_read(desk: OrderDesk) -> None:
    """The second has read the leg as held and its successor, which the first has written meanwhile."""
    enter(desk, STOP_ONLY)
    entry = fill(desk, ENTRY, 10)
    more = replace(desk.ledger.strategies["sma-cross", "AAPL"], quantity=D(30))
    desk.ledger.strategies["sma-cross", "AAPL"] = more
    first = leg(desk, Leg.STOP)

    class Overtaken(RestLegs):
        def family(self, entry: str) -> Family:
            desk.legs.rest(desk.ledger.records[entry], request="first")
            return Family((first, leg(desk, Leg.STOP, 2)), ())

    names = [each.name for each in fields(RestLegs)]
    second = Overtaken(**{name: getattr(desk.legs, name) for name in names})
    with pytest.raises(ConflictError):
        second.rest(entry, request="second")
    assert [each.terms.rests for each in desk.ledger.open_orders()] == [True]
    assert leg(desk, Leg.STOP, 2).held


def test_the_sweep_is_the_guarantee_that_legs_rest(desk: OrderDesk) -> None:
    enter(desk)
    fill(desk, ENTRY, 10)
    desk.sweep.sweep(request="s1")
    assert leg(desk, Leg.STOP).state is S.ACCEPTED
    desk.sweep.sweep(request="s2")
    assert desk.broker.submits == 2


def test_a_resting_leg_that_fills_closes_the_position_and_the_held_ones(desk: OrderDesk) -> None:
    resting = rest(desk)
    # The target's limit or the stop inside: the broker says one thing of one order.
    fill(desk, resting.terms.client_order_id, 10, "37.90")
    assert leg(desk, Leg.STOP).state is S.FILLED
    desk.sweep.sweep(request="s1")
    assert desk.ledger.held_orders() == []
    assert desk.ledger.position("AAPL").quantity == 0
    assert desk.ledger.cash() == desk.broker.cash
    assert desk.ledger.strategy_holding("sma-cross", "AAPL").resting == 0
    assert desk.ledger.risk().gross_used == 0


@pytest.mark.parametrize(
    ("changes", "kind", "prices"),
    [
        ({}, OrderType.STOP, (None, D(38))),
        ({"stop_loss_limit_price": D("37.50")}, OrderType.STOP_LIMIT, (D("37.50"), D(38))),
        ({"stop_loss_price": None, "take_profit_price": D(44)}, OrderType.LIMIT, (D(44), None)),
    ],
)
def test_one_leg_alone_rests_as_the_type_it_is(
    desk: OrderDesk, changes: dict[str, Any], kind: OrderType, prices: tuple[object, object]
) -> None:
    resting = rest(desk, replace(STOP_ONLY, **changes))
    sent = desk.broker.sent[resting.terms.client_order_id]
    assert (sent.order_class, sent.order_type) == (OrderClass.SIMPLE, kind)
    assert (sent.limit_price, sent.stop_price) == prices
    assert len(desk.ledger.held_orders()) == 1


def test_a_trailing_stop_alone_rests_as_the_brokers_own(desk: OrderDesk) -> None:
    plan = ProtectionPlan(trailing_stop=Offset(percent=D("2.5")))
    resting = rest(desk, plain(plan))
    sent = desk.broker.sent[resting.terms.client_order_id]
    assert (sent.order_type, sent.trail_percent) == (OrderType.TRAILING_STOP, D("2.5"))
    assert sent.stop_price is None


@pytest.mark.parametrize(("away", "sent"), [("2.3456789012345678", "2.35"), ("0.001", "0.01")])
def test_a_trailing_distance_is_sent_in_ticks(desk: OrderDesk, away: str, sent: str) -> None:
    resting = rest(desk, plain(ProtectionPlan(trailing_stop=Offset(money=D(away)))))
    assert desk.broker.sent[resting.terms.client_order_id].trail_price == D(sent)


def test_prices_of_a_plan_are_measured_from_what_the_entry_cost(desk: OrderDesk) -> None:
    plan = ProtectionPlan(stop_loss=Offset(percent=D(5)), take_profit=Offset(money=D(4)))
    enter(desk, plain(plan))
    fill(desk, ENTRY, 5, "40")
    assert leg(desk, Leg.STOP).terms.stop_loss_price == D(38)
    entry = fill(desk, ENTRY, 5, "42")
    assert leg(desk, Leg.STOP).terms.stop_loss_price == D("38.95")
    assert leg(desk, Leg.TARGET).terms.limit_price == D(45)
    desk.legs.follow(entry, request="f")
    sent = desk.broker.sent[leg_id(ENTRY, Leg.STOP, 1)]
    assert (sent.limit_price, sent.stop_loss_price) == (D(45), D("38.95"))


def test_a_stop_that_is_fixed_and_trails_stays_here_and_follows(desk: OrderDesk) -> None:
    plan = ProtectionPlan(stop_loss=Offset(money=D(3)), trailing_stop=Offset(money=D(2)))
    enter(desk, plain(plan))
    assert not desk.legs.follow(fill(desk, ENTRY, 10), request="f")
    assert leg(desk, Leg.STOP).terms.stop_loss_price == 38
    bar(desk, "39", "43", "42")
    desk.sweep.sweep(request="s1")
    assert leg(desk, Leg.STOP).terms.stop_loss_price == 41
    desk.sweep.sweep(request="s2")
    assert leg(desk, Leg.STOP).held
    bar(desk, "40.90", "42", "41")
    desk.sweep.sweep(request="s3")
    assert leg(desk, Leg.STOP).state is S.ACCEPTED


def test_a_refused_leg_is_tried_three_times_and_then_kept_here(desk: OrderDesk) -> None:
    enter(desk)
    fill(desk, ENTRY, 10)
    desk.broker.submit_faults = ["reject"] * 9
    for number in range(5):
        tick(desk)
        desk.sweep.sweep(request=f"s{number}")
    assert desk.broker.submits == 4
    (alert,) = [
        each for each in desk.ledger.raised.values() if each.id.startswith("protection-kept")
    ]
    assert "kept here" in alert.message
    desk.broker.submit_faults = []
    bar(desk, "37", "40", "37.50")
    desk.sweep.sweep(request="s9")
    fired = leg(desk, Leg.STOP, 4)
    assert (fired.state, fired.terms.order_type) == (S.ACCEPTED, OrderType.MARKET)


@pytest.mark.parametrize("end", ["canceled", "expired"])
def test_a_leg_that_the_broker_closes_rests_again(desk: OrderDesk, end: str) -> None:
    resting = rest(desk)
    desk.broker.close(resting.terms.client_order_id, end)
    tick(desk)
    desk.sweep.sweep(request="s1")
    again = leg(desk, Leg.STOP, 2)
    assert (again.state, again.terms.order_class) == (S.ACCEPTED, OrderClass.OCO)
    assert again.terms.quantity == 10


def test_a_lost_answer_to_a_resting_leg_is_resolved_by_its_id(desk: OrderDesk) -> None:
    enter(desk)
    desk.broker.submit_faults = ["accept_then_lost"]
    desk.legs.follow(fill(desk, ENTRY, 10), request="f")
    assert leg(desk, Leg.STOP).state is S.UNKNOWN
    tick(desk)
    desk.sweep.sweep(request="s1")
    assert leg(desk, Leg.STOP).state is S.ACCEPTED
    assert desk.broker.accept_count[leg_id(ENTRY, Leg.STOP, 1)] == 1


def test_a_leg_that_never_arrived_is_sent_again_under_the_same_id(desk: OrderDesk) -> None:
    enter(desk)
    desk.broker.submit_faults = ["lost"]
    desk.legs.follow(fill(desk, ENTRY, 10), request="f")
    for number in range(3):
        tick(desk, 45)
        desk.sweep.sweep(request=f"s{number}")
    assert leg(desk, Leg.STOP).state is S.ACCEPTED
    assert desk.broker.accept_count == {ENTRY: 1, leg_id(ENTRY, Leg.STOP, 1): 1}


def test_what_the_entry_fills_late_is_covered_by_a_larger_leg(desk: OrderDesk) -> None:
    enter(desk, STOP_ONLY)
    fill(desk, ENTRY, 4)
    desk.broker.close(ENTRY, "canceled")
    desk.sweep.sweep(request="s1")
    assert leg(desk, Leg.STOP).terms.quantity == 4
    desk.apply.apply(desk.broker.fill(ENTRY, D(2), D(40)))
    for number in range(3):
        tick(desk)
        desk.sweep.sweep(request=f"t{number}")
    assert leg(desk, Leg.STOP).state is S.CANCELED
    assert desk.broker.accepted[leg_id(ENTRY, Leg.STOP, 2)].quantity == 6


def test_parts_of_a_share_stay_here(desk: OrderDesk) -> None:
    enter(desk, replace(STOP_ONLY, quantity=D("2.5")))
    desk.apply.apply(desk.broker.fill(ENTRY, D("2.5"), D(40)))
    desk.sweep.sweep(request="s1")
    assert leg(desk, Leg.STOP).held
    assert desk.broker.submits == 1


def test_after_a_split_legs_are_restated_before_they_rest(desk: OrderDesk) -> None:
    enter(desk)
    entry = fill(desk, ENTRY, 10)
    tick(desk, 86400)
    split = Split("AAPL", desk.market.now().date().isoformat(), 2, 1)
    desk.bars.put_splits([split])
    desk.ledger.apply_split(split, at=desk.market.now())
    desk.ledger.mark_prepared(desk.market.now().date())
    desk.broker.quantities["AAPL"] = D(20)
    assert not desk.legs.follow(entry, request="f")
    desk.sweep.sweep(request="s1")
    desk.sweep.sweep(request="s2")
    sent = desk.broker.sent[leg_id(ENTRY, Leg.STOP, 1)]
    assert (sent.quantity, sent.stop_loss_price, sent.limit_price) == (20, 19, 22)


def test_the_legs_of_a_short_sale_rest_above_and_below(desk: OrderDesk) -> None:
    terms = replace(
        BRACKET,
        side=Side.SELL,
        opens_short=True,
        take_profit_price=D(36),
        stop_loss_price=D(42),
    )
    resting = rest(desk, terms)
    sent = desk.broker.sent[resting.terms.client_order_id]
    assert (sent.side, sent.order_class, sent.limit_price) == (Side.BUY, OrderClass.OCO, 36)
    fill(desk, resting.terms.client_order_id, 10, "42")
    desk.sweep.sweep(request="s1")
    assert desk.ledger.position("AAPL").quantity == 0
    assert desk.ledger.held_orders() == []


def test_on_paper_a_pair_stays_here_and_a_stop_alone_rests() -> None:
    for terms, submits in ((BRACKET, 1), (STOP_ONLY, 2)):
        desk = OrderDesk(legs_at="paper")
        desk.price("AAPL", "40")
        enter(desk, terms)
        fill(desk, ENTRY, 10)
        desk.sweep.sweep(request="s1")
        assert desk.broker.submits == submits
