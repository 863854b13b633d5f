"""When each part of the platform last did its work, and what it told the operator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last success of one service, in machine time; detail says in words what it did."""

    service: str
    succeeded_at: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """Something an operator should know. severity is info, warning or critical."""

    id: str
    time: datetime
    severity: str
    message: str


class HeartbeatReader(Protocol):
    def heartbeats(self, services: Sequence[str]) -> Sequence[Heartbeat]:
        """Return the newest heartbeat of each named service that has ever succeeded."""


class AlertReader(Protocol):
    def alerts(self, *, limit: int) -> Sequence[AlertRecord]:
        """Return the newest limit alerts, newest first."""
