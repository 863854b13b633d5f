"""Leases, cursors and heartbeats in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from quantumzero.domain.errors import ConflictError
from quantumzero.ports.leases import Lease

if TYPE_CHECKING:
    from datetime import datetime

    from quantumzero.ports.clocks import MachineClock


class HeldLeases:
    """Implements Leases."""

    def __init__(self, clock: MachineClock) -> None:
        self._clock = clock
        self._leases: dict[str, Lease] = {}

    def acquire(self, name: str, holder: str, *, seconds: float) -> Lease | None:
        now = self._clock.now()
        current = self._leases.get(name)
        if current is not None and current.ends_at > now:
            return None
        fence = 1 if current is None else current.fence + 1
        self._leases[name] = Lease(name, holder, fence, now + timedelta(seconds=seconds))
        return self._leases[name]

    def renew(self, lease: Lease, *, seconds: float) -> Lease | None:
        if not self._is_current(lease):
            return None
        ends_at = self._clock.now() + timedelta(seconds=seconds)
        self._leases[lease.name] = replace(lease, ends_at=ends_at)
        return self._leases[lease.name]

    def release(self, lease: Lease) -> None:
        if self._is_current(lease):
            self._leases[lease.name] = replace(lease, ends_at=self._clock.now())

    def _is_current(self, lease: Lease) -> bool:
        current = self._leases.get(lease.name)
        return current is not None and (current.holder, current.fence) == (
            lease.holder,
            lease.fence,
        )


class HeldCursors:
    """Implements Cursors."""

    def __init__(self) -> None:
        self.positions: dict[str, datetime] = {}

    def read(self, name: str) -> datetime | None:
        return self.positions.get(name)

    def advance(self, name: str, *, previous: datetime | None, to: datetime) -> None:
        if self.positions.get(name) != previous:
            raise ConflictError(f"{name} was at {self.positions.get(name)}, not at {previous}")
        self.positions[name] = to


class HeldBeats:
    """Implements Heartbeats; what was noted, by service."""

    def __init__(self) -> None:
        self.beats: dict[str, tuple[datetime | None, str]] = {}

    def beat(self, service: str, *, market_time: datetime | None = None, detail: str = "") -> None:
        self.beats[service] = (market_time, detail)
