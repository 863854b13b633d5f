"""Leave every position: entries stop, what works is cancelled, and each part of a position is sold or bought back.

Nothing is sent here: functions/carry_out_requests hears of the cancels and of the exits and carries them out, the sweep
where that failed. A part whose orders are not closed in time is named as left; the same request again goes on with it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from quantumzero.domain.errors import ConflictError, NotFoundError, RefusedError
from quantumzero.domain.order_identity import successor_id
from quantumzero.domain.orders import Leg, OrderTerms, Origin, Side
from quantumzero.domain.portfolio import non_zero
from quantumzero.domain.prices import price_decimal
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.domain.risk.proposal import NO_MODEL
from quantumzero.usecases.conflicts import decide_until_committed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from quantumzero.domain.orders import OrderRecord
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.ledger import StrategyHolding
    from quantumzero.usecases.decide_order import DecideOrder
    from quantumzero.usecases.request_cancel import RequestCancel
    from quantumzero.usecases.scope_trading import ScopeTrading

STILL_WORKS = "an order of it still works; it is being cancelled: ask again in a few seconds"
NO_PRICE = "no bar of it is stored, so an exit cannot be valued; close it at the broker"
NOBODYS = "it belongs to no strategy; close it at the broker"


@dataclass(frozen=True, slots=True)
class Left:
    """What is still held without an exit, and why; strategy is None for what belongs to none."""

    symbol: str
    strategy: str | None
    quantity: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Flattening:
    """The exits, intents or refusals, and what is left."""

    orders: Sequence[OrderRecord]
    left: Sequence[Left]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlattenAccount:
    """Write the exits of everything that strategies and people hold.

    rounds is how often it is looked whether the cancelled orders are closed, with pauses between.
    """

    decide: DecideOrder
    cancelling: RequestCancel
    switching: ScopeTrading
    timeframes: Sequence[str]
    pause: Backoff
    rounds: int = 8

    def flatten(self, *, key: str, by: str, reason: str) -> Flattening:
        """Return the exits; the same key names the same exits.

        Raises RefusedError while the account is HALTED: then exits are not sent either.
        """
        if self.decide.ledger.risk().state is TradingState.HALTED:
            raise RefusedError(
                "trading is HALTED, so exits are not sent either; resume first (POST /v1/risk/resume), then flatten"
            )
        self.switching.stop(TradingState.REDUCING, by=by, reason=reason)
        self._cancel(by)
        orders: list[OrderRecord] = []
        left: list[Left] = []
        for part in self.decide.books.parts():
            if part.quantity:
                found = decide_until_committed(
                    partial(self._exit, part, key, f"flattened by {by}: {reason}"),
                    self.decide.backoff,
                )
                if isinstance(found, Left):
                    left.append(found)
                else:
                    orders.append(found)
        return Flattening(orders, (*left, *self._nobodys()))

    def _cancel(self, by: str) -> None:
        """Ask for the end of every order that is ours, and wait a little for it."""
        for attempt in range(1, self.rounds + 1):
            working = [
                each
                for each in self.decide.ledger.open_orders()
                if each.terms.origin is not Origin.EXTERNAL and not self._is_exit(each)
            ]
            if not working:
                return
            for record in working:
                with suppress(ConflictError, NotFoundError, RefusedError):
                    self.cancelling.request(record.terms.client_order_id, by=by)
            self.pause.wait(attempt)

    @staticmethod
    def _is_exit(record: OrderRecord) -> bool:
        """Tell whether it is an exit of a flattening, of this one or another."""
        return record.terms.leg is Leg.LIQUIDATION

    def _exit(self, part: StrategyHolding, key: str, why: str) -> OrderRecord | Left:
        decide, symbol, strategy = self.decide, part.symbol, part.strategy
        name = successor_id(f"flatten|{decide.account}", f"{key}|{strategy}|{symbol}")
        stored = decide.ledger.order(name)
        if stored is not None:
            return stored
        bar = decide.facts.newest_bar(symbol, self.timeframes)
        if bar is None:
            return Left(symbol, strategy, part.quantity, NO_PRICE)
        reading = decide.facts.read(strategy, symbol, timeframe=bar.timeframe, until=bar.closes_at)
        if reading.own.pending_buy or reading.own.pending_sell or not reading.own.quantity:
            return Left(symbol, strategy, reading.own.quantity, STILL_WORKS)
        terms = OrderTerms(
            client_order_id=name,
            decision_id=successor_id("flatten", key),
            strategy=strategy,
            symbol=symbol,
            side=Side.SELL if reading.own.quantity > 0 else Side.BUY,
            quantity=abs(reading.own.quantity),
            leg=Leg.LIQUIDATION,
            reduce_only=True,
            origin=Origin.MANUAL,
        )
        proposal = decide.facts.propose(
            terms,
            reading,
            price=price_decimal(bar.close),
            priced_at=bar.closes_at,
            timeframe=bar.timeframe,
            inference=NO_MODEL,
        )
        return decide.write(proposal, reading, reason=why)

    def _nobodys(self) -> Sequence[Left]:
        """Return what the account holds beyond the parts of strategies: what it held when its books were opened."""
        books = self.decide.books
        owned: dict[str, Decimal] = {}
        for part in books.parts():
            owned[part.symbol] = owned.get(part.symbol, part.quantity * 0) + part.quantity
        rest = [
            (each.symbol, each.quantity - owned.get(each.symbol, each.quantity * 0))
            for each in non_zero(books.picture().positions)
        ]
        return [Left(symbol, None, quantity, NOBODYS) for symbol, quantity in rest if quantity]
