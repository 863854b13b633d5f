"""Before a session opens: bring splits into bars and books, settle what is open, compare with the broker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.bars import Split
    from quantumzero.ports.brokers import CorporateActions
    from quantumzero.ports.clocks import MarketClock
    from quantumzero.ports.ledger import SessionLedger
    from quantumzero.ports.market_data import BarStore
    from quantumzero.usecases.initialise_account import InitialiseAccount
    from quantumzero.usecases.reconcile_account import ReconcileAccount
    from quantumzero.usecases.sweep_orders import SweepOrders

EXCHANGE_ZONE = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True)
class SessionReport:
    """What the preparation did; differences are those of the comparison with the broker."""

    session: date
    splits: Sequence[Split]
    unresolved: int
    clean: bool
    differences: Sequence[str]


class PrepareSession:
    """Prepare one session; doing it twice changes nothing more.

    broker_clock is the market's time at the broker: it knows that a new session has come before the first tick does.
    """

    def __init__(
        self,
        *,
        symbols: Sequence[str],
        broker_clock: MarketClock,
        actions: CorporateActions,
        bars: BarStore,
        sessions: SessionLedger,
        initialise: InitialiseAccount,
        sweep: SweepOrders,
        reconcile: ReconcileAccount,
    ) -> None:
        self._symbols = symbols
        self._broker_clock = broker_clock
        self._actions = actions
        self._bars = bars
        self._sessions = sessions
        self._initialise = initialise
        self._sweep = sweep
        self._reconcile = reconcile

    def prepare(self, *, request: str) -> SessionReport:
        """Prepare the session of the broker's date in New York; request names this invocation.

        Raises UnavailableError when a source cannot be read whole; the step is then repeated.
        """
        today = self._broker_clock.now().astimezone(EXCHANGE_ZONE).date()
        self._initialise.ensure(session=today)
        splits = self._apply_splits(today)
        swept = self._sweep.sweep(request=request, settled=True)
        verdict = self._reconcile.reconcile()
        return SessionReport(today, splits, swept.unresolved, verdict.clean, verdict.differences)

    def _apply_splits(self, today: date) -> Sequence[Split]:
        prepared = self._sessions.prepared_until() or today
        since = min(prepared + timedelta(days=1), today)
        splits = self._actions.splits(self._symbols, since=since, until=today)
        self._bars.put_splits(splits)
        for split in splits:
            # What the books were opened with already contains the splits of that day.
            if date.fromisoformat(split.ex_date) > prepared:
                self._sessions.apply_split(split, at=self._broker_clock.now())
        self._sessions.mark_prepared(today)
        return splits
