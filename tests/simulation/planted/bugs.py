"""How a bug is planted: attributes of the product's classes and modules are replaced, and put back afterwards."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tests.simulation.watched_ledger import WatchedLedger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from quantumzero.domain.ledger_changes import LedgerChange

Patch = tuple[Any, str, Any]


@dataclass(frozen=True, slots=True)
class Bug:
    """A planted bug: its name, what is wrong in one sentence, and how it is made."""

    name: str
    sentence: str
    patches: Callable[[], Sequence[Patch]]


BUGS: dict[str, Bug] = {}


def bug(sentence: str) -> Callable[[Callable[[], Sequence[Patch]]], Callable[[], Sequence[Patch]]]:
    """Register a function that returns the patches of a bug; its name is the bug's."""

    def register(patches: Callable[[], Sequence[Patch]]) -> Callable[[], Sequence[Patch]]:
        name = patches.__name__
        BUGS[name] = Bug(name, sentence, patches)
        return patches

    return register


@contextmanager
def planted(one: Bug) -> Iterator[None]:
    """Run with the bug in the product."""
    kept: list[Patch] = []
    try:
        for owner, name, changed in one.patches():
            kept.append((owner, name, vars(owner)[name]))
            setattr(owner, name, changed)
        yield
    finally:
        for owner, name, original in reversed(kept):
            setattr(owner, name, original)


def commit_of(alter: Callable[[WatchedLedger, LedgerChange], LedgerChange]) -> Sequence[Patch]:
    """Return the patch that writes something else than was decided."""
    original = WatchedLedger.commit

    def commit(self: WatchedLedger, change: LedgerChange) -> None:
        original(self, alter(self, change))

    return [(WatchedLedger, "commit", commit)]


def unguarded(change: LedgerChange, **kept: Any) -> LedgerChange:
    """Return the change without what its guard compares, but for what is given."""
    if change.guard is None:
        return change
    bounds: dict[str, Any] = {
        "limits_version": None,
        "gross_before": None,
        "symbol_before": None,
        "reserved_before": None,
        "cash_version": None,
        "strategy_reserved_before": None,
        "open_orders_before": None,
    }
    return replace(change, guard=replace(change.guard, **bounds, **kept))
