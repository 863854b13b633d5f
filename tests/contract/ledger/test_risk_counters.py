"""What the reservation checks and moves beside gross and symbol: strategies, counts, rates, scopes, repetitions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain import order_lifecycle
from quantumzero.domain.errors import ConflictError
from quantumzero.domain.ledger_changes import RiskGuard, change_of
from quantumzero.domain.orders import OrderRecord, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.risk.account_risk import (
    BrokerPower,
    ScopedState,
    TradingState,
    strategy_scope,
    symbol_scope,
)
from quantumzero.domain.risk.buckets import Spend, spend
from quantumzero.ports.ledger import EquitySnapshot
from tests.contract.ledger.test_ledger import ACTIVE, NOW, apply, intend

if TYPE_CHECKING:
    from tests.contract.ledger.conftest import Ledger

EXITS = RiskGuard(frozenset({TradingState.ACTIVE, TradingState.REDUCING}))
MINUTE = timedelta(minutes=1)


def taken(ledger: Ledger, *, at: datetime, capacity: int = 3, bounded: bool = True) -> Spend:
    """Return a spend of a bucket of that many orders a minute, decided on what is stored now."""
    buckets = ledger.risk().buckets
    size = Decimal(capacity)
    return spend(buckets, "messages", at=at, capacity=size, window=MINUTE, bounded=bounded)


def test_open_orders_are_counted_by_account_and_symbol_and_reserved_by_strategy(
    ledger: Ledger,
) -> None:
    intend(ledger, "qz1-a", strategy="one")
    intend(ledger, "qz1-b", strategy="two", side=Side.SELL)
    risk = ledger.risk()
    assert (risk.open_orders, risk.working) == (2, {"AAPL": 2})
    assert risk.strategy_reserved == {"one": 105}
    apply(ledger, "qz1-a", 4, "partially_filled")
    assert ledger.risk().strategy_reserved == {"one": 63}
    apply(ledger, "qz1-a", 4, "canceled")
    apply(ledger, "qz1-b", 0, "canceled")
    risk = ledger.risk()
    assert (risk.open_orders, risk.working) == (0, {"AAPL": 0})
    assert risk.strategy_reserved == {"one": 0}


def test_rejections_count_until_a_fill(ledger: Ledger) -> None:
    for name in ("qz1-a", "qz1-b"):
        record = intend(ledger, name)
        step = order_lifecycle.reject(record, code="42", reason="no")
        ledger.commit(change_of(step, Position("AAPL"), at=NOW))
    assert ledger.risk().rejects == {"sma-cross": 2}
    intend(ledger, "qz1-c")
    assert ledger.risk().rejects == {"sma-cross": 2}
    scope = strategy_scope("sma-cross")
    ledger.set_scope(scope, TradingState.REDUCING, by="ada", reason="storm", at=NOW)
    assert ledger.risk().rejects == {"sma-cross": 2}
    ledger.set_scope(scope, TradingState.ACTIVE, by="ada", reason="looked", at=NOW)
    assert ledger.risk().rejects == {}
    apply(ledger, "qz1-c", 1, "partially_filled")
    assert ledger.risk().rejects == {"sma-cross": 0}


@pytest.mark.parametrize(
    "guard",
    [
        replace(ACTIVE, strategy_reserved_before=Decimal(104)),
        replace(ACTIVE, open_orders_before=0),
        replace(ACTIVE, uses_before={"IBM": Decimal(9), "AAPL": Decimal(104)}),
        replace(ACTIVE, duplicate_since=NOW - timedelta(seconds=5)),
    ],
    ids=["strategy", "count", "sector", "duplicate"],
)
def test_a_counter_that_leaves_no_room_stops_the_whole_change(
    ledger: Ledger, guard: RiskGuard
) -> None:
    intend(ledger, "qz1-a")
    before = ledger.risk()
    with pytest.raises(ConflictError):
        intend(ledger, "qz1-b", guard=guard)
    assert ledger.risk() == before


def test_counters_that_just_leave_room_let_the_change_through(ledger: Ledger) -> None:
    intend(ledger, "qz1-a")
    guard = RiskGuard(
        ACTIVE.states,
        strategy_reserved_before=Decimal(105),
        open_orders_before=1,
        uses_before={"IBM": Decimal(0), "AAPL": Decimal(105)},
        duplicate_since=NOW,
    )
    intend(ledger, "qz1-b", guard=guard)
    intend(ledger, "qz1-c", 11, guard=replace(ACTIVE, duplicate_since=NOW - timedelta(days=1)))


def test_a_rate_is_spent_exactly_and_refills(ledger: Ledger) -> None:
    for index in range(3):
        guard = replace(ACTIVE, spends=(taken(ledger, at=NOW),))
        intend(ledger, f"qz1-{index}", guard=guard)
    empty = taken(ledger, at=NOW)
    assert (empty.full, empty.spent) == (True, 3)
    with pytest.raises(ConflictError):
        intend(ledger, "qz1-x", guard=replace(ACTIVE, spends=(empty,)))
    later = taken(ledger, at=NOW + timedelta(seconds=20))
    assert not later.full
    intend(ledger, "qz1-y", guard=replace(ACTIVE, spends=(later,)))
    assert taken(ledger, at=NOW + timedelta(seconds=20)).full


def test_two_orders_that_read_one_level_both_count(ledger: Ledger) -> None:
    intend(ledger, "qz1-a", guard=replace(ACTIVE, spends=(taken(ledger, at=NOW),)))
    read = taken(ledger, at=NOW)
    for name in ("qz1-b", "qz1-c"):
        intend(ledger, name, guard=replace(ACTIVE, spends=(read,)))
    assert taken(ledger, at=NOW).full
    with pytest.raises(ConflictError):
        intend(ledger, "qz1-d", guard=replace(ACTIVE, spends=(read,)))


def test_an_exit_is_counted_where_an_entry_would_be_refused(ledger: Ledger) -> None:
    for index in range(3):
        each = taken(ledger, at=NOW, capacity=1, bounded=False)
        intend(ledger, f"qz1-{index}", guard=replace(ACTIVE, spends=(each,)))
    assert taken(ledger, at=NOW, capacity=1).spent == 3


def claim(ledger: Ledger, record: OrderRecord, guard: RiskGuard) -> None:
    step = order_lifecycle.claim(record, claim_id="c1", now=NOW, lease_until=NOW)
    ledger.commit(change_of(step, Position(record.terms.symbol), at=NOW, guard=guard))


@pytest.mark.parametrize("scope", [strategy_scope("sma-cross"), symbol_scope("AAPL")])
def test_a_scope_stops_reservations_and_claims_of_its_own_and_no_others(
    ledger: Ledger, scope: str
) -> None:
    waiting = intend(ledger, "qz1-a")
    reason = "line one\nline two"
    risk = ledger.set_scope(scope, TradingState.HALTED, by="ada", reason=reason, at=NOW)
    assert risk == ledger.risk()
    assert risk.scopes == {scope: ScopedState(TradingState.HALTED, "ada", reason, NOW)}
    assert (risk.state, risk.epoch) == (TradingState.ACTIVE, 1)
    for guard in (ACTIVE, EXITS):
        with pytest.raises(ConflictError):
            claim(ledger, waiting, guard)
        with pytest.raises(ConflictError):
            intend(ledger, "qz1-b", guard=guard)
    intend(ledger, "qz1-c", guard=ACTIVE, symbol="IBM", strategy="another")
    ledger.set_scope(scope, TradingState.REDUCING, by="ada", reason="exits", at=NOW)
    with pytest.raises(ConflictError):
        intend(ledger, "qz1-d", guard=ACTIVE)
    intend(ledger, "qz1-d", guard=EXITS, side=Side.SELL)
    assert ledger.set_scope(scope, TradingState.ACTIVE, by="ada", reason="go", at=NOW).scopes == {}
    claim(ledger, waiting, ACTIVE)


def test_the_newest_close_is_the_opening_equity_and_the_highest_the_peak(ledger: Ledger) -> None:
    assert (ledger.risk().opening_equity, ledger.risk().peak_equity) == (1000, 1000)
    day = datetime(2005, 3, 2, 21, 0, tzinfo=UTC)
    for index, equity in enumerate((1200, 900)):
        at = day + timedelta(days=index)
        ledger.put_equity(EquitySnapshot(at, Decimal(equity), Decimal(1)))
    assert (ledger.risk().opening_equity, ledger.risk().peak_equity) == (900, 1200)


def test_what_the_broker_lends_is_kept_until_it_is_told_anew(ledger: Ledger) -> None:
    assert ledger.risk().broker_power is None
    power = BrokerPower(Decimal("812.5"), Decimal(-3), NOW)
    ledger.record_reconcile(clean=True, at=NOW, market_time=NOW, power=power)
    assert ledger.risk().broker_power == power
    later = NOW + MINUTE
    ledger.record_reconcile(clean=False, at=later, market_time=later)
    assert ledger.risk().broker_power == power
    newer = BrokerPower(Decimal(2000), Decimal(1000), later)
    ledger.record_reconcile(clean=True, at=later, market_time=later, power=newer)
    assert ledger.risk().broker_power == newer
