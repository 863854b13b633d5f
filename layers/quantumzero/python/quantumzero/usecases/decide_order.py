"""Turn a decision into an approved intent or a stored refusal.

Approval is one transaction that checks the limits on the same item that counts their use; the controls before it
only say why not. Repeating the same decision names the same order and answers what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain import order_capabilities, order_lifecycle, sizing
from quantumzero.domain.decisions import Action, Decision
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_capabilities import check_capability
from quantumzero.domain.order_dependencies import split_flip
from quantumzero.domain.order_identity import order_id_of
from quantumzero.domain.orders import Leg, OrderRecord, OrderState, OrderTerms, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.prices import price_decimal
from quantumzero.domain.protection import kept_here
from quantumzero.domain.risk.controls import first_refusal
from quantumzero.domain.risk.refusals import Refusal
from quantumzero.domain.risk.reservation import guard_of
from quantumzero.usecases.conflicts import decide_until_committed
from quantumzero.usecases.order_facts import OrderFacts, Reading

if TYPE_CHECKING:
    from quantumzero.domain.order_lifecycle import Transition
    from quantumzero.domain.risk.proposal import ModelVerdict, Proposal
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.ledger import (
        AccountLedger,
        OrderLedger,
        StrategyHolding,
        StrategyHoldings,
    )
    from quantumzero.ports.market_data import BarStore, MarketQuotes
    from quantumzero.ports.strategies import StrategyRepository
    from quantumzero.usecases.change_limits import ChangeLimits
    from quantumzero.usecases.stop_at_limits import StopAtLimits

_EXITS = (Action.EXIT_LONG, Action.EXIT_SHORT)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a decision; code and reason are set on a refusal."""

    approved: bool
    client_order_id: str
    code: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideOrder:
    """Size, check and reserve."""

    account: str
    ledger: OrderLedger
    books: AccountLedger
    strategies: StrategyHoldings
    bars: BarStore
    market: MarketClock
    machine: MachineClock
    backoff: Backoff
    stops: StopAtLimits
    limits: ChangeLimits
    broker: str = "alpaca"
    documents: StrategyRepository | None = None
    quotes: MarketQuotes | None = None

    @property
    def facts(self) -> OrderFacts:
        """Return the reader of what the controls look at."""
        return OrderFacts(
            ledger=self.ledger,
            books=self.books,
            strategies=self.strategies,
            bars=self.bars,
            market=self.market,
            machine=self.machine,
            limits=self.limits,
            documents=self.documents,
            quotes=self.quotes,
        )

    def decide(self, decision: Decision, inference: ModelVerdict) -> Verdict:
        """Return the verdict on an actionable decision, the stored one when there is one.

        Raises InvalidInputError on a decision to hold, ConflictError when other writers kept winning.
        """
        if not decision.actionable:
            raise InvalidInputError(
                f"decision {decision.id} says {decision.action}; only entries and exits become orders"
            )
        return decide_until_committed(lambda: self._attempt(decision, inference), self.backoff)

    def stored(self, decision: Decision) -> OrderRecord | None:
        """Return the decision's order as the ledger has it now."""
        return self.ledger.order(order_id_of(self.account, decision))

    def refuse(self, decision: Decision, *, code: str, reason: str) -> Verdict:
        """Store a refusal that needs no check; an order that exists is answered as it is."""
        return decide_until_committed(lambda: self._refuse(decision, code, reason), self.backoff)

    def _refuse(self, decision: Decision, code: str, reason: str) -> Verdict:
        stored = self.stored(decision)
        if stored is not None:
            return _verdict(stored)
        terms = OrderTerms(
            client_order_id=order_id_of(self.account, decision),
            decision_id=decision.id,
            strategy=decision.strategy,
            symbol=decision.symbol,
            side=_side(decision),
            quantity=Decimal(0),
        )
        at = max(self.market.now(), decision.closes_at)
        price = price_decimal(decision.price)
        denied = order_lifecycle.deny(terms, at=at, reference_price=price, code=code, reason=reason)
        self.ledger.commit(change_of(denied, Position(decision.symbol), at=at))
        return _verdict(denied.after)

    def _attempt(self, decision: Decision, inference: ModelVerdict) -> Verdict:
        stored = self.stored(decision)
        if stored is not None:
            return _verdict(stored)
        reading = self.facts.read(
            decision.strategy,
            decision.symbol,
            timeframe=decision.timeframe,
            until=decision.closes_at,
        )
        return _verdict(self.write(self._propose(decision, inference, reading), reading))

    def write(
        self, proposal: Proposal, reading: Reading, *, reason: str | None = None
    ) -> OrderRecord:
        """Store what the controls say of the order: an intent with its reservation, or a refusal.

        reason is kept with an intent. Raises ConflictError when what was read has changed.
        """
        terms = kept_here(proposal.terms)
        parts = split_flip(terms, closable(reading.own, proposal.side))
        asked = replace(proposal, terms=parts[-1], orders=len(parts))
        refusal = first_refusal(asked) or self._not_offered(asked.terms)
        if refusal is None:
            steps = tuple(self._intend(each, proposal, reason) for each in parts)
            guard = guard_of(asked)
            if len(parts) > 1:
                guard = replace(guard, strategy_version=proposal.strategy_version)
        else:
            steps, guard = (denial(proposal, refusal),), None
        position, at = reading.position(proposal.symbol), proposal.market_time
        change = change_of(steps[0], position, at=at, guard=guard, companions=steps[1:])
        self.ledger.commit(change)
        self._stop(proposal, refusal, reading)
        return steps[0].after

    def _not_offered(self, terms: OrderTerms) -> Refusal | None:
        text = check_capability(terms, self.broker)
        return None if text is None else Refusal(order_capabilities.CODE, text)

    def _propose(self, decision: Decision, inference: ModelVerdict, reading: Reading) -> Proposal:
        terms = terms_of(self.account, decision, reading)
        return self.facts.propose(
            terms,
            reading,
            price=price_decimal(decision.price),
            priced_at=decision.closes_at,
            timeframe=decision.timeframe,
            inference=inference,
            decision=decision,
        )

    def _intend(self, terms: OrderTerms, proposal: Proposal, reason: str | None) -> Transition:
        step = order_lifecycle.intend(
            terms,
            at=proposal.market_time,
            recorded_at=self.machine.now(),
            reference_price=proposal.price,
        )
        return replace(step, after=replace(step.after, reason=reason))

    def _stop(self, proposal: Proposal, refusal: Refusal | None, reading: Reading) -> None:
        """Let entries stop where the refusal, or the loss, asks for it."""
        at = proposal.market_time
        self.stops.after_loss(reading.risk, reading.equity, at=at)
        if refusal is not None:
            self.stops.after_refusal(refusal.code, refusal.text, proposal.strategy, at=at)


def denial(proposal: Proposal, refusal: Refusal) -> Transition:
    """Return the step that stores the refusal of an order."""
    return order_lifecycle.deny(
        proposal.terms,
        at=proposal.market_time,
        reference_price=proposal.price,
        code=refusal.code,
        reason=refusal.text,
        limit=refusal.limit,
        value=refusal.value,
    )


def terms_of(account: str, decision: Decision, reading: Reading) -> OrderTerms:
    """Return what the decision asks for over the account as it was read."""
    return OrderTerms(
        client_order_id=order_id_of(account, decision),
        decision_id=decision.id,
        strategy=decision.strategy,
        symbol=decision.symbol,
        side=_side(decision),
        quantity=_size(decision, reading),
        leg=Leg.EXIT if decision.action in _EXITS else Leg.ENTRY,
        reduce_only=decision.action is Action.EXIT_SHORT,
        opens_short=decision.action is Action.ENTER_SHORT,
    )


def _side(decision: Decision) -> Side:
    buys = decision.action in (Action.ENTER_LONG, Action.EXIT_SHORT)
    return Side.BUY if buys else Side.SELL


def closable(own: StrategyHolding, side: Side) -> Decimal:
    """Return what an order of the side may close of the strategy's part, less what working orders already close."""
    if side is Side.SELL:
        return max(own.quantity - own.pending_sell, Decimal(0))
    return min(own.quantity + own.pending_buy, Decimal(0))


def _size(decision: Decision, reading: Reading) -> Decimal:
    """Return the shares: an exit closes everything, an entry against a position turns it."""
    held = abs(closable(reading.own, _side(decision)))
    if decision.action in _EXITS:
        return held
    price = price_decimal(decision.price)
    entry = sizing.percent_of_equity(reading.equity, decision.percent_of_equity, price)
    return entry + held if entry else entry


def _verdict(record: OrderRecord) -> Verdict:
    denied = record.state is OrderState.DENIED
    return Verdict(
        approved=not denied,
        client_order_id=record.terms.client_order_id,
        code=record.code if denied else None,
        reason=(record.reason or "") if denied else "approved",
    )
