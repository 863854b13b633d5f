"""Faults around every call of the product's use cases: killed, refused, lost, frozen, overtaken, repeated."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.ledger_items import order_item, order_record
from quantumzero.adapters.aws.ledger_table import values_of
from quantumzero.domain.errors import ConflictError, QuantumZeroError, UnavailableError
from quantumzero.domain.orders import OrderState
from tests.fakes.order_desk import OrderDesk
from tests.simulation.invariants import Invariants
from tests.simulation.limit_watch import LimitWatch
from tests.simulation.simulated_broker import SimulatedBroker
from tests.simulation.watched_ledger import WatchedLedger
from tests.simulation.weather import Weather

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from quantumzero.domain.orders import OrderTerms

# What still is on its way arrives within this; the quiet period of the sweep must be longer.
LATEST_ARRIVAL = 45
FREEZES = (1, 3, 8, 30)
STEPS_OF_A_CLOCK = (-300, -20, -1, 1, 20, 300)
DEEPEST = 3
# So many tasks at most run within one: each may read much, and each read may be overtaken, without end.
MOST_OVERTAKING = 300
# Seconds between a claim and its send.
SEND_WITHIN = 2.0


class KilledError(BaseException):
    """The process of a task ended here."""


class Around:
    """Lets the world act before and after each call of the object behind."""

    def __init__(self, target: Any, world: Misfortune, kind: str) -> None:
        self._target = target
        self._world = world
        self._kind = kind

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        if name.startswith("_") or not callable(found):
            return found

        def call(*arguments: Any, **named: Any) -> Any:
            self._world.before(self._kind, name, *arguments)
            answer = found(*arguments, **named)
            self._world.after(name)
            return answer

        # Found once, called often.
        self.__dict__[name] = call
        return call


class Misfortune:
    """The desk on a watched ledger and a simulated broker, and everything that may go wrong around them."""

    def __init__(self, seed: int, *, punctual: bool | None, cash: Decimal) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.weather = Weather(self.dice)
        # One world in seven breaks the assumption that what is on its way arrives before the quiet period ends.
        drawn = self.dice.random() < 6 / 7
        self.punctual = drawn if punctual is None else punctual
        self.calm = True
        self.halt_armed = False
        self.depth = 0
        self.overtaking = 0
        self.busy_until = 0.0
        self.conflicts_left = 0
        self.stepped_back = 0
        self.claims: dict[str, float] = {}
        self.ledger = WatchedLedger()
        line = Around(None, self, "broker")
        self.desk = OrderDesk(
            ledger=Around(self.ledger, self, "ledger"),  # type: ignore[arg-type]  # stands around one
            broker=line,
            cash=cash,
        )
        self.broker = SimulatedBroker(self.desk.market, cash, self.weather)
        self.broker.deadline = self._deadline
        line._target = self.broker
        self.watch = Invariants(self.ledger, self.broker, self.desk.market.now)
        self.watch.strict = self.punctual
        watched = LimitWatch(
            self.ledger, self.watch.ensure, self.desk.machine.now, self.desk.limits.delay
        )
        self.watch.limits = watched
        # The desk holds its limits in the ledger that the world stands around: their store is put behind the world too.
        object.__setattr__(self.desk.limits, "limits", Around(watched, self, "limits"))
        self.ledger.watch = self.broker.watch = self.watch

    def start(self) -> None:
        """Let the misfortune begin."""
        self.calm = self.broker.calm = False

    def stop(self) -> None:
        """End all misfortune; what was on its way arrives."""
        self.calm = self.broker.calm = True
        self.broker.arrive(float("inf"))

    def step(self) -> None:
        """Run one task of one process; the world says which."""
        raise NotImplementedError

    def sweep(self) -> None:
        """Run one sweep."""
        raise NotImplementedError

    def run(self, task: Callable[[], None]) -> None:
        """Run a task as the platform does: it may end anywhere, and is called again or not."""
        if self.depth == 0:
            self.overtaking = 0
        self.depth += 1
        try:
            task()
        except (KilledError, QuantumZeroError):
            pass
        finally:
            self.depth -= 1

    # Around each call

    def before(self, kind: str, name: str, terms: Any = None, *more: Any) -> None:
        """Act before a call of the ledger or of the broker."""
        if self.calm:
            return
        happens = self.weather.happens
        sends = name in ("submit", "replace")
        if sends:
            self._check_claim(more[0] if name == "replace" else terms)
        self._maybe_kill()
        self._maybe_refuse(kind, name)
        if happens("freeze"):
            self._freeze()
        if sends and self.depth < DEEPEST and happens("freeze_send"):
            self._freeze_sender()
        if self.halt_armed and self.dice.random() < 0.1:
            self.halt()
        if self.depth < DEEPEST and self.overtaking < MOST_OVERTAKING and happens("overtake"):
            self.weather.note("F17")
            self.overtaking += 1
            self.step()

    def after(self, name: str) -> None:
        """Act after a call."""
        if name == "commit":
            self._note_claim()
        if self.calm:
            return
        self._maybe_kill()
        if name != "commit":
            return
        if self.weather.happens("codec"):
            self._through_codec()
        if self.weather.happens("freeze"):
            self._freeze()
        if self.weather.happens("lose_reply"):
            self.weather.note("F25")
            raise UnavailableError("applied, but the reply was lost")
        if self.weather.happens("reply_conflict"):
            self.weather.note("F25")
            raise ConflictError("applied, but its repetition met itself")

    def _check_claim(self, terms: OrderTerms) -> None:
        """I6: who sends has just claimed; the time since is asked for right before the send."""
        claimed = self.claims.get(terms.client_order_id)
        self.watch.ensure("I6", claimed is not None, f"{terms.client_order_id} sent unclaimed")
        age = self.desk.machine.monotonic() - (claimed or 0.0)
        self.watch.ensure("I6", age < SEND_WITHIN, f"sent {age} s after its claim")

    def _maybe_kill(self) -> None:
        if self.weather.happens("kill"):
            self.weather.note("F15")
            raise KilledError

    def _maybe_refuse(self, kind: str, name: str) -> None:
        if kind == "broker":
            self._maybe_busy()
            return
        if name == "commit":
            self._maybe_conflict()
        if self.weather.happens("throttle"):
            self.weather.note("F23")
            raise UnavailableError("the table throttles")

    def _maybe_busy(self) -> None:
        now = self.desk.machine.monotonic()
        if self.weather.happens("busy_storm"):
            self.busy_until = now + 60
        if now < self.busy_until:
            self.weather.note("F5")
            raise UnavailableError("the broker answered 429: too many requests")

    def _maybe_conflict(self) -> None:
        if self.weather.happens("conflict_storm"):
            self.conflicts_left = self.dice.randint(3, 12)
        if self.conflicts_left or self.weather.happens("conflict"):
            self.conflicts_left = max(self.conflicts_left - 1, 0)
            self.weather.note("F24")
            raise ConflictError("another transaction was under way")

    def _freeze(self) -> None:
        self.weather.note("F16")
        self.pass_time(self.dice.choice(FREEZES))

    def _freeze_sender(self) -> None:
        """The process stops between its claim and its send, for so long that others take its order over."""
        self.weather.note("F16")
        for _ in range(self.dice.randint(1, 3)):
            self.pass_time(self.dice.choice((8, 62)))
            self.run(self.sweep)

    def _note_claim(self) -> None:
        name, _, event = self.ledger.events[-1]
        if event == "claimed":
            self.claims[name] = self.desk.machine.monotonic()

    def _through_codec(self) -> None:
        """The newest order goes through the codec of items: the release that takes over reads the same."""
        self.weather.note("F32")
        name = self.ledger.events[-1][0]
        record = self.ledger.records[name]
        read = order_record(values_of(order_item("A#main", "main", record)))
        self.watch.ensure("I9", read == record, f"order {name} changes when it is stored")
        self.ledger.records[name] = read

    def _deadline(self, terms: OrderTerms) -> float | None:
        """Until when the request may arrive; None when it was sent so late that it may not any more."""
        now = self.desk.machine.monotonic()
        if not self.punctual:
            return now + self.dice.choice((5, 70, 120, 200))
        claimed = self.claims.get(terms.client_order_id, now)
        if now - claimed >= LATEST_ARRIVAL:
            return None
        return min(claimed + LATEST_ARRIVAL, now + self.dice.randint(1, LATEST_ARRIVAL))

    # Time

    def pass_time(self, seconds: float) -> None:
        """Let machine time pass; what is on its way and due arrives first."""
        self.broker.arrive(self.desk.machine.monotonic() + seconds)
        self.desk.machine.advance(seconds)

    def step_clock(self) -> None:
        """The machine's clock is set: forward only while no request is under way, or the assumption is given up."""
        seconds = self.dice.choice(STEPS_OF_A_CLOCK)
        if seconds > 0 and self.punctual:
            if self.depth > 1:
                return
            self.broker.arrive(float("inf"))
        self.weather.note("F27")
        self.stepped_back += max(-seconds, 0)
        self.desk.machine._now += timedelta(seconds=seconds)

    def halt(self) -> None:
        """An operator halts, at any moment of any task."""
        self.halt_armed = False
        sending = (OrderState.SUBMITTING, OrderState.UNKNOWN)
        if any(each.state in sending for each in self.ledger.records.values()):
            self.weather.note("F29")
        calm, self.calm, self.broker.calm = self.calm, True, True
        self.desk.halt.halt(reason="simulated", by="operator")
        self.calm = self.broker.calm = calm
