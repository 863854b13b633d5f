"""Decisions and states: moved together, once, and read back as they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from quantumzero.domain.decisions import Action, Decision, decision_id
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.protection_plan import Offset, ProtectionPlan
from quantumzero.domain.sizing import SizeRequest
from quantumzero.domain.strategy.document import SizingMethod
from quantumzero.ports.decisions import StrategyState

FIRST = datetime(2024, 3, 1, 21, tzinfo=UTC)


def decided(day: int, symbol: str = "AAPL", strategy: str = "cross", **changes) -> Decision:
    closes_at = FIRST + timedelta(days=day)
    fields = {
        "id": decision_id(strategy, 1, symbol, closes_at),
        "strategy": strategy,
        "version": 1,
        "symbol": symbol,
        "timeframe": "1d",
        "closes_at": closes_at,
        "action": Action.HOLD,
        "reason": "held: flat",
        "price": 1_234_500,
        "position": Decimal("12.5"),
        "bar_revision": 0,
        "percent_of_equity": Decimal(20),
        "values": {"close": 123.45, "volume": 7, "sma(close, 3)": 1 / 3, "a > b": True, "c": None},
    }
    return Decision(**(fields | changes))


def state(day: int, symbol: str = "AAPL", strategy: str = "cross") -> StrategyState:
    return StrategyState(strategy, 1, symbol, FIRST + timedelta(days=day), 2, b"\x00state")


def store(stores, day: int, *, action: Action = Action.HOLD, **names) -> None:
    decision = decided(day, action=action, **names)
    found = stores.decisions.states(decision.strategy, 1, {decision.symbol})
    previous = found[decision.symbol].last_closes_at if found else None
    assert stores.decisions.commit(state(day, **names), decision, previous=previous)


def test_a_decision_and_its_state_come_back_as_they_were(stores):
    decision = decided(
        0,
        action=Action.ENTER_LONG,
        model="gate",
        model_threshold=Decimal("0.55"),
        size=SizeRequest(SizingMethod.RISK_PERCENT, Decimal(1), stop_distance=Decimal("2.5")),
        protection=ProtectionPlan(stop_loss=Offset(money=Decimal("2.5"))),
    )
    assert stores.decisions.commit(state(0), decision, previous=None)
    assert stores.decisions.decision("cross", "AAPL", FIRST) == decision
    assert stores.decisions.states("cross", 1, {"AAPL", "IBM"}) == {"AAPL": state(0)}
    assert stores.decisions.states("cross", 2, {"AAPL"}) == {}


def test_only_one_of_two_first_writers_wins(stores):
    assert stores.decisions.commit(state(0), decided(0), previous=None)
    rival = decided(0, reason="another")
    assert not stores.decisions.commit(state(0), rival, previous=None)
    assert stores.decisions.decision("cross", "AAPL", FIRST).reason == "held: flat"


def test_a_writer_that_read_an_older_state_changes_nothing(stores):
    for day in (0, 1):
        store(stores, day)
    assert not stores.decisions.commit(state(2), decided(2), previous=FIRST)
    assert stores.decisions.decision("cross", "AAPL", FIRST + timedelta(days=2)) is None
    assert stores.decisions.states("cross", 1, {"AAPL"})["AAPL"] == state(1)


def test_a_bar_that_was_decided_is_not_decided_again_by_a_fresh_state(stores):
    store(stores, 0)
    other_version = StrategyState("cross", 2, "AAPL", FIRST, 0, b"")
    assert not stores.decisions.commit(other_version, decided(0, version=2), previous=None)
    assert stores.decisions.states("cross", 2, {"AAPL"}) == {}


def test_decisions_are_listed_newest_first_page_by_page(stores):
    for day in range(3):
        for symbol in ("AAPL", "IBM"):
            store(stores, day, symbol=symbol)
        store(stores, day, strategy="other")
    for filters, expected in (
        ({"strategy": None, "symbol": None}, 9),
        ({"strategy": "cross", "symbol": None}, 6),
        ({"strategy": "cross", "symbol": "IBM"}, 3),
        ({"strategy": None, "symbol": "AAPL"}, 6),
    ):
        listed, cursor = [], None
        while True:
            page, cursor = stores.decisions.decisions(**filters, limit=2, cursor=cursor)
            assert len(page) <= 2
            listed += page
            if cursor is None:
                break
        assert len({decision.id for decision in listed}) == len(listed) == expected
        times = [decision.closes_at for decision in listed]
        assert times == sorted(times, reverse=True)


def test_a_cursor_of_something_else_is_refused(stores):
    for cursor in ("nonsense!", "WzFd", "é"):
        with pytest.raises(InvalidInputError, match="cursor was"):
            stores.decisions.decisions(strategy=None, symbol=None, limit=2, cursor=cursor)


def test_a_decision_to_act_is_unordered_until_its_order_was_seen(stores):
    store(stores, 0)
    assert stores.decisions.unordered() == []
    store(stores, 2, action=Action.EXIT_LONG)
    store(stores, 1, symbol="IBM", action=Action.ENTER_LONG)
    first, second = stores.decisions.unordered()
    assert (first.decision.symbol, second.decision.symbol) == ("IBM", "AAPL")
    assert first.decision == stores.decisions.decision("cross", "IBM", FIRST + timedelta(days=1))
    assert first.noted_at.tzinfo is not None
    for _ in range(2):
        stores.decisions.mark_ordered(first.decision)
    assert stores.decisions.unordered() == [second]
    listed, _ = stores.decisions.decisions(strategy=None, symbol=None, limit=10, cursor=None)
    assert len(listed) == 3


def test_a_decision_that_was_not_stored_is_not_unordered(stores):
    store(stores, 1, action=Action.ENTER_LONG)
    rival = decided(2, action=Action.EXIT_LONG)
    assert not stores.decisions.commit(state(2), rival, previous=FIRST)
    assert [each.decision.id for each in stores.decisions.unordered()] == [decided(1).id]
