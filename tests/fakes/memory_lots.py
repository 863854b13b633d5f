"""What lots follow from, in memory: the part of MemoryLedger that implements ports/lots.py."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.lots.events import (
    AccountEvent,
    Corrected,
    Income,
    IncomeKind,
    SplitApplied,
    Trade,
    opening_trades,
)
from quantumzero.domain.orders import Side
from quantumzero.domain.reconciliation import EXTERNAL_STRATEGY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from quantumzero.domain.bars import Split
    from quantumzero.domain.ledger_changes import LedgerChange
    from quantumzero.domain.portfolio import Position
    from quantumzero.domain.reconciliation import Correction
    from quantumzero.ports.lots import NamedLots


class MemoryLots:
    """Every event, as it was booked."""

    def __init__(self) -> None:
        self.lot_events: list[AccountEvent] = []
        self._incomes: set[str] = set()
        self._opened_on: date | None = None
        self._named: dict[str, Sequence[tuple[str, Decimal]]] = {}

    def account_events(self) -> Sequence[AccountEvent]:
        return list(self.lot_events)

    def named_lots(self) -> Mapping[str, Sequence[tuple[str, Decimal]]]:
        return dict(self._named)

    def name_lots(self, named: NamedLots) -> bool:
        if named.order in self._named:
            return False
        self._named[named.order] = list(named.lots)
        return True

    def note_income(self, income: Income) -> bool:
        if income.id in self._incomes:
            return False
        self._incomes.add(income.id)
        self.lot_events.append(income)
        return True

    def opened_on(self) -> date | None:
        return self._opened_on

    def note_opening(self, positions: Sequence[Position], session: date) -> None:
        self._opened_on = session
        self.lot_events += opening_trades(positions, session)

    def note_split(self, split: Split, version: int, at: datetime) -> None:
        name = f"{split.symbol}-{split.ex_date}"
        self.lot_events.append(SplitApplied(name, split.symbol, split.new, split.old, at, version))

    def note_correction(self, correction: Correction) -> None:
        at, zero = correction.acceptance.at, Decimal(0)
        for each in correction.positions:
            before, after = each.before.quantity, each.after
            price = after.cost / after.quantity if after.quantity else zero
            moved = after.quantity - before
            self.lot_events.append(
                Corrected(
                    each.event, after.symbol, EXTERNAL_STRATEGY, moved, price, at, after.version
                )
            )
        if (cash := correction.cash) is not None:
            self.lot_events.append(
                Income(cash.event, IncomeKind.OTHER, cash.after - cash.before, at)
            )

    def note_fill(self, change: LedgerChange) -> None:
        after, fill, moved = change.transition.after, change.transition.fill, change.position
        if fill is None or moved is None:
            return
        terms = after.terms
        self.lot_events.append(
            Trade(
                id=f"{terms.client_order_id}#{after.version}",
                symbol=terms.symbol,
                strategy=terms.strategy,
                quantity=fill.quantity if terms.side is Side.BUY else -fill.quantity,
                cost=fill.cost,
                at=after.filled_at or after.broker_updated_at or change.at,
                sequence=moved.version,
                order=terms.client_order_id,
            )
        )
