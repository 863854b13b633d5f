"""Put a new order in the place of a working one, by the same controls as a new order.

Nothing is sent here: the intent is placed by whoever asks, or taken up by the sweep. Until the old order is closed the
two are both reserved where there is room, else they count as the greater of their values (domain/order_replacement.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.errors import InvalidInputError, NotFoundError, RefusedError
from quantumzero.domain.ledger_changes import RiskGuard, change_of
from quantumzero.domain.order_capabilities import capability, check_capability
from quantumzero.domain.order_replacement import (
    OrderChanges,
    asks_for,
    never_lived,
    replace_step,
    replacement_terms,
)
from quantumzero.domain.order_shapes import valuation_price
from quantumzero.domain.orders import Side
from quantumzero.domain.prices import price_decimal
from quantumzero.domain.risk.controls import first_refusal
from quantumzero.domain.risk.proposal import NO_MODEL
from quantumzero.domain.risk.reservation import guard_of
from quantumzero.usecases.conflicts import decide_until_committed
from quantumzero.usecases.decide_order import denial

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.bars import Bar
    from quantumzero.domain.orders import OrderRecord, OrderTerms
    from quantumzero.domain.risk.account_risk import AccountRisk
    from quantumzero.domain.risk.proposal import Proposal
    from quantumzero.usecases.decide_order import DecideOrder
    from quantumzero.usecases.order_facts import Reading

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceOrder:
    """Write the order that takes another one's place."""

    decide: DecideOrder
    timeframes: Sequence[str]

    def replace(self, client_order_id: str, changes: OrderChanges) -> OrderRecord:
        """Return the new order: an intent, or DENIED with the reason; the old one then stays as it is.

        The same changes again answer the same order. Raises NotFoundError on an unknown order, RefusedError when it
        does not work or is being replaced by something else, InvalidInputError when the new order makes no sense or
        the broker does not take it, ConflictError when other writers kept winning.
        """
        return decide_until_committed(
            lambda: self._attempt(client_order_id, changes), self.decide.backoff
        )

    def _attempt(self, client_order_id: str, changes: OrderChanges) -> OrderRecord:
        old = self._stored(client_order_id)
        successor = None if old.replaced_by is None else self._stored(old.replaced_by)
        if successor is not None and not never_lived(successor):
            return _same(successor, changes)
        self._require_settled(old)
        terms = replacement_terms(old, changes, successor)
        self._check(old, terms)
        bar = self._newest(terms.symbol)
        reading = self.decide.facts.read(
            terms.strategy, terms.symbol, timeframe=bar.timeframe, until=bar.closes_at
        )
        proposal = self.decide.facts.propose(
            terms,
            _without(reading, old),
            price=valuation_price(terms, price_decimal(bar.close)),
            priced_at=bar.closes_at,
            timeframe=bar.timeframe,
            inference=NO_MODEL,
        )
        return self._write(old, proposal, reading)

    def _write(self, old: OrderRecord, proposal: Proposal, reading: Reading) -> OrderRecord:
        refusal = first_refusal(proposal)
        exact = _beside(guard_of(proposal))
        both = _holds_both(exact, reading.risk, proposal.terms)
        child, noted = replace_step(
            old,
            proposal.terms,
            at=proposal.market_time,
            recorded_at=self.decide.machine.now(),
            reference_price=proposal.price,
            both=both,
        )
        guard: RiskGuard | None = exact if both else _with_room(exact, old)
        if refusal is not None:
            child, guard = denial(proposal, refusal), None
        change = change_of(
            child,
            reading.position(old.terms.symbol),
            at=proposal.market_time,
            guard=guard,
            companions=(noted,),
        )
        self.decide.ledger.commit(change)
        return child.after

    def _check(self, old: OrderRecord, terms: OrderTerms) -> None:
        wrong = check_capability(terms, self.decide.broker)
        offered = capability(old.terms, self.decide.broker)
        if terms.notional is not None or offered is None or not offered.replace:
            wrong = (
                f"{self.decide.broker} does not replace orders like {terms.client_order_id}; cancel it and "
                "order anew when it is closed"
            )
        if wrong is not None:
            raise InvalidInputError(wrong, field="body")

    def _require_settled(self, old: OrderRecord) -> None:
        """A chain is replaced link by link: what the order itself replaced must be closed first."""
        before = old.terms.replaces
        if before is not None and not self._stored(before).terminal:
            raise RefusedError(
                f"order {old.terms.client_order_id} replaces {before}, which is not closed yet; ask again in a moment"
            )

    def _newest(self, symbol: str) -> Bar:
        """Return the newest bar of any timeframe: what the order is valued at."""
        found = self.decide.facts.newest_bar(symbol, self.timeframes)
        if found is None:
            raise RefusedError(f"no bar of {symbol} is stored yet, so an order cannot be valued")
        return found

    def _stored(self, client_order_id: str) -> OrderRecord:
        record = self.decide.ledger.order(client_order_id)
        if record is None:
            raise NotFoundError(f"order {client_order_id} is not in the ledger")
        return record


def _same(successor: OrderRecord, changes: OrderChanges) -> OrderRecord:
    """Answer what was asked before; something else may be asked of the new order once it works."""
    if asks_for(successor.terms, changes):
        return successor
    raise RefusedError(
        f"order {successor.terms.replaces} is replaced by {successor.terms.client_order_id} already; replace that one"
    )


def _without(reading: Reading, old: OrderRecord) -> Reading:
    """Return the account as if the old order were closed: the new one takes its room."""
    terms, reserved, rest = old.terms, old.reserved_value, old.open_quantity
    risk, own = reading.risk, reading.own
    used = risk.symbol_used.get(terms.symbol, _ZERO) - reserved
    promised = risk.strategy_reserved.get(terms.strategy, _ZERO) - reserved
    buying = terms.side is Side.BUY
    return replace(
        reading,
        risk=replace(
            risk,
            gross_used=risk.gross_used - reserved,
            open_reserved=risk.open_reserved - reserved,
            symbol_used={**risk.symbol_used, terms.symbol: used},
            strategy_reserved={**risk.strategy_reserved, terms.strategy: promised},
            open_orders=risk.open_orders - 1,
        ),
        own=replace(
            own,
            pending_buy=own.pending_buy - (rest if buying else _ZERO),
            pending_sell=own.pending_sell - (_ZERO if buying else rest),
        ),
        working=tuple(each for each in reading.working if each != terms),
    )


def _beside(guard: RiskGuard) -> RiskGuard:
    """Return the guard of the new order while the old one is open beside it."""
    orders = guard.open_orders_before
    return replace(guard, open_orders_before=None if orders is None else orders + 1)


def _holds_both(guard: RiskGuard, risk: AccountRisk, terms: OrderTerms) -> bool:
    """Tell whether there is room for all of the new order beside all of the old one; the transaction looks again."""
    bounds = (
        (risk.gross_used, guard.gross_before),
        (risk.symbol_used.get(terms.symbol, _ZERO), guard.symbol_before),
        (risk.open_reserved, guard.reserved_before),
        (risk.strategy_reserved.get(terms.strategy, _ZERO), guard.strategy_reserved_before),
    )
    return all(most is None or used <= most for used, most in bounds)


def _with_room(guard: RiskGuard, old: OrderRecord) -> RiskGuard:
    """Return the guard with the room that the old order has already."""
    kept = old.reserved_value
    return replace(
        guard,
        gross_before=_plus(guard.gross_before, kept),
        symbol_before=_plus(guard.symbol_before, kept),
        reserved_before=_plus(guard.reserved_before, kept),
        strategy_reserved_before=_plus(guard.strategy_reserved_before, kept),
    )


def _plus(bound: Decimal | None, room: Decimal) -> Decimal | None:
    return None if bound is None else bound + room
