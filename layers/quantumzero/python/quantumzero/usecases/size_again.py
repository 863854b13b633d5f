"""Size a stored decision again, over the books as they were when its order was written."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from quantumzero.domain.order_dependencies import split_flip
from quantumzero.domain.past_books import CashMove, books_at
from quantumzero.domain.portfolio import Position, non_zero
from quantumzero.domain.prices import price_decimal
from quantumzero.domain.reconciliation import DifferenceKind, Verdict
from quantumzero.ports.ledger import AccountPicture, StrategyHolding
from quantumzero.usecases.decided_terms import closable, terms_of
from quantumzero.usecases.order_facts import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from quantumzero.domain.decisions import Decision
    from quantumzero.domain.lots.events import AccountEvent
    from quantumzero.domain.orders import OrderTerms
    from quantumzero.ports.ledger import AccountLedger, OrderLedger, StrategyHoldings
    from quantumzero.ports.lots import LotJournal
    from quantumzero.ports.market_data import BarStore
    from quantumzero.ports.reconciliations import Reconciliations

_PAGE = 500
_ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class SizeAgain:
    """What the product asks for on a decision, with everything booked since undone."""

    account: str
    ledger: OrderLedger
    books: AccountLedger
    strategies: StrategyHoldings
    journal: LotJournal
    reports: Reconciliations
    bars: BarStore

    def size(
        self,
        decision: Decision,
        *,
        at: datetime,
        pending: Mapping[tuple[str, str], tuple[Decimal, Decimal]],
    ) -> Sequence[OrderTerms]:
        """Return the orders that the decision becomes at that market time, if nothing refuses it."""
        reading = self._reading(decision, at, pending)
        terms = terms_of(self.account, decision, reading)
        return split_flip(terms, closable(reading.own, terms.side))

    def _reading(
        self,
        decision: Decision,
        at: datetime,
        pending: Mapping[tuple[str, str], tuple[Decimal, Decimal]],
    ) -> Reading:
        """Return the account as it was; what is used of the limits has no part in sizes."""
        strategy, symbol = decision.strategy, decision.symbol
        now = self.books.picture()
        parts = self.strategies.strategy_holdings(strategy)
        books = books_at(
            at,
            cash=now.cash,
            quantities={each.symbol: each.quantity for each in now.positions},
            shares={(strategy, each.symbol): each.quantity for each in parts},
            events=self._events,
            moves=self._moves,
        )
        costs = {each.symbol: abs(each.cost / each.quantity) for each in non_zero(now.positions)}
        held = [Position(name, quantity) for name, quantity in books.quantities.items()]
        buy, sell = pending.get((strategy, symbol), (_ZERO, _ZERO))
        share = books.shares.get((strategy, symbol), _ZERO)
        own = StrategyHolding(strategy, symbol, share, buy, sell)
        prices = {each.symbol: self._close(each, decision, costs) for each in non_zero(held)}
        picture = AccountPicture(books.cash, 0, held)
        return Reading(self.ledger.risk(), picture, (own,), own, (), prices)

    def _close(
        self, position: Position, decision: Decision, costs: Mapping[str, Decimal]
    ) -> Decimal:
        """Return the newest close up to the decision; cost stands in where no bar is known."""
        newest = self.bars.bars(
            position.symbol, decision.timeframe, until=decision.closes_at, limit=1
        )
        return price_decimal(newest[-1].close) if newest else costs.get(position.symbol, _ZERO)

    @cached_property
    def _events(self) -> Sequence[AccountEvent]:
        return self.journal.account_events()

    @cached_property
    def _moves(self) -> Sequence[CashMove]:
        """Return the cash that accepted comparisons moved."""
        found: list[CashMove] = []
        cursor = None
        while True:
            page, cursor = self.reports.reconciliations(limit=_PAGE, cursor=cursor)
            for report in page:
                if report.verdict is Verdict.DIFFERS and report.accepted is not None:
                    found += [
                        CashMove(
                            (each.broker or _ZERO) - (each.ledger or _ZERO), report.accepted.at
                        )
                        for each in report.differences
                        if each.kind is DifferenceKind.CASH
                    ]
            if cursor is None:
                return found
