"""A world in which the order path must keep its promise: every call may fail, stop or be overtaken by another task.

Tasks are the product's own use cases on fakes. Everything follows from the seed. What must hold after every write is
in invariants.py; here is what must hold when the misfortune ends.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.decisions import Action
from quantumzero.domain.orders import OrderState, TimeInForce
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.domain.risk.proposal import NO_MODEL
from tests.simulation import wishes
from tests.simulation.misfortune import DEEPEST, LATEST_ARRIVAL
from tests.simulation.rare_events import RareEvents
from tests.simulation.wishes import SHORTED, SYMBOLS

if TYPE_CHECKING:
    from quantumzero.domain.decisions import Decision

__all__ = ["LATEST_ARRIVAL", "OrderWorld"]

CASH = Decimal(100000)
UNRESOLVED = (OrderState.INTENT, OrderState.SUBMITTING, OrderState.UNKNOWN)


class OrderWorld(RareEvents):
    """One account, one broker, a few strategies' decisions, and a script of misfortune."""

    def __init__(self, seed: int, *, punctual: bool | None = None) -> None:
        super().__init__(seed, punctual=punctual, cash=CASH)
        self.requests = 0
        self.delivered: set[int] = set()
        self.newest: dict[str, int] = {}
        self.noted: dict[str, Decision] = {}
        often = (self.decide, self.decide, self.protect, *(self.place,) * 3)
        more = (*(self.fill,) * 5, *(self.relay,) * 3, self.sweep, self.wait)
        rare = (self.wait, self.reconcile, self.trouble, *(self.person,) * 3)
        self.tasks = (*often, *more, *rare)
        self.start()

    # Tasks

    def step(self) -> None:
        """Run one task, chosen by the dice, as one process would."""
        self.run(self.dice.choice(self.tasks))

    def decide(self) -> None:
        desk, dice = self.desk, self.dice
        if self.noted and dice.random() < 0.15:
            self.weather.note("F18")
            decision = dice.choice(list(self.noted.values()))
        else:
            decision = self._conclude()
        if self.weather.happens("never_started"):
            self.weather.note("F26")
            return
        verdict = desk.decide.decide(decision, NO_MODEL)
        if verdict.approved:
            self.approved.append(verdict.client_order_id)
            if dice.random() < 0.5:
                # The same execution goes on to place it.
                self._place(verdict.client_order_id)
        elif verdict.code in ("STALE_PRICE", "PRICE_COLLAR"):
            self.weather.note("F28")

    def _conclude(self) -> Decision:
        """Return a decision on the newest bar, as it was written first: it is unordered from then on."""
        dice = self.dice
        symbol = dice.choice((*("MSFT",) * 4, "AAPL", "IBM") if self.shorts else SYMBOLS)
        action = self._action(symbol)
        decision = self.desk.decision(symbol, action)
        if decision.entering:
            protection = wishes.plan(dice) if dice.random() < 0.6 else None
            decision = replace(decision, size=wishes.size(dice), protection=protection)
        # One bar makes one decision; here it may enter and leave, by two names, as two versions of a strategy would.
        kind = "entry" if action is Action.ENTER_LONG else "exit"
        name = f"{decision.id}-{kind}"
        if name not in self.noted:
            self.noted[name] = replace(decision, id=name)
            self.desk.decisions.hold(self.noted[name])
            self.desk.decisions.note_unordered(self.noted[name])
        return self.noted[name]

    def _action(self, symbol: str) -> Action:
        """Return what a strategy wants: in worlds with shorts it also turns its position."""
        dice = self.dice
        if self.shorts and SHORTED.get(symbol) == "sma-cross":
            return self._two_sided(symbol)
        held = self.ledger.position(symbol).quantity
        return Action.EXIT_LONG if held and dice.random() < 0.6 else Action.ENTER_LONG

    def _two_sided(self, symbol: str) -> Action:
        """Return what a strategy of both sides wants; without a position one side a session, so that it may turn."""
        part = self.ledger.strategies.get(("sma-cross", symbol))
        held = part.quantity if part else 0
        rises = held > 0 if held else self.desk.market.now().day % 2 == 0
        along = Action.ENTER_LONG if rises else Action.ENTER_SHORT
        if not held:
            return along
        against = Action.ENTER_SHORT if rises else Action.ENTER_LONG
        leaves = Action.EXIT_LONG if rises else Action.EXIT_SHORT
        return self.dice.choice((along, leaves, leaves, against, against))

    def decide_again(self) -> None:
        """Decide once more what has no order any more."""
        lost = [each for each in self.noted.values() if not self.ledger.has_order_of(each)]
        if lost:
            self.desk.decide.decide(self.dice.choice(lost), NO_MODEL)

    def place(self) -> None:
        listed = self.ledger.open_orders()
        known = [each.terms.client_order_id for each in listed]
        # Mostly one that waits to be sent; also one that was sent long ago.
        if self.dice.random() < 0.7:
            waiting = [each for each in listed if each.state is OrderState.INTENT]
            known = [each.terms.client_order_id for each in waiting] or known
        else:
            known = [*self.approved, *known]
        if known:
            self._place(self.dice.choice(known))

    def _place(self, name: str) -> None:
        self.requests += 1
        repeated = self.weather.happens("twice")
        request = f"r{self.requests - 1 if repeated else self.requests}"
        if self.desk.place.place(name, request=request) is OrderState.FILLED:
            self.desk.legs.follow(self.ledger.records[name], request=request)

    def sweep(self) -> None:
        self.requests += 1
        settled = self.dice.random() < 0.5
        self.desk.sweep.sweep(request=f"s{self.requests}", settled=settled)
        if self.weather.happens("twice"):
            self.weather.note("F18")
            self.desk.sweep.sweep(request=f"s{self.requests}", settled=settled)

    def reconcile(self) -> None:
        submits, hidden = self.broker.submits, self.weather.exercised["F14"]
        depth, self.depth = (
            self.depth,
            DEEPEST,
        )  # nobody overtakes: what differs then, really differs
        try:
            report = self.desk.reconcile.reconcile()
        finally:
            self.depth = depth
            self.watch.ensure("I2", self.broker.submits == submits, "a comparison has traded")
        if not report.clean:
            self.weather.note("F30")
            active = self.ledger.risk().state is TradingState.ACTIVE
            self.watch.ensure("I2", not active, f"still active though {report.differences}")
            excused = self.disturbed or self.weather.exercised["F14"] > hidden
            self.watch.ensure("I2", excused, f"differs without a cause: {report.differences}")

    def fill(self) -> None:
        """The broker trades some of an order, or closes it; nobody is told yet."""
        working = self.broker.working()
        if not working:
            return
        order = self.dice.choice(working)
        if self.dice.random() < 0.15:
            status = self.dice.choice(("canceled", "expired"))
            if not order.filled_quantity and self.weather.happens("reject_later"):
                self.weather.note("F7")
                status = "rejected"
            self.broker.close(order.client_order_id, status)
            return
        record = self.ledger.records.get(order.client_order_id)
        successor = self.ledger.records.get((record.replaced_by if record else None) or "")
        if successor is not None and not successor.terminal and not successor.filled_quantity:
            self.note_race(successor)
        if order.status == "pending_cancel":
            self.weather.note("F12")
        shares = Decimal(self.dice.randint(1, 900))
        if self.dice.random() < 0.2:
            shares /= 8
        price = Decimal(self.dice.randint(380000, 420000)) / 10000
        left = self.broker.left(order, price)
        terms = self.broker.terms.get(order.client_order_id)
        force = terms.time_in_force if terms else TimeInForce.DAY
        whole = force is TimeInForce.FILL_OR_KILL or self.dice.random() < 0.3
        quantity = left if whole else min(left, shares)
        if quantity < left:
            self.weather.note("F8")
        self.desk.market.advance(0.001)
        self.broker.fill(order.client_order_id, quantity, price, by_stop=self.dice.random() < 0.5)
        if quantity < left and force is TimeInForce.IMMEDIATE_OR_CANCEL:
            self.broker.close(order.client_order_id, "canceled")

    def relay(self) -> None:
        """One snapshot arrives, old or new, perhaps for the second time."""
        told = self.broker.told
        if not told:
            return
        index = self.dice.randrange(len(told))
        if self.dice.random() < 0.5:
            index = len(told) - 1
        name = told[index].client_order_id
        if index in self.delivered:
            self.weather.note("F9")
        if index < self.newest.get(name, 0):
            self.weather.note("F10")
        self.newest[name] = max(index, self.newest.get(name, 0))
        self.delivered.add(index)
        record = self.desk.apply.apply(told[index])
        if record is not None:
            self.desk.legs.follow(record, request=f"u{index}-{self.requests}")

    def wait(self) -> None:
        self.pass_time(self.dice.choice((1, 5, 20, 61)))
