"""Heartbeats in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.ports.health import Heartbeat

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from quantumzero.ports.clocks import MachineClock


class HeldHeartbeats:
    """Implements Heartbeats (writing) and HeartbeatReader."""

    def __init__(self, clock: MachineClock) -> None:
        self._clock = clock
        self._beats: dict[str, Heartbeat] = {}

    def beat(self, service: str, *, market_time: datetime | None = None, detail: str = "") -> None:
        self._beats[service] = Heartbeat(service, self._clock.now(), detail)

    def heartbeats(self, services: Sequence[str]) -> Sequence[Heartbeat]:
        return [self._beats[service] for service in sorted(services) if service in self._beats]
