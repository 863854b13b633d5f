"""The cash of the ledger is the cash of the exchange's own books, to the last decimal, whatever the fills."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from local.exchange.books import Books
from local.exchange.formats import number
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_snapshots import apply_snapshot
from quantumzero.domain.orders import BrokerOrder, OrderRecord, Side
from quantumzero.domain.portfolio import Position
from tests.fakes.order_records import BUY, NOW, S, record

START = Decimal(1_000_000_000)
# Up to a million shares a fill at any price of the tape: far more than one account trades at once.
FILL = st.tuples(
    st.integers(1, 1_000_000), st.decimals("0.0001", "2000", places=4, allow_nan=False)
)
ORDER = st.tuples(st.sampled_from(Side), st.lists(st.tuples(FILL, st.booleans()), min_size=1))


def working(side: Side, total: Decimal) -> OrderRecord:
    start = replace(record(S.ACCEPTED, side=side), reserved_value=Decimal(0))
    return replace(start, terms=replace(BUY, side=side, quantity=total))


@settings(max_examples=200, deadline=None)
@given(orders=st.lists(ORDER, min_size=1, max_size=8))
def test_whole_shares_never_drift(orders: list) -> None:
    books = Books(START, START)
    cash, position = START, Position("AAPL")
    for side, fills in orders:
        total = Decimal(sum(quantity for (quantity, _), _ in fills))
        current, filled, cost = working(side, total), Decimal(0), Decimal(0)
        for index, ((quantity, price), heard) in enumerate(fills):
            books.trade("AAPL", side, Decimal(quantity), price, Decimal(0))
            filled, cost = filled + quantity, cost + quantity * price
            # A word that is lost is made up for by the next one: they are cumulative.
            if not heard and filled < total:
                continue
            average = Decimal(number(cost / filled))
            at = NOW + timedelta(seconds=index + 1)
            told = BrokerOrder(
                "b-1", "qz1-a", "AAPL", side, total, filled, average, "partially_filled", at
            )
            step = apply_snapshot(current, told)
            assert step is not None
            change = change_of(step, position, at=at)
            assert change.position is not None
            current, position, cash = step.after, change.position, cash + change.cash
            assert current.filled_cost == cost
        assert cash == books.cash
    assert position.quantity == books.quantity("AAPL")


@settings(max_examples=200, deadline=None)
@given(
    fills=st.lists(
        st.tuples(
            st.decimals("0.001", "1000", places=3, allow_nan=False),
            st.decimals("0.01", "500", places=4, allow_nan=False),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_parts_of_shares_stay_far_within_a_cent(fills: list) -> None:
    total = sum((quantity for quantity, _ in fills), Decimal(0))
    current, filled, cost = working(Side.BUY, total), Decimal(0), Decimal(0)
    for index, (quantity, price) in enumerate(fills):
        filled, cost = filled + quantity, cost + quantity * price
        at = NOW + timedelta(seconds=index + 1)
        average = Decimal(number(cost / filled))
        told = BrokerOrder(
            "b-1", "qz1-a", "AAPL", Side.BUY, total, filled, average, "partially_filled", at
        )
        step = apply_snapshot(current, told)
        assert step is not None
        current = step.after
        assert abs(current.filled_cost - cost) <= Decimal("0.0001")
