"""Before a session opens: settle what is open, bring splits into bars and books, compare with the broker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from quantumzero.domain.calendars import EXCHANGE_ZONE, is_session
from quantumzero.usecases.conflicts import decide_until_committed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.bars import Split
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.brokers import CorporateActions
    from quantumzero.ports.clocks import MarketClock
    from quantumzero.ports.leases import Heartbeats
    from quantumzero.ports.ledger import SessionLedger
    from quantumzero.ports.market_data import BarStore
    from quantumzero.usecases.initialise_account import InitialiseAccount
    from quantumzero.usecases.reconcile_account import ReconcileAccount
    from quantumzero.usecases.sweep_orders import SweepOrders


@dataclass(frozen=True, slots=True)
class SessionReport:
    """What the preparation did; differences are those of the comparison with the broker."""

    session: date
    splits: Sequence[Split]
    unresolved: int
    clean: bool
    differences: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareSession:
    """Prepare one session; doing it twice changes nothing more.

    broker_clock is the market's time at the broker: it knows that a new session has come before the first tick does.
    """

    symbols: Sequence[str]
    broker_clock: MarketClock
    actions: CorporateActions
    bars: BarStore
    sessions: SessionLedger
    initialise: InitialiseAccount
    sweep: SweepOrders
    reconcile: ReconcileAccount
    heartbeats: Heartbeats
    backoff: Backoff

    def prepare(self, *, request: str) -> SessionReport | None:
        """Prepare the session of the broker's date in New York; None when the exchange is closed all day.

        request names this invocation. Raises UnavailableError when a source cannot be read whole; the step is then
        repeated. What filled before a split is counted before the split is applied.
        """
        now = self.broker_clock.now()
        today = now.astimezone(EXCHANGE_ZONE).date()
        if not is_session(today):
            return None
        prepared = self.sessions.prepared_until()
        if prepared is None and self.initialise.ensure(session=today):
            self.reconcile.begin(at=now)
        splits = self._read_splits(prepared or today, today)
        # Settle first: what filled before a split is counted before it; what was never sent is not sent after it.
        swept = self.sweep.sweep(request=request, settled=True)
        self._apply_splits(splits, prepared or today, today)
        verdict = self.reconcile.reconcile()
        detail = f"{today}: {len(splits)} splits, {'clean' if verdict.clean else 'not clean'}"
        self.heartbeats.beat("prepare_session", market_time=now, detail=detail)
        return SessionReport(today, splits, swept.unresolved, verdict.clean, verdict.differences)

    def _read_splits(self, prepared: date, today: date) -> Sequence[Split]:
        """Store and return the splits since the last preparation."""
        since = min(prepared + timedelta(days=1), today)
        splits = self.actions.splits(self.symbols, since=since, until=today)
        self.bars.put_splits(splits)
        return splits

    def _apply_splits(self, splits: Sequence[Split], prepared: date, today: date) -> None:
        """Apply those that the books do not contain yet."""
        for split in splits:
            # What the books were opened with already contains the splits of that day.
            if date.fromisoformat(split.ex_date) > prepared:
                self._apply(split)
        if prepared < today:
            self.sessions.mark_prepared(today)

    def _apply(self, split: Split) -> None:
        at = self.broker_clock.now()
        decide_until_committed(lambda: self.sessions.apply_split(split, at=at), self.backoff)
