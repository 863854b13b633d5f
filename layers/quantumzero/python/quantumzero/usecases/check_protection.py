"""Let go the stops and targets whose price a bar has met, and take away those of positions that are closed.

Called by every sweep. A leg sells at most what its strategy holds and nothing else is selling; the strategy's version
in the transaction keeps two exits of one holding apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.errors import ConflictError, RetryableError, UnknownOutcomeError
from quantumzero.domain.ledger_changes import RiskGuard, change_of
from quantumzero.domain.orders import Leg, Side
from quantumzero.domain.portfolio import Position, apply_split
from quantumzero.domain.protection import fire, grow, heir, met, restated, stand_down
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.domain.strategy.split_adjustment import exchange_date
from quantumzero.ports.ledger import LedgerAlert, StrategyHolding
from quantumzero.usecases.protective_steps import newest_leg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.bars import Bar, Split
    from quantumzero.domain.order_lifecycle import Transition
    from quantumzero.domain.orders import OrderRecord
    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.ledger import Alerts, OrderLedger, StrategyHoldings
    from quantumzero.ports.market_data import BarStore
    from quantumzero.usecases.cancel_orders import CancelOrders
    from quantumzero.usecases.place_order import PlaceOrder

_EXITS = frozenset({TradingState.ACTIVE, TradingState.REDUCING})
# Bars between two sweeps, with room for sweeps that failed.
_NEWEST_BARS = 10
# So often a leg may come to nothing before a person should look.
_PATIENCE = 3
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckProtection:
    """Look after the held orders."""

    ledger: OrderLedger
    strategies: StrategyHoldings
    bars: BarStore
    timeframes: Sequence[str]
    place: PlaceOrder
    cancel: CancelOrders
    alerts: Alerts
    market: MarketClock
    machine: MachineClock

    def check(self, *, request: str) -> int:
        """Visit every held order; return how many were let go. One order's trouble never keeps the others."""
        try:
            held = self.ledger.held_orders()
        except RetryableError:
            return 0
        return sum(self._visit(leg, request) for leg in held)

    def _visit(self, leg: OrderRecord, request: str) -> bool:
        try:
            return self._look(leg, request)
        except (ConflictError, RetryableError, UnknownOutcomeError):
            # Somebody else moved it, or nothing is known now: the next sweep looks again.
            return False

    def _look(self, leg: OrderRecord, request: str) -> bool:
        own = self._holding(leg)
        held = own.quantity if leg.terms.side is Side.SELL else -own.quantity
        if held <= 0:
            self._commit(stand_down(leg, "POSITION_CLOSED", "the position it protected is closed"))
            return False
        split = self._split_since(leg)
        if split is not None:
            quantity = apply_split(leg.terms.quantity, split)
            self._commit(restated(leg, quantity, split.new, split.old, self.market.now()))
            return False
        if leg.terms.quantity > held:
            step = grow(leg, held)
            self._commit(step)
            leg = step.after
        if not met(leg, self._bars(leg)):
            return False
        return self._let_go(leg, own, held, request)

    def _let_go(self, leg: OrderRecord, own: StrategyHolding, held: Decimal, request: str) -> bool:
        selling = leg.terms.side is Side.SELL
        free = held - (own.pending_sell if selling else own.pending_buy)
        if free < leg.terms.quantity and leg.terms.leg is Leg.STOP:
            self._clear_the_way(leg)
        quantity = min(leg.terms.quantity, free)
        if quantity <= 0:
            return False
        _, generation = newest_leg(self.ledger, leg.terms.parent or "", leg.terms.leg)
        at = self.market.now()
        step = fire(leg, quantity, at=at, recorded_at=self.machine.now())
        guard = RiskGuard(_EXITS, strategy_version=own.version)
        follower = heir(leg, generation + 1, at=at)
        self._commit(step, guard, (follower,))
        self._tell(leg, generation)
        self.place.send(step.after, request=request)
        return True

    def _clear_the_way(self, stop: OrderRecord) -> None:
        """A target that is working holds the shares: it is cancelled, and the stop goes when that is closed."""
        for order in self.ledger.open_orders():
            if order.terms.parent == stop.terms.parent and order.terms.leg is Leg.TARGET:
                self.cancel.cancel(order)

    def _tell(self, leg: OrderRecord, generation: int) -> None:
        if generation < _PATIENCE:
            return
        parent = leg.terms.parent or ""
        text = (
            f"the {leg.terms.leg} of order {parent} was sent {generation} times and "
            f"{leg.terms.symbol} is still held; look at why the broker does not take it"
        )
        alert = LedgerAlert(f"protection-{parent}", self.market.now(), "critical", text)
        self.alerts.raise_alert(alert)

    def _holding(self, leg: OrderRecord) -> StrategyHolding:
        strategy, symbol = leg.terms.strategy, leg.terms.symbol
        found = self.strategies.strategy_holdings(strategy)
        nothing = StrategyHolding(strategy, symbol, _ZERO, _ZERO, _ZERO)
        return next((each for each in found if each.symbol == symbol), nothing)

    def _split_since(self, leg: OrderRecord) -> Split | None:
        day = exchange_date(leg.created_at)
        splits = self.bars.splits(leg.terms.symbol)
        return next((each for each in splits if each.ex_date > day), None)

    def _bars(self, leg: OrderRecord) -> Sequence[Bar]:
        now, symbol = self.market.now(), leg.terms.symbol
        return [
            bar
            for timeframe in self.timeframes
            for bar in self.bars.bars(symbol, timeframe, until=now, limit=_NEWEST_BARS)
        ]

    def _commit(
        self,
        step: Transition,
        guard: RiskGuard | None = None,
        companions: tuple[Transition, ...] = (),
    ) -> None:
        untouched = Position(step.after.terms.symbol)
        now = self.market.now()
        self.ledger.commit(change_of(step, untouched, at=now, guard=guard, companions=companions))
