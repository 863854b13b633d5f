"""When each part of the platform last did its work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last success of one service, in machine time; detail says in words what it did."""

    service: str
    succeeded_at: datetime
    detail: str


class HeartbeatReader(Protocol):
    def heartbeats(self, services: Sequence[str]) -> Sequence[Heartbeat]:
        """Return the newest heartbeat of each named service that has ever succeeded."""
