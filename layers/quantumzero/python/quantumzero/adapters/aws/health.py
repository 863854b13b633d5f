"""Heartbeats in the leases table: pk `HEALTH#{service}`, sk `-`, succeeded_at (ISO 8601, machine time), detail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.failures import translated
from quantumzero.contracts.formats import utc_time
from quantumzero.domain.errors import UnavailableError
from quantumzero.ports.health import Heartbeat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.ports.backoff import Backoff


_ATTEMPTS = 5


class DynamoHeartbeatReader:
    """Reads all asked services in one request."""

    def __init__(self, dynamodb: Any, table: str, backoff: Backoff) -> None:
        self._dynamodb = dynamodb  # botocore clients have no static type
        self._table = table
        self._backoff = backoff

    def heartbeats(self, services: Sequence[str]) -> Sequence[Heartbeat]:
        """Return the newest heartbeat of each named service that has ever succeeded, by service.

        Raises UnavailableError when the table keeps leaving some of them out.
        """
        wanted: list[dict[str, Any]] = [
            {"pk": {"S": f"HEALTH#{service}"}, "sk": {"S": "-"}} for service in services
        ]
        found: list[Heartbeat] = []
        for attempt in range(1, _ATTEMPTS + 1):
            with translated("reading heartbeats"):
                answer = self._dynamodb.batch_get_item(RequestItems={self._table: {"Keys": wanted}})
            found += [_heartbeat(item) for item in answer["Responses"].get(self._table, [])]
            wanted = answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys", [])
            if not wanted:
                return sorted(found, key=lambda beat: beat.service)
            self._backoff.wait(attempt)
        raise UnavailableError(f"the leases table left {len(wanted)} heartbeats unread")


def _heartbeat(item: dict[str, Any]) -> Heartbeat:
    return Heartbeat(
        service=item["pk"]["S"].removeprefix("HEALTH#"),
        succeeded_at=utc_time(item["succeeded_at"]["S"]),
        detail=item.get("detail", {}).get("S", ""),
    )
