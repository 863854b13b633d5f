"""Decide a day again from what is stored, and compare: the same ids, sides and quantities, or say which differ.

The bars go through the product's own evaluator, and the decisions to act through its own sizing over the books as they
were at that moment. What a decision held because of the moment's traffic (a late bar, an order in the making) is not
in any input: such a hold is counted, not recomputed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.decisions import Decision, decision_id
from quantumzero.domain.order_identity import order_id_of
from quantumzero.domain.orders import OrderState, Origin
from quantumzero.domain.strategy.compiler import CompiledStrategy, compile_strategy
from quantumzero.domain.strategy.conclusion import Held, conclude
from quantumzero.domain.strategy.entry_terms import with_entry_terms
from quantumzero.domain.strategy.evaluator import IncrementalEvaluator
from quantumzero.domain.strategy.split_adjustment import adjusted, exchange_date, splits_by
from quantumzero.usecases.evaluate_strategies import (
    HELD_AS_LATE,
    HELD_WHILE_ORDERING,
    HISTORY_BARS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from quantumzero.domain.bars import Bar
    from quantumzero.domain.order_events import OrderEvent
    from quantumzero.domain.orders import OrderRecord
    from quantumzero.ports.decisions import DecisionReader
    from quantumzero.ports.ledger import LedgerReader
    from quantumzero.ports.market_data import BarStore
    from quantumzero.ports.strategies import StrategyRepository
    from quantumzero.usecases.size_again import SizeAgain

_PAGE = 500
_ZERO = Decimal(0)
_CLOSED = frozenset(
    {
        OrderState.FILLED,
        OrderState.CANCELED,
        OrderState.EXPIRED,
        OrderState.REPLACED,
        OrderState.REJECTED,
        OrderState.ABANDONED,
        OrderState.DENIED,
    }
)


@dataclass(frozen=True, slots=True)
class ReplayDifference:
    """One decision or order that came out otherwise."""

    id: str
    what: str
    stored: str
    recomputed: str


@dataclass(slots=True)
class ReplayReport:
    """What was compared; held counts the holds that no stored input explains."""

    decisions: int = 0
    orders: int = 0
    held: int = 0
    differences: list[ReplayDifference] = field(default_factory=list)

    def compare(self, identifier: str, what: str, stored: object, recomputed: object) -> None:
        """Note a difference between what is stored and what came out now."""
        if stored != recomputed:
            self.differences.append(
                ReplayDifference(identifier, what, str(stored), str(recomputed))
            )


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """An order with its steps as they are stored."""

    record: OrderRecord
    events: Sequence[OrderEvent]

    def pending_at(self, moment: datetime) -> Decimal:
        """Return what the order could still fill at that market time and is not free for an exit.

        A protective leg leaves its shares free while it is kept here or rests at the broker: until it is fired.
        """
        until = [each for each in self.events if each.at <= moment]
        if not until or until[-1].state in _CLOSED:
            return _ZERO
        protects = self.record.terms.origin is Origin.PROTECTIVE
        if protects and all(each.name != "fired" for each in until):
            return _ZERO
        return until[-1].quantity - sum((each.fill_quantity or _ZERO for each in until), _ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayDay:
    """Recompute one exchange date."""

    account: str
    decisions: DecisionReader
    strategies: StrategyRepository
    bars: BarStore
    ledger: LedgerReader
    size: SizeAgain

    def replay(self, day: date) -> ReplayReport:
        """Compare every decision of the day and every order that follows from one."""
        report = ReplayReport()
        made = self._decisions(day)
        orders = self._orders(made[0].closes_at) if made else {}
        evaluators = _Evaluators(self.strategies, self.bars)
        for decision in made:
            self._decide(decision, evaluators, orders, report)
        known = {order_id_of(self.account, decision) for decision in made if decision.actionable}
        for name, stored in orders.items():
            record = stored.record
            if record.terms.origin is not Origin.STRATEGY or name in known:
                continue
            if record.terms.decision_id in {decision.id for decision in made}:
                report.compare(name, "order", "stored", "follows from no decision to act")
        return report

    def _decisions(self, day: date) -> list[Decision]:
        """Return the day's decisions, oldest first."""
        text, cursor = day.isoformat(), None
        found: list[Decision] = []
        while True:
            page, cursor = self.decisions.decisions(
                strategy=None, symbol=None, limit=_PAGE, cursor=cursor
            )
            found += [each for each in page if exchange_date(each.closes_at) == text]
            if cursor is None or (page and exchange_date(page[-1].closes_at) < text):
                return sorted(found, key=lambda each: (each.closes_at, each.id))

    def _orders(self, since: datetime) -> Mapping[str, StoredOrder]:
        """Return the orders that were not closed before the day, with their steps."""
        found: dict[str, StoredOrder] = {}
        cursor = None
        while True:
            page, cursor = self.ledger.orders(state=None, symbol=None, limit=_PAGE, cursor=cursor)
            for record in page:
                name = record.terms.client_order_id
                stored = StoredOrder(record, self.ledger.order_events(name))
                if stored.events and (
                    stored.events[-1].at >= since
                    or record.created_at >= since
                    or not record.terminal
                ):
                    found[name] = stored
            if cursor is None:
                return found

    def _decide(
        self,
        decision: Decision,
        evaluators: _Evaluators,
        orders: Mapping[str, StoredOrder],
        report: ReplayReport,
    ) -> None:
        report.decisions += 1
        identifier = decision_id(
            decision.strategy, decision.version, decision.symbol, decision.closes_at
        )
        report.compare(decision.id, "id", decision.id, identifier)
        if decision.reason in (HELD_AS_LATE, HELD_WHILE_ORDERING):
            report.held += 1
            return
        pending = pending_of(orders, decision.closes_at, leaving_out=decision.id)
        again = evaluators.conclude(decision, pending)
        report.compare(decision.id, "bar revision", decision.bar_revision, again.bar_revision)
        report.compare(decision.id, "values", dict(decision.values), again.values)
        report.compare(decision.id, "action", decision.action.value, again.action.value)
        if decision.size is not None:
            report.compare(decision.id, "size", decision.size, again.size)
            report.compare(decision.id, "protection", decision.protection, again.protection)
        if again.actionable and decision.actionable:
            self._order(decision, orders, report)

    def _order(
        self, decision: Decision, orders: Mapping[str, StoredOrder], report: ReplayReport
    ) -> None:
        name = order_id_of(self.account, decision)
        report.orders += 1
        stored = orders.get(name)
        if stored is None:
            report.compare(name, "order", "none", "one")
            return
        first, record = stored.events[0], stored.record
        if record.state is OrderState.DENIED and not first.quantity:
            # Refused before it was sized: its moment had passed.
            report.held += 1
            return
        pending = pending_of(orders, first.at, leaving_out=decision.id)
        sized = {
            each.client_order_id: each
            for each in self.size.size(decision, at=first.at, pending=pending)
        }
        again = sized.get(name)
        report.compare(name, "id", name, name if again else ", ".join(sized))
        if again is not None:
            report.compare(name, "side", record.terms.side.value, again.side.value)
            report.compare(name, "quantity", first.quantity, again.quantity)


Pending = dict[tuple[str, str], tuple[Decimal, Decimal]]


def pending_of(orders: Mapping[str, StoredOrder], moment: datetime, *, leaving_out: str) -> Pending:
    """Return by strategy and symbol what working orders could still buy and sell at that market time.

    leaving_out is the decision that is made again: what follows from it was not there yet.
    """
    found: Pending = {}
    for stored in orders.values():
        terms = stored.record.terms
        amount = stored.pending_at(moment) if terms.decision_id != leaving_out else _ZERO
        if amount:
            key = (terms.strategy, terms.symbol)
            buy, sell = found.get(key, (_ZERO, _ZERO))
            buys = terms.side.value == "buy"
            found[key] = (buy + amount, sell) if buys else (buy, sell + amount)
    return found


class _Evaluators:
    """Compiled documents, and what each bar said, over the stored bars."""

    def __init__(self, strategies: StrategyRepository, bars: BarStore) -> None:
        self._strategies = strategies
        self._bars = bars
        self._compiled: dict[tuple[str, int], CompiledStrategy] = {}

    def conclude(self, decision: Decision, pending: Pending) -> Decision:
        """Return the decision as it comes out now, with the revision of the newest stored bar."""
        compiled = self._compile(decision)
        stored = self._bars.bars(
            decision.symbol, decision.timeframe, until=decision.closes_at, limit=HISTORY_BARS + 1
        )
        splits = splits_by(self._bars.splits(decision.symbol), exchange_date(decision.closes_at))
        evaluator = IncrementalEvaluator(compiled)
        *before, last = adjusted(stored, splits)
        _step_all(evaluator, before)
        evaluation = evaluator.step(last)
        buy, sell = pending.get((decision.strategy, decision.symbol), (_ZERO, _ZERO))
        action, reason = conclude(compiled, evaluation, Held(decision.position, buy, sell))
        again = replace(
            decision,
            action=action,
            reason=reason,
            price=last.close,
            bar_revision=stored[-1].revision,
            values=dict(evaluation.values),
            size=None,
            protection=None,
        )
        return with_entry_terms(again, compiled, evaluation)

    def _compile(self, decision: Decision) -> CompiledStrategy:
        key = (decision.strategy, decision.version)
        if key not in self._compiled:
            self._compiled[key] = compile_strategy(parse_document(self._strategies.document(*key)))
        return self._compiled[key]


def _step_all(evaluator: IncrementalEvaluator, bars: Iterable[Bar]) -> None:
    for bar in bars:
        evaluator.step(bar)
