"""What every ledger keeps to: conditions, transactions, idempotence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain import order_lifecycle, order_snapshots
from quantumzero.domain.bars import Split
from quantumzero.domain.decisions import Action, Decision
from quantumzero.domain.errors import ConflictError, StoppedError
from quantumzero.domain.ledger_changes import RiskGuard, change_of
from quantumzero.domain.order_identity import order_id_of
from quantumzero.domain.orders import (
    BrokerOrder,
    OrderRecord,
    OrderState,
    OrderTerms,
    OrderType,
    Side,
)
from quantumzero.domain.portfolio import Position
from quantumzero.domain.risk.account_risk import TradingState, default_limits
from quantumzero.ports.ledger import AccountPicture, EquitySnapshot, LedgerAlert, StrategyHolding

if TYPE_CHECKING:
    from tests.contract.ledger.conftest import Ledger

NOW = datetime(2005, 3, 1, 21, 0, 0, 250000, tzinfo=UTC)
ACTIVE = RiskGuard(frozenset({TradingState.ACTIVE}))
PRICE = Decimal("10.5")


def intend(
    ledger: Ledger, name: str, quantity: int = 10, guard: RiskGuard | None = ACTIVE, **terms: object
) -> OrderRecord:
    """Commit an intent and return it."""
    values = {"symbol": "AAPL", "side": Side.BUY, "strategy": "sma-cross", **terms}
    order = OrderTerms(name, "decision-1", quantity=Decimal(quantity), **values)  # type: ignore[arg-type]  # by name
    step = order_lifecycle.intend(order, at=NOW, recorded_at=NOW, reference_price=PRICE)
    ledger.commit(change_of(step, ledger.position(order.symbol), at=NOW, guard=guard))
    return step.after


def snapshot(record: OrderRecord, filled: int, status: str, price: str = "10") -> BrokerOrder:
    terms = record.terms
    return BrokerOrder(
        "b-1",
        terms.client_order_id,
        terms.symbol,
        terms.side,
        terms.quantity,
        Decimal(filled),
        Decimal(price) if filled else None,
        status,
        NOW + timedelta(seconds=filled),
    )


def apply(ledger: Ledger, name: str, filled: int, status: str, price: str = "10") -> OrderRecord:
    record = ledger.order(name)
    assert record is not None
    step = order_snapshots.apply_snapshot(record, snapshot(record, filled, status, price))
    assert step is not None
    ledger.commit(change_of(step, ledger.position(record.terms.symbol), at=NOW))
    return step.after


def test_without_books_nothing_may_trade(closed: Ledger) -> None:
    for read in (closed.risk, closed.picture, closed.cash):
        with pytest.raises(StoppedError, match="prepare"):
            read()
    assert closed.prepared_until() is None


def test_books_open_once(ledger: Ledger) -> None:
    other = AccountPicture(Decimal(5), 1, ())
    assert not ledger.initialise(other, default_limits(Decimal(5)), session=date(2005, 3, 2))
    assert ledger.cash() == 1000
    risk = ledger.risk()
    assert risk.limits == default_limits(Decimal(1000))
    assert (risk.state, risk.gross_used, risk.epoch) == (TradingState.ACTIVE, 0, 0)
    assert ledger.prepared_until() == date(2005, 3, 1)


def test_books_open_with_what_the_broker_holds(closed: Ledger) -> None:
    held = Position("IBM", Decimal(3), Decimal(270), Decimal(270), 1)
    picture = AccountPicture(Decimal(730), 1, (held,))
    assert closed.initialise(picture, default_limits(Decimal(1000)), session=date(2005, 3, 1))
    assert closed.picture() == picture
    assert closed.risk().gross_used == 270
    assert closed.risk().symbol_used == {"IBM": 270}


def test_an_order_is_read_back_as_it_was_written(ledger: Ledger) -> None:
    record = intend(ledger, "qz1-a", order_type=OrderType.LIMIT, limit_price=Decimal("10.25"))
    assert ledger.order("qz1-a") == record
    assert ledger.order("qz1-b") is None
    assert ledger.open_orders() == [record]
    claimed = order_lifecycle.claim(record, claim_id="c1", now=NOW, lease_until=NOW)
    ledger.commit(change_of(claimed, Position("AAPL"), at=NOW, guard=ACTIVE))
    assert ledger.order("qz1-a") == claimed.after


def test_an_intent_is_written_once(ledger: Ledger) -> None:
    intend(ledger, "qz1-a")
    with pytest.raises(ConflictError):
        intend(ledger, "qz1-a")
    assert ledger.risk().gross_used == 105
    assert ledger.strategy_holdings("sma-cross")[0].pending_buy == 10


def test_a_transition_from_an_old_version_changes_nothing(ledger: Ledger) -> None:
    record = intend(ledger, "qz1-a")
    claimed = order_lifecycle.claim(record, claim_id="c1", now=NOW, lease_until=NOW)
    ledger.commit(change_of(claimed, Position("AAPL"), at=NOW))
    given_up = order_lifecycle.abandon(record, code="STALE", reason="late")
    with pytest.raises(ConflictError):
        ledger.commit(change_of(given_up, Position("AAPL"), at=NOW))
    assert ledger.risk().gross_used == 105


def test_a_fill_moves_everything_in_one_transaction(ledger: Ledger) -> None:
    intend(ledger, "qz1-a")
    after = apply(ledger, "qz1-a", 4, "partially_filled")
    assert after.state is OrderState.PARTIAL
    assert ledger.cash() == 960
    assert ledger.position("AAPL") == Position("AAPL", Decimal(4), Decimal(40), Decimal(42), 1)
    assert ledger.strategy_holdings("sma-cross") == [
        StrategyHolding("sma-cross", "AAPL", Decimal(4), Decimal(6), Decimal(0), 2)
    ]
    risk = ledger.risk()
    assert (risk.gross_used, risk.open_reserved, risk.symbol_used) == (105, 63, {"AAPL": 105})
    apply(ledger, "qz1-a", 4, "canceled")
    risk = ledger.risk()
    assert (risk.gross_used, risk.open_reserved) == (42, 0)
    assert ledger.open_orders() == []
    assert ledger.strategy_holdings("sma-cross")[0].pending_buy == 0


def test_a_sale_pays_cash_and_frees_exposure(ledger: Ledger) -> None:
    intend(ledger, "qz1-a")
    apply(ledger, "qz1-a", 10, "filled")
    intend(ledger, "qz1-b", side=Side.SELL)
    assert ledger.strategy_holdings("sma-cross")[0].pending_sell == 10
    apply(ledger, "qz1-b", 10, "filled", price="12.3456")
    assert ledger.cash() == Decimal("1023.456")
    assert ledger.holdings() == []
    assert ledger.risk().gross_used == 0


def test_two_fills_of_one_symbol_cannot_overwrite_each_other(ledger: Ledger) -> None:
    first, second = intend(ledger, "qz1-a", 1), intend(ledger, "qz1-b", 1)
    read = ledger.position("AAPL")
    for record in (first, second):
        step = order_snapshots.apply_snapshot(record, snapshot(record, 1, "filled"))
        assert step is not None
        if record is first:
            ledger.commit(change_of(step, read, at=NOW))
            continue
        with pytest.raises(ConflictError):
            ledger.commit(change_of(step, read, at=NOW))
    assert ledger.cash() == 990


@pytest.mark.parametrize(
    "guard",
    [
        replace(ACTIVE, states=frozenset({TradingState.HALTED})),
        replace(ACTIVE, limits_version=2),
        replace(ACTIVE, gross_before=Decimal(104)),
        replace(ACTIVE, symbol_before=Decimal(104)),
        replace(ACTIVE, reserved_before=Decimal(104)),
        replace(ACTIVE, cash_version=2),
        replace(ACTIVE, strategy_version=0),
    ],
)
def test_a_guard_that_does_not_hold_stops_the_whole_change(
    ledger: Ledger, guard: RiskGuard
) -> None:
    intend(ledger, "qz1-a")
    with pytest.raises(ConflictError):
        intend(ledger, "qz1-b", guard=guard)
    assert ledger.order("qz1-b") is None
    assert ledger.risk().gross_used == 105


def test_a_guard_that_just_holds_lets_the_change_through(ledger: Ledger) -> None:
    intend(ledger, "qz1-a")
    room = Decimal(105)
    intend(
        ledger,
        "qz1-b",
        guard=RiskGuard(ACTIVE.states, 1, room, room, room, cash_version=1, strategy_version=1),
    )
    assert ledger.risk().gross_used == 210


def test_halting_stops_claims_in_the_same_item(ledger: Ledger) -> None:
    record = intend(ledger, "qz1-a")
    halted = ledger.set_state(TradingState.HALTED, by="me", reason="test", at=NOW)
    assert (halted.state, halted.epoch, halted.since) == (TradingState.HALTED, 1, NOW)
    assert ledger.risk() == halted
    claimed = order_lifecycle.claim(record, claim_id="c1", now=NOW, lease_until=NOW)
    with pytest.raises(ConflictError):
        ledger.commit(change_of(claimed, Position("AAPL"), at=NOW, guard=ACTIVE))


def test_the_state_changes_only_from_the_epoch_that_was_read(ledger: Ledger) -> None:
    ledger.set_state(TradingState.HALTED, by="me", reason="test", at=NOW)
    with pytest.raises(ConflictError):
        ledger.set_state(TradingState.ACTIVE, by="me", reason="resume", at=NOW, epoch=0)
    assert ledger.set_state(TradingState.ACTIVE, by="me", reason="go", at=NOW, epoch=1).epoch == 2


def test_the_verdict_of_a_comparison_is_kept(ledger: Ledger) -> None:
    ledger.record_reconcile(clean=True, at=NOW, market_time=NOW)
    later = NOW + timedelta(minutes=5)
    ledger.record_reconcile(clean=False, at=later, market_time=later)
    risk = ledger.risk()
    assert (risk.reconcile_clean, risk.reconciled_at) == (False, later)
    assert risk.reconciled_market_time == NOW


def test_a_split_is_applied_once_to_account_and_strategy(ledger: Ledger) -> None:
    intend(ledger, "qz1-a")
    apply(ledger, "qz1-a", 10, "filled")
    split = Split("AAPL", "2005-02-28", 2, 1)
    assert ledger.apply_split(split, at=NOW)
    assert not ledger.apply_split(split, at=NOW)
    held = ledger.position("AAPL")
    assert (held.quantity, held.cost, held.exposure) == (20, 100, 105)
    assert ledger.strategy_holdings("sma-cross")[0].quantity == 20
    assert ledger.apply_split(Split("IBM", "2005-02-28", 2, 1), at=NOW)


def test_the_prepared_date_only_moves_forward(ledger: Ledger) -> None:
    ledger.mark_prepared(date(2005, 3, 4))
    ledger.mark_prepared(date(2005, 3, 2))
    assert ledger.prepared_until() == date(2005, 3, 4)


def test_equity_is_kept_by_time_and_read_oldest_first(ledger: Ledger) -> None:
    days = [NOW + timedelta(days=day) for day in range(3)]
    for index, day in enumerate(days):
        ledger.put_equity(EquitySnapshot(day, Decimal(index), Decimal("1.5")))
    ledger.put_equity(EquitySnapshot(days[1], Decimal(7), Decimal(7)))
    newest = ledger.equity_snapshots(limit=2)
    assert [each.time for each in newest] == days[1:]
    assert [each.equity for each in newest] == [7, 2]


def test_an_alert_is_raised_once_and_read_newest_first(ledger: Ledger) -> None:
    ledger.raise_alert(LedgerAlert("a", NOW, "warning", "first"))
    ledger.raise_alert(LedgerAlert("b", NOW + timedelta(hours=1), "critical", "second"))
    ledger.raise_alert(LedgerAlert("a", NOW + timedelta(hours=2), "warning", "again"))
    assert [each.message for each in ledger.alerts(limit=5)] == ["second", "first"]


def test_orders_are_listed_newest_first_by_page(ledger: Ledger) -> None:
    for index in range(5):
        symbol = "IBM" if index % 2 else "AAPL"
        terms = OrderTerms(f"qz1-{index}", "d", "sma-cross", symbol, Side.BUY, Decimal(1))
        at = NOW + timedelta(minutes=index)
        step = order_lifecycle.intend(terms, at=at, recorded_at=at, reference_price=PRICE)
        ledger.commit(change_of(step, ledger.position(symbol), at=at))
    seen: list[str] = []
    cursor = None
    while True:
        page, cursor = ledger.orders(state=None, symbol=None, limit=2, cursor=cursor)
        seen += [each.terms.client_order_id for each in page]
        if cursor is None:
            break
    assert seen == [f"qz1-{index}" for index in (4, 3, 2, 1, 0)]
    only, _ = ledger.orders(state=OrderState.INTENT, symbol="IBM", limit=9, cursor=None)
    assert [each.terms.symbol for each in only] == ["IBM", "IBM"]
    none, _ = ledger.orders(state=OrderState.FILLED, symbol=None, limit=9, cursor=None)
    assert none == []


def test_the_order_of_a_decision_is_known_by_the_decision_alone(ledger: Ledger) -> None:
    decision = Decision(
        "decision-1", "sma-cross", 1, "AAPL", "1d", NOW, Action.ENTER_LONG, "entered", 105000,
        Decimal(0), 0, Decimal(20),
    )  # fmt: skip
    assert not ledger.has_order_of(decision)
    intend(ledger, order_id_of("main", decision))
    assert ledger.has_order_of(decision)
    assert not ledger.has_order_of(replace(decision, action=Action.EXIT_LONG))
