"""The books of the simulated broker: what it holds, works on and is exposed to, and what others do to the account."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.orders import BrokerOrder, OrderClass, OrderTerms, Side
from quantumzero.domain.portfolio import apply_split
from tests.fakes.memory_broker import MemoryBroker
from tests.simulation.order_edges import ZERO, reduces

if TYPE_CHECKING:
    from random import Random

    from quantumzero.domain.bars import Split
    from quantumzero.ports.clocks import MarketClock
    from tests.simulation.invariants import Invariants

WORKING = ("accepted", "new", "partially_filled", "pending_cancel")
# Room for the order in which ledger and broker see the same fills; one order too many is far above it.
EXPOSURE_SLACK = Decimal("1.05")
LEAST_SHARE = Decimal("0.000000001")


class BrokerBooks(MemoryBroker):
    """MemoryBroker that knows what it was asked for, counts its exposure, and tells every word only by told.

    amounts is the money left of orders for an amount of money. An exit by target or stop (OCO) is one order of ours and
    two of the broker's: by_target is what its target has filled and what that cost; the rest filled by its stop.
    """

    watch: Invariants

    def __init__(self, clock: MarketClock, cash: Decimal) -> None:
        super().__init__(clock, cash)
        self.told: list[BrokerOrder] = []
        self.refused: set[str] = set()
        self.closed: set[str] = set()
        self.terms: dict[str, OrderTerms] = {}
        self.amounts: dict[str, Decimal] = {}
        self.by_target: dict[str, tuple[Decimal, Decimal]] = {}
        self.valued: dict[str, Decimal] = {}
        self.exposure: dict[str, Decimal] = {}

    def take_up(self, terms: OrderTerms, reference_price: Decimal | None) -> BrokerOrder:
        """Begin to work on an order; reference_price is what the ledger valued it at."""
        name = terms.client_order_id
        self.terms[name] = terms
        if reference_price is not None:
            self.valued[name] = reference_price
        order = MemoryBroker._accept(self, terms)
        if terms.notional is not None:
            self.amounts[name] = terms.notional
            order = replace(order, quantity=ZERO, notional=terms.notional)
            self.accepted[name] = order
        self.tell(order)
        self._check_exposure()
        self._check_closing(terms)
        return order

    def left(self, order: BrokerOrder, price: Decimal) -> Decimal:
        """Return what may still fill at that price."""
        money = self.amounts.get(order.client_order_id)
        if money is None:
            return order.quantity - order.filled_quantity
        return (money / price).quantize(LEAST_SHARE, ROUND_DOWN)

    def fill(
        self, client_order_id: str, quantity: Decimal, price: Decimal, *, by_stop: bool = False
    ) -> BrokerOrder:
        """Fill some of a working order; by_stop says which half of an exit by target or stop is met."""
        before = self.accepted[client_order_id]
        held = self.quantities.get(before.symbol, ZERO)
        sign = 1 if before.side is Side.BUY else -1
        closing = min(abs(held), quantity) if held * sign < 0 else ZERO
        terms = self.terms.get(client_order_id)
        if terms is not None and self.watch.strict:
            # What reduces only closes, what opens closes nothing: no broker turns a position in one order.
            told = f"{terms.leg} {client_order_id} filled {quantity} and {held} was held"
            self.watch.ensure("I3", closing == (quantity if reduces(terms) else ZERO), told)
        if client_order_id in self.amounts:
            self._spend(before, quantity, price)
        order = super().fill(client_order_id, quantity, price)
        if not by_stop:
            filled, cost = self.by_target.get(client_order_id, (ZERO, ZERO))
            self.by_target[client_order_id] = (filled + quantity, cost + quantity * price)
        if self.amounts.get(client_order_id):
            order = replace(order, quantity=order.filled_quantity)
            self.accepted[client_order_id] = order
        used = self.exposure.get(before.symbol, ZERO)
        if closing:
            used *= (abs(held) - closing) / abs(held)
        used += (quantity - closing) * self.valued.get(client_order_id, price)
        self.exposure[before.symbol] = used
        self.tell(order)
        self._check_exposure()
        return order

    def _spend(self, order: BrokerOrder, quantity: Decimal, price: Decimal) -> None:
        """Take what a fill costs off the amount, and let the order be filled exactly when nothing more is bought."""
        name = order.client_order_id
        whole = quantity >= self.left(order, price)
        self.amounts[name] = ZERO if whole else self.amounts[name] - quantity * price
        more = ZERO if whole else LEAST_SHARE
        self.accepted[name] = replace(order, quantity=order.filled_quantity + quantity + more)

    def close(self, client_order_id: str, status: str) -> BrokerOrder:
        if status == "rejected":
            self.refused.add(client_order_id)
        self.closed.add(client_order_id)
        order = super().close(client_order_id, status)
        self.tell(order)
        return order

    def working(self) -> list[BrokerOrder]:
        """Return the orders that may still fill."""
        return [each for each in self.accepted.values() if each.status in WORKING]

    def tell(self, order: BrokerOrder) -> None:
        """Say a word about an order; whether anybody hears it is another matter."""
        terms = self.terms.get(order.client_order_id)
        if terms is None or terms.order_class is not OrderClass.OCO:
            self.told.append(order)
            return
        self.told.append(self.stop_of(order))
        filled, cost = self.by_target.get(order.client_order_id, (ZERO, ZERO))
        whole = filled == order.quantity
        if whole or order.status in WORKING:
            # The target alone tells of the whole; closed otherwise it may be the stop that filled, and it is not heard.
            average = cost / filled if filled else None
            status = "filled" if whole else "partially_filled" if filled else "new"
            word = replace(order, filled_quantity=filled, average_fill_price=average, status=status)
            self.told.append(word)

    def stop_of(self, order: BrokerOrder) -> BrokerOrder:
        """Return the other half of an exit by target or stop, under the broker's own id."""
        filled, cost = self.by_target.get(order.client_order_id, (ZERO, ZERO))
        rest = order.filled_quantity - filled
        whole = order.filled_quantity * (order.average_fill_price or ZERO)
        return replace(
            order,
            broker_order_id=f"{order.broker_order_id}-stop",
            client_order_id=f"stop-{order.broker_order_id}",
            filled_quantity=rest,
            average_fill_price=(whole - cost) / rest if rest else None,
        )

    def split(self, split: Split) -> None:
        """Multiply what is held and what still works, as brokers do on the day of a split."""
        symbol = split.symbol
        self.quantities[symbol] = apply_split(self.quantities.get(symbol, ZERO), split)
        for name, order in self.accepted.items():
            if order.symbol == symbol and order.status in WORKING and name not in self.amounts:
                left = apply_split(order.quantity - order.filled_quantity, split)
                now = self._clock.now()
                restated = order.filled_quantity + left
                self.accepted[name] = replace(order, quantity=restated, updated_at=now)
                self.valued[name] = self.valued.get(name, ZERO) * split.old / split.new
                self.tell(self.accepted[name])

    def moved_by_others(self, kind: str, symbol: str, dice: Random) -> set[str]:
        """A person, the broker or the exchange changes the account; return the ids whose figures were taken back."""
        price = Decimal(dice.randint(380000, 420000)) / 10000
        held = self.quantities.get(symbol, ZERO)
        if kind == "fee":
            self.cash -= Decimal(dice.randint(2, 900)) / 100
        elif kind == "bust":
            return self._bust(dice)
        elif kind == "manual" or held > 0:
            side = Side.SELL if kind == "liquidation" else Side.BUY
            shares = held if side is Side.SELL else Decimal(dice.randint(1, 50))
            name = f"{kind}-{len(self.accepted)}"
            MemoryBroker._accept(self, OrderTerms(name, "", "", symbol, side, shares))
            self.fill(name, shares, price)
        return set()

    def _bust(self, dice: Random) -> set[str]:
        """The exchange takes a trade back: what was filled was not."""
        filled = [each for each in self.accepted.values() if each.filled_quantity]
        if not filled:
            return set()
        order = dice.choice(filled)
        sign = 1 if order.side is Side.BUY else -1
        self.cash += sign * order.filled_quantity * (order.average_fill_price or ZERO)
        self.quantities[order.symbol] -= sign * order.filled_quantity
        busted = replace(
            order,
            filled_quantity=ZERO,
            average_fill_price=None,
            status="canceled",
            updated_at=self._clock.now(),
        )
        self.accepted[order.client_order_id] = busted
        self.closed.add(order.client_order_id)
        self.tell(busted)
        return {order.client_order_id}

    def _check_exposure(self) -> None:
        """I5, at the broker: what is held and what still works stay below the limit."""
        watch = self.watch
        if not watch.strict:
            return
        used = sum(self.exposure.values(), ZERO)
        for each in self.accepted.values():
            if each.status in WORKING:
                used += self._may_cost(each)
        limit = watch.limits.highest
        watch.ensure("I5", used <= limit * EXPOSURE_SLACK, f"the broker works on {used} of {limit}")

    def _may_cost(self, order: BrokerOrder) -> Decimal:
        name = order.client_order_id
        terms = self.terms.get(name)
        if terms is None or reduces(terms):
            return ZERO
        if name in self.amounts:
            return self.amounts[name]
        return (order.quantity - order.filled_quantity) * self.valued.get(name, ZERO)

    def _check_closing(self, terms: OrderTerms) -> None:
        """I3, at the broker: what works there to close a position is never more than the position."""
        if not (reduces(terms) and self.watch.strict):
            return
        closing = ZERO
        for each in self.accepted.values():
            if each.status not in WORKING or each.symbol != terms.symbol:
                continue
            other = self.terms.get(each.client_order_id)
            if other is not None and other.side is terms.side and reduces(other):
                closing += each.quantity - each.filled_quantity
        held = self.quantities.get(terms.symbol, ZERO)
        most = held if terms.side is Side.SELL else -held
        told = f"orders to close {closing} {terms.symbol} work at the broker, and it holds {held}"
        self.watch.ensure("I3", closing <= most, told)
