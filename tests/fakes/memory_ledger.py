"""The ledger in memory: the same conditions and the same errors as the table, one process."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.domain.errors import ConflictError, InvalidInputError, StoppedError
from quantumzero.domain.lots.split_shares import split_parts
from quantumzero.domain.order_events import event_of
from quantumzero.domain.order_identity import order_id_of
from quantumzero.domain.portfolio import Position, apply_split, non_zero
from quantumzero.domain.risk.account_risk import AccountRisk, RiskLimits, TradingState
from quantumzero.domain.risk.duplicate_order import fingerprint
from quantumzero.ports.ledger import (
    AccountPicture,
    EquitySnapshot,
    Holding,
    LedgerAlert,
    StrategyHolding,
)
from tests.fakes import memory_risk
from tests.fakes.memory_lots import MemoryLots
from tests.fakes.memory_reconciliations import MemoryReconciliations
from tests.fakes.memory_switch import MemorySwitch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from quantumzero.domain.bars import Split
    from quantumzero.domain.decisions import Decision
    from quantumzero.domain.ledger_changes import LedgerChange, RiskGuard
    from quantumzero.domain.lots.events import Income
    from quantumzero.domain.order_events import OrderEvent
    from quantumzero.domain.orders import OrderRecord, OrderState

ZERO = Decimal(0)


class MemoryLedger(MemoryReconciliations, MemorySwitch, MemoryLots):
    """Implements every protocol of ports/ledger.py and ports/lots.py."""

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, OrderRecord] = {}
        self.events: list[tuple[str, int, str]] = []
        self.steps: dict[str, list[OrderEvent]] = {}
        self.positions: dict[str, Position] = {}
        self.strategies: dict[tuple[str, str], StrategyHolding] = {}
        self.equities: dict[datetime, EquitySnapshot] = {}
        self.raised: dict[str, LedgerAlert] = {}
        self._splits: set[tuple[str, str]] = set()
        self._prepared: date | None = None
        self._cash = ZERO
        self._cash_version = 0
        self._risk: AccountRisk | None = None

    # The order path

    def order(self, client_order_id: str) -> OrderRecord | None:
        return self.records.get(client_order_id)

    def order_events(self, client_order_id: str) -> Sequence[OrderEvent]:
        return list(self.steps.get(client_order_id, ()))

    def open_orders(self) -> Sequence[OrderRecord]:
        return self._sorted(each for each in self.records.values() if each.at_large)

    def held_orders(self) -> Sequence[OrderRecord]:
        return self._sorted(r for r in self.records.values() if r.held and not r.terminal)

    def _sorted(self, orders: Iterable[OrderRecord]) -> Sequence[OrderRecord]:
        return sorted(orders, key=lambda each: (each.created_at, each.terms.client_order_id))

    def risk(self) -> AccountRisk:
        if self._risk is None:
            raise StoppedError("account was never initialised; prepare a session first")
        return self._risk

    def position(self, symbol: str) -> Position:
        return self.positions.get(symbol, Position(symbol))

    def commit(self, change: LedgerChange) -> None:
        after = change.transition.after
        for step in change.transitions:
            name, before = step.after.terms.client_order_id, step.before
            stored = self.records.get(name)
            expected = before.version if before and before.version else None
            if (stored.version if stored else None) != expected:
                raise ConflictError(f"order {name} has moved")
        moved = change.position
        if moved is not None and self.position(moved.symbol).version != moved.version - 1:
            raise ConflictError(f"position {moved.symbol} has moved")
        holding = self.strategy_holding(after.terms.strategy, after.terms.symbol)
        if change.guard is not None:
            self._check(change, change.guard, holding)
        self._write(change, holding)

    def _check(self, change: LedgerChange, guard: RiskGuard, holding: StrategyHolding) -> None:
        after = change.transition.after
        again = guard.duplicate_since is not None and (
            change.transition.before is None
            and holding.last_order == fingerprint(after)
            and holding.last_order_at is not None
            and holding.last_order_at > guard.duplicate_since
        )
        holds = (
            memory_risk.holds(self.risk(), guard, after.terms)
            and guard.cash_version in (None, self._cash_version)
            and guard.strategy_version in (None, holding.version)
            and not again
        )
        if not holds:
            raise ConflictError("what the order was approved on has changed")

    def _write(self, change: LedgerChange, holding: StrategyHolding) -> None:
        after = change.transition.after
        terms = after.terms
        for step in change.transitions:
            written = step.after
            self.records[written.terms.client_order_id] = written
            self.events.append((written.terms.client_order_id, written.version, step.event))
            told = self.steps.setdefault(written.terms.client_order_id, [])
            told.append(event_of(step, change.at))
        if change.position is not None:
            self.positions[change.position.symbol] = change.position
            self.note_fill(change)
        if change.cash:
            self._cash += change.cash
            self._cash_version += 1
        if change.touches_strategy:
            noted: dict[str, Any] = {
                "last_order": fingerprint(after),
                "last_order_at": after.created_at,
            }
            self.strategies[terms.strategy, terms.symbol] = replace(
                holding,
                quantity=holding.quantity + change.strategy_quantity,
                pending_buy=holding.pending_buy + change.pending_buy,
                pending_sell=holding.pending_sell + change.pending_sell,
                resting=holding.resting + change.resting,
                version=holding.version + 1,
                **(noted if change.transition.before is None else {}),
            )
        if change.touches_risk:
            self._risk = memory_risk.moved(self.risk(), change)

    def strategy_holding(self, strategy: str, symbol: str) -> StrategyHolding:
        return self.strategies.get(
            (strategy, symbol), StrategyHolding(strategy, symbol, ZERO, ZERO, ZERO)
        )

    # The account

    def picture(self) -> AccountPicture:
        self.risk()
        return AccountPicture(self._cash, self._cash_version, tuple(self.positions.values()))

    def parts(self) -> Sequence[StrategyHolding]:
        return [self.strategies[key] for key in sorted(self.strategies)]

    def initialise(self, picture: AccountPicture, limits: RiskLimits, *, session: date) -> bool:
        if self._risk is not None:
            return False
        self._cash, self._cash_version, self._prepared = picture.cash, 1, session
        self.positions = {each.symbol: each for each in picture.positions}
        self.note_opening(picture.positions, session)
        used = {each.symbol: each.exposure for each in picture.positions}
        worth = picture.cash + sum((each.cost for each in picture.positions), ZERO)
        self._risk = AccountRisk(
            TradingState.ACTIVE,
            limits,
            gross_used=sum(used.values(), ZERO),
            symbol_used=used,
            opening_equity=worth,
            peak_equity=worth,
        )
        return True

    def prepared_until(self) -> date | None:
        return self._prepared

    def mark_prepared(self, session: date) -> None:
        self._prepared = max(session, self._prepared or session)

    def apply_split(self, split: Split, *, at: datetime) -> bool:
        if (split.symbol, split.ex_date) in self._splits:
            return False
        self._splits.add((split.symbol, split.ex_date))
        held = self.positions.get(split.symbol)
        if held is not None:
            quantity = apply_split(held.quantity, split)
            self.positions[split.symbol] = replace(
                held, quantity=quantity, version=held.version + 1
            )
        self.note_split(split, held.version + 1 if held else 0, at)
        parts = sorted(key for key in self.strategies if key[1] == split.symbol)
        shares = split_parts((self.strategies[key].quantity for key in parts), split)
        for key, quantity in zip(parts, shares, strict=True):
            part = self.strategies[key]
            self.strategies[key] = replace(part, quantity=quantity, version=part.version + 1)
        return True

    def book_income(self, income: Income) -> bool:
        self.risk()
        if not self.note_income(income):
            return False
        self._cash += income.amount
        self._cash_version += 1
        return True

    def put_equity(self, snapshot: EquitySnapshot) -> None:
        self.equities[snapshot.time] = snapshot
        if self._risk is not None:
            peak = max(self._risk.peak_equity or snapshot.equity, snapshot.equity)
            self._risk = replace(self._risk, opening_equity=snapshot.equity, peak_equity=peak)

    def raise_alert(self, alert: LedgerAlert) -> None:
        self.raised.setdefault(alert.id, alert)

    # Reading

    def cash(self) -> Decimal:
        return self.picture().cash

    def holdings(self) -> Sequence[Holding]:
        held = non_zero(self.positions.values())
        return [Holding(each.symbol, each.quantity, each.cost) for each in held]

    def strategy_holdings(self, strategy: str) -> Sequence[StrategyHolding]:
        return [each for (name, _), each in sorted(self.strategies.items()) if name == strategy]

    def has_order_of(self, decision: Decision) -> bool:
        return order_id_of("main", decision) in self.records

    def orders(
        self, *, state: OrderState | None, symbol: str | None, limit: int, cursor: str | None
    ) -> tuple[Sequence[OrderRecord], str | None]:
        chosen = [
            each
            for each in self.records.values()
            if state in (None, each.state) and symbol in (None, each.terms.symbol)
        ]
        chosen.sort(key=lambda each: (each.created_at, each.terms.client_order_id), reverse=True)
        if cursor is not None and not (cursor.isascii() and cursor.isdigit()):
            text = f"cursor was {cursor!r}; send next_cursor"
            raise InvalidInputError(text, field="query.cursor")
        start = int(cursor or 0)
        following = str(start + limit) if start + limit < len(chosen) else None
        return chosen[start : start + limit], following

    def equity_snapshots(self, *, limit: int) -> Sequence[EquitySnapshot]:
        return [self.equities[time] for time in sorted(self.equities)][-limit:]

    def alerts(self, *, limit: int) -> Sequence[LedgerAlert]:
        newest = sorted(self.raised.values(), key=lambda each: (each.time, each.id), reverse=True)
        return newest[:limit]
