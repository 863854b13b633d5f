"""Checkpoints in the bars table: `CHECKPOINT#{shard}`/`-`, moved in one transaction with the outbox
of closed bars.

Attributes of a checkpoint: sequence (text, an integer), state (binary), market_time (microseconds).
An outbox item, `OUTBOX#{shard}`/`{sequence, 60 digits}`, holds bars (binary) and expires_at (epoch
seconds); more than 2,000 bars spread over items whose sort key goes on with `#001`, `#002`...
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.failures import translated
from quantumzero.contracts.tick_checkpoint import decode_state, encode_state
from quantumzero.contracts.ticks import BARS_PER_OUTBOX_ITEM, encode_bars
from quantumzero.domain.bar_building import ShardState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.bars import Bar
    from quantumzero.ports.clocks import MachineClock

_OUTBOX_KEPT = timedelta(days=7)


class DynamoCheckpoints:
    """One item a shard; the condition on the previous sequence number makes a batch count once."""

    def __init__(
        self, dynamodb: Any, table: str, clock: MachineClock
    ) -> None:  # botocore clients have no static type
        self._dynamodb = dynamodb
        self._table = table
        self._clock = clock

    def load(self, shard: str) -> ShardState:
        """Return the stored state of the shard, a fresh one when there is none."""
        with translated(f"reading the checkpoint of {shard}"):
            answer = self._dynamodb.get_item(
                TableName=self._table, Key=checkpoint_key(shard), ConsistentRead=True
            )
        item = answer.get("Item")
        if item is None:
            return ShardState()
        return decode_state(item["state"]["B"], int(item["sequence"]["S"]))

    def commit(
        self, shard: str, state: ShardState, *, previous_sequence: int, bars: Sequence[Bar]
    ) -> None:
        """Store the state and the closed bars together, or nothing.

        Raises ConflictError when the stored state does not end at previous_sequence (-1: none).
        """
        items = [self._checkpoint_put(shard, state, previous_sequence)]
        items += [
            self._outbox_put(shard, state.last_sequence, part, bars[start:end])
            for part, start, end in _parts(len(bars))
        ]
        with translated(f"committing the checkpoint of {shard}"):
            self._dynamodb.transact_write_items(TransactItems=items)

    def _checkpoint_put(self, shard: str, state: ShardState, previous: int) -> dict[str, Any]:
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": checkpoint_key(shard)
            | {
                "sequence": {"S": str(state.last_sequence)},
                "state": {"B": encode_state(state)},
                "market_time": {"N": str(state.market_time)},
            },
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if previous >= 0:
            put["ConditionExpression"] = "#sequence = :previous"
            put["ExpressionAttributeNames"] = {"#sequence": "sequence"}
            put["ExpressionAttributeValues"] = {":previous": {"S": str(previous)}}
        return {"Put": put}

    def _outbox_put(
        self, shard: str, sequence: int, part: int, bars: Sequence[Bar]
    ) -> dict[str, Any]:
        expires_at = int((self._clock.now() + _OUTBOX_KEPT).timestamp())
        item = {
            "pk": {"S": f"OUTBOX#{shard}"},
            "sk": {"S": f"{sequence:060}" + (f"#{part:03}" if part else "")},
            "bars": {"B": encode_bars(bars)},
            "expires_at": {"N": str(expires_at)},
        }
        return {"Put": {"TableName": self._table, "Item": item}}


def checkpoint_key(shard: str) -> dict[str, Any]:
    """Return the key of a shard's checkpoint item."""
    return {"pk": {"S": f"CHECKPOINT#{shard}"}, "sk": {"S": "-"}}


def _parts(count: int) -> list[tuple[int, int, int]]:
    starts = range(0, count, BARS_PER_OUTBOX_ITEM)
    return [(part, start, start + BARS_PER_OUTBOX_ITEM) for part, start in enumerate(starts)]
