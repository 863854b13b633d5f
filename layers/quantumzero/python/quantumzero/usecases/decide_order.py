"""Turn a decision into an approved intent or a stored refusal.

Approval is one transaction that checks the limits on the same item that counts their use; the controls before it
only say why not. Repeating the same decision names the same order and answers what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain import order_lifecycle, sizing
from quantumzero.domain.decisions import Action, Decision
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_identity import order_id_of
from quantumzero.domain.orders import OrderRecord, OrderState, OrderTerms, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.prices import price_decimal
from quantumzero.domain.risk.controls import first_refusal
from quantumzero.domain.risk.reservation import guard_of
from quantumzero.usecases.conflicts import decide_until_committed
from quantumzero.usecases.order_facts import OrderFacts, Reading

if TYPE_CHECKING:
    from quantumzero.domain.order_lifecycle import Transition
    from quantumzero.domain.risk.proposal import ModelVerdict, Proposal
    from quantumzero.domain.risk.refusals import Refusal
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.ledger import AccountLedger, OrderLedger, StrategyHoldings
    from quantumzero.ports.market_data import BarStore
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
            side=Side.BUY if decision.action is Action.ENTER_LONG else Side.SELL,
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
        refusal = first_refusal(proposal)
        transition = self._step(proposal, refusal, reason)
        guard = guard_of(proposal) if refusal is None else None
        position = reading.position(proposal.symbol)
        self.ledger.commit(change_of(transition, position, at=proposal.market_time, guard=guard))
        self._stop(proposal, refusal, reading)
        return transition.after

    def _propose(self, decision: Decision, inference: ModelVerdict, reading: Reading) -> Proposal:
        side, quantity = _size(decision, reading)
        terms = OrderTerms(
            client_order_id=order_id_of(self.account, decision),
            decision_id=decision.id,
            strategy=decision.strategy,
            symbol=decision.symbol,
            side=side,
            quantity=quantity,
        )
        return self.facts.propose(
            terms,
            reading,
            price=price_decimal(decision.price),
            priced_at=decision.closes_at,
            timeframe=decision.timeframe,
            inference=inference,
            decision=decision,
        )

    def _step(self, proposal: Proposal, refusal: Refusal | None, reason: str | None) -> Transition:
        if refusal is None:
            step = order_lifecycle.intend(
                proposal.terms,
                at=proposal.market_time,
                recorded_at=self.machine.now(),
                reference_price=proposal.price,
            )
            return replace(step, after=replace(step.after, reason=reason))
        return order_lifecycle.deny(
            proposal.terms,
            at=proposal.market_time,
            reference_price=proposal.price,
            code=refusal.code,
            reason=refusal.text,
            limit=refusal.limit,
            value=refusal.value,
        )

    def _stop(self, proposal: Proposal, refusal: Refusal | None, reading: Reading) -> None:
        """Let entries stop where the refusal, or the loss, asks for it."""
        at = proposal.market_time
        self.stops.after_loss(reading.risk, reading.equity, at=at)
        if refusal is not None:
            self.stops.after_refusal(refusal.code, refusal.text, proposal.strategy, at=at)


def _size(decision: Decision, reading: Reading) -> tuple[Side, Decimal]:
    own = reading.own
    if decision.action is Action.EXIT_LONG:
        return Side.SELL, max(own.quantity - own.pending_sell, Decimal(0))
    price = price_decimal(decision.price)
    return Side.BUY, sizing.percent_of_equity(reading.equity, decision.percent_of_equity, price)


def _verdict(record: OrderRecord) -> Verdict:
    denied = record.state is OrderState.DENIED
    return Verdict(
        approved=not denied,
        client_order_id=record.terms.client_order_id,
        code=record.code if denied else None,
        reason=(record.reason or "") if denied else "approved",
    )
