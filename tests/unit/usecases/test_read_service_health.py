"""Lateness: by machine time in life, by market time in a replay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.domain.decisions import Action, Decision
from quantumzero.usecases.read_service_health import read_service_health
from tests.fakes.held_heartbeats import HeldHeartbeats
from tests.fakes.manual_clock import ManualClock

if TYPE_CHECKING:
    from quantumzero.contracts.api import ServiceHealth

CLOSE = datetime(2005, 3, 1, 21, 0, tzinfo=UTC)  # a Tuesday
NEXT_OPEN = datetime(2005, 3, 2, 14, 30, tzinfo=UTC)
ROUND_THE_CLOCK = {"sweep_orders", "reconcile_account"}
IN_SESSION = {"poll_market", "relay_trade_updates"}
SERVICES = (*ROUND_THE_CLOCK, *IN_SESSION, "prepare_session", "close_session")


def beaten_at(time: datetime) -> HeldHeartbeats:
    beats = HeldHeartbeats(ManualClock(time))
    for service in SERVICES:
        beats.beat(service, detail="done")
    return beats


def health(beats: HeldHeartbeats, **changes: Any) -> ServiceHealth:
    given: dict[str, Any] = {
        "heartbeats": beats,
        "alerts": [],
        "newest_decision": None,
        "any_enabled": False,
        "market_time": CLOSE,
        "machine_now": None,
    }
    return read_service_health(**{**given, **changes})


def late(found: ServiceHealth) -> set[str]:
    return {service.service for service in found.services if service.late}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (CLOSE + timedelta(minutes=4), set()),
        (CLOSE + timedelta(minutes=6), {"sweep_orders"}),
        (CLOSE + timedelta(minutes=16), ROUND_THE_CLOCK),
        (NEXT_OPEN + timedelta(minutes=4), ROUND_THE_CLOCK),
        (NEXT_OPEN + timedelta(minutes=6), {*ROUND_THE_CLOCK, *IN_SESSION}),
        (NEXT_OPEN + timedelta(minutes=11), {*ROUND_THE_CLOCK, *IN_SESSION, "process_ticks"}),
        (NEXT_OPEN + timedelta(days=1, minutes=31), {*SERVICES, "process_ticks"}),
    ],
)
def test_nights_do_not_make_the_market_services_late(now: datetime, expected: set[str]) -> None:
    found = health(beaten_at(CLOSE), machine_now=now)
    assert late(found) == expected
    assert found.status == ("degraded" if expected else "healthy")
    assert found.market_clock == "machine"


def test_what_never_succeeded_is_late_in_life_and_not_in_a_replay() -> None:
    silent = HeldHeartbeats(ManualClock(CLOSE))
    assert late(health(silent, market_time=None, machine_now=CLOSE)) == {
        *SERVICES,
        "process_ticks",
    }
    replayed = health(silent, market_time=None)
    assert late(replayed) == set()
    assert replayed.market_clock == "replay"
    assert replayed.market_time is None


def decision(closes_at: datetime) -> Decision:
    return Decision(
        id="sma-cross-v1-AAPL-20050301T210000Z",
        strategy="sma-cross",
        version=1,
        symbol="AAPL",
        timeframe="1d",
        closes_at=closes_at,
        action=Action.HOLD,
        reason="no crossing",
        price=400000,
        position=Decimal(0),
        bar_revision=0,
        percent_of_equity=Decimal(20),
    )


@pytest.mark.parametrize(
    ("market_time", "enabled", "expected"),
    [
        (CLOSE + timedelta(days=2), True, False),
        (CLOSE + timedelta(days=3), True, True),
        (CLOSE + timedelta(days=3), False, False),
        (None, True, False),
    ],
)
def test_bars_without_decisions_are_late_also_in_a_replay(
    market_time: datetime | None, enabled: bool, expected: bool
) -> None:
    found = health(
        beaten_at(CLOSE),
        newest_decision=decision(CLOSE),
        any_enabled=enabled,
        market_time=market_time,
    )
    assert late(found) == ({"evaluate_strategies"} if expected else set())
