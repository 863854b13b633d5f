"""Who may do a thing alone, how far a reader has come, and when a service last succeeded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do one thing alone until `ends_at` (machine time); the fence grows with every
    holder.
    """

    name: str
    holder: str
    fence: int
    ends_at: datetime


class Leases(Protocol):
    def acquire(self, name: str, holder: str, *, seconds: float) -> Lease | None:
        """Take the lease if it is free or over; None when somebody else holds it."""

    def renew(self, lease: Lease, *, seconds: float) -> Lease | None:
        """Hold on to a lease; None when it was lost to somebody else."""

    def release(self, lease: Lease) -> None:
        """Give the lease back; one that was lost already stays with its new holder."""


class Cursors(Protocol):
    def read(self, name: str) -> datetime | None:
        """Return the market time a reader has come to, None before its first success."""

    def advance(self, name: str, *, previous: datetime | None, to: datetime) -> None:
        """Move a cursor forward; raises ConflictError when it is no longer at previous."""


class Heartbeats(Protocol):
    def beat(self, service: str, *, market_time: datetime | None = None, detail: str = "") -> None:
        """Note that the service succeeded now (machine time)."""
