"""The leases table (sk is always `-`): `LEASE#{name}`, `CURSOR#{name}` and `HEALTH#{service}`.

A lease: holder, fence (a number that grows with every change of holder), lease_ends_us
(microseconds of machine time; never a TTL attribute, since a fence must not be forgotten). A
cursor: position_us (microseconds of market time). A heartbeat: succeeded_at (ISO 8601, machine
time), detail, and market_time when the service knows it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.failures import translated
from quantumzero.contracts.formats import utc_text
from quantumzero.domain.calendars import from_us, to_us
from quantumzero.domain.errors import ConflictError
from quantumzero.ports.leases import Lease

if TYPE_CHECKING:
    from quantumzero.ports.clocks import MachineClock


class DynamoLeases:
    """Leases on machine time; of two that ask at once one gets it."""

    def __init__(self, dynamodb: Any, table: str, clock: MachineClock) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._clock = clock

    def acquire(self, name: str, holder: str, *, seconds: float) -> Lease | None:
        """Take the lease if it is free or over; None when somebody holds it."""
        now = self._clock.now()
        ends_us = to_us(now + timedelta(seconds=seconds))
        answer = self._update(
            name,
            "SET holder = :holder, lease_ends_us = :ends ADD fence :one",
            "attribute_not_exists(pk) OR lease_ends_us <= :now",
            {
                ":holder": {"S": holder},
                ":ends": {"N": str(ends_us)},
                ":now": {"N": str(to_us(now))},
                ":one": {"N": "1"},
            },
        )
        if answer is None:
            return None
        return Lease(name, holder, int(answer["Attributes"]["fence"]["N"]), from_us(ends_us))

    def renew(self, lease: Lease, *, seconds: float) -> Lease | None:
        """Hold on to a lease, also one that ran out but that nobody took; None when it was lost."""
        ends_us = to_us(self._clock.now() + timedelta(seconds=seconds))
        answer = self._end_at(lease, ends_us)
        if answer is None:
            return None
        return Lease(lease.name, lease.holder, lease.fence, from_us(ends_us))

    def release(self, lease: Lease) -> None:
        """Give the lease back; one that was lost already stays with its new holder."""
        self._end_at(lease, 0)

    def _end_at(self, lease: Lease, ends_us: int) -> Any:
        return self._update(
            lease.name,
            "SET lease_ends_us = :ends",
            "holder = :holder AND fence = :fence",
            {
                ":ends": {"N": str(ends_us)},
                ":holder": {"S": lease.holder},
                ":fence": {"N": str(lease.fence)},
            },
        )

    def _update(self, name: str, change: str, condition: str, values: dict[str, Any]) -> Any:
        try:
            with translated(f"changing the lease {name}"):
                return self._dynamodb.update_item(
                    TableName=self._table,
                    Key=_key(f"LEASE#{name}"),
                    UpdateExpression=change,
                    ConditionExpression=condition,
                    ExpressionAttributeValues=values,
                    ReturnValues="UPDATED_NEW",
                )
        except ConflictError:
            return None


class DynamoCursors:
    """Cursors of readers; a move is refused when somebody else moved first."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def read(self, name: str) -> datetime | None:
        """Return the market time a reader has come to, None before its first success."""
        with translated(f"reading the cursor {name}"):
            answer = self._dynamodb.get_item(
                TableName=self._table, Key=_key(f"CURSOR#{name}"), ConsistentRead=True
            )
        item = answer.get("Item")
        return from_us(int(item["position_us"]["N"])) if item else None

    def advance(self, name: str, *, previous: datetime | None, to: datetime) -> None:
        """Move a cursor forward; raises ConflictError when it is no longer at previous."""
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": _key(f"CURSOR#{name}") | {"position_us": {"N": str(to_us(to))}},
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if previous is not None:
            put["ConditionExpression"] = "position_us = :previous"
            put["ExpressionAttributeValues"] = {":previous": {"N": str(to_us(previous))}}
        with translated(f"moving the cursor {name}"):
            self._dynamodb.put_item(**put)


class DynamoHeartbeats:
    """One item a service, overwritten by each success."""

    def __init__(self, dynamodb: Any, table: str, clock: MachineClock) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._clock = clock

    def beat(self, service: str, *, market_time: datetime | None = None, detail: str = "") -> None:
        """Note that the service succeeded now (machine time)."""
        item = _key(f"HEALTH#{service}") | {
            "succeeded_at": {"S": utc_text(self._clock.now())},
            "detail": {"S": detail},
        }
        if market_time is not None:
            item["market_time"] = {"S": utc_text(market_time)}
        with translated(f"noting the success of {service}"):
            self._dynamodb.put_item(TableName=self._table, Item=item)


def _key(pk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": "-"}}
