"""What must hold of stops and targets, computed from the writes alone: what filled is covered, nothing sells twice."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.orders import Leg, OrderClass, Origin, Side
from quantumzero.domain.protection_plan import ProtectionPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from quantumzero.domain.orders import OrderRecord, OrderTerms
    from tests.fakes.memory_ledger import MemoryLedger

    Ensure = Callable[[str, bool, str], None]

ZERO = Decimal(0)
# What splits may round away.
ROUNDED = Decimal("0.00000001")
_WITH_LEGS = (OrderClass.BRACKET, OrderClass.OTO)


class ProtectionWatch:
    """Follows the fills of entries with legs, of their legs, and of everything else of the same part.

    covered is, by entry, what its legs must cover: what filled, less what its legs closed, and never more than the
    strategy has held at any moment since.
    """

    def __init__(self) -> None:
        self.covered: dict[str, Decimal] = {}
        self.rested = 0
        self._entries: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._signs: dict[str, int] = {}
        self._resting: dict[str, set[str]] = defaultdict(set)

    def after_step(
        self,
        stored: OrderRecord | None,
        after: OrderRecord,
        entry: OrderRecord | None,
        ensure: Ensure | None,
    ) -> None:
        """I1: one order of an entry's family rests at most. I3: a leg is for no more than what its entry filled."""
        terms = after.terms
        if terms.origin is not Origin.PROTECTIVE:
            return
        if ensure is not None and entry is not None:
            told = f"the {terms.leg} is for {terms.quantity}, and {entry.filled_quantity} filled"
            ensure("I3", terms.quantity <= entry.filled_quantity, told)
        if terms.rests:
            self._follow_resting(stored, after, ensure)

    def _follow_resting(
        self, stored: OrderRecord | None, after: OrderRecord, ensure: Ensure | None
    ) -> None:
        alive = self._resting[after.terms.parent or ""]
        name = after.terms.client_order_id
        if after.terminal:
            alive.discard(name)
            return
        alive.add(name)
        if stored is None or stored.held:
            self.rested += 1
        if ensure is not None:
            told = f"{len(alive)} orders of the family of {after.terms.parent} rest"
            ensure("I1", len(alive) == 1, told)

    def after_fill(self, after: OrderRecord, quantity: Decimal, part: Decimal) -> None:
        """Note a fill; part is what the strategy holds of the symbol after it."""
        terms = after.terms
        name, key = terms.client_order_id, (terms.strategy, terms.symbol)
        if terms.order_class in _WITH_LEGS and not terms.reduce_only:
            if name not in self.covered:
                self.covered[name] = ZERO
                self._entries[key].append(name)
                self._signs[name] = 1 if terms.side is Side.BUY else -1
            self.covered[name] += quantity
        elif terms.parent in self.covered and terms.origin is Origin.PROTECTIVE:
            self.covered[terms.parent] = max(self.covered[terms.parent] - quantity, ZERO)
        for each in self._entries[key]:
            held = max(part * self._signs[each], ZERO)
            self.covered[each] = min(self.covered[each], held)

    def after_split(self, symbol: str, ratio: Decimal) -> None:
        """Multiply what is to be covered, as the books must."""
        for (_, each), names in self._entries.items():
            if each == symbol:
                self.covered.update({name: self.covered[name] * ratio for name in names})

    def check_end(
        self, ledger: MemoryLedger, ensure: Ensure, *, taken_back: AbstractSet[str]
    ) -> None:
        """I3: at quiescence what filled and is still held has a leg that is alive and covers it; no other has one.

        taken_back are the orders whose fills the exchange took back: a late word of them is of shares nobody has.
        """
        legs: dict[str, list[OrderRecord]] = defaultdict(list)
        for record in ledger.records.values():
            terms = record.terms
            if terms.origin is Origin.PROTECTIVE and not record.terminal:
                legs[terms.parent or ""].append(record)
        for name, covered in self.covered.items():
            if name in taken_back:
                continue
            for kind in _kinds(ledger.records[name].terms):
                # What is let go or rests covers its part, and its successor is for the rest.
                most = sum((_covers(each, kind) for each in legs.get(name, [])), ZERO)
                told = f"entry {name} has {covered} to be covered, and its {kind} covers {most}"
                ensure("I3", most >= covered - ROUNDED, told)
        for record in ledger.held_orders():
            part = ledger.strategies.get((record.terms.strategy, record.terms.symbol))
            sign = 1 if record.terms.side is Side.SELL else -1
            held = part.quantity * sign if part else ZERO
            ensure("I3", held > 0, f"leg {record.terms.client_order_id} protects nothing")


def _kinds(entry: OrderTerms) -> Sequence[Leg]:
    plan = entry.protection or ProtectionPlan()
    stops = entry.stop_loss_price or plan.stop_loss or plan.trailing_stop
    targets = entry.take_profit_price or plan.take_profit
    found = {Leg.STOP: stops, Leg.TARGET: targets, Leg.TIME: plan.time_stop_bars}
    return [leg for leg, given in found.items() if given]


def _covers(leg: OrderRecord, kind: Leg) -> Decimal:
    terms = leg.terms
    pair = terms.order_class is OrderClass.OCO and kind is Leg.TARGET
    return terms.quantity - leg.filled_quantity if terms.leg is kind or pair else ZERO
