"""Orders that move together are written together, or none of them is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain import order_lifecycle as life
from quantumzero.domain.errors import ConflictError
from quantumzero.domain.ledger_changes import RiskGuard, change_of
from quantumzero.domain.order_replacement import replace_step
from quantumzero.domain.order_snapshots import apply_snapshot
from quantumzero.domain.orders import Leg, OrderClass, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.protection import grow, heir, held_leg, leg_id, let_go
from quantumzero.domain.resting_legs import resting_terms
from quantumzero.domain.risk.account_risk import TradingState
from tests.fakes.order_records import BUY, snapshot

if TYPE_CHECKING:
    from quantumzero.domain.orders import OrderRecord
    from tests.contract.ledger.conftest import Ledger

NOW = datetime(2005, 3, 1, 21, 0, tzinfo=UTC)
FLAT = Position("AAPL")
D = Decimal


def working(ledger: Ledger, **changes: object) -> OrderRecord:
    step = life.intend(replace(BUY, **changes), at=NOW, recorded_at=NOW, reference_price=D(5))
    ledger.commit(change_of(step, FLAT, at=NOW))
    accepted = apply_snapshot(step.after, snapshot("new", minutes=0))
    assert accepted is not None
    ledger.commit(change_of(accepted, FLAT, at=NOW))
    return accepted.after


def test_two_orders_move_in_one_transaction(ledger: Ledger) -> None:
    old = working(ledger)
    terms = replace(BUY, client_order_id="qz1-new", quantity=D(12), replaces="qz1-a", intent=1)
    child, noted = replace_step(old, terms, at=NOW, recorded_at=NOW, reference_price=D(5))
    ledger.commit(change_of(child, FLAT, at=NOW, companions=(noted,)))
    assert ledger.order("qz1-new") == child.after
    assert ledger.order("qz1-a") == noted.after
    assert ledger.risk().gross_used == 60
    assert ledger.risk().open_orders == 2


def test_when_a_companion_has_moved_nothing_is_written(ledger: Ledger) -> None:
    old = working(ledger)
    cancelled = life.request_cancel(old)
    assert cancelled is not None
    ledger.commit(change_of(cancelled, FLAT, at=NOW))
    terms = replace(BUY, client_order_id="qz1-new", quantity=D(12), replaces="qz1-a", intent=1)
    child, noted = replace_step(old, terms, at=NOW, recorded_at=NOW, reference_price=D(5))
    with pytest.raises(ConflictError):
        ledger.commit(change_of(child, FLAT, at=NOW, companions=(noted,)))
    assert ledger.order("qz1-new") is None
    assert ledger.order("qz1-a") == cancelled.after
    assert ledger.risk().gross_used == 50


def test_held_orders_are_kept_apart_from_the_open_ones(ledger: Ledger) -> None:
    entry = working(
        ledger,
        order_class=OrderClass.OTO,
        stop_loss_price=D(4),
        emulated=True,
    )
    step = apply_snapshot(entry, snapshot("partially_filled", 4))
    assert step is not None
    leg = held_leg(step.after, Leg.STOP, 1, D(4), at=NOW)
    ledger.commit(change_of(step, FLAT, at=NOW, companions=(leg,)))
    assert [each.terms.client_order_id for each in ledger.open_orders()] == ["qz1-a"]
    assert list(ledger.held_orders()) == [leg.after]
    assert leg.after.terms.client_order_id == leg_id("qz1-a", Leg.STOP, 1)
    assert ledger.risk().open_orders == 1
    (part,) = ledger.strategy_holdings("sma-cross")
    assert (part.quantity, part.pending_buy, part.pending_sell) == (4, 6, 0)
    grown = grow(leg.after, D(6))
    ledger.commit(change_of(grown, FLAT, at=NOW))
    assert list(ledger.held_orders()) == [grown.after]


def test_what_rests_is_counted_beside_what_is_pending(ledger: Ledger) -> None:
    assert ledger.strategy_holding("sma-cross", "AAPL").version == 0
    entry = working(ledger, order_class=OrderClass.OTO, stop_loss_price=D(4), emulated=True)
    step = apply_snapshot(entry, snapshot("filled", 10))
    assert step is not None
    leg = held_leg(step.after, Leg.STOP, 1, D(10), at=NOW)
    ledger.commit(change_of(step, FLAT, at=NOW, companions=(leg,)))
    own = ledger.strategy_holding("sma-cross", "AAPL")
    terms = resting_terms(leg.after, None, D(10), "alpaca")
    assert terms is not None
    rests = let_go(leg.after, terms, "rests", at=NOW, recorded_at=NOW)
    guard = RiskGuard(frozenset({TradingState.ACTIVE}), strategy_version=own.version)
    follower = heir(leg.after, 2, at=NOW)
    change = change_of(rests, FLAT, at=NOW, guard=guard, companions=(follower,))
    ledger.commit(change)
    own = ledger.strategy_holding("sma-cross", "AAPL")
    assert (own.quantity, own.pending_sell, own.resting) == (10, 0, 10)
    assert ledger.order(terms.client_order_id) == rests.after
    assert list(ledger.held_orders()) == [follower.after]
    # Whoever decided on the part as it was before must decide again.
    with pytest.raises(ConflictError):
        ledger.commit(change)
    sold = life.intend(
        replace(BUY, client_order_id="qz1-exit", side=Side.SELL),
        at=NOW,
        recorded_at=NOW,
        reference_price=D(5),
    )
    with pytest.raises(ConflictError):
        ledger.commit(change_of(sold, FLAT, at=NOW, guard=guard))
    ended = life.abandon(rests.after, code="CANCELED", reason="t")
    ledger.commit(change_of(ended, FLAT, at=NOW))
    assert ledger.strategy_holding("sma-cross", "AAPL").resting == 0
