"""Turn a decision into an approved intent or a stored refusal.

Approval is one transaction that checks the limits on the same item that counts their use; the controls before it
only say why not. Repeating the same decision names the same order and answers what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain import order_lifecycle, sizing
from quantumzero.domain.decisions import Action, Decision
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.ledger_changes import RiskGuard, change_of
from quantumzero.domain.order_identity import order_id_of
from quantumzero.domain.orders import OrderRecord, OrderState, OrderTerms, Side
from quantumzero.domain.portfolio import Position, equity, gross_value, non_zero
from quantumzero.domain.prices import price_decimal
from quantumzero.domain.risk.account_risk import AccountRisk, permitted_states
from quantumzero.domain.risk.controls import first_refusal
from quantumzero.domain.risk.proposal import ModelVerdict, Proposal
from quantumzero.ports.ledger import (
    AccountLedger,
    AccountPicture,
    OrderLedger,
    StrategyHolding,
    StrategyHoldings,
)
from quantumzero.usecases.conflicts import decide_until_committed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.market_data import BarStore

_NEWEST_BARS = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a decision; code and reason are set on a refusal."""

    approved: bool
    client_order_id: str
    code: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """Everything read for one attempt."""

    risk: AccountRisk
    picture: AccountPicture
    own: StrategyHolding
    being_sold: Decimal

    @property
    def quantities(self) -> Mapping[str, Decimal]:
        return {each.symbol: each.quantity for each in non_zero(self.picture.positions)}

    def position(self, symbol: str) -> Position:
        for each in self.picture.positions:
            if each.symbol == symbol:
                return each
        return Position(symbol)


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
        reading = self._read(decision)
        proposal = self._propose(decision, inference, reading)
        terms = OrderTerms(
            client_order_id=order_id_of(self.account, decision),
            decision_id=decision.id,
            strategy=decision.strategy,
            symbol=decision.symbol,
            side=proposal.side,
            quantity=proposal.quantity,
        )
        refusal = first_refusal(proposal)
        guard = None
        if refusal is None:
            transition = order_lifecycle.intend(
                terms,
                at=proposal.market_time,
                recorded_at=self.machine.now(),
                reference_price=proposal.price,
            )
            guard = _guard(proposal, reading)
        else:
            transition = order_lifecycle.deny(
                terms,
                at=proposal.market_time,
                reference_price=proposal.price,
                code=refusal.code,
                reason=refusal.text,
                limit=refusal.limit,
                value=refusal.value,
            )
        position = reading.position(decision.symbol)
        self.ledger.commit(change_of(transition, position, at=proposal.market_time, guard=guard))
        return _verdict(transition.after)

    def _read(self, decision: Decision) -> _Reading:
        held = self.strategies.strategy_holdings(decision.strategy)
        nothing = StrategyHolding(
            decision.strategy, decision.symbol, Decimal(0), Decimal(0), Decimal(0)
        )
        own = next((each for each in held if each.symbol == decision.symbol), nothing)
        return _Reading(self.ledger.risk(), self.books.picture(), own, own.pending_sell)

    def _propose(self, decision: Decision, inference: ModelVerdict, reading: _Reading) -> Proposal:
        quantities = reading.quantities
        prices = self._closes(decision, reading)
        price = price_decimal(decision.price)
        side, quantity = _size(decision, reading, quantities, prices)
        now = max(self.market.now(), decision.closes_at)
        newest = self.bars.bars(decision.symbol, decision.timeframe, until=now, limit=_NEWEST_BARS)
        held = quantities.get(decision.symbol, Decimal(0))
        return Proposal(
            decision=decision,
            side=side,
            quantity=quantity,
            price=price,
            newest_price=price_decimal(newest[-1].close) if newest else Decimal(0),
            newer_bars=sum(1 for bar in newest if bar.closes_at > decision.closes_at),
            market_time=now,
            cash=reading.picture.cash,
            gross_at_market=gross_value(quantities, prices),
            symbol_at_market=abs(held) * prices.get(decision.symbol, price)
            + reading.own.pending_buy * price,
            available=min(held, reading.own.quantity) - reading.being_sold,
            account=reading.risk,
            inference=inference,
        )

    def _closes(self, decision: Decision, reading: _Reading) -> Mapping[str, Decimal]:
        """Return the newest close of each holding at the decision's close; cost stands in where no bar is known."""
        return {
            position.symbol: self._close(position, decision.timeframe, decision.closes_at)
            for position in non_zero(reading.picture.positions)
        }

    def _close(self, position: Position, timeframe: str, until: datetime) -> Decimal:
        bars = self.bars.bars(position.symbol, timeframe, until=until, limit=1)
        if bars:
            return price_decimal(bars[-1].close)
        return position.cost / position.quantity


def _size(
    decision: Decision,
    reading: _Reading,
    quantities: Mapping[str, Decimal],
    prices: Mapping[str, Decimal],
) -> tuple[Side, Decimal]:
    if decision.action is Action.EXIT_LONG:
        return Side.SELL, max(reading.own.quantity - reading.being_sold, Decimal(0))
    total = equity(reading.picture.cash, quantities, prices)
    price = price_decimal(decision.price)
    return Side.BUY, sizing.percent_of_equity(total, decision.percent_of_equity, price)


def _guard(proposal: Proposal, reading: _Reading) -> RiskGuard:
    states = permitted_states(proposal.side)
    if proposal.reducing:
        return RiskGuard(states, strategy_version=reading.own.version)
    limits = reading.risk.limits
    return RiskGuard(
        states,
        limits_version=limits.version,
        gross_before=limits.gross_exposure - proposal.value,
        symbol_before=limits.symbol_exposure - proposal.value,
        reserved_before=reading.picture.cash - proposal.value,
        cash_version=reading.picture.cash_version,
    )


def _verdict(record: OrderRecord) -> Verdict:
    denied = record.state is OrderState.DENIED
    return Verdict(
        approved=not denied,
        client_order_id=record.terms.client_order_id,
        code=record.code if denied else None,
        reason=(record.reason or "") if denied else "approved",
    )
