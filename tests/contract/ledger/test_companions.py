"""Orders that move together are written together, or none of them is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain import order_lifecycle as life
from quantumzero.domain.errors import ConflictError
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_replacement import replace_step
from quantumzero.domain.order_snapshots import apply_snapshot
from quantumzero.domain.orders import Leg, OrderClass
from quantumzero.domain.portfolio import Position
from quantumzero.domain.protection import grow, held_leg, leg_id
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
