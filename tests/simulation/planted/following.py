"""Bugs of following the broker: fills, cancels, comparisons, the record of what happened."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws import ledger_transactions
from quantumzero.domain import order_lifecycle, order_snapshots, tick_folding
from quantumzero.domain.orders import OrderState, Side
from quantumzero.usecases import apply_broker_order, cancel_orders
from quantumzero.usecases.cancel_orders import CancelOrders
from quantumzero.usecases.process_ticks import ProcessTicks
from quantumzero.usecases.reconcile_account import ReconcileAccount
from quantumzero.usecases.sweep_orders import SweepOrders
from tests.simulation.planted.bugs import bug, commit_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.ledger_changes import LedgerChange
    from quantumzero.domain.order_lifecycle import Transition
    from quantumzero.domain.orders import BrokerOrder, OrderRecord
    from tests.simulation.planted.bugs import Patch
    from tests.simulation.watched_ledger import WatchedLedger

_GIVEN_UP = (OrderState.REJECTED, OrderState.ABANDONED)


@bug("A fill is added every time it is told of.")
def fills_added() -> Sequence[Patch]:
    original = order_snapshots.apply_snapshot

    def apply(record: OrderRecord, snapshot: BrokerOrder) -> Transition | None:
        total = min(record.filled_quantity + snapshot.filled_quantity, snapshot.quantity)
        return original(record, replace(snapshot, filled_quantity=total))

    return [(apply_broker_order, "apply_snapshot", apply)]


@bug("The last word that arrives decides the state, however old it is.")
def last_word_wins() -> Sequence[Patch]:
    anything = {state: frozenset(OrderState) for state in OrderState}

    def outdated(_record: OrderRecord, _snapshot: BrokerOrder) -> bool:
        return False

    def state_after(_record: OrderRecord, snapshot: BrokerOrder, _filled: Decimal) -> OrderState:
        found = order_snapshots.STANDINGS.get(snapshot.status)
        return found or (OrderState.PARTIAL if snapshot.filled_quantity else OrderState.ACCEPTED)

    return [
        (order_lifecycle, "ALLOWED", anything),
        (order_snapshots, "_is_outdated", outdated),
        (order_snapshots, "_state_after", state_after),
    ]


@bug("An order that was given up stays given up, whatever the broker says.")
def no_resurrection() -> Sequence[Patch]:
    original = order_snapshots.apply_snapshot

    def apply(record: OrderRecord, snapshot: BrokerOrder) -> Transition | None:
        if record.state in _GIVEN_UP:
            return None
        return original(record, snapshot)

    return [(apply_broker_order, "apply_snapshot", apply)]


@bug("A halt cancels nothing, and neither does the sweep after it.")
def halt_cancels_nothing() -> Sequence[Patch]:
    def nothing(_self: CancelOrders, *_: Any, **__: Any) -> int:
        return 0

    def again(_self: SweepOrders, *_: Any) -> None:
        return None

    return [(CancelOrders, "cancel_all", nothing), (SweepOrders, "_cancel_again", again)]


@bug("A cancel that was asked for counts as done.")
def cancel_believed() -> Sequence[Patch]:
    def request(record: OrderRecord) -> Transition | None:
        if record.state not in (OrderState.ACCEPTED, OrderState.PARTIAL):
            return None
        return order_lifecycle.move(record, OrderState.CANCELED, "canceled")

    return [(cancel_orders, "request_cancel", request)]


@bug("The money of a fill is rounded to cents.")
def cash_in_cents() -> Sequence[Patch]:
    def alter(_: WatchedLedger, change: LedgerChange) -> LedgerChange:
        return replace(change, cash=round(change.cash, 2))

    return commit_of(alter)


@bug("What a sale brings is not added to the cash of a partly filled order.")
def partial_sales_bring_nothing() -> Sequence[Patch]:
    def alter(_: WatchedLedger, change: LedgerChange) -> LedgerChange:
        after = change.transition.after
        if after.terms.side is Side.SELL and after.state is OrderState.PARTIAL:
            return replace(change, cash=Decimal(0))
        return change

    return commit_of(alter)


@bug("An exit moves the account's position, but not the strategy's part of it.")
def parts_not_moved() -> Sequence[Patch]:
    def alter(_: WatchedLedger, change: LedgerChange) -> LedgerChange:
        if change.transition.after.terms.side is Side.SELL:
            return replace(change, strategy_quantity=Decimal(0))
        return change

    return commit_of(alter)


@bug("The event of a fill does not say what it cost.")
def events_without_cost() -> Sequence[Patch]:
    original = ledger_transactions._event

    def event(*arguments: Any) -> Any:
        action = original(*arguments)
        action["Put"]["Item"].pop("fill_cost", None)
        return action

    return [(ledger_transactions, "_event", event)]


@bug("A comparison takes over the broker's positions, also when it lists none.")
def positions_taken_over() -> Sequence[Patch]:
    original = ReconcileAccount.reconcile

    def reconcile(self: ReconcileAccount) -> Any:
        report = original(self)
        if not report.clean:
            books: Any = self.books
            _, there = self.broker.holdings()
            known = {each.symbol: each.quantity for each in there}
            ledger = books._target
            for symbol, each in ledger.positions.items():
                changed = replace(each, quantity=known.get(symbol, Decimal(0)))
                ledger.positions[symbol] = changed
        return report

    return [(ReconcileAccount, "reconcile", reconcile)]


@bug("A comparison that finds a difference sells it away.")
def differences_traded() -> Sequence[Patch]:
    original = ReconcileAccount._stop_entries

    def stop(self: ReconcileAccount, *arguments: Any) -> None:
        original(self, *arguments)
        for record in self.apply.ledger.open_orders()[:1]:
            self.broker.submit(record.terms)

    return [(ReconcileAccount, "_stop_entries", stop)]


@bug("A comparison that finds a difference changes nothing.")
def differences_ignored() -> Sequence[Patch]:
    def stop(_self: ReconcileAccount, *_: Any) -> None:
        return None

    return [(ReconcileAccount, "_stop_entries", stop)]


@bug("A comparison looks only at orders since the last one, though older ones still fill.")
def old_orders_not_compared() -> Sequence[Patch]:
    def since(_self: ReconcileAccount, last: Any) -> Any:
        return last

    return [(ReconcileAccount, "_since", since)]


@bug("A record that nobody can read is dropped without being kept.")
def poison_dropped() -> Sequence[Patch]:
    def put(_self: ProcessTicks, _shard: str, _refused: Any) -> None:
        return None

    return [(ProcessTicks, "_put_in_quarantine", put)]


@bug("A tick that comes twice counts twice.")
def ticks_counted_twice() -> Sequence[Patch]:
    original = tick_folding.TickFolder.add_trades

    def add(self: Any, symbol: str, times: Any, prices: Any, sizes: Any, ids: Any) -> None:
        fresh = [each + self.counts.folded * 1000 for each in ids]
        original(self, symbol, times, prices, sizes, fresh)

    return [(tick_folding.TickFolder, "add_trades", add)]
