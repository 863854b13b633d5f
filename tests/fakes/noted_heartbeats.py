"""Heartbeats that a test can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class NotedHeartbeats:
    """Implements Heartbeats; beats holds the newest detail of each service."""

    def __init__(self) -> None:
        self.beats: dict[str, str] = {}

    def beat(self, service: str, *, market_time: datetime | None = None, detail: str = "") -> None:
        self.beats[service] = detail
