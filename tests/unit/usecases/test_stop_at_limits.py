"""Controls that do more than refuse: losses turn the account's state, storms and throttles a strategy's."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from quantumzero.domain.decisions import Action
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_lifecycle import reject
from quantumzero.domain.orders import OrderState
from quantumzero.domain.portfolio import Position
from quantumzero.domain.risk.account_risk import (
    RiskLimits,
    TradingState,
    strategy_scope,
    symbol_scope,
)
from quantumzero.domain.risk.proposal import NO_MODEL
from quantumzero.usecases.close_session import CloseSession
from tests.fakes.order_desk import OrderDesk

SCOPE = strategy_scope("sma-cross")


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    for symbol in ("AAPL", "IBM", "MSFT"):
        desk.price(symbol, "40.00")
    return desk


def limit(desk: OrderDesk, **limits: object) -> RiskLimits:
    """Give the account other limits, as a change of limits would."""
    risk = desk.ledger.risk()
    changed = replace(risk.limits, **limits)  # type: ignore[arg-type]  # by name
    desk.ledger._risk = replace(risk, limits=changed)
    return changed


def enter(desk: OrderDesk, symbol: str) -> str | None:
    """Decide on an entry; return the code of its refusal."""
    return desk.decide.decide(desk.decision(symbol, Action.ENTER_LONG), NO_MODEL).code


def opened_with(desk: OrderDesk, equity: int) -> None:
    desk.ledger._risk = replace(desk.ledger.risk(), opening_equity=Decimal(equity))


def test_a_days_loss_stops_entries_and_tells_a_person(desk: OrderDesk) -> None:
    opened_with(desk, 126000)
    assert enter(desk, "AAPL") == "LOSS_LIMIT"
    risk = desk.ledger.risk()
    assert (risk.state, risk.changed_by) == (TradingState.REDUCING, "risk controls")
    assert "the day's loss is 20.6349 % and may be 20 %" in (risk.reason or "")
    assert [each.severity for each in desk.ledger.alerts(limit=5)] == ["critical"]
    assert enter(desk, "IBM") == "TRADING_REDUCING"


def test_one_and_a_half_times_the_loss_halts_and_never_loosens(desk: OrderDesk) -> None:
    opened_with(desk, 150000)
    assert enter(desk, "AAPL") == "LOSS_LIMIT"
    assert desk.ledger.risk().state is TradingState.HALTED
    opened_with(desk, 126000)
    assert enter(desk, "IBM") == "TRADING_HALTED"
    assert desk.ledger.risk().state is TradingState.HALTED


def test_a_strategy_that_orders_too_often_is_stopped_until_it_is_resumed(desk: OrderDesk) -> None:
    limit(desk, executions_per_day=Decimal(1))
    assert enter(desk, "AAPL") is None
    assert enter(desk, "IBM") == "EXEC_THROTTLE"
    stopped = desk.ledger.risk().scopes[SCOPE]
    assert stopped.state is TradingState.REDUCING
    assert (stopped.reason or "").startswith("EXEC_THROTTLE: sma-cross ordered as often")
    assert enter(desk, "MSFT") == "TRADING_REDUCING"
    now = desk.market.now()
    desk.ledger.set_scope(SCOPE, TradingState.ACTIVE, by="ada", reason="looked", at=now)
    desk.price("GOOG", "40.00")
    assert enter(desk, "GOOG") is None


def test_rejections_in_a_row_stop_the_strategy_and_exits_still_pass(desk: OrderDesk) -> None:
    desk.apply.apply(desk.broker.fill(desk.buy("AAPL"), Decimal(500), Decimal(40)))
    limit(desk, consecutive_rejects=Decimal(1))
    assert enter(desk, "IBM") is None
    record = desk.ledger.open_orders()[0]
    step = reject(record, code="403", reason="not today")
    desk.ledger.commit(change_of(step, Position("IBM"), at=desk.market.now()))
    assert enter(desk, "MSFT") == "REJECT_STORM"
    assert desk.ledger.risk().scopes[SCOPE].state is TradingState.REDUCING
    exit_ = desk.decide.decide(desk.decision("AAPL", Action.EXIT_LONG), NO_MODEL)
    assert exit_.approved


def test_a_halted_symbol_is_neither_entered_nor_claimed(desk: OrderDesk) -> None:
    verdict = desk.decide.decide(desk.decision("AAPL", Action.ENTER_LONG), NO_MODEL)
    now = desk.market.now()
    scope = symbol_scope("AAPL")
    desk.ledger.set_scope(scope, TradingState.HALTED, by="ada", reason="news", at=now)
    assert desk.place.place(verdict.client_order_id, request="r1") is OrderState.INTENT
    desk.sweep.sweep(request="s1", settled=True)
    record = desk.ledger.order(verdict.client_order_id)
    assert record is not None
    assert (record.state, record.code) == (OrderState.ABANDONED, "TRADING_HALTED")
    assert enter(desk, "IBM") is None


def test_the_sweep_cancels_what_works_in_a_halted_scope_only(desk: OrderDesk) -> None:
    names = [desk.buy(symbol) for symbol in ("AAPL", "IBM")]
    now = desk.market.now()
    scope = symbol_scope("AAPL")
    desk.ledger.set_scope(scope, TradingState.HALTED, by="ada", reason="news", at=now)
    desk.sweep.sweep(request="s1", settled=True)
    desk.sweep.sweep(request="s2", settled=True)
    states = [desk.ledger.order(name).state for name in names]  # type: ignore[union-attr]  # both exist
    assert states == [OrderState.CANCELED, OrderState.ACCEPTED]


def test_a_loss_that_only_the_close_shows_stops_the_next_days_entries(desk: OrderDesk) -> None:
    opened_with(desk, 126000)
    closing = CloseSession(
        books=desk.ledger,
        sessions=desk.ledger,
        bars=desk.bars,
        timeframes=["1d"],
        market=desk.market,
        heartbeats=desk.heartbeats,
        stops=desk.stops,
    )
    closing.close()
    risk = desk.ledger.risk()
    assert (risk.state, risk.opening_equity) == (TradingState.REDUCING, 100000)
    closing.close()
    assert desk.ledger.risk().epoch == risk.epoch
