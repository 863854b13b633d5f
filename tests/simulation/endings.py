"""How a simulated world ends: the misfortune stops, two sweeps run, and ledger and broker must tell the same story."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.order_identity import is_ours
from quantumzero.domain.orders import Leg, OrderState, Side
from quantumzero.domain.risk.account_risk import TradingState
from tests.simulation.order_edges import reduces

if TYPE_CHECKING:
    from quantumzero.domain.orders import BrokerOrder, OrderRecord
    from tests.simulation.order_world import OrderWorld

UNRESOLVED = (OrderState.INTENT, OrderState.SUBMITTING, OrderState.UNKNOWN)
SWEEPS = 2
CENT = Decimal("0.01")


def settle(world: OrderWorld) -> None:
    """End all misfortune and let the product's own guarantee do its work: two sweeps and a comparison."""
    world.stop()
    if world.dice.random() < 0.3:
        for told in list(world.broker.told):
            tell(world, told)
    elif len(world.delivered) < len(world.broker.told):
        world.weather.note("F11")
    # A clock that was set back makes every waiting longer by that much, and nothing else.
    world.desk.machine.advance(world.stepped_back)
    for number in range(SWEEPS):
        world.desk.machine.advance(70)
        world.desk.sweep.sweep(request=f"end-{number}", settled=number == 0)
    check_resolved(world)
    report = world.desk.reconcile.reconcile()
    for number in range(SWEEPS):
        # What only the comparison heard takes two: what rests is cancelled, then the leg held for it is taken away.
        world.desk.sweep.sweep(request=f"end-last-{number}")
    check_books(world, report.differences)
    if not world.broker.restored:
        protection, ensure = world.watch.protection, world.watch.ensure
        protection.check_end(world.ledger, ensure, taken_back=world.busted)
    world.watch.check_audit()


def tell(world: OrderWorld, told: BrokerOrder) -> None:
    """Deliver one word of the broker."""

    def apply() -> None:
        world.desk.apply.apply(told)

    world.run(apply)


def check_resolved(world: OrderWorld) -> None:
    """I6 and I7: nothing waits for an answer, and after a halt nothing works at the broker."""
    ensure = world.watch.ensure
    for name, record in world.ledger.records.items():
        resolved = record.state not in UNRESOLVED or record.held or _waits(world, record)
        ensure("I7", resolved, f"order {name} is stuck in {record.state}")
    if world.ledger.risk().state is TradingState.HALTED:
        known = [each for each in world.broker.working() if is_working(world, each.client_order_id)]
        ensure("I6", not known, f"halted, but {len(known)} orders still work")
    for each in world.broker.working():
        if is_working(world, each.client_order_id):
            terms = world.ledger.records[each.client_order_id].terms
            state = world.ledger.risk().governing(terms.strategy, terms.symbol).state
            stopped = state is TradingState.HALTED
            ensure("I6", not stopped, f"{terms.symbol} is halted, but {terms} works")
    if world.broker.restored:
        return
    waiting = world.desk.decisions.unordered()
    ensure("I7", not waiting, f"{len(waiting)} decisions never became an order")
    for decision in world.noted.values():
        ensure("I7", world.ledger.has_order_of(decision), f"decision {decision.id} has no order")


def _waits(world: OrderWorld, record: OrderRecord) -> bool:
    """Whether an order rightly waits: one that opens a position, while one of the other side is being closed.

    It was never sent, or is known not to have arrived and may be sent again; the market's time ends its wait.
    """
    terms = record.terms
    first = world.ledger.records.get(terms.parent or "")
    unsent = record.state is OrderState.INTENT or record.retry_allowed
    if not unsent or reduces(terms):
        return False
    if terms.leg is Leg.ENTRY and first is not None and not first.terminal:
        return True
    part = world.ledger.strategies.get((terms.strategy, terms.symbol))
    return part is not None and part.quantity * (1 if terms.side is Side.BUY else -1) < 0


def is_working(world: OrderWorld, name: str) -> bool:
    """Whether the ledger can know that the order works: what only a comparison finds is cancelled after it."""
    record = world.ledger.records.get(name)
    return record is not None and not record.terminal


def check_books(world: OrderWorld, differences: object) -> None:
    """I2, I3, I4: every order of ours at the broker is in the ledger with the same fills; the books are equal.

    Where others moved the account, they are equal or trading has stopped and a person was told.
    """
    ensure, ledger, broker = world.watch.ensure, world.ledger, world.broker
    for name, order in broker.accepted.items():
        if not is_ours(name) or name in world.busted:
            continue
        record = ledger.records.get(name)
        ensure("I2", record is not None, f"order {name} of the broker is not in the ledger")
        if record is not None:
            same = record.filled_quantity == order.filled_quantity
            ensure("I2", same, f"{name}: {record.filled_quantity} is not {order.filled_quantity}")
    held = {symbol: each.quantity for symbol, each in ledger.positions.items() if each.quantity}
    there = {symbol: quantity for symbol, quantity in broker.quantities.items() if quantity}
    equal = held == there and abs(ledger.cash() - broker.cash) < CENT
    if not world.disturbed:
        ensure("I3", held == there, f"the ledger holds {held}, the broker {there}")
        ensure("I4", equal, f"cash is {ledger.cash()}, at the broker {broker.cash}")
        ensure("I2", not differences, f"differs without a cause: {differences}")
    stopped = ledger.risk().state is not TradingState.ACTIVE
    told = any("differ" in each.message for each in ledger.raised.values())
    ensure("I2", equal or (stopped and told), f"{held} and {there} differ, and nobody was told")
    risk = ledger.risk()
    if risk.gross_used > risk.limits.gross_exposure:
        ensure("I5", stopped, "above the limit, and still trading")
