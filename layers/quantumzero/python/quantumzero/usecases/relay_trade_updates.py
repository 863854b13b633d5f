"""Hold the broker's stream of order news under a lease and apply each word of it as it arrives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.errors import ConflictError, CorruptDataError
from quantumzero.ports.ledger import Alerts, LedgerAlert

if TYPE_CHECKING:
    from quantumzero.domain.orders import BrokerOrder
    from quantumzero.ports.brokers import TradeUpdates
    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.leases import Heartbeats, Leases
    from quantumzero.usecases.apply_broker_order import ApplyBrokerOrder

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
                applied += snapshot is not None and self._accept(snapshot)
                if self.machine.monotonic() - renewed >= _RENEW_SECONDS:
                    renewed = self.machine.monotonic()
                    held = self.leases.renew(lease, seconds=LEASE_SECONDS)
                    if held is None:
                        break
                    lease = held
                    self.heartbeats.beat("relay_trade_updates", detail=f"{applied} applied")
        finally:
            self.leases.release(lease)
        return applied

    def _accept(self, snapshot: BrokerOrder) -> bool:
        try:
            return self.apply.apply(snapshot) is not None
        except ConflictError:
            # The sweep reads the same order from the broker within a minute.
            return False
        except CorruptDataError as error:
            identifier = f"corrupt-{snapshot.client_order_id}"
            self.alerts.raise_alert(
                LedgerAlert(identifier, self.market.now(), "critical", str(error))
            )
            return False
