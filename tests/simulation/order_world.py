"""A world in which the order path must keep its promise: every call may fail, stop or be overtaken by another task.

Tasks are the product's own use cases on fakes. Everything follows from the seed. What must hold after every write is
in invariants.py; here is what must hold when the misfortune ends.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.domain.bars import Split
from quantumzero.domain.decisions import Action
from quantumzero.domain.order_identity import is_ours
from quantumzero.domain.orders import OrderState
from quantumzero.domain.risk.account_risk import TradingState
from tests.fakes.order_desk import NO_MODEL
from tests.simulation.misfortune import DEEPEST, LATEST_ARRIVAL
from tests.simulation.people import SYMBOLS, People

if TYPE_CHECKING:
    from quantumzero.domain.decisions import Decision

__all__ = ["LATEST_ARRIVAL", "OrderWorld"]

CASH = Decimal(100000)
UNRESOLVED = (OrderState.INTENT, OrderState.SUBMITTING, OrderState.UNKNOWN)


class OrderWorld(People):
    """One account, one broker, a few strategies' decisions, and a script of misfortune."""

    def __init__(self, seed: int, *, punctual: bool | None = None) -> None:
        super().__init__(seed, punctual=punctual, cash=CASH)
        dice = self.dice
        self.outsiders = dice.random() < 0.12
        self.splits = dice.random() < 0.1
        self.restores = dice.random() < 0.12
        if self.outsiders or self.splits or self.restores:
            # Others move the account, or the ledger forgets: then the limit is kept by what is known, not exactly.
            self.watch.strict = False
        self.disturbed = False
        self.busted: set[str] = set()
        self.requests = 0
        self.delivered: set[int] = set()
        self.newest: dict[str, int] = {}
        self.noted: dict[str, Decision] = {}
        self.kept: dict[str, Any] | None = None
        often = (self.decide, self.decide, self.decide, self.place, self.place, self.place)
        more = (self.relay, self.relay, self.fill, self.fill, self.sweep, self.wait, self.wait)
        self.tasks = (*often, *more, self.reconcile, self.person, self.person, self.trouble)
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
        elif verdict.code in ("STALE_PRICE", "PRICE_COLLAR"):
            self.weather.note("F28")

    def _conclude(self) -> Decision:
        """Return a decision on the newest bar, as it was written first: it is unordered from then on."""
        dice = self.dice
        symbol = dice.choice(SYMBOLS)
        held = self.ledger.position(symbol).quantity
        action = Action.EXIT_LONG if held and dice.random() < 0.6 else Action.ENTER_LONG
        percent = Decimal(dice.choice((15, 25, 29)))
        decision = self.desk.decision(symbol, action, percent_of_equity=percent)
        name = f"{decision.id}-{decision.action}"
        if name not in self.noted:
            self.noted[name] = replace(decision, id=name)
            self.desk.decisions.hold(self.noted[name])
            self.desk.decisions.note_unordered(self.noted[name])
        return self.noted[name]

    def place(self) -> None:
        listed = self.ledger.open_orders()
        known = [*self.approved, *(each.terms.client_order_id for each in listed)]
        if known:
            self.requests += 1
            repeated = self.weather.happens("twice")
            request = f"r{self.requests - 1 if repeated else self.requests}"
            self.desk.place.place(self.dice.choice(known), request=request)

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
        left = order.quantity - order.filled_quantity
        if self.dice.random() < 0.15:
            status = self.dice.choice(("canceled", "expired"))
            if not order.filled_quantity and self.weather.happens("reject_later"):
                self.weather.note("F7")
                status = "rejected"
            self.broker.close(order.client_order_id, status)
            return
        record = self.ledger.records.get(order.client_order_id)
        if record is not None and record.replaced_by is not None:
            # The two reserve the greater of both: what the old one fills meanwhile comes on top.
            self.watch.strict = False
        if order.status == "pending_cancel":
            self.weather.note("F12")
        shares = Decimal(self.dice.randint(1, 600))
        if self.dice.random() < 0.2:
            shares /= 8
        quantity = min(left, shares)
        if quantity < left:
            self.weather.note("F8")
        price = Decimal(self.dice.randint(380000, 420000)) / 10000
        self.desk.market.advance(0.001)
        self.broker.fill(order.client_order_id, quantity, price)

    def relay(self) -> None:
        """One snapshot arrives, old or new, perhaps for the second time."""
        told = self.broker.told
        if not told:
            return
        index = self.dice.randrange(len(told))
        name = told[index].client_order_id
        if index in self.delivered:
            self.weather.note("F9")
        if index < self.newest.get(name, 0):
            self.weather.note("F10")
        self.newest[name] = max(index, self.newest.get(name, 0))
        self.delivered.add(index)
        if is_ours(name):
            self.desk.apply.apply(told[index])

    def wait(self) -> None:
        self.pass_time(self.dice.choice((1, 5, 20, 61)))

    def trouble(self) -> None:
        """Something rare: a clock is set, a price jumps, an operator resumes, others trade, a table is restored."""
        choices = [self.resume, self.resume]
        if self.weather.happens("clock_step"):
            choices.append(self.step_clock)
        # The market moves between tasks: it does not run while no machine time passes.
        if self.depth == 1 and self.weather.happens("jump"):
            choices.append(self.jump)
        if self.outsiders:
            choices += [self.outside, self.outside]
        if self.restores and self.depth == 1:
            choices += [self.keep_or_restore, self.keep_or_restore]
        self.dice.choice(choices)()

    def jump(self) -> None:
        """A bar closes far from the last one; decisions of before are old."""
        self.desk.market.advance(self.dice.choice((5, 60, 200)))
        close = Decimal(self.dice.randint(3500, 4500)) / 100
        self.desk.price(self.dice.choice(SYMBOLS), str(close))

    def resume(self) -> None:
        if self.ledger.risk().state is not TradingState.ACTIVE:
            self.desk.halt.resume(by="operator")

    def outside(self) -> None:
        """Somebody else moves the account at the broker."""
        self.weather.note("F13")
        self.disturbed = True
        kind = self.dice.choice(("manual", "liquidation", "bust", "fee"))
        self.busted |= self.broker.moved_by_others(kind, self.dice.choice(SYMBOLS), self.dice)

    def keep_or_restore(self) -> None:
        """Copy the ledger; later bring the copy back as the runbook says: halted, and compared before anything runs."""
        if self.kept is None:
            self.kept = self.ledger.copied()
            return
        if self.dice.random() < 0.7:
            return
        self.weather.note("F31")
        self.disturbed = self.broker.restored = True
        self.ledger.restore(self.kept)
        self.kept = None
        self.restores = False
        self.broker.arrive(float("inf"))
        self.halt()
        self.calm = self.broker.calm = True
        self.desk.reconcile.reconcile()
        self.calm = self.broker.calm = False

    def next_session(self) -> None:
        """A new bar closes on every symbol; what was on its way has arrived, if the world is punctual."""
        if self.punctual:
            self.broker.arrive(float("inf"))
        self.desk.market.advance(86400)
        prices = {symbol: Decimal(self.dice.randint(3800, 4200)) / 100 for symbol in SYMBOLS}
        if self.splits and self.dice.random() < 0.5:
            symbol = self.dice.choice(SYMBOLS)
            self._split(symbol)
        for symbol, price in prices.items():
            self.desk.price(symbol, str(price))

    def _split(self, symbol: str) -> None:
        """A split of two for one: the broker restates, the books are multiplied, words of before may still come."""
        self.weather.note("F13")
        self.disturbed = True
        day = self.desk.market.now().date().isoformat()
        split = Split(symbol, day, 1, 2)
        self.broker.split(symbol, 2)
        self.desk.bars.put_splits([split])
        self.ledger.apply_split(split, at=self.desk.market.now())
