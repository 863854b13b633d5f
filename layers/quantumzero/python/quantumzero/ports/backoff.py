"""How long to wait between attempts: a port, so that nothing above the adapters sleeps or rolls dice."""

from __future__ import annotations

from typing import Protocol


class Backoff(Protocol):
    def wait(self, attempt: int) -> None:
        """Wait before attempt (1 is the first repetition): longer each time, with full jitter."""
