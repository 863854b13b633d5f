"""Leases, cursors and heartbeats: the fakes and DynamoDB keep the same promises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from quantumzero.adapters.aws.health import DynamoHeartbeatReader
from quantumzero.adapters.aws.leases import DynamoCursors, DynamoHeartbeats, DynamoLeases
from quantumzero.domain.errors import ConflictError
from tests.fakes.held_leases import HeldCursors, HeldLeases
from tests.fakes.manual_clock import ManualClock, NoBackoff

if TYPE_CHECKING:
    from quantumzero.ports.leases import Cursors, Leases
    from tests.contract.market.conftest import Cloud

TIME = datetime(2005, 3, 1, 21, 0, 0, 250, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(params=["held", "dynamodb"])
def leases(request: pytest.FixtureRequest, clock: ManualClock) -> Leases:
    if request.param == "held":
        return HeldLeases(clock)
    cloud: Cloud = request.getfixturevalue("cloud")
    return DynamoLeases(cloud.dynamodb, cloud.leases, clock)


@pytest.fixture(params=["held", "dynamodb"])
def cursors(request: pytest.FixtureRequest) -> Cursors:
    if request.param == "held":
        return HeldCursors()
    cloud: Cloud = request.getfixturevalue("cloud")
    return DynamoCursors(cloud.dynamodb, cloud.leases)


def test_only_one_holds_a_lease_until_it_is_over(leases: Leases, clock: ManualClock) -> None:
    first = leases.acquire("relay", "a", seconds=30)
    assert first is not None
    assert (first.fence, first.ends_at) == (1, clock.now() + timedelta(seconds=30))
    assert leases.acquire("relay", "b", seconds=30) is None
    assert leases.acquire("other", "b", seconds=30) is not None
    clock.advance(30)
    second = leases.acquire("relay", "b", seconds=30)
    assert second is not None
    assert second.fence == 2


def test_a_renewed_lease_lasts_longer(leases: Leases, clock: ManualClock) -> None:
    lease = leases.acquire("relay", "a", seconds=30)
    assert lease is not None
    clock.advance(20)
    renewed = leases.renew(lease, seconds=30)
    assert renewed is not None
    assert renewed.fence == lease.fence
    clock.advance(29)
    assert leases.acquire("relay", "b", seconds=30) is None


def test_a_lost_lease_can_be_neither_renewed_nor_released(
    leases: Leases, clock: ManualClock
) -> None:
    lost = leases.acquire("relay", "a", seconds=30)
    assert lost is not None
    clock.advance(31)
    assert leases.acquire("relay", "a", seconds=30) is not None  # another process, same name
    assert leases.renew(lost, seconds=30) is None
    leases.release(lost)
    assert leases.acquire("relay", "b", seconds=30) is None


def test_a_released_lease_is_free_and_its_fence_is_not_forgotten(leases: Leases) -> None:
    lease = leases.acquire("relay", "a", seconds=30)
    assert lease is not None
    leases.release(lease)
    after = leases.acquire("relay", "b", seconds=30)
    assert after is not None
    assert after.fence == 2


def test_a_cursor_moves_only_from_where_it_was_read(cursors: Cursors) -> None:
    assert cursors.read("poll_market#alpaca") is None
    cursors.advance("poll_market#alpaca", previous=None, to=TIME)
    assert cursors.read("poll_market#alpaca") == TIME
    with pytest.raises(ConflictError):
        cursors.advance("poll_market#alpaca", previous=None, to=TIME)
    later = TIME + timedelta(minutes=1)
    cursors.advance("poll_market#alpaca", previous=TIME, to=later)
    with pytest.raises(ConflictError):
        cursors.advance("poll_market#alpaca", previous=TIME, to=later)
    assert cursors.read("poll_market#alpaca") == later


def test_a_heartbeat_is_what_the_health_view_reads(cloud: Cloud, clock: ManualClock) -> None:
    beats = DynamoHeartbeats(cloud.dynamodb, cloud.leases, clock)
    beats.beat("poll_market", market_time=TIME, detail="3 trades sent")
    clock.advance(60)
    beats.beat("poll_market", detail="4 trades sent")
    (found,) = DynamoHeartbeatReader(cloud.dynamodb, cloud.leases, NoBackoff()).heartbeats(
        ["poll_market"]
    )
    assert (found.succeeded_at, found.detail) == (clock.now(), "4 trades sent")
