"""A world in which the order path must keep its promise: every call may fail, stop or be overtaken by another task.

Tasks are the product's own use cases on fakes. Around each input or output the world may kill the task, lose the
reply of a write that was applied, refuse it, or run another whole task first. Everything follows from the seed.
"""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.domain.decisions import Action
from quantumzero.domain.errors import ConflictError, QuantumZeroError, UnavailableError
from quantumzero.domain.orders import OrderState
from quantumzero.domain.risk.account_risk import TradingState
from tests.fakes.memory_broker import MemoryBroker
from tests.fakes.memory_ledger import MemoryLedger
from tests.fakes.order_desk import NO_MODEL, OrderDesk

if TYPE_CHECKING:
    from collections.abc import Callable

    from quantumzero.domain.decisions import Decision
    from quantumzero.domain.orders import BrokerOrder

SYMBOLS = ("AAPL", "IBM", "MSFT", "GOOG")
SUBMIT_FAULTS = (None, None, "lost", "late", "accept_then_lost", "reject")
# What still is on its way arrives within this; the quiet period of the sweep must be longer.
LATEST_ARRIVAL = 45


class KilledError(BaseException):
    """The process of a task ended here."""


class Around:
    """Lets the world act before and after each call of the object behind."""

    def __init__(self, target: Any, world: OrderWorld) -> None:
        self._target = target
        self._world = world

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        if name.startswith("_") or not callable(found):
            return found

        def call(*arguments: Any, **named: Any) -> Any:
            self._world.before(name)
            answer = found(*arguments, **named)
            self._world.after(name)
            return answer

        return call


class OrderWorld:
    """One account, one broker, a few strategies' decisions, and a script of misfortune."""

    def __init__(self, seed: int, *, punctual: bool = True) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.late_since = 0.0
        self.punctual = punctual
        self.calm = True
        self.halt_armed = False
        self.history: list[BrokerOrder] = []
        self.depth = 0
        self.requests = 0
        self.claims_before_halt: int | None = None
        # Each seed has its own weather: some faults are absent, some are everywhere.
        self.weather = {
            name: rate * self.dice.choice((0, 0.5, 1, 4))
            for name, rate in {"kill": 0.02, "refuse": 0.02, "lose": 0.02, "overtake": 0.1}.items()
        }
        self.ledger = MemoryLedger()
        self.desk = OrderDesk(
            ledger=Around(self.ledger, self), broker=Around(None, self), cash=Decimal(100000)
        )
        self.broker = MemoryBroker(self.desk.market, Decimal(100000))
        self.desk.broker._target = self.broker
        self.approved: list[str] = []
        self.noted: dict[str, Decision] = {}
        self.calm = False

    # Misfortune

    def before(self, name: str) -> None:
        if self.calm:
            return
        if name == "submit":
            self.broker.submit_faults = [self.dice.choice(SUBMIT_FAULTS)]
            if not self.broker.late:
                self.late_since = self.desk.machine.monotonic()
            self._assert_claimed_before_halt()
        self._maybe_kill()
        if self._happens("refuse"):
            raise self.dice.choice((ConflictError, UnavailableError))("refused by the world")
        if self.halt_armed and self.dice.random() < 0.1:
            self.halt()
        if self.depth < 3 and self._happens("overtake"):
            self.step()

    def after(self, name: str) -> None:
        if self.calm:
            return
        self._maybe_kill()
        if name == "commit" and self._happens("lose"):
            raise UnavailableError("applied, but the reply was lost")

    def _maybe_kill(self) -> None:
        if self._happens("kill"):
            raise KilledError

    def _happens(self, name: str) -> bool:
        return self.dice.random() < self.weather[name]

    def _assert_claimed_before_halt(self) -> None:
        if self.claims_before_halt is None:
            return
        claims = sum(1 for event in self.ledger.events if event[2] == "claimed")
        assert claims == self.claims_before_halt, "an order was claimed after the halt"

    # Tasks

    def step(self) -> None:
        """Run one task, chosen by the dice, as one process would."""
        often = (self.decide, self.decide, self.decide, self.place, self.place, self.relay)
        tasks = (*often, self.relay, self.fill, self.fill, self.sweep, self.wait)
        self.run(self.dice.choice(tasks))
        self._note_news()

    def _note_news(self) -> None:
        """Keep every word the broker ever said: the relay delivers it in any order."""
        newest = {each.client_order_id: each for each in self.history}
        for name, order in self.broker.accepted.items():
            if newest.get(name) != order:
                self.history.append(order)

    def run(self, task: Callable[[], None]) -> None:
        self.depth += 1
        try:
            task()
        except (KilledError, QuantumZeroError):
            # The platform calls again or not; the ledger must not mind.
            pass
        finally:
            self.depth -= 1

    def decide(self) -> None:
        desk = self.desk
        symbol = self.dice.choice(SYMBOLS)
        held = self.ledger.position(symbol).quantity
        action = Action.EXIT_LONG if held and self.dice.random() < 0.6 else Action.ENTER_LONG
        percent = Decimal(self.dice.choice((15, 25, 29)))
        decision = self._noted(desk.decision(symbol, action, percent_of_equity=percent))
        if self.dice.random() < 0.15:
            return  # its execution never starts, or fails for good
        verdict = desk.decide.decide(decision, NO_MODEL)
        if verdict.approved:
            self.approved.append(verdict.client_order_id)

    def _noted(self, decision: Decision) -> Decision:
        """Return the decision as it was written first: it is unordered from then on."""
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
            repeated = self.dice.random() < 0.2
            request = f"r{self.requests - 1 if repeated else self.requests}"
            self.desk.place.place(self.dice.choice(known), request=request)

    def sweep(self) -> None:
        self.requests += 1
        self.desk.sweep.sweep(request=f"s{self.requests}", settled=self.dice.random() < 0.5)

    def fill(self) -> None:
        """The broker trades some of an order, or closes it; nobody is told yet."""
        working = [
            each
            for each in self.broker.accepted.values()
            if each.status in ("new", "partially_filled")
        ]
        if not working:
            return
        order = self.dice.choice(working)
        left = order.quantity - order.filled_quantity
        if self.dice.random() < 0.15:
            self.broker.close(order.client_order_id, self.dice.choice(("canceled", "expired")))
            return
        quantity = min(left, Decimal(self.dice.randint(1, 600)))
        price = Decimal(self.dice.randint(380000, 420000)) / 10000
        self.desk.market.advance(0.001)
        self.broker.fill(order.client_order_id, quantity, price)

    def relay(self) -> None:
        """One snapshot arrives, old or new, perhaps for the second time."""
        if self.history:
            self.desk.apply.apply(self.dice.choice(self.history))

    def wait(self) -> None:
        seconds = self.dice.choice((1, 5, 20, 61))
        under_way = self.desk.machine.monotonic() + seconds - self.late_since
        if self.dice.random() < 0.3 or (self.punctual and under_way > LATEST_ARRIVAL):
            self.broker.deliver()
        self.desk.machine.advance(seconds)

    def next_session(self) -> None:
        """A new bar closes on every symbol; what was on its way has arrived, if the world is punctual."""
        if self.punctual:
            self.broker.deliver()
        self.desk.market.advance(86400)
        for symbol in SYMBOLS:
            self.desk.price(symbol, str(Decimal(self.dice.randint(3800, 4200)) / 100))

    def halt(self) -> None:
        """An operator halts, at any moment of any task."""
        self.halt_armed = False
        self.calm = True
        self.desk.halt.halt(reason="simulated", by="operator")
        self.calm = False
        self.claims_before_halt = sum(1 for event in self.ledger.events if event[2] == "claimed")

    # What must hold

    def check(self) -> None:
        """Assert what holds after every step."""
        ledger = self.ledger
        records = ledger.records.values()
        assert all(count == 1 for count in self.broker.accept_count.values()), "sent twice"
        cash = Decimal(100000)
        held: dict[str, Decimal] = {}
        for each in records:
            sign = 1 if each.terms.side == "buy" else -1
            cash -= sign * each.filled_cost
            symbol = each.terms.symbol
            held[symbol] = held.get(symbol, Decimal(0)) + sign * each.filled_quantity
            on_broker = self.broker.accepted.get(each.terms.client_order_id)
            if each.filled_quantity:
                assert on_broker is not None
                assert each.filled_quantity <= on_broker.filled_quantity
            if each.state is OrderState.REJECTED and self.punctual:
                assert on_broker is None, "REJECTED without evidence"
        assert ledger.cash() == cash, "cash is not the sum of fills"
        for symbol, quantity in held.items():
            assert ledger.position(symbol).quantity == quantity, "position is not the sum of fills"
        risk = ledger.risk()
        reserved = sum((each.reserved_value for each in records), Decimal(0))
        exposure = sum((each.exposure for each in ledger.positions.values()), Decimal(0))
        assert risk.open_reserved == reserved
        assert risk.gross_used == reserved + exposure
        assert sum(risk.symbol_used.values(), Decimal(0)) == risk.gross_used
        if risk.gross_used > risk.limits.gross_exposure:
            assert not self.punctual, "above the limit"

    def settle(self) -> None:
        """End all misfortune and let the sweep do its work."""
        self.calm = True
        self.broker.submit_faults = []
        self.broker.deliver()
        self._note_news()
        for order in self.history:
            self.run(lambda told=order: self.desk.apply.apply(told))
        for _ in range(4):
            self.desk.machine.advance(70)
            self.sweep()
            self.check()

    def check_settled(self) -> None:
        """Assert that ledger and broker tell the same story."""
        unresolved = (OrderState.INTENT, OrderState.SUBMITTING, OrderState.UNKNOWN)
        for each in self.ledger.records.values():
            assert each.state not in unresolved, f"stuck in {each.state}"
        for decision in self.noted.values():
            assert self.ledger.has_order_of(decision), "a decision never became an order"
        assert self.desk.decisions.unordered() == []
        for name, order in self.broker.accepted.items():
            record = self.ledger.records.get(name)
            assert record is not None, "an order of the broker is not in the ledger"
            assert record.filled_quantity == order.filled_quantity
        assert self.ledger.cash() == self.broker.cash
        for symbol, quantity in self.broker.quantities.items():
            assert self.ledger.position(symbol).quantity == quantity
        if self.ledger.risk().state is TradingState.HALTED:
            assert not [
                each
                for each in self.broker.accepted.values()
                if each.status in ("new", "partially_filled")
            ]
