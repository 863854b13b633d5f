"""What the worlds rest on: repeatable, late orders found, and a quiet period longer than anything on its way."""

from __future__ import annotations

from datetime import timedelta

from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.usecases import sweep_orders
from tests.simulation.life import live, trace
from tests.simulation.misfortune import LATEST_ARRIVAL


def test_orders_that_arrive_after_they_were_given_up_are_found_and_stop_trading_above_the_limit() -> (
    None
):
    resurrected = 0
    for seed in range(300):
        world = live(seed, punctual=False)
        alerts = [each for each in world.ledger.raised.values() if "given up" in each.message]
        resurrected += len(alerts)
        risk = world.ledger.risk()
        if risk.gross_used > risk.limits.gross_exposure:
            assert risk.state is not TradingState.ACTIVE, f"seed {seed}"
    assert resurrected


def test_the_same_seed_tells_the_same_story() -> None:
    first = [trace(live(seed)) for seed in range(5)]
    assert first == [trace(live(seed)) for seed in range(5)]


def test_the_quiet_period_outlasts_what_is_on_its_way() -> None:
    assert timedelta(seconds=LATEST_ARRIVAL) < sweep_orders.QUIET
