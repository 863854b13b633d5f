"""Hundreds of seeded worlds: an order is never sent twice, never lost, never above the limits, never after a halt."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import timedelta

import pytest

from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.usecases import sweep_orders
from tests.simulation.order_world import LATEST_ARRIVAL, OrderWorld

SEEDS = 1000
PER_TEST = 100


def live(seed: int, *, punctual: bool = True, sessions: int = 3, steps: int = 20) -> OrderWorld:
    """Run one world to its end."""
    world = OrderWorld(seed, punctual=punctual)
    halts_at = world.dice.choice((None, None, None, 0, 1, 2))
    for session in range(sessions):
        world.next_session()
        for index in range(steps):
            if session == halts_at and index == steps // 2:
                world.halt_armed = True
            world.step()
            world.check()
    world.settle()
    world.check_settled()
    return world


@pytest.mark.parametrize("first", range(0, SEEDS, PER_TEST))
def test_no_seed_breaks_the_promise(first: int) -> None:
    for seed in range(first, first + PER_TEST):
        try:
            live(seed)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error


def test_orders_that_arrive_after_they_were_given_up_are_found_and_stop_trading_above_the_limit() -> (
    None
):
    resurrected = 0
    for seed in range(150):
        try:
            world = live(seed, punctual=False)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
        alerts = [each for each in world.ledger.raised.values() if "given up" in each.message]
        resurrected += len(alerts)
        risk = world.ledger.risk()
        if risk.gross_used > risk.limits.gross_exposure:
            assert risk.state is TradingState.HALTED, f"seed {seed}"
    assert resurrected


def test_the_worlds_reach_every_state_and_fault() -> None:
    states: Counter[str] = Counter()
    events: Counter[str] = Counter()
    for seed in range(60):
        world = live(seed)
        states.update(each.state for each in world.ledger.records.values())
        events.update(event for _, _, event in world.ledger.events)
    assert {"FILLED", "CANCELED", "EXPIRED", "REJECTED", "DENIED", "ABANDONED"} <= set(states)
    assert {"claimed", "outcome_unknown", "retry_allowed", "partially_filled"} <= set(events)


def test_the_same_seed_tells_the_same_story() -> None:
    def story(seed: int) -> str:
        return hashlib.sha256(repr(live(seed).ledger.events).encode()).hexdigest()

    first = [story(seed) for seed in range(5)]
    assert first == [story(seed) for seed in range(5)]


def test_the_quiet_period_outlasts_what_is_on_its_way() -> None:
    assert timedelta(seconds=LATEST_ARRIVAL) < sweep_orders.QUIET
