"""Hold the broker's stream of order news under a lease and apply each word of it as it arrives."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.errors import CorruptDataError, RetryableError
from quantumzero.ports.ledger import Alerts, LedgerAlert

if TYPE_CHECKING:
    from quantumzero.domain.orders import BrokerOrder
    from quantumzero.ports.brokers import TradeUpdates
    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.leases import Heartbeats, Lease, Leases
    from quantumzero.usecases.apply_broker_order import ApplyBrokerOrder
    from quantumzero.usecases.rest_legs import RestLegs

LEASE = "trade-updates"
LEASE_SECONDS = 30
_RENEW_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayTradeUpdates:
    """Relay until the time is up; the next invocation takes over, and the sweep repairs the gap between the two."""

    stream: TradeUpdates
    apply: ApplyBrokerOrder
    leases: Leases
    heartbeats: Heartbeats
    alerts: Alerts
    market: MarketClock
    machine: MachineClock
    legs: RestLegs | None = None

    def relay(self, *, owner: str, seconds: float) -> int | None:
        """Return how many updates were applied, None when somebody else holds the stream.

        owner names this invocation; seconds is how long to hold on.
        """
        lease = self.leases.acquire(LEASE, owner, seconds=LEASE_SECONDS)
        if lease is None:
            return None
        applied = 0
        renewed = self.machine.monotonic()
        try:
            for snapshot in self.stream.updates(seconds=seconds):
                applied += snapshot is not None and self._accept(snapshot, owner)
                if self.machine.monotonic() - renewed >= _RENEW_SECONDS:
                    renewed = self.machine.monotonic()
                    held = self._renewed(lease, applied)
                    if held is None:
                        break
                    lease = held
        finally:
            # A lease that cannot be given back now runs out by itself.
            with suppress(RetryableError):
                self.leases.release(lease)
        return applied

    def _renewed(self, lease: Lease, applied: int) -> Lease | None:
        """Return the lease held on to, None when it was lost; an unanswered renewal is tried again later.

        Until then somebody else may take the lease: two relays apply the same words, which changes nothing.
        """
        try:
            held = self.leases.renew(lease, seconds=LEASE_SECONDS)
            if held is not None:
                self.heartbeats.beat("relay_trade_updates", detail=f"{applied} applied")
        except RetryableError:
            return lease
        return held

    def _accept(self, snapshot: BrokerOrder, owner: str) -> bool:
        """Apply one word; no trouble with it ends the relay, for the sweep reads the same order within a minute.

        The legs of an entry that is closed now go to rest at once.
        """
        try:
            record = self.apply.apply(snapshot)
            if record is not None and self.legs is not None:
                self.legs.follow(record, request=owner)
            return record is not None
        except RetryableError:
            return False
        except CorruptDataError as error:
            with suppress(RetryableError):
                self._complain(snapshot, error)
            return False

    def _complain(self, snapshot: BrokerOrder, error: CorruptDataError) -> None:
        identifier = f"corrupt-{snapshot.client_order_id}"
        alert = LedgerAlert(identifier, self.market.now(), "critical", str(error))
        self.alerts.raise_alert(alert)
