"""Reading and deciding again when another writer was first: bounded, with jitter from a port."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from quantumzero.domain.errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Callable

    from quantumzero.ports.backoff import Backoff

ATTEMPTS = 8

Answer = TypeVar("Answer")


def decide_until_committed(decide: Callable[[], Answer], backoff: Backoff) -> Answer:
    """Call decide, which reads afresh each time, until it does not conflict.

    Raises ConflictError after the last attempt: the caller's own retry or the sweep goes on from there.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            return decide()
        except ConflictError:
            backoff.wait(attempt)
    return decide()
