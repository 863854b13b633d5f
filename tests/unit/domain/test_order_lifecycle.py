"""Every edge of the order's life, and what snapshots may never do."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from alpaca.trading.enums import OrderStatus

from quantumzero.domain import order_lifecycle as life
from quantumzero.domain.errors import CorruptDataError, RefusedError
from quantumzero.domain.order_snapshots import STANDINGS, apply_snapshot
from quantumzero.domain.orders import (
    TERMINAL_STATES,
    BrokerOrder,
    OrderState,
    Side,
)
from tests.fakes.order_records import NOW, S, record, snapshot

# What a snapshot makes of an order: (state, filled before) x (status, filled) -> state, None for no change.
SNAPSHOTS = [
    *[
        (before, 0, status, filled, after)
        for before in (S.INTENT, S.SUBMITTING, S.UNKNOWN, S.ABANDONED)
        for status, filled, after in (
            ("new", 0, S.ACCEPTED),
            ("partially_filled", 4, S.PARTIAL),
            ("filled", 10, S.FILLED),
            ("canceled", 0, S.CANCELED),
            ("canceled", 4, S.CANCELED),
            ("expired", 0, S.EXPIRED),
            ("replaced", 0, S.REPLACED),
            ("rejected", 0, S.REJECTED),
            ("a word of tomorrow", 0, S.ACCEPTED),
        )
    ],
    (S.ACCEPTED, 0, "new", 0, None),
    (S.ACCEPTED, 0, "pending_cancel", 0, None),
    (S.ACCEPTED, 0, "partially_filled", 4, S.PARTIAL),
    (S.ACCEPTED, 0, "filled", 10, S.FILLED),
    (S.ACCEPTED, 0, "canceled", 0, S.CANCELED),
    (S.ACCEPTED, 0, "expired", 0, S.EXPIRED),
    (S.ACCEPTED, 0, "replaced", 0, S.REPLACED),
    (S.ACCEPTED, 0, "rejected", 0, S.REJECTED),
    (S.PARTIAL, 4, "new", 0, None),
    (S.PARTIAL, 4, "partially_filled", 6, S.PARTIAL),
    (S.PARTIAL, 4, "filled", 10, S.FILLED),
    (S.PARTIAL, 4, "canceled", 4, S.CANCELED),
    (S.PARTIAL, 4, "expired", 4, S.EXPIRED),
    (S.PARTIAL, 4, "replaced", 4, S.REPLACED),
    (S.PARTIAL, 4, "rejected", 4, S.CANCELED),
    *[
        (closed, 4, status, filled, after)
        for closed in (S.CANCELED, S.EXPIRED, S.REPLACED)
        for status, filled, after in (
            ("new", 0, None),
            ("canceled", 4, None),
            ("partially_filled", 6, closed),
            ("filled", 10, S.FILLED),
        )
    ],
    (S.FILLED, 10, "filled", 10, None),
    (S.FILLED, 10, "canceled", 4, None),
    (S.REJECTED, 0, "rejected", 0, None),
    (S.DENIED, 0, "rejected", 0, S.REJECTED),
    *[
        (refused, 0, status, filled, after)
        for refused in (S.REJECTED, S.DENIED)
        for status, filled, after in (
            ("new", 0, S.ACCEPTED),
            ("partially_filled", 4, S.PARTIAL),
            ("filled", 10, S.FILLED),
            ("canceled", 0, S.CANCELED),
            ("expired", 0, S.EXPIRED),
            ("replaced", 0, S.REPLACED),
        )
    ],
]
D50 = Decimal(50)
GIVEN_UP = (S.REJECTED, S.ABANDONED, S.DENIED)

OWN_STEPS = {
    (S.INTENT, S.SUBMITTING): lambda r: life.claim(r, claim_id="c", now=NOW, lease_until=NOW),
    (S.UNKNOWN, S.SUBMITTING): lambda r: life.claim(r, claim_id="c", now=NOW, lease_until=NOW),
    (S.SUBMITTING, S.UNKNOWN): lambda r: life.lose_track(r, "no answer"),
    (S.UNKNOWN, S.UNKNOWN): life.allow_retry,
    (S.SUBMITTING, S.REJECTED): lambda r: life.reject(r, code="403", reason="no"),
    (S.UNKNOWN, S.REJECTED): lambda r: life.reject(r, code="403", reason="no"),
    (S.INTENT, S.ABANDONED): lambda r: life.abandon(r, code="STALE", reason="late"),
    (S.UNKNOWN, S.ABANDONED): lambda r: life.abandon(r, code="STALE", reason="late"),
    (S.INTENT, S.INTENT): lambda r: life.move(
        r, S.INTENT, "took_over", reserved_value=r.reserved_value
    ),
    (S.SUBMITTING, S.SUBMITTING): life.request_cancel,
    (S.ACCEPTED, S.ACCEPTED): life.request_cancel,
    (S.PARTIAL, S.PARTIAL): life.request_cancel,
}


@pytest.mark.parametrize(("before", "filled", "status", "now_filled", "after"), SNAPSHOTS)
def test_a_snapshot_moves_the_order_as_the_table_says(
    before: OrderState, filled: int, status: str, now_filled: int, after: OrderState | None
) -> None:
    step = apply_snapshot(record(before, filled), snapshot(status, now_filled))
    if after is None:
        assert step is None
        return
    assert step is not None
    assert step.after.state is after
    assert step.after.version == 4
    assert step.after.filled_quantity == max(filled, now_filled)
    assert step.after.filled_cost == 5 * max(filled, now_filled)
    working = after in (S.ACCEPTED, S.PARTIAL)
    assert step.after.reserved_value == (5 * (10 - now_filled) if working else 0)
    assert step.resurrects is (before in GIVEN_UP and after not in GIVEN_UP)


@pytest.mark.parametrize(("edge", "step"), OWN_STEPS.items())
def test_our_own_steps_move_the_order_as_the_table_says(edge: tuple, step: object) -> None:
    before, after = edge
    moved = step(record(before, 4 if before is S.PARTIAL else 0))
    assert (moved.after.state, moved.after.version) == (after, 4)
    assert (moved.after.reserved_value == 0) is (after in TERMINAL_STATES)


def test_the_tests_walk_every_edge_of_the_table() -> None:
    walked = set(OWN_STEPS)
    walked |= {(before, after) for before, _, _, _, after in SNAPSHOTS if after is not None}
    edges = {(before, after) for before, found in life.ALLOWED.items() for after in found}
    # A restated quantity keeps the state; its own test follows.
    assert edges - walked <= {(S.ACCEPTED, S.ACCEPTED), (S.PARTIAL, S.PARTIAL)}
    assert walked <= edges
    assert set(life.ALLOWED) == set(OrderState)


@pytest.mark.parametrize("before", list(OrderState))
def test_what_the_table_does_not_allow_is_refused(before: OrderState) -> None:
    steps = {
        S.SUBMITTING: lambda r: life.claim(r, claim_id="c", now=NOW, lease_until=NOW),
        S.UNKNOWN: lambda r: life.lose_track(r, "no answer"),
        S.REJECTED: lambda r: life.reject(r, code="403", reason="no"),
        S.ABANDONED: lambda r: life.abandon(r, code="STALE", reason="late"),
    }
    for after, step in steps.items():
        if after in life.ALLOWED[before]:
            continue
        with pytest.raises(RefusedError, match="it may become"):
            step(record(before))


def test_an_order_that_may_exist_is_not_claimed_again() -> None:
    unknown = replace(record(S.UNKNOWN), retry_allowed=False)
    with pytest.raises(RefusedError, match="look it up"):
        life.claim(unknown, claim_id="c", now=NOW, lease_until=NOW)
    with pytest.raises(RefusedError, match="only UNKNOWN"):
        life.allow_retry(record(S.INTENT))


def test_a_cancel_is_asked_for_once_and_only_while_it_may_fill() -> None:
    asked = life.request_cancel(record(S.ACCEPTED))
    assert asked is not None
    assert life.request_cancel(asked.after) is None
    assert life.request_cancel(record(S.INTENT)) is None
    assert life.request_cancel(record(S.CANCELED)) is None


def test_every_status_of_the_vendor_has_a_meaning() -> None:
    assert {status.value for status in OrderStatus} <= set(STANDINGS)


def test_a_denied_order_that_exists_at_the_broker_takes_the_brokers_quantity_without_a_complaint() -> (
    None
):
    denied = replace(record(S.DENIED), terms=replace(record(S.DENIED).terms, quantity=Decimal(0)))
    step = apply_snapshot(denied, snapshot("partially_filled", 4))
    assert step is not None
    assert step.resurrects
    assert not step.takes_another_quantity
    assert (step.after.terms.quantity, step.after.reserved_value) == (10, 30)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(snapshot("new"), client_order_id="qz1-b"),
        replace(snapshot("new"), symbol="IBM"),
        replace(snapshot("new"), side=Side.SELL),
        replace(snapshot("new"), filled_quantity=Decimal(11)),
        replace(snapshot("new"), filled_quantity=Decimal(-1)),
        replace(snapshot("filled", 10), average_fill_price=None),
        replace(snapshot("filled", 10), average_fill_price=Decimal(0)),
    ],
)
def test_a_snapshot_that_contradicts_the_order_is_corrupt(wrong: BrokerOrder) -> None:
    with pytest.raises(CorruptDataError):
        apply_snapshot(record(S.ACCEPTED), wrong)


def test_more_filled_for_no_more_cost_is_corrupt() -> None:
    cheaper = replace(snapshot("partially_filled", 6), average_fill_price=Decimal(1))
    with pytest.raises(CorruptDataError, match="for a cost of"):
        apply_snapshot(record(S.PARTIAL, 4), cheaper)


def test_a_split_restates_what_is_left_and_keeps_its_value() -> None:
    step = apply_snapshot(record(S.PARTIAL, 4), snapshot("new", 4, quantity=16))
    assert step is not None
    assert (step.after.state, step.event) == (S.PARTIAL, "restated")
    assert step.after.terms.quantity == 16
    assert step.after.open_quantity == 12
    assert (step.after.reserved_value, step.after.reference_price) == (30, Decimal("2.5"))
    filled = apply_snapshot(step.after, snapshot("filled", 16, quantity=16, minutes=2))
    assert filled is not None
    assert filled.fill is not None
    assert (filled.fill.quantity, filled.fill.exposure) == (12, 30)


def test_an_older_snapshot_does_not_restate_back() -> None:
    step = apply_snapshot(record(S.ACCEPTED), snapshot("new", quantity=20))
    assert step is not None
    assert apply_snapshot(step.after, snapshot("new", minutes=0)) is None


def test_an_older_word_does_not_resurrect_a_rejected_order() -> None:
    rejected = apply_snapshot(record(S.ACCEPTED), snapshot("rejected", minutes=2))
    assert rejected is not None
    assert rejected.after.code == "BROKER_REJECTED"
    assert apply_snapshot(rejected.after, snapshot("new", minutes=1)) is None


def test_an_adopted_order_becomes_what_the_broker_says() -> None:
    found = snapshot("partially_filled", 4)
    adopted = life.adopt(found, at=NOW, reference_price=Decimal(5))
    step = apply_snapshot(adopted, found)
    assert step is not None
    assert step.resurrects
    assert (step.after.state, step.after.version) == (S.PARTIAL, 1)
    assert step.after.reserved_value == 30


@pytest.mark.parametrize(("price", "reserved"), [(Decimal(5), Decimal(100)), (Decimal(0), 0)])
def test_an_adopted_order_for_an_amount_is_not_filled_before_it_has_bought(
    price: Decimal, reserved: Decimal
) -> None:
    found = replace(snapshot("new", 0, 0), notional=Decimal(100))
    working = apply_snapshot(life.adopt(found, at=NOW, reference_price=price), found)
    assert working is not None
    assert (working.after.state, working.after.reserved_value) == (S.ACCEPTED, reserved)
    bought = replace(snapshot("filled", 21, 21, minutes=2), notional=Decimal(100))
    step = apply_snapshot(working.after, bought)
    assert step is not None
    assert (step.after.state, step.after.filled_quantity) == (S.FILLED, 21)


def test_an_older_word_that_more_has_filled_than_was_expected_makes_the_order_that_large() -> None:
    amount = replace(record(S.ACCEPTED), terms=replace(record(S.ACCEPTED).terms, notional=D50))
    ended = apply_snapshot(amount, replace(snapshot("canceled", 0, 0, minutes=3), notional=D50))
    assert ended is not None
    older = apply_snapshot(ended.after, replace(snapshot("filled", 12, 12), notional=D50))
    assert older is not None
    assert older.after.state is S.FILLED
    assert older.after.filled_quantity == older.after.terms.quantity == 12
