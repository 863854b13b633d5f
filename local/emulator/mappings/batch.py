"""Deliver one batch of stream records to a function until each record is done or given up.

The rules are those of the Lambda developer guide for Kinesis and DynamoDB event source mappings:
- records are retried in order; nothing after a failing record is delivered before it is done or
  given up;
- a partial response names failed records: everything before the lowest of them is done; an
  unknown or empty name, or any exception, fails the whole batch; an empty response is success;
- bisecting splits the rest in two and does not use up a retry;
- after the last retry, or when a record is older than allowed, the rest goes to the on-failure
  destination.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RETRIES_EXHAUSTED = "RetryAttemptsExhausted"
TOO_OLD = "MaxRecordAgeExceeded"
_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """A record as a mapping sees it; `position` is what to remember once it is done."""

    sequence_number: str
    position: int | str
    arrived_at: float
    event: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FailurePolicy:
    """What a mapping does about failures; None means without limit."""

    reports_items: bool
    bisects: bool
    retries: int | None
    longest_age_seconds: int | None

    @classmethod
    def of(cls, mapping: dict[str, Any]) -> FailurePolicy:
        """Read the policy from a mapping's stored configuration."""
        return cls(
            reports_items="ReportBatchItemFailures" in (mapping.get("FunctionResponseTypes") or []),
            bisects=bool(mapping.get("BisectBatchOnFunctionError")),
            retries=_limit(mapping.get("MaximumRetryAttempts")),
            longest_age_seconds=_limit(mapping.get("MaximumRecordAgeInSeconds")),
        )


@dataclass(frozen=True, slots=True)
class Hands:
    """What delivering a batch needs from outside."""

    invoke: Callable[[list[dict[str, Any]]], dict[str, Any]]
    discard: Callable[[Sequence[StreamRecord], str, int], None]
    commit: Callable[[int | str], None]
    stopped: Callable[[], bool]
    now: Callable[[], float]
    pause: Callable[[float], None]


def deliver(records: Sequence[StreamRecord], policy: FailurePolicy, hands: Hands) -> bool:
    """Deliver the records in order; return False when stopped before all were done or given up."""
    waiting: list[tuple[Sequence[StreamRecord], int]] = [(records, 0)]
    while waiting:
        part, attempt = waiting.pop()
        part = _give_up_expired(part, attempt, policy, hands)
        if not part:
            continue
        if hands.stopped():
            return False
        result = hands.invoke([record.event for record in part])
        if hands.stopped() and result.get("error"):
            return False
        failed = first_failure(part, result, policy.reports_items)
        if failed is None:
            hands.commit(part[-1].position)
            continue
        if failed:
            hands.commit(part[failed - 1].position)
        waiting.extend(_next_parts(part[failed:], attempt, policy, hands))
    return True


def first_failure(
    records: Sequence[StreamRecord], result: dict[str, Any], reports_items: bool
) -> int | None:
    """Return the index of the lowest failed record, or None when the whole batch succeeded."""
    if result.get("error"):
        return 0
    body = result.get("body")
    if not reports_items or not isinstance(body, dict):
        return None
    failures = body.get("batchItemFailures")
    if not failures:
        return None
    places = {record.sequence_number: place for place, record in enumerate(records)}
    named = [
        places.get(str(failure.get("itemIdentifier")), 0) if isinstance(failure, dict) else 0
        for failure in failures
    ]
    return min(named)


def _give_up_expired(
    part: Sequence[StreamRecord], attempt: int, policy: FailurePolicy, hands: Hands
) -> Sequence[StreamRecord]:
    if policy.longest_age_seconds is None:
        return part
    oldest = hands.now() - policy.longest_age_seconds
    fresh = next((n for n, record in enumerate(part) if record.arrived_at >= oldest), len(part))
    if fresh:
        hands.discard(part[:fresh], TOO_OLD, attempt)
        hands.commit(part[fresh - 1].position)
    return part[fresh:]


def _next_parts(
    rest: Sequence[StreamRecord], attempt: int, policy: FailurePolicy, hands: Hands
) -> list[tuple[Sequence[StreamRecord], int]]:
    if policy.bisects and len(rest) > 1:
        middle = len(rest) // 2
        return [(rest[middle:], attempt), (rest[:middle], attempt)]
    if policy.retries is not None and attempt >= policy.retries:
        hands.discard(rest, RETRIES_EXHAUSTED, attempt + 1)
        hands.commit(rest[-1].position)
        return []
    hands.pause(min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2 ** min(attempt, 10)))
    return [(rest, attempt + 1)]


def _limit(value: Any) -> int | None:
    if value is None or int(value) < 0:
        return None
    return int(value)
