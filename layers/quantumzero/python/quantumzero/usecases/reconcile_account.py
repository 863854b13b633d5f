"""Compare the ledger with the broker: orders, positions and cash.

Orders are evidence and are applied. A position or cash that still differs after that is never corrected and never
traded away: entries stop, and a person is told.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.errors import ConflictError, CorruptDataError
from quantumzero.domain.order_identity import is_ours
from quantumzero.domain.order_lifecycle import adopt
from quantumzero.domain.portfolio import non_zero
from quantumzero.domain.prices import price_decimal
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.ports.ledger import AccountLedger, Alerts, LedgerAlert, TradingSwitch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.orders import BrokerOrder, OrderRecord
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.brokers import Broker
    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.leases import Heartbeats
    from quantumzero.ports.market_data import BarStore
    from quantumzero.usecases.apply_broker_order import ApplyBrokerOrder

CASH_TOLERANCE = Decimal("0.01")
_LOOK_BACK = timedelta(hours=1)
# A fill between two reads looks like a difference; only one that stays through these comparisons is one.
_COMPARISONS = 3


@dataclass(frozen=True, slots=True)
class ReconcileReport:
    """The verdict and, when it is not clean, each difference in words."""

    clean: bool
    differences: Sequence[str]
    orders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileAccount:
    """Compare, and stop entries on a difference."""

    books: AccountLedger
    switch: TradingSwitch
    alerts: Alerts
    heartbeats: Heartbeats
    broker: Broker
    apply: ApplyBrokerOrder
    bars: BarStore
    timeframe: str
    market: MarketClock
    machine: MachineClock
    backoff: Backoff

    def begin(self, *, at: datetime) -> None:
        """Count the opening of the books as a clean comparison: they were copied from the broker at that market time.

        What others traded in the account before then is in the figures already, and is no difference.
        """
        self.switch.record_reconcile(clean=True, at=self.machine.now(), market_time=at)

    def reconcile(self) -> ReconcileReport:
        """Return the verdict and store it.

        Raises UnavailableError when the broker could not be read whole: then there is no verdict, and nothing changes.
        """
        since = self._since(self.switch.risk().reconciled_market_time)
        differences: list[str] = []
        orders: Sequence[BrokerOrder] = ()
        for comparison in range(_COMPARISONS):
            if comparison:
                self.backoff.wait(comparison)
            orders = self.broker.orders(since=since, open_only=False)
            differences = [*self._compare_orders(orders), *self._compare_books()]
            if not differences:
                break
        clean = not differences
        now = self.market.now()
        self.switch.record_reconcile(clean=clean, at=self.machine.now(), market_time=now)
        if clean:
            detail = f"{len(orders)} orders, positions and cash agree"
            self.heartbeats.beat("reconcile_account", market_time=now, detail=detail)
        else:
            self._stop_entries(differences, now)
        return ReconcileReport(clean, differences, len(orders))

    def _since(self, last: datetime | None) -> datetime | None:
        """Return from when on the broker's orders are compared: an order that works may be older than the last time."""
        if last is None:
            return None
        working = (each.created_at for each in self.apply.ledger.open_orders())
        return min([last, *working]) - _LOOK_BACK

    def _compare_orders(self, orders: Sequence[BrokerOrder]) -> list[str]:
        differences = []
        for snapshot in orders:
            name = snapshot.client_order_id
            if not is_ours(name):
                differences.append(
                    f"order {snapshot.broker_order_id} ({snapshot.side} {snapshot.quantity} {snapshot.symbol}) "
                    "was not made here"
                )
                continue
            try:
                if self.apply.apply(snapshot) is None:
                    self.apply.apply(snapshot, known=self._adopted(snapshot))
            except CorruptDataError as error:
                differences.append(str(error))
        return differences

    def _adopted(self, snapshot: BrokerOrder) -> OrderRecord:
        """Value an order that the ledger lost by its fills, else by the newest close."""
        now = self.market.now()
        price = snapshot.average_fill_price
        if price is None:
            newest = self.bars.bars(snapshot.symbol, self.timeframe, until=now, limit=1)
            price = price_decimal(newest[-1].close) if newest else Decimal(0)
        return adopt(snapshot, at=now, reference_price=price)

    def _compare_books(self) -> list[str]:
        account, positions = self.broker.holdings()
        picture = self.books.picture()
        here = {each.symbol: each.quantity for each in non_zero(picture.positions)}
        there = {each.symbol: each.quantity for each in positions if each.quantity}
        differences = [
            f"{symbol}: the ledger holds {here.get(symbol, 0)}, the broker {there.get(symbol, 0)}"
            for symbol in sorted(here.keys() | there.keys())
            if here.get(symbol, 0) != there.get(symbol, 0)
        ]
        if abs(account.cash - picture.cash) > CASH_TOLERANCE:
            differences.append(f"cash: the ledger has {picture.cash}, the broker {account.cash}")
        return differences

    def _stop_entries(self, differences: Sequence[str], now: datetime) -> None:
        text = "; ".join(differences)
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        self.alerts.raise_alert(
            LedgerAlert(
                f"mismatch-{now:%Y%m%d}-{name}",
                now,
                "critical",
                f"ledger and broker differ: {text}",
            )
        )
        risk = self.switch.risk()
        if risk.state is not TradingState.ACTIVE:
            return
        try:
            self.switch.set_state(
                TradingState.REDUCING, by="reconcile", reason=text, at=now, epoch=risk.epoch
            )
        except ConflictError:
            # Somebody changed the state in this moment: their word counts, the next comparison comes soon.
            return
