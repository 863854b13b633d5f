"""Repeatable chance for tests."""

from __future__ import annotations

import random


def chance(seed: int) -> random.Random:
    """Return a generator that draws the same numbers for the same seed."""
    return random.Random(seed)  # noqa: S311 - repeats tests, guards nothing
