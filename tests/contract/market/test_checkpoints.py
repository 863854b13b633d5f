"""Checkpoints: the fake and DynamoDB keep the same promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.adapters.aws.bars import DynamoBars
from quantumzero.adapters.aws.checkpoint import DynamoCheckpoints
from quantumzero.contracts.tick_checkpoint import encode_state
from quantumzero.contracts.ticks import bars_from_outbox
from quantumzero.domain.bar_building import ShardState
from quantumzero.domain.bars import Bar
from quantumzero.domain.calendars import to_us
from quantumzero.domain.errors import ConflictError
from quantumzero.domain.tick_folding import FoldRules, TickFolder
from tests.fakes.held_ticks import HeldCheckpoints
from tests.fakes.manual_clock import ManualClock, NoBackoff
from tests.fakes.repeatable import chance

if TYPE_CHECKING:
    from collections.abc import Callable

    from quantumzero.ports.ticks import Checkpoints
    from tests.contract.market.conftest import Cloud

OPENS = datetime(2005, 3, 1, 14, 30, tzinfo=UTC)
SHARD = "shardId-000000000000"
BAR = Bar("AAPL", "1d", OPENS, OPENS + timedelta(hours=6.5), 4, 5, 3, 4, 10, 2, 3, 4)


@pytest.fixture(params=["held", "dynamodb"])
def make(request: pytest.FixtureRequest) -> Callable[[], Checkpoints]:
    """Return what makes another view of the same stored checkpoints."""
    if request.param == "held":
        held = HeldCheckpoints()
        return lambda: held
    cloud: Cloud = request.getfixturevalue("cloud")
    return lambda: DynamoCheckpoints(cloud.dynamodb, cloud.bars, ManualClock())


def folded(last_sequence: int = 7) -> ShardState:
    folder = TickFolder(FoldRules(frozenset({"AAPL"}), ("1m", "1d")), ShardState())
    time = to_us(OPENS)
    folder.add_trades("AAPL", [time, time + 5], [450_000, 460_000], [1, 2], [11, 2**62])
    folder.add_trades("AAPL", [time + 6], [4_600_000], [1], [13])
    folder.state.last_sequence = last_sequence
    folder.state.symbols["AAPL"].carried["1m"] = (time, 1, 2)
    return folder.state


def test_a_new_shard_starts_fresh(make: Callable[[], Checkpoints]) -> None:
    assert make().load(SHARD) == ShardState()


def test_a_committed_state_comes_back_whole(make: Callable[[], Checkpoints]) -> None:
    state = folded()
    make().commit(SHARD, state, previous_sequence=-1, bars=[])
    assert make().load(SHARD) == state


def test_shards_do_not_see_each_other(make: Callable[[], Checkpoints]) -> None:
    make().commit(SHARD, folded(), previous_sequence=-1, bars=[])
    assert make().load("shardId-000000000001") == ShardState()


def test_the_first_commit_wins_and_the_second_conflicts(make: Callable[[], Checkpoints]) -> None:
    make().commit(SHARD, folded(7), previous_sequence=-1, bars=[BAR])
    with pytest.raises(ConflictError):
        make().commit(SHARD, folded(8), previous_sequence=-1, bars=[BAR])
    with pytest.raises(ConflictError):
        make().commit(SHARD, folded(9), previous_sequence=8, bars=[BAR])
    make().commit(SHARD, folded(10), previous_sequence=7, bars=[])
    assert make().load(SHARD).last_sequence == 10


def outbox(cloud: Cloud) -> list[dict[str, Any]]:
    answer = cloud.dynamodb.query(
        TableName=cloud.bars,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"OUTBOX#{SHARD}"}},
    )
    items: list[dict[str, Any]] = answer["Items"]
    return items


def test_the_closed_bars_are_one_outbox_item_that_expires(cloud: Cloud) -> None:
    clock = ManualClock()
    checkpoints = DynamoCheckpoints(cloud.dynamodb, cloud.bars, clock)
    checkpoints.commit(SHARD, folded(7), previous_sequence=-1, bars=[BAR])
    (item,) = outbox(cloud)
    assert item["sk"]["S"] == f"{7:060}"
    assert bars_from_outbox(item) == [BAR]
    assert int(item["expires_at"]["N"]) == int(clock.now().timestamp()) + 7 * 86_400
    with pytest.raises(ConflictError):
        checkpoints.commit(SHARD, folded(8), previous_sequence=-1, bars=[BAR])
    assert len(outbox(cloud)) == 1


def test_very_many_bars_spread_over_items_in_order(cloud: Cloud) -> None:
    bars = [replace(BAR, volume=number) for number in range(4_500)]
    checkpoints = DynamoCheckpoints(cloud.dynamodb, cloud.bars, ManualClock())
    checkpoints.commit(SHARD, folded(7), previous_sequence=-1, bars=bars)
    items = outbox(cloud)
    assert [item["sk"]["S"][60:] for item in items] == ["", "#001", "#002"]
    assert [bar for item in items for bar in bars_from_outbox(item)] == bars


def test_market_time_is_the_newest_that_the_checkpoints_reached(cloud: Cloud) -> None:
    store = DynamoBars(cloud.dynamodb, cloud.bars, NoBackoff())
    assert store.market_time() is None
    state = folded()
    DynamoCheckpoints(cloud.dynamodb, cloud.bars, ManualClock()).commit(
        SHARD, state, previous_sequence=-1, bars=[]
    )
    assert store.market_time() == OPENS + timedelta(microseconds=5)


def test_the_state_of_five_hundred_busy_symbols_fits_one_item() -> None:
    draw = chance(1)
    symbols = [f"S{number:03}" for number in range(500)]
    folder = TickFolder(FoldRules(frozenset(symbols), ("1m", "5m", "1d")), ShardState())
    time = to_us(OPENS)
    for position, symbol in enumerate(symbols):
        for second in range(30):
            ids = [draw.randrange(2**63) for _ in range(20)]
            times = [time + second * 1_000_000 + one * 7_919 + position for one in range(20)]
            folder.add_trades(symbol, times, [450_000 + position] * 20, [100] * 20, ids)
    assert folder.rejections == []
    assert len(encode_state(folder.state)) < 330_000
