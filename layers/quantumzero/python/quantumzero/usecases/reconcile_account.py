"""Compare the ledger with the broker: orders, positions and cash.

Orders are evidence and are applied; those that somebody else made are followed in the books and never touched. A
position or cash that still differs after that is never corrected by itself and never traded away: entries stop, and a
person is told. Every comparison leaves a report.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.calendars import EXCHANGE_ZONE
from quantumzero.domain.errors import ConflictError, CorruptDataError, UnavailableError
from quantumzero.domain.external_orders import adopt_external
from quantumzero.domain.order_identity import is_ours
from quantumzero.domain.order_lifecycle import adopt
from quantumzero.domain.portfolio import Position, non_zero
from quantumzero.domain.prices import price_decimal
from quantumzero.domain.reconciliation import (
    Difference,
    DifferenceKind,
    Reconciliation,
    Verdict,
    report_id,
)
from quantumzero.domain.risk.account_risk import BrokerPower, TradingState
from quantumzero.ports.ledger import AccountLedger, Alerts, LedgerAlert, TradingSwitch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.orders import BrokerOrder
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.brokers import Broker
    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.leases import Heartbeats
    from quantumzero.ports.market_data import BarStore
    from quantumzero.ports.reconciliations import Reconciliations
    from quantumzero.usecases.apply_broker_order import ApplyBrokerOrder
    from quantumzero.usecases.book_incomes import BookIncomes

CASH_TOLERANCE = Decimal("0.01")
_LOOK_BACK = timedelta(hours=1)
# A fill between two reads looks like a difference; only one that stays through these comparisons is one.
_COMPARISONS = 3


# A report keeps so many differences; it counts all of them.
_KEPT = 100


@dataclass(frozen=True, slots=True)
class ReconcileReport:
    """The verdict and, when it is not clean, each difference in words; id names the stored report."""

    clean: bool
    differences: Sequence[str]
    orders: int
    external: int = 0
    id: str = ""


@dataclass(slots=True)
class _Comparison:
    """What one look found."""

    orders: int = 0
    positions: int = 0
    external: int = 0
    differences: list[Difference] = field(default_factory=list)
    power: BrokerPower | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileAccount:
    """Compare, and stop entries on a difference."""

    books: AccountLedger
    switch: TradingSwitch
    alerts: Alerts
    heartbeats: Heartbeats
    broker: Broker
    apply: ApplyBrokerOrder
    reports: Reconciliations
    bars: BarStore
    timeframe: str
    market: MarketClock
    machine: MachineClock
    backoff: Backoff
    incomes: BookIncomes | None = None

    def begin(self, *, at: datetime) -> None:
        """Count the opening of the books as a clean comparison: they were copied from the broker at that market time.

        What others traded in the account before then is in the figures already, and is no difference.
        """
        self.switch.record_reconcile(clean=True, at=self.machine.now(), market_time=at)

    def reconcile(self) -> ReconcileReport:
        """Return the verdict and store it.

        Raises UnavailableError when the broker could not be read whole: then there is no verdict, and nothing changes
        but that a report says so.
        """
        started = self.market.now()
        last = self.switch.risk().reconciled_market_time
        since = self._since(last)
        found = _Comparison()
        try:
            for comparison in range(_COMPARISONS):
                if comparison:
                    self.backoff.wait(comparison)
                    self._book_incomes()
                found = self._compare(since, last)
                if not found.differences:
                    break
        except UnavailableError as error:
            self._report(found, Verdict.NO_VERDICT, started, reason=str(error))
            raise
        clean = not found.differences
        # What came while it was compared is looked at next time: the verdict is of the moment at which it began.
        power = found.power if clean else None
        self.switch.record_reconcile(
            clean=clean, at=self.machine.now(), market_time=started, power=power
        )
        report = self._report(found, Verdict.CLEAN if clean else Verdict.DIFFERS, started)
        texts = [each.text for each in found.differences]
        if clean:
            detail = f"{found.orders} orders, positions and cash agree"
            self.heartbeats.beat("reconcile_account", market_time=started, detail=detail)
        else:
            self._stop_entries(texts, self.market.now())
        return ReconcileReport(clean, texts, found.orders, found.external, report)

    def _book_incomes(self) -> None:
        """Look whether a dividend or a fee is what differs; without the broker's word on it the difference stays."""
        if self.incomes is None:
            return
        today = self.market.now().astimezone(EXCHANGE_ZONE).date()
        with suppress(UnavailableError):
            self.incomes.book(today)

    def _report(
        self, found: _Comparison, verdict: Verdict, market_time: datetime, reason: str | None = None
    ) -> str:
        """Store the report and return its id."""
        at = self.machine.now()
        report = Reconciliation(
            id=report_id(at),
            at=at,
            market_time=market_time,
            verdict=verdict,
            orders=found.orders,
            positions=found.positions,
            external=found.external,
            difference_count=len(found.differences),
            differences=tuple(found.differences[:_KEPT]),
            reason=reason,
        )
        self.reports.put_reconciliation(report)
        return report.id

    def _compare(self, since: datetime | None, last: datetime | None) -> _Comparison:
        found = _Comparison()
        orders = self.broker.orders(since=since, open_only=False)
        found.orders = len(orders)
        for snapshot in orders:
            ours = is_ours(snapshot.client_order_id)
            if not ours and not self._is_followed(snapshot, last):
                continue
            found.external += not ours
            try:
                self._apply(snapshot, ours=ours)
            except CorruptDataError as error:
                found.differences.append(
                    Difference(DifferenceKind.ORDER, snapshot.client_order_id, str(error))
                )
        self._compare_books(found)
        return found

    def _is_followed(self, snapshot: BrokerOrder, last: datetime | None) -> bool:
        """Tell whether somebody else's order is not in the figures yet: made since, or followed already."""
        if last is None or snapshot.created_at is None or snapshot.created_at >= last:
            return True
        return self.apply.ledger.order(snapshot.client_order_id) is not None

    def _since(self, last: datetime | None) -> datetime | None:
        """Return from when on the broker's orders are compared: an order that works may be older than the last time."""
        if last is None:
            return None
        working = (each.created_at for each in self.apply.ledger.open_orders())
        return min([last, *working]) - _LOOK_BACK

    def _apply(self, snapshot: BrokerOrder, *, ours: bool) -> None:
        """Bring one order of the broker into the ledger; one that the ledger does not have is adopted."""
        if self.apply.apply(snapshot) is not None:
            return
        now, price = self.market.now(), self._value(snapshot)
        make = adopt if ours else adopt_external
        self.apply.apply(snapshot, known=make(snapshot, at=now, reference_price=price))
        if not ours:
            text = (
                f"somebody else made order {snapshot.broker_order_id} ({snapshot.side} {snapshot.quantity:f} "
                f"{snapshot.symbol}) in this account; the books follow it"
            )
            alert = f"external-{snapshot.broker_order_id}"
            self.alerts.raise_alert(LedgerAlert(alert, now, "warning", text))

    def _value(self, snapshot: BrokerOrder) -> Decimal:
        """Value an order that the ledger does not have by its fills, else by the newest close."""
        if snapshot.average_fill_price is not None:
            return snapshot.average_fill_price
        newest = self.bars.bars(snapshot.symbol, self.timeframe, until=self.market.now(), limit=1)
        return price_decimal(newest[-1].close) if newest else Decimal(0)

    def _compare_books(self, found: _Comparison) -> None:
        promised = self.switch.risk().open_reserved
        account, positions = self.broker.holdings()
        picture = self.books.picture()
        # Of what was reserved or given up meanwhile the broker may know or not: it is never taken for missing.
        promised = max(promised, self.switch.risk().open_reserved)
        free = picture.cash - promised
        found.power = BrokerPower(account.buying_power, free, self.machine.now())
        here = {each.symbol: each for each in picture.positions}
        there = {each.symbol: each for each in positions if each.quantity}
        held = {each.symbol for each in non_zero(picture.positions)}
        found.positions = len(held | there.keys())
        for symbol in sorted(held | there.keys()):
            own, theirs = here.get(symbol, Position(symbol)), there.get(symbol)
            quantity = theirs.quantity if theirs else Decimal(0)
            if own.quantity == quantity:
                continue
            text = f"{symbol}: the ledger holds {own.quantity}, the broker {quantity}"
            found.differences.append(
                Difference(
                    DifferenceKind.POSITION,
                    symbol,
                    text,
                    own.quantity,
                    quantity,
                    own.version,
                    theirs.average_entry_price if theirs else None,
                )
            )
        if abs(account.cash - picture.cash) > CASH_TOLERANCE:
            text = f"cash: the ledger has {picture.cash}, the broker {account.cash}"
            found.differences.append(
                Difference(
                    DifferenceKind.CASH,
                    "cash",
                    text,
                    picture.cash,
                    account.cash,
                    picture.cash_version,
                )
            )

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
