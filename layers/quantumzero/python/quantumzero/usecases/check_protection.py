"""Look after the legs that are held here: let them rest at the broker, let go those whose price a bar has met.

Called by every sweep. A leg does nothing while one of its family rests at the broker. One that is let go sells at most
what its strategy holds and nothing else is selling; the strategy's version in the transaction keeps two exits of one
holding apart. Legs of positions that are closed are taken away, at the broker first.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from quantumzero.domain.errors import ConflictError, RetryableError, UnknownOutcomeError
from quantumzero.domain.ledger_changes import RiskGuard, change_of
from quantumzero.domain.order_lifecycle import abandon
from quantumzero.domain.orders import Leg, OrderType
from quantumzero.domain.portfolio import Position, apply_split
from quantumzero.domain.protection import (
    fire,
    follow,
    follows_market,
    grow,
    heir,
    met,
    restated,
)
from quantumzero.domain.strategy.split_adjustment import exchange_date
from quantumzero.ports.ledger import LedgerAlert
from quantumzero.usecases.protective_steps import generations
from quantumzero.usecases.rest_legs import EXITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.bars import Bar, Split
    from quantumzero.domain.order_lifecycle import Transition
    from quantumzero.domain.orders import OrderRecord
    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.ledger import Alerts, OrderLedger, SessionLedger, StrategyHolding
    from quantumzero.ports.market_data import BarStore
    from quantumzero.usecases.cancel_orders import CancelOrders
    from quantumzero.usecases.place_order import PlaceOrder
    from quantumzero.usecases.rest_legs import Family, RestLegs

# Bars between two sweeps, with room for sweeps that failed.
_NEWEST_BARS = 10
# So often a leg may come to nothing before a person should look.
_PATIENCE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckProtection:
    """Look after the held orders."""

    ledger: OrderLedger
    bars: BarStore
    timeframes: Sequence[str]
    place: PlaceOrder
    rest: RestLegs
    sessions: SessionLedger
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
        own = self.ledger.strategy_holding(leg.terms.strategy, leg.terms.symbol)
        family = self.rest.family(leg.terms.parent or "")
        held = own.held(leg.terms.side)
        if held <= 0:
            self._take_away(leg, family)
            return False
        splits = self._splits_since(leg)
        if splits:
            self._restate(leg, splits)
            return False
        if leg.terms.quantity > held:
            step = grow(leg, held)
            self._commit(step)
            leg = step.after
        if leg.terms.leg is Leg.TIME:
            return self._time_is_up(leg) and self._let_go(leg, own, request)
        return self._look_at_price(leg, own, family, request)

    def _look_at_price(
        self, leg: OrderRecord, own: StrategyHolding, family: Family, request: str
    ) -> bool:
        resting = family.resting
        # What rests is the broker's to watch: bars are read for a stop that trails here all the while.
        bars = self._bars(leg) if resting is None or follows_market(leg.terms) else ()
        if resting is None and met(leg, bars):
            return self._let_go(leg, own, request)
        step = follow(leg, bars, at=self.market.now())
        if step is not None:
            self._commit(step)
        if resting is not None:
            self._keep_in_step(leg, resting, own)
            return False
        entry = self.ledger.order(leg.terms.parent or "")
        if entry is None or not entry.terminal:
            return False
        return self.rest.rest(entry, request=request)

    def _take_away(self, leg: OrderRecord, family: Family) -> None:
        """The position is closed: what rests at the broker is cancelled, the held leg stays until that is closed."""
        if family.resting is not None:
            self.cancel.cancel(family.resting)
            return
        self._commit(
            abandon(leg, code="POSITION_CLOSED", reason="the position it protected is closed")
        )

    def _keep_in_step(self, leg: OrderRecord, resting: OrderRecord, own: StrategyHolding) -> None:
        """A leg that rests for another quantity than is to be protected now is cancelled; the held one rests anew."""
        others = own.resting - resting.open_quantity
        wanted = min(leg.terms.quantity, own.free(leg.terms.side) - others)
        if resting.open_quantity != wanted:
            self.cancel.cancel(resting)

    def _let_go(self, leg: OrderRecord, own: StrategyHolding, request: str) -> bool:
        free = own.free(leg.terms.side)
        if free < leg.terms.quantity and leg.terms.leg is not Leg.TARGET:
            self._clear_the_way(leg)
        quantity = min(leg.terms.quantity, free)
        if quantity <= 0:
            return False
        known = generations(self.ledger, leg.terms.parent or "", leg.terms.leg)
        at = self.market.now()
        step = fire(leg, quantity, at=at, recorded_at=self.machine.now())
        guard = RiskGuard(EXITS, strategy_version=own.version)
        follower = heir(leg, len(known) + 1, at=at)
        self._commit(step, guard, (follower,))
        self._tell(leg, sum(not each.terms.rests for each in known))
        self.place.send(step.after, request=request)
        return True

    def _clear_the_way(self, leg: OrderRecord) -> None:
        """An exit that waits for a price holds the shares: it is cancelled, and the leg goes when that is closed."""
        terms = leg.terms
        part = (terms.strategy, terms.symbol, terms.side)
        for order in self.ledger.open_orders():
            other = order.terms
            waits = other.reducing and other.order_type is not OrderType.MARKET and not other.rests
            same = (other.strategy, other.symbol, other.side) == part
            if same and waits and other.leg not in (Leg.STOP, Leg.TIME):
                self.cancel.cancel(order)

    def _tell(self, leg: OrderRecord, sent: int) -> None:
        if sent < _PATIENCE:
            return
        parent = leg.terms.parent or ""
        text = (
            f"the {leg.terms.leg} of order {parent} was sent {sent} times and "
            f"{leg.terms.symbol} is still held; look at why the broker does not take it"
        )
        alert = LedgerAlert(f"protection-{parent}", self.market.now(), "critical", text)
        self.alerts.raise_alert(alert)

    def _splits_since(self, leg: OrderRecord) -> Sequence[Split]:
        day = exchange_date(leg.created_at)
        return [each for each in self.bars.splits(leg.terms.symbol) if each.ex_date > day]

    def _restate(self, leg: OrderRecord, splits: Sequence[Split]) -> None:
        """Multiply the leg as the books were; while they are not yet, it is neither too large nor to be let go."""
        prepared = self.sessions.prepared_until()
        if prepared is None or prepared.isoformat() < splits[-1].ex_date:
            return
        quantity = leg.terms.quantity
        for split in splits:
            quantity = apply_split(quantity, split)
        new, old = prod(each.new for each in splits), prod(each.old for each in splits)
        self._commit(restated(leg, quantity, new, old, self.market.now()))

    def _time_is_up(self, leg: OrderRecord) -> bool:
        """Tell whether so many bars have opened and closed since the entry last filled."""
        entry, plan = self.ledger.order(leg.terms.parent or ""), leg.terms.protection
        since = None if entry is None else entry.filled_at
        if since is None or plan is None or plan.timeframe is None or plan.time_stop_bars is None:
            return False
        wanted = plan.time_stop_bars
        now = self.market.now()
        bars = self.bars.bars(leg.terms.symbol, plan.timeframe, until=now, limit=wanted)
        return len(bars) == wanted and all(bar.opens_at > since for bar in bars)

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
