"""Comparisons with the broker in memory, and corrections of the memory ledger's books."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.domain.errors import ConflictError, InvalidInputError
from quantumzero.domain.portfolio import Position
from quantumzero.domain.reconciliation import EXTERNAL_STRATEGY
from quantumzero.ports.ledger import StrategyHolding

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from quantumzero.domain.reconciliation import Correction, PositionCorrection, Reconciliation


class MemoryReconciliations:
    """Implements Reconciliations on the books of the ledger that it is a part of."""

    positions: dict[str, Position]
    strategies: dict[tuple[str, str], StrategyHolding]
    _cash: Decimal
    _cash_version: int
    _risk: Any
    note_correction: Callable[[Correction], None]

    def __init__(self) -> None:
        super().__init__()
        self.compared: dict[str, Reconciliation] = {}
        self.corrections: list[str] = []

    def put_reconciliation(self, report: Reconciliation) -> None:
        self.compared[report.id] = report

    def reconciliation(self, identifier: str) -> Reconciliation | None:
        return self.compared.get(identifier)

    def reconciliations(
        self, *, limit: int, cursor: str | None
    ) -> tuple[Sequence[Reconciliation], str | None]:
        newest = [self.compared[name] for name in sorted(self.compared, reverse=True)]
        if cursor is not None and not (cursor.isascii() and cursor.isdigit()):
            raise InvalidInputError(
                f"cursor was {cursor!r}; send next_cursor", field="query.cursor"
            )
        start = int(cursor or 0)
        following = str(start + limit) if start + limit < len(newest) else None
        return newest[start : start + limit], following

    def correct(self, correction: Correction) -> None:
        report = self.compared.get(correction.report)
        if report is None or report.accepted is not None:
            raise ConflictError("the report is gone or was accepted before")
        for each in correction.positions:
            held = self.positions.get(each.after.symbol, Position(each.after.symbol))
            if held.version != each.after.version - 1:
                raise ConflictError(f"position {each.after.symbol} has moved")
        if correction.cash is not None and correction.cash.version != self._cash_version:
            raise ConflictError("cash has moved")
        for each in correction.positions:
            self._correct(each)
        if correction.cash is not None:
            self._cash = correction.cash.after
            self._cash_version += 1
            self.corrections.append(correction.cash.event)
        self.note_correction(correction)
        self.compared[report.id] = replace(report, accepted=correction.acceptance)

    def _correct(self, each: PositionCorrection) -> None:
        symbol = each.after.symbol
        self.corrections.append(each.event)
        self.positions[symbol] = each.after
        key = (EXTERNAL_STRATEGY, symbol)
        zero = Decimal(0)
        part = self.strategies.get(key, StrategyHolding(*key, zero, zero, zero))
        moved = each.after.quantity - each.before.quantity
        self.strategies[key] = replace(
            part, quantity=part.quantity + moved, version=part.version + 1
        )
        freed = each.after.exposure - each.before.exposure
        used = dict(self._risk.symbol_used)
        used[symbol] = used.get(symbol, zero) + freed
        self._risk = replace(self._risk, gross_used=self._risk.gross_used + freed, symbol_used=used)
