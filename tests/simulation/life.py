"""The life of one seed: a world of orders and a small world of ticks beside it."""

from __future__ import annotations

import hashlib
import traceback
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from quantumzero.domain.orders import Leg, OrderClass, Origin, Side
from tests.simulation.endings import settle
from tests.simulation.invariants import Violation
from tests.simulation.market_world import MarketWorld
from tests.simulation.order_world import OrderWorld

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quantumzero.domain.orders import OrderTerms

SESSIONS = 3
STEPS = 20


@dataclass(slots=True)
class Account:
    """What a run of seeds exercised and checked."""

    seeds: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, world: OrderWorld) -> None:
        """Count one finished world."""
        self.seeds += 1
        self.rows += world.weather.exercised
        self.checks += world.watch.checks
        self.states.update(each.state.value for each in world.ledger.records.values())
        self.events.update(event for _, _, event in world.ledger.events)
        filled = [each.terms for each in world.ledger.records.values() if each.filled_quantity]
        self.kinds.update(kind for terms in filled for kind in kinds_of(terms))
        self.kinds += world.watch.limits.moved

    def merge(self, other: Account) -> None:
        """Add another run's counts."""
        self.seeds += other.seeds
        self.rows += other.rows
        self.checks += other.checks
        self.states += other.states
        self.events += other.events
        self.kinds += other.kinds


def kinds_of(terms: OrderTerms) -> Iterator[str]:
    """Yield what an order is, in words: its type, its force, and what is particular about it."""
    yield terms.order_type.value
    yield terms.time_in_force.value
    particulars = {
        "short entry": terms.opens_short,
        "cover": terms.reduce_only and terms.side is Side.BUY,
        "turn": terms.leg is Leg.ENTRY and terms.parent is not None,
        "amount": terms.notional is not None,
        "part of a share": terms.notional is None and bool(terms.quantity % 1),
        "replacement": terms.replaces is not None,
        "entry with legs": terms.order_class in (OrderClass.BRACKET, OrderClass.OTO),
        "leg": terms.origin is Origin.PROTECTIVE,
    }
    yield from (name for name, holds in particulars.items() if holds)


def live(seed: int, *, punctual: bool | None = None, steps: int = STEPS) -> OrderWorld:
    """Run one world to its end. Raises Violation."""
    world = OrderWorld(seed, punctual=punctual)
    halts_at = world.dice.choice((None, None, None, 0, 1, 2))
    for session in range(SESSIONS):
        world.next_session()
        for index in range(steps):
            if session == halts_at and index == steps // 2:
                world.halt_armed = True
            world.step()
    settle(world)
    return world


@dataclass(frozen=True, slots=True)
class Failure:
    """A seed that broke an invariant; steps is the shortest session that still does."""

    seed: int
    invariant: str
    text: str
    steps: int

    @property
    def line(self) -> str:
        """Return the line that keeps the seed for ever."""
        return f"{self.seed} {self.steps} {self.invariant} {self.text}"


def fault_of(seed: int, *, steps: int = STEPS, account: Account | None = None) -> Failure | None:
    """Run one seed; return what it broke. Whatever else the product raises is a breach too."""
    try:
        world = live(seed, steps=steps)
        market = MarketWorld(seed)
        market.live()
    except Violation as found:
        return Failure(seed, found.invariant, str(found), steps)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__}: {error} ({last.name}:{last.lineno})"
        return Failure(seed, "crash", text, steps)
    if account is not None:
        account.add(world)
        account.rows += market.exercised
        account.checks += market.checks
    return None


def shrunk(failure: Failure) -> Failure:
    """Return the same seed with the fewest steps a session that break anything."""
    for steps in range(1, failure.steps):
        smaller = fault_of(failure.seed, steps=steps)
        if smaller is not None:
            return smaller
    return failure


def run_seeds(first: int, count: int) -> tuple[Account, list[Failure]]:
    """Run a range of seeds."""
    account, failures = Account(), []
    for seed in range(first, first + count):
        failure = fault_of(seed, account=account)
        if failure is not None:
            account.seeds += 1
            failures.append(failure)
    return account, failures


def trace(world: OrderWorld) -> str:
    """Return the hash of everything that happened in a world."""
    told = (world.ledger.events, world.ledger.records, world.broker.told, world.ledger.raised)
    counted = sorted(world.watch.checks.items()), sorted(world.weather.exercised.items())
    return hashlib.sha256(repr((told, counted)).encode()).hexdigest()
