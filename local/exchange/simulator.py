"""The simulator: exchange, market data, replay, streams, faults and snapshots put together."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from local.exchange.engine import Exchange
from local.exchange.fault_middleware import FaultInjector
from local.exchange.faults import FaultScript
from local.exchange.market_view import MarketView
from local.exchange.replay import Replay, initial_state
from local.exchange.snapshots import SnapshotStore
from local.exchange.state import Settings
from local.exchange.stream_hub import StreamHub
from local.market_data.loading import load_market_data, replay_window
from quantumzero.domain.errors import RefusedError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from local.exchange.order_events import OrderEvent
    from local.market_data.values import Session, Tick

# After so many ticks other requests get a turn; a session of daily bars never reaches it.
_TICKS_PER_TURN = 2_000
DEFAULT_KEY_ID = "local-key"
DEFAULT_SECRET_KEY = "local-secret"  # noqa: S105 - the documented key of a simulator on this machine


@dataclass(frozen=True, slots=True)
class Options:
    """What a simulator is started with.

    Rate_limit counts requests a minute of machine time, 0 is none.
    """

    state_folder: Path
    data: Path | None = None
    start: date | None = None
    sessions: int | None = None
    cash: Decimal = Decimal(100_000)
    settings: Settings = field(default_factory=Settings)
    key_id: str = DEFAULT_KEY_ID
    secret_key: str = DEFAULT_SECRET_KEY
    restore: str | None = None
    rate_limit: int = 0
    data_connections: int = 1

    @property
    def fingerprint(self) -> str:
        """Name data and rules: a snapshot continues only under the same ones."""
        data = self.data.resolve() if self.data else None
        rules = (data, self.start, self.cash, self.settings)
        return hashlib.sha256(repr(rules).encode()).hexdigest()[:16]


class Simulator:
    """One running exchange. Every method is atomic for the requests of the same event loop."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.data = load_market_data(options.data)
        sessions = replay_window(
            self.data, embedded=options.data is None, start=options.start, count=options.sessions
        )
        self.faults = FaultScript()
        self.injector = FaultInjector(self.faults)
        self.snapshots = SnapshotStore(options.state_folder, options.fingerprint)
        self.hub = StreamHub(self.faults, options.data_connections)
        state = initial_state(self.data, sessions, options.cash)
        self.created_at = state.clock.now
        self.exchange = Exchange(
            state=state,
            settings=options.settings,
            symbols=self.data.symbols,
            calendar=self.data.calendar,
            publish=self._publish,
        )
        self.replay = Replay(self.data, sessions, self.exchange, self._on_tick, self._on_close)
        self.view = MarketView(self.data, lambda: self.exchange.state.clock)
        self._turn = asyncio.Lock()
        name = options.restore or self.snapshots.newest
        if name is not None:
            self.rewind(name)

    async def open_session(self) -> Session:
        """Open the next session without trading. Errors: RefusedError."""
        async with self._turn:
            return self.replay.open_next()

    async def run_session(self) -> Session:
        """Replay the open session's ticks up to its close.

        Errors: RefusedError when none is open.
        """
        async with self._turn:
            for number, _ in enumerate(self.replay.pending_ticks(), start=1):
                if number % _TICKS_PER_TURN == 0:
                    await asyncio.sleep(0)
            return self.replay.close()

    async def run_session_slowly(self, multiple: float) -> Session:
        """Replay the open session at a multiple of machine time.

        Errors: RefusedError when none is open.
        """
        async with self._turn:
            before = self.exchange.now
            for tick in self.replay.pending_ticks():
                await asyncio.sleep((tick.at - before).total_seconds() / multiple)
                before = tick.at
            return self.replay.close()

    def snapshot(self, name: str) -> None:
        """Write everything to disk under the name."""
        self.snapshots.save(name, self.exchange.state)

    def rewind(self, name: str) -> None:
        """Go back to a snapshot.

        Later snapshots are removed, accepts still to come are forgotten.
        """
        snapshot = self.snapshots.load(name)
        opened, known = snapshot.state.clock.opened, len(self.replay.sessions)
        if opened > known:
            raise RefusedError(
                f"the snapshot {name!r} stands in session {opened}, but this replay has {known};"
                " start with more sessions"
            )
        self.injector.forget_late()
        self.exchange.restore(snapshot.state)
        self.snapshots.forget_after(name)

    def _publish(self, event: OrderEvent) -> None:
        self.hub.publish_order(event)

    def _on_tick(self, tick: Tick) -> None:
        self.hub.publish_tick(tick)

    def _on_close(self, session: Session) -> None:
        self.hub.publish_close(session, self.view)
