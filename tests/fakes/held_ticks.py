"""The tick path's stores in memory: checkpoints with their outbox, the stream, the quarantine, a vendor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.contracts.tick_checkpoint import decode_state, encode_state
from quantumzero.domain.bar_building import ShardState
from quantumzero.domain.errors import ConflictError, UnavailableError
from quantumzero.ports.ticks import VendorTrades

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from quantumzero.domain.bars import Bar
    from quantumzero.domain.ticks import Trade


class HeldCheckpoints:
    """Implements Checkpoints; `outbox` collects what each commit closed, `after_commit` may raise."""

    def __init__(self) -> None:
        self._stored: dict[str, tuple[int, bytes]] = {}
        self.outbox: list[Bar] = []
        self.loads = 0
        self.after_commit: Callable[[], None] = lambda: None

    def load(self, shard: str) -> ShardState:
        self.loads += 1
        if shard not in self._stored:
            return ShardState()
        sequence, data = self._stored[shard]
        return decode_state(data, sequence)

    def commit(
        self, shard: str, state: ShardState, *, previous_sequence: int, bars: Sequence[Bar]
    ) -> None:
        stored, _ = self._stored.get(shard, (-1, b""))
        if stored != previous_sequence:
            raise ConflictError(f"{shard} was at {stored}, not at {previous_sequence}")
        self._stored[shard] = (state.last_sequence, encode_state(state))
        self.outbox += bars
        self.after_commit()


class HeldQuarantine:
    """Implements Quarantine; objects by (day, name)."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], Mapping[str, object]] = {}
        self.fails = False

    def put(self, *, day: str, name: str, content: Mapping[str, object]) -> None:
        if self.fails:
            raise UnavailableError("the bucket does not answer")
        self.objects[day, name] = content

    def reasons(self) -> list[str]:
        """Return the reasons of every refused tick, in order of the records."""
        return [
            rejection["reason"]
            for _, content in sorted(self.objects.items())
            for rejection in content["rejections"]  # type: ignore[attr-defined]
        ]


class HeldTickStream:
    """Implements TickStream."""

    def __init__(self) -> None:
        self.records: list[bytes] = []
        self.fails_after: int | None = None

    def put(self, records: Sequence[bytes]) -> None:
        if self.fails_after is not None and len(self.records) >= self.fails_after:
            raise UnavailableError("the stream does not answer")
        self.records += records


class HeldTradeFeed:
    """Implements TradeFeed on trades and a time that the test sets."""

    name = "held"

    def __init__(self, time: datetime, held: Sequence[tuple[datetime, Trade]] = ()) -> None:
        self.time = time
        self.held = list(held)
        self.unread: list[str] = []
        self.asked: list[tuple[datetime, datetime]] = []

    def now(self) -> datetime:
        return self.time

    def trades(self, symbols: Sequence[str], start: datetime, end: datetime) -> VendorTrades:
        self.asked.append((start, end))
        chosen = [
            trade
            for at, trade in self.held
            if start <= at <= min(end, self.time) and trade.symbol in symbols
        ]
        return VendorTrades(chosen, self.unread)
