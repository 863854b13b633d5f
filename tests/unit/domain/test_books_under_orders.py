"""Any interleaving of our steps and the broker's words, in any order and repeated, keeps the books of one symbol."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
)

from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_lifecycle import (
    abandon,
    allow_retry,
    claim,
    intend,
    lose_track,
    reject,
    request_cancel,
)
from quantumzero.domain.order_snapshots import apply_snapshot
from quantumzero.domain.orders import (
    BrokerOrder,
    OrderRecord,
    OrderState,
    OrderTerms,
    Side,
)
from quantumzero.domain.portfolio import Position

if TYPE_CHECKING:
    from quantumzero.domain.order_lifecycle import Transition

BEGINNING = datetime(2005, 3, 1, 14, 30, tzinfo=UTC)
S = OrderState
SIZES = st.integers(1, 5000)
# Shares to an eighth, prices to the ticks of a broker.
SHARES = st.builds(lambda whole, eighths: whole + Decimal(eighths) / 8, SIZES, st.integers(0, 7))
PRICES = st.integers(10_000, 9_999_999).map(lambda ticks: Decimal(ticks) / 10_000)
PARTS = st.integers(1, 8)


@dataclass
class AtTheBroker:
    """The broker's truth about one order, and everything it has said."""

    order: BrokerOrder
    cost: Decimal = Decimal(0)
    said: list[BrokerOrder] = field(default_factory=list)

    @property
    def left(self) -> Decimal:
        return self.order.quantity - self.order.filled_quantity

    def say(self, at: datetime, status: str, filled: Decimal) -> None:
        average = (self.cost / filled).quantize(Decimal("1e-12")) if filled else None
        self.order = replace(
            self.order,
            status=status,
            filled_quantity=filled,
            average_fill_price=average,
            updated_at=at,
        )
        self.said.append(self.order)


class BooksUnderOrders(RuleBasedStateMachine):
    """One symbol's orders: ours, the broker's, and the sums that every step must keep."""

    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, OrderRecord] = {}
        self.broker: dict[str, AtTheBroker] = {}
        self.position = Position("AAPL")
        self.cash = Decimal(0)
        self.gross_used = Decimal(0)
        self.open_reserved = Decimal(0)
        self.now = BEGINNING

    def commit(self, step: Transition | None) -> None:
        """Move the sums as the ledger does."""
        if step is None:
            return
        change = change_of(step, self.position, at=self.now)
        self.records[step.after.terms.client_order_id] = step.after
        self.position = change.position or self.position
        self.cash += change.cash
        self.gross_used += change.gross_used
        self.open_reserved += change.open_reserved

    def tick(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    @rule(target=orders, quantity=SHARES, price=PRICES, buys=st.booleans(), goes=st.booleans())
    def an_order_is_intended(
        self, quantity: Decimal, price: Decimal, buys: bool, goes: bool
    ) -> Any:
        """Half of them are sent at once and arrive; the others meet every trouble on their way."""
        side = Side.BUY if buys else Side.SELL
        # A sale sells what is held and no other sale may still sell.
        promised = sum(
            (
                each.terms.quantity - self.filled(each)
                for each in self.records.values()
                if each.terms.side is Side.SELL
            ),
            Decimal(0),
        )
        quantity = quantity if buys else min(quantity, self.position.quantity - promised)
        if quantity <= 0:
            return multiple()
        name = f"qz1-{len(self.records)}"
        terms = OrderTerms(name, "d", "sma-cross", "AAPL", side, quantity)
        at = self.tick()
        self.commit(intend(terms, at=at, recorded_at=at, reference_price=price))
        if goes:
            self.send(name, arrives=True)
        return name

    @rule(name=orders, arrives=st.booleans())
    def it_is_claimed_and_sent(self, name: str, arrives: bool) -> None:
        self.send(name, arrives=arrives)

    def send(self, name: str, *, arrives: bool) -> None:
        record = self.records[name]
        retry = record.state is S.UNKNOWN and record.retry_allowed
        if record.state is not S.INTENT and not retry:
            return
        at = self.tick()
        self.commit(claim(record, claim_id=f"c-{at}", now=at, lease_until=at))
        if arrives and name not in self.broker:
            new = BrokerOrder(
                f"b-{name}",
                name,
                "AAPL",
                record.terms.side,
                record.terms.quantity,
                Decimal(0),
                None,
                "new",
                at,
            )
            self.broker[name] = AtTheBroker(new, said=[new])

    @rule(name=orders)
    def its_answer_is_lost(self, name: str) -> None:
        if self.records[name].state is S.SUBMITTING:
            self.commit(lose_track(self.records[name], "no clear answer"))

    @rule(name=orders)
    def the_broker_does_not_know_it(self, name: str) -> None:
        if self.records[name].state is S.UNKNOWN and name not in self.broker:
            self.commit(allow_retry(self.records[name]))

    @rule(name=orders)
    def it_is_given_up(self, name: str) -> None:
        if self.records[name].state in (S.INTENT, S.UNKNOWN):
            self.commit(abandon(self.records[name], code="STALE", reason="too old"))

    @rule(name=orders)
    def the_broker_refuses_it(self, name: str) -> None:
        if self.records[name].state is S.SUBMITTING and name not in self.broker:
            self.commit(reject(self.records[name], code="40310000", reason="not enough"))

    @rule(name=orders)
    def its_end_is_asked_for(self, name: str) -> None:
        if not self.records[name].terminal:
            self.commit(request_cancel(self.records[name]))

    @precondition(lambda self: self.broker)
    @rule(which=st.integers(0, 20), part=PARTS, price=PRICES)
    def the_broker_fills_some(self, which: int, part: int, price: Decimal) -> None:
        there = self.pick(which)
        if there.order.status in ("canceled", "filled"):
            return
        more = (there.left / part).quantize(Decimal("0.125")) or there.left
        more = min(more, there.left)
        there.cost += more * price
        filled = there.order.filled_quantity + more
        status = "filled" if filled == there.order.quantity else "partially_filled"
        there.say(self.tick(), status, filled)

    @precondition(lambda self: self.broker)
    @rule(which=st.integers(0, 20))
    def the_broker_closes_one(self, which: int) -> None:
        there = self.pick(which)
        if there.order.status not in ("canceled", "filled"):
            there.say(self.tick(), "canceled", there.order.filled_quantity)

    @precondition(lambda self: self.broker)
    @rule(which=st.integers(0, 20), words=st.lists(st.integers(0, 40), min_size=1, max_size=4))
    def words_of_the_broker_arrive(self, which: int, words: list[int]) -> None:
        there = self.pick(which)
        for word in words:
            said = there.said[word % len(there.said)]
            self.commit(apply_snapshot(self.records[said.client_order_id], said))

    def pick(self, which: int) -> AtTheBroker:
        return list(self.broker.values())[which % len(self.broker)]

    @precondition(lambda self: self.broker)
    @rule()
    def everything_is_heard(self) -> None:
        for name, there in self.broker.items():
            self.commit(apply_snapshot(self.records[name], there.order))
        for name, there in self.broker.items():
            record = self.records[name]
            assert record.filled_quantity == there.order.filled_quantity
            assert abs(record.filled_cost - there.cost) < Decimal("0.001")
            assert record.terminal == (there.order.status in ("filled", "canceled"))

    def filled(self, record: OrderRecord) -> Decimal:
        there = self.broker.get(record.terms.client_order_id)
        return max(record.filled_quantity, there.order.filled_quantity if there else Decimal(0))

    @invariant()
    def the_position_is_the_sum_of_fills(self) -> None:
        signed = (
            each.filled_quantity if each.terms.side is Side.BUY else -each.filled_quantity
            for each in self.records.values()
        )
        assert self.position.quantity == sum(signed, Decimal(0))
        assert self.position.quantity >= 0

    @invariant()
    def cash_is_what_fills_cost(self) -> None:
        costs = (
            -each.filled_cost if each.terms.side is Side.BUY else each.filled_cost
            for each in self.records.values()
        )
        assert self.cash == sum(costs, Decimal(0))

    @invariant()
    def what_is_used_is_reserved_or_held(self) -> None:
        reserved = sum((each.reserved_value for each in self.records.values()), Decimal(0))
        assert self.open_reserved == reserved >= 0
        assert self.gross_used == reserved + self.position.exposure
        assert self.position.exposure >= 0
        assert bool(self.position.exposure) <= bool(self.position.quantity)

    @invariant()
    def a_closed_order_reserves_nothing_and_fills_at_most_itself(self) -> None:
        for each in self.records.values():
            assert 0 <= each.filled_quantity <= each.terms.quantity
            assert not (each.terminal and each.reserved_value)
            if each.terms.side is Side.BUY and not each.terminal:
                left = each.open_quantity * each.reference_price
                assert abs(each.reserved_value - left) < Decimal("0.01")


TestBooksUnderOrders = BooksUnderOrders.TestCase
TestBooksUnderOrders.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
