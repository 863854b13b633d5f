"""Turn a decision into an approved intent or a stored refusal.

Approval is one transaction that checks the limits on the same item that counts their use; the controls before it
only say why not. Repeating the same decision names the same order and answers what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain import order_capabilities, order_lifecycle
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_capabilities import capability, check_capability
from quantumzero.domain.order_dependencies import split_flip
from quantumzero.domain.order_identity import order_id_of
from quantumzero.domain.orders import OrderRecord, OrderState, OrderTerms
from quantumzero.domain.portfolio import Position
from quantumzero.domain.prices import price_decimal
from quantumzero.domain.protection import kept_here
from quantumzero.domain.risk.controls import first_refusal
from quantumzero.domain.risk.refusals import Refusal
from quantumzero.domain.risk.reservation import guard_of
from quantumzero.usecases.conflicts import decide_until_committed
from quantumzero.usecases.decided_terms import closable, side_of, terms_of
from quantumzero.usecases.order_facts import OrderFacts, Reading

if TYPE_CHECKING:
    from quantumzero.domain.decisions import Decision
    from quantumzero.domain.order_lifecycle import Transition
    from quantumzero.domain.risk.proposal import ModelVerdict, Proposal
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.ledger import AccountLedger, OrderLedger, StrategyHoldings
    from quantumzero.ports.market_data import BarStore, MarketQuotes
    from quantumzero.ports.strategies import StrategyRepository
    from quantumzero.usecases.change_limits import ChangeLimits
    from quantumzero.usecases.stop_at_limits import StopAtLimits


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
            side=side_of(decision),
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
        if refusal is not None and len(parts) > 1 and proposal.decision is not None:
            closing = replace(proposal, terms=parts[0])
            if first_refusal(closing) is None:
                return self._close_only(closing, asked, refusal, reading)
        if refusal is None:
            steps = tuple(self._intend(each, proposal, reason) for each in parts)
            guard = guard_of(asked)
            if len(parts) > 1:
                # The part as it was read bears the look for a repetition of the opening; the close is no repetition.
                guard = replace(
                    guard, strategy_version=proposal.strategy_version, duplicate_since=None
                )
        else:
            # With its legs: should a restored table refuse what was sent before, the broker's word revives it whole.
            steps, guard = (denial(replace(proposal, terms=terms), refusal),), None
        position, at = reading.position(proposal.symbol), proposal.market_time
        change = change_of(steps[0], position, at=at, guard=guard, companions=steps[1:])
        self.ledger.commit(change)
        self._stop(proposal, refusal, reading)
        return steps[0].after

    def _close_only(
        self, closing: Proposal, opening: Proposal, refusal: Refusal, reading: Reading
    ) -> OrderRecord:
        """Store a turn whose second half is refused: the strategy leaves all the same, and the refusal is kept."""
        step = self._intend(closing.terms, closing, f"only closes: {refusal.text}")
        change = change_of(
            step,
            reading.position(closing.symbol),
            at=closing.market_time,
            guard=guard_of(closing),
            companions=(denial(opening, refusal),),
        )
        self.ledger.commit(change)
        self._stop(opening, refusal, reading)
        return step.after

    def _not_offered(self, terms: OrderTerms) -> Refusal | None:
        text = check_capability(terms, self.broker)
        return None if text is None else Refusal(order_capabilities.CODE, text)

    def _propose(self, decision: Decision, inference: ModelVerdict, reading: Reading) -> Proposal:
        terms = self._as_taken(terms_of(self.account, decision, reading))
        return self.facts.propose(
            terms,
            reading,
            price=price_decimal(decision.price),
            priced_at=decision.closes_at,
            timeframe=decision.timeframe,
            inference=inference,
            decision=decision,
        )

    def _as_taken(self, terms: OrderTerms) -> OrderTerms:
        """Return an order for money as so many parts of a share where the broker takes no order for money."""
        offered = capability(terms, self.broker)
        if offered is None or terms.order_type in offered.notional_types:
            return terms
        return replace(terms, notional=None)

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


def _verdict(record: OrderRecord) -> Verdict:
    denied = record.state is OrderState.DENIED
    return Verdict(
        approved=not denied,
        client_order_id=record.terms.client_order_id,
        code=record.code if denied else None,
        reason=(record.reason or "") if denied else "approved",
    )
