"""What may go wrong between a ledger and its table, when it does, and how often it did in this run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from tests.fakes.repeatable import chance

if TYPE_CHECKING:
    from collections.abc import Collection
    from random import Random


class Fault(StrEnum):
    """One thing that goes wrong with one request."""

    TRANSACTION_CONFLICT = "transaction conflict"
    CANCELLED_BY_THROTTLING = "throttling inside a cancellation"
    CANCELLED_BY_THROUGHPUT = "throughput exceeded inside a cancellation"
    THROUGHPUT = "throughput exceeded"
    THROTTLING = "throttling"
    REQUEST_LIMIT = "request limit exceeded"
    SERVER_ERROR = "server error 500"
    UNAVAILABLE = "unavailable 503"
    REQUEST_LOST = "request lost"
    REPLY_LOST = "reply lost"
    REPLY_LATE = "reply too late"
    REPLY_BROKEN = "reply broken off"
    REPLY_TURNED_INTO_AN_ERROR = "applied, then answered 500"


F = Fault
CONFLICTS = frozenset({F.TRANSACTION_CONFLICT})
CANCELLATIONS = frozenset({F.CANCELLED_BY_THROTTLING, F.CANCELLED_BY_THROUGHPUT})
THROTTLES = CANCELLATIONS | {
    F.THROUGHPUT,
    F.THROTTLING,
    F.REQUEST_LIMIT,
    F.SERVER_ERROR,
    F.UNAVAILABLE,
}
LOST_REPLIES = frozenset({F.REPLY_LOST, F.REPLY_LATE, F.REPLY_BROKEN, F.REPLY_TURNED_INTO_AN_ERROR})
# Nothing is written when one of these happens; after a lost reply everything is.
UNWRITTEN = CONFLICTS | THROTTLES | {F.REQUEST_LOST}

WEATHERS: dict[str, frozenset[Fault]] = {
    "calm": frozenset(),
    "conflicts": CONFLICTS,
    "throttles": THROTTLES,
    "lost-replies": LOST_REPLIES | {F.REQUEST_LOST},
    "all": UNWRITTEN | LOST_REPLIES,
}

# By ledger and fault, of the whole run: what the line at its end says.
INJECTED: Counter[tuple[str, Fault]] = Counter()

_IN_A_ROW = 6


def _possible(*, transaction: bool, write: bool) -> frozenset[Fault]:
    """Return what may meet a request: conflicts only a write, cancellations only a transaction."""
    found = (UNWRITTEN | LOST_REPLIES) - CONFLICTS - CANCELLATIONS
    if transaction:
        found |= CANCELLATIONS
    return found | CONFLICTS if write else found


@dataclass(slots=True)
class Sky:
    """Which fault meets the next request of one ledger: drawn by a seed, or ordered in advance.

    Of the drawn ones those come first that reads, or writes, have met least; they relent after six in a row, so that
    a caller of bounded patience always gets through. Ordered ones come as they are ordered, to writes. unseen counts
    the writes that were applied without the ledger hearing of it.
    """

    ledger: str
    faults: Collection[Fault] = ()
    seed: int = 0
    rate: float = 0.3
    ordered: list[Fault] = field(default_factory=list)
    always: Fault | None = None
    unseen: int = 0
    requests: int = 0
    counts: Counter[Fault] = field(default_factory=Counter)
    _dice: Random = field(init=False)
    _met: Counter[tuple[Fault, bool]] = field(default_factory=Counter)
    _row: int = 0

    def __post_init__(self) -> None:
        self._dice = chance(self.seed)

    def next(self, *, transaction: bool, write: bool) -> Fault | None:
        """Return what meets this request, of what may meet one of its kind."""
        self.requests += 1
        drawn = self._drawn(sorted(_possible(transaction=transaction, write=write)), write=write)
        self._row = self._row + 1 if drawn is not None else 0
        if drawn is not None:
            self.counts[drawn] += 1
            INJECTED[self.ledger, drawn] += 1
        return drawn

    def _drawn(self, possible: list[Fault], *, write: bool) -> Fault | None:
        if self.always is not None:
            return self.always if self.always in possible else None
        if self.ordered:
            return self.ordered.pop(0) if write and self.ordered[0] in possible else None
        chosen = [each for each in possible if each in self.faults]
        if not chosen or self._row >= _IN_A_ROW or self._dice.random() >= self.rate:
            return None
        rarest = min(self._met[each, write] for each in chosen)
        drawn = self._dice.choice([each for each in chosen if self._met[each, write] == rarest])
        self._met[drawn, write] += 1
        return drawn


def report() -> list[str]:
    """Return a line for each ledger: how many of each fault were injected."""
    lines = []
    for ledger in sorted({name for name, _ in INJECTED}):
        told = ", ".join(f"{each} {INJECTED[ledger, each]}" for each in Fault)
        total = sum(count for (name, _), count in INJECTED.items() if name == ledger)
        lines.append(f"{ledger}: {total} faults injected ({told})")
    return lines
