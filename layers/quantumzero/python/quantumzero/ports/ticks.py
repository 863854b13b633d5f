"""Where ticks come from and go to: the vendor, the stream, the checkpoint, the quarantine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from quantumzero.domain.bar_building import ShardState
    from quantumzero.domain.bars import Bar
    from quantumzero.domain.ticks import Trade


@dataclass(frozen=True, slots=True)
class VendorTrades:
    """Trades of a time range, and the messages of it that could not be read, as text."""

    trades: Sequence[Trade]
    unread: Sequence[str]


class TradeFeed(Protocol):
    """A vendor of trades; `name` is written into every record."""

    name: str

    def now(self) -> datetime:
        """Return the vendor's own time, aware UTC; raises UnavailableError."""

    def trades(self, symbols: Sequence[str], start: datetime, end: datetime) -> VendorTrades:
        """Return every trade from start to end, both included; raises UnavailableError."""


class TickStream(Protocol):
    def put(self, records: Sequence[bytes]) -> None:
        """Append the records; all are accepted on return; raises UnavailableError otherwise."""


class Checkpoints(Protocol):
    """One state a shard; it moves together with the bars that the move closed."""

    def load(self, shard: str) -> ShardState:
        """Return the stored state of the shard, a fresh one when there is none."""

    def commit(
        self, shard: str, state: ShardState, *, previous_sequence: int, bars: Sequence[Bar]
    ) -> None:
        """Store the state and, when any, the closed bars, or nothing.

        Raises ConflictError when the stored state does not end at previous_sequence (-1: none is
        stored).
        """


class Quarantine(Protocol):
    def put(self, *, day: str, name: str, content: Mapping[str, object]) -> None:
        """Keep refused ticks under a name that the same record always gets; raises
        UnavailableError.
        """
