"""Whatever the order in which a broker's words arrive, the truth at the end is the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.domain.order_snapshots import apply_snapshot
from quantumzero.domain.orders import BrokerOrder, OrderRecord, Side
from tests.fakes.order_records import BUY, NOW, S, record

FILLS = st.lists(
    st.tuples(st.integers(1, 50), st.decimals("0.0001", "500", places=4, allow_nan=False)),
    min_size=1,
    max_size=6,
)


def _history(fills: list[tuple[int, Decimal]], side: Side) -> tuple[OrderRecord, list[BrokerOrder]]:
    """Return a working order and the snapshots that its fills make, with the simulator's twelve decimals."""
    total = Decimal(sum(quantity for quantity, _ in fills))
    terms = replace(BUY, side=side, quantity=total)
    start = replace(record(S.ACCEPTED, side=side), terms=terms, reserved_value=total * 5)
    if side is Side.SELL:
        start = replace(start, reserved_value=Decimal(0))
    filled, cost, snapshots = Decimal(0), Decimal(0), []
    for index, (quantity, price) in enumerate(fills):
        filled += quantity
        cost += quantity * price
        average = (cost / filled).quantize(Decimal("1e-12"))
        status = "filled" if filled == total else "partially_filled"
        at = NOW + timedelta(seconds=index + 1)
        snapshots.append(
            BrokerOrder("b-1", "qz1-a", "AAPL", side, total, filled, average, status, at)
        )
    return start, snapshots


@settings(max_examples=150, deadline=None)
@given(fills=FILLS, order=st.randoms(use_true_random=False), side=st.sampled_from(Side))
def test_snapshots_in_any_order_and_number_end_at_the_same_truth(
    fills: list[tuple[int, Decimal]], order: object, side: Side
) -> None:
    current, snapshots = _history(fills, side)
    deliveries = [*snapshots, *snapshots]
    order.shuffle(deliveries)
    added = spent = exposure = Decimal(0)
    for each in deliveries:
        step = apply_snapshot(current, each)
        if step is None:
            continue
        assert step.after.filled_quantity >= current.filled_quantity
        assert step.after.version == current.version + 1
        current = step.after
        if step.fill is not None:
            added += step.fill.quantity
            spent += step.fill.cost
            exposure += step.fill.exposure
    assert current.state is S.FILLED
    assert added == current.filled_quantity == current.terms.quantity
    assert spent == current.filled_cost == sum(quantity * price for quantity, price in fills)
    assert current.reserved_value == 0
    assert exposure == (current.terms.quantity * 5 if side is Side.BUY else 0)


def test_a_word_of_the_same_instant_does_not_bring_back_what_the_broker_refused() -> None:
    accepted = BrokerOrder(
        "b-1", "qz1-a", "AAPL", Side.BUY, BUY.quantity, Decimal(0), None, "new", NOW
    )
    refused = apply_snapshot(record(S.SUBMITTING), replace(accepted, status="rejected"))
    assert refused is not None
    assert refused.after.state is S.REJECTED
    assert apply_snapshot(refused.after, accepted) is None
    later = replace(accepted, updated_at=NOW + timedelta(microseconds=1))
    found = apply_snapshot(refused.after, later)
    assert found is not None
    assert found.resurrects


def test_what_a_found_order_reserves_again_has_no_endless_digits() -> None:
    price = Decimal(100) / 3
    given_up = replace(record(S.ABANDONED), reference_price=price, reserved_value=Decimal(0))
    word = BrokerOrder("b-1", "qz1-a", "AAPL", Side.BUY, BUY.quantity, Decimal(0), None, "new", NOW)
    found = apply_snapshot(given_up, word)
    assert found is not None
    assert found.after.reserved_value == (BUY.quantity * price).quantize(Decimal("0.00000001"))
