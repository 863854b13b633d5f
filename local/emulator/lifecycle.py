"""The emulator's phases: loading, ready, stopping; and who waits for them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Set when the port answers. Work restored from disk must not start earlier: a handler's call back
# would be refused.
READY = threading.Event()
# Set when the process is about to end. From then on a failed invocation says nothing about the
# handler.
STOPPING = threading.Event()


def when_ready(work: Callable[[], None], name: str) -> None:
    """Run the work on its own thread as soon as the emulator answers requests."""

    def wait_and_work() -> None:
        READY.wait()
        if not STOPPING.is_set():
            work()

    threading.Thread(target=wait_and_work, daemon=True, name=name).start()


class Activity:
    """Counts everything that could make new work, and wakes whoever waits for it."""

    def __init__(self) -> None:
        """Start at zero."""
        self._condition = threading.Condition()
        self._count = 0

    @property
    def count(self) -> int:
        """Return how many events were noted; between two equal readings nothing happened."""
        return self._count

    def note(self) -> None:
        """Count one event and wake every waiting thread."""
        with self._condition:
            self._count += 1
            self._condition.notify_all()

    def wait_beyond(self, seen: int, seconds: float) -> None:
        """Wait until the count passes `seen`, for at most the given seconds."""
        with self._condition:
            if self._count == seen:
                self._condition.wait(seconds)


ACTIVITY = Activity()
