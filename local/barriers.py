"""Barriers: states of the AWS side and of the exchange that were saved together, under one name.

A name counts only when both sides have it. It is never given twice in one course of events, so that two states of
one name always belong together; whichever side is killed, the newest common name is where both can go back to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DEPLOYED = "deployed"


class _Exchange(Protocol):
    def snapshots(self) -> Sequence[str]: ...

    def snapshot(self, name: str) -> None: ...


class _Cloud(Protocol):
    def snapshots(self) -> Iterable[str]: ...

    def snapshot(self, name: str) -> None: ...


class Barriers:
    """The barriers of one pair of sides, whether or not their processes run."""

    def __init__(self, exchange: _Exchange, cloud: _Cloud) -> None:
        self._exchange = exchange
        self._cloud = cloud

    def take(self, name: str) -> str:
        """Save both sides, the exchange first; return the name, numbered when it was there already."""
        taken = {*self._exchange.snapshots(), *self._cloud.snapshots()}
        chosen, number = name, 2
        while chosen in taken:
            chosen, number = f"{name}.{number}", number + 1
        self._exchange.snapshot(chosen)
        self._cloud.snapshot(chosen)
        return chosen

    def common(self) -> list[str]:
        """Return the names that both sides have, oldest first."""
        other = set(self._cloud.snapshots())
        return [name for name in self._exchange.snapshots() if name in other]


def in_words(name: str) -> str:
    """Return where a barrier stands, in words."""
    place = name.partition(".")[0]
    if place in (DEPLOYED, "start"):
        return "the beginning"
    if place.endswith("-open"):
        return f"the session of {place.removesuffix('-open')}"
    return f"the end of {place}"
