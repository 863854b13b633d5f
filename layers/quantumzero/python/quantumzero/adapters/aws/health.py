"""Heartbeats in the leases table: pk `HEALTH#{service}`, sk `-`, succeeded_at (ISO 8601, machine time), detail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.failures import translated
from quantumzero.contracts.formats import utc_time
from quantumzero.ports.health import Heartbeat

if TYPE_CHECKING:
    from collections.abc import Sequence


class DynamoHeartbeatReader:
    """Reads all asked services in one request."""

    def __init__(self, dynamodb: Any, table: str) -> None:  # botocore clients have no static type
        self._dynamodb = dynamodb
        self._table = table

    def heartbeats(self, services: Sequence[str]) -> Sequence[Heartbeat]:
        """Return the newest heartbeat of each named service that has ever succeeded, by service."""
        wanted: list[dict[str, Any]] = [
            {"pk": {"S": f"HEALTH#{service}"}, "sk": {"S": "-"}} for service in services
        ]
        found = []
        while wanted:
            with translated("reading heartbeats"):
                answer = self._dynamodb.batch_get_item(RequestItems={self._table: {"Keys": wanted}})
            found += [_heartbeat(item) for item in answer["Responses"].get(self._table, [])]
            wanted = answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys", [])
        return sorted(found, key=lambda beat: beat.service)


def _heartbeat(item: dict[str, Any]) -> Heartbeat:
    return Heartbeat(
        service=item["pk"]["S"].removeprefix("HEALTH#"),
        succeeded_at=utc_time(item["succeeded_at"]["S"]),
        detail=item.get("detail", {}).get("S", ""),
    )
