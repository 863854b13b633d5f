"""Send the legs of a closed entry to rest at the broker, where it can hold them.

Called as soon as somebody knows that the entry is closed, and by every sweep for each leg that is still held. The leg's
own id is the intent; its successor is written in the same transaction, and does nothing while the leg is alive.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.errors import ConflictError, RetryableError, UnknownOutcomeError
from quantumzero.domain.ledger_changes import RiskGuard, change_of
from quantumzero.domain.orders import Leg, OrderRecord, OrderState, OrderTerms, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.protection import heir, let_go, protects
from quantumzero.domain.resting_legs import may_rest_again, refused_too_often, resting_terms
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.domain.strategy.split_adjustment import exchange_date
from quantumzero.ports.ledger import LedgerAlert
from quantumzero.usecases.protective_steps import generations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.ledger import Alerts, OrderLedger, StrategyHolding
    from quantumzero.usecases.place_order import PlaceOrder

EXITS = frozenset({TradingState.ACTIVE, TradingState.REDUCING})
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Family:
    """The stops and targets of one entry, oldest first; resting is what is alive at the broker or on its way there."""

    stops: Sequence[OrderRecord]
    targets: Sequence[OrderRecord]

    @property
    def resting(self) -> OrderRecord | None:
        alive = (each for each in (*self.stops, *self.targets) if each.terms.rests)
        return next((each for each in alive if not each.terminal), None)

    @property
    def stop(self) -> OrderRecord | None:
        return _held(self.stops)

    @property
    def target(self) -> OrderRecord | None:
        return _held(self.targets)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestLegs:
    """Let legs rest; broker is its name in the table of capabilities."""

    ledger: OrderLedger
    place: PlaceOrder
    alerts: Alerts
    market: MarketClock
    machine: MachineClock
    broker: str = "alpaca"

    def family(self, entry: str) -> Family:
        """Return the legs of the entry as stored now."""
        return Family(
            generations(self.ledger, entry, Leg.STOP), generations(self.ledger, entry, Leg.TARGET)
        )

    def follow(self, entry: OrderRecord, *, request: str) -> bool:
        """Let the legs of an order rest if that has just closed; no trouble with it is the caller's.

        After a split since the legs were written the sweep restates them first.
        """
        if not _closed(entry):
            return False
        with suppress(ConflictError, RetryableError, UnknownOutcomeError):
            family = self.family(entry.terms.client_order_id)
            today = exchange_date(self.market.now())
            held = [each for each in (family.stop, family.target) if each is not None]
            if all(exchange_date(each.created_at) == today for each in held):
                return self.rest(entry, request=request)
        return False

    def rest(self, entry: OrderRecord, *, request: str) -> bool:
        """Send the held legs to rest if the entry is closed and the broker takes them; tell whether that was done.

        Raises ConflictError when somebody else moved one of them, or the trading state does not permit it.
        """
        strategy, symbol = entry.terms.strategy, entry.terms.symbol
        # Read before the legs: whoever lets one of them rest meanwhile moves its version, and the transaction notices.
        own = self.ledger.strategy_holding(strategy, symbol)
        family = self.family(entry.terms.client_order_id)
        leg = family.stop or family.target
        if leg is None or family.resting is not None or not _closed(entry):
            return False
        if self.ledger.risk().governing(strategy, symbol).state not in EXITS:
            return False
        terms = self._terms(family, own)
        if terms is None:
            return False
        kind, at = leg.terms.leg, self.market.now()
        follower = heir(leg, len(family.stops if kind is Leg.STOP else family.targets) + 1, at=at)
        step = let_go(leg, terms, "rests", at=at, recorded_at=self.machine.now())
        guard = RiskGuard(EXITS, strategy_version=own.version)
        untouched = Position(terms.symbol)
        change = change_of(step, untouched, at=at, guard=guard, companions=(follower,))
        self.ledger.commit(change)
        state = self.place.send(step.after, request=request)
        if state is OrderState.REJECTED:
            self._tell(step.after)
        return True

    def _terms(self, family: Family, own: StrategyHolding) -> OrderTerms | None:
        """Return what is to rest, None while an order adds to the position, nothing is free, or it was refused."""
        held = [each for each in (family.stop, family.target) if each is not None]
        side = held[0].terms.side
        adding = own.pending_buy if side is Side.SELL else own.pending_sell
        quantity = min([own.free(side) - own.resting, *(each.terms.quantity for each in held)])
        before = family.stops if family.stop is not None else family.targets
        if adding > 0 or quantity <= _ZERO or refused_too_often(before):
            return None
        if not may_rest_again(family.stop, family.stops):
            return None
        return resting_terms(family.stop, family.target, quantity, self.broker)

    def _tell(self, leg: OrderRecord) -> None:
        """Tell once when the broker keeps refusing to hold the legs of an entry."""
        parent, kind = leg.terms.parent or "", leg.terms.leg
        if not refused_too_often(generations(self.ledger, parent, kind)[:-1]):
            return
        text = (
            f"the broker refused to hold the {kind} of order {parent} for {leg.terms.symbol}; it is kept here and "
            "sent by the sweep when a bar meets its price"
        )
        alert = LedgerAlert(f"protection-kept-{parent}", self.market.now(), "warning", text)
        self.alerts.raise_alert(alert)


def _closed(entry: OrderRecord) -> bool:
    return protects(entry.terms) and entry.terminal and entry.filled_quantity > 0


def _held(legs: Sequence[OrderRecord]) -> OrderRecord | None:
    newest = legs[-1] if legs else None
    return newest if newest is not None and newest.held and not newest.terminal else None
