"""Hold the broker's stream of order news under a lease and apply each word of it as it arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.errors import ConflictError, CorruptDataError
from quantumzero.ports.ledger import Alerts, LedgerAlert

if TYPE_CHECKING:
    from quantumzero.domain.orders import BrokerOrder
    from quantumzero.ports.brokers import TradeUpdates
    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.leases import Leases
    from quantumzero.usecases.apply_broker_order import ApplyBrokerOrder

LEASE = "LEASE#trade-updates"
LEASE_SECONDS = 30
_RENEW_SECONDS = 10


class RelayTradeUpdates:
    """Relay until the time is up; the next invocation takes over, and the sweep repairs the gap between the two."""

    def __init__(
        self,
        *,
        stream: TradeUpdates,
        apply: ApplyBrokerOrder,
        leases: Leases,
        alerts: Alerts,
        market: MarketClock,
        machine: MachineClock,
    ) -> None:
        self._stream = stream
        self._apply = apply
        self._leases = leases
        self._alerts = alerts
        self._market = market
        self._machine = machine

    def relay(self, *, owner: str, seconds: float) -> int | None:
        """Return how many updates were applied, None when somebody else holds the stream.

        owner names this invocation; seconds is how long to hold on.
        """
        if not self._leases.acquire(LEASE, owner, seconds=LEASE_SECONDS):
            return None
        applied = 0
        renewed = self._machine.monotonic()
        try:
            for snapshot in self._stream.updates(seconds=seconds):
                applied += snapshot is not None and self._accept(snapshot)
                if self._machine.monotonic() - renewed >= _RENEW_SECONDS:
                    renewed = self._machine.monotonic()
                    if not self._leases.renew(LEASE, owner, seconds=LEASE_SECONDS):
                        break
        finally:
            self._leases.release(LEASE, owner)
        return applied

    def _accept(self, snapshot: BrokerOrder) -> bool:
        try:
            return self._apply.apply(snapshot) is not None
        except ConflictError:
            # The sweep reads the same order from the broker within a minute.
            return False
        except CorruptDataError as error:
            identifier = f"corrupt-{snapshot.client_order_id}"
            self._alerts.raise_alert(
                LedgerAlert(identifier, self._market.now(), "critical", str(error))
            )
            return False
