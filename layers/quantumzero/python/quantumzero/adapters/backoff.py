"""Waiting between attempts: exponential with full jitter."""

from __future__ import annotations

import random
import time


class JitteredBackoff:
    """Wait a random time up to base x 2^(attempt - 1) seconds, never more than the longest."""

    def __init__(self, *, base: float = 0.01, longest: float = 0.5) -> None:
        self._base = base
        self._longest = longest

    def wait(self, attempt: int) -> None:
        """Sleep before that attempt."""
        bound = min(self._longest, self._base * 2 ** (attempt - 1))
        time.sleep(random.uniform(0, bound))  # noqa: S311 - spreads writers apart, guards nothing
