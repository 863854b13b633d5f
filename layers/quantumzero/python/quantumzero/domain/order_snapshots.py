"""How the broker's snapshot moves an order.

- Snapshots are cumulative. What was filled is the greatest watermark seen; an older snapshot is a no-op.
- A closed order may still fill (the fill was on its way when the cancel was), it never opens again.
- REJECTED, ABANDONED and DENIED give way to later evidence that the order exists (it is resurrected).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.errors import CorruptDataError
from quantumzero.domain.order_lifecycle import Fill, Transition, move
from quantumzero.domain.orders import BrokerOrder, OrderRecord, OrderState

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLOSED_BY_BROKER = frozenset({OrderState.CANCELED, OrderState.EXPIRED, OrderState.REPLACED})
# What each status of the broker says about the order; None says only that it exists and may still fill.
STANDINGS: Mapping[str, OrderState | None] = {
    "new": None,
    "accepted": None,
    "pending_new": None,
    "accepted_for_bidding": None,
    "held": None,
    "pending_review": None,
    "partially_filled": None,
    "pending_cancel": None,
    "pending_replace": None,
    "stopped": None,
    "suspended": None,
    "calculated": None,
    # No more today: a day order is then expired by its own message, a good-til-canceled one goes on tomorrow.
    "done_for_day": None,
    # Filled is believed from the quantity alone.
    "filled": None,
    "canceled": OrderState.CANCELED,
    "expired": OrderState.EXPIRED,
    "replaced": OrderState.REPLACED,
    "rejected": OrderState.REJECTED,
}

# What whole shares and parts of shares cost is rounded to these; see _cost_of.
_WHOLE_SHARES = Decimal("0.0001")
_PARTS_OF_SHARES = Decimal("0.00000001")
_LEAST_SHARE = Decimal("0.000000001")
_EXPOSURE_DECIMALS = Decimal("0.0001")


def may_fill(order: BrokerOrder) -> bool:
    """Tell whether the broker's word leaves the order at work."""
    return order.status != "filled" and STANDINGS.get(order.status) is None


def apply_snapshot(record: OrderRecord, snapshot: BrokerOrder) -> Transition | None:
    """Return what the broker's word changes, None when it says nothing new.

    Raises CorruptDataError when the snapshot contradicts itself or the order.
    """
    snapshot = _counted_in_shares(record, snapshot)
    _require_sound(record, snapshot)
    if record.state is OrderState.FILLED or _is_outdated(record, snapshot):
        return None
    current = _restated(_let_go(record), snapshot)
    fill = _new_fill(current, snapshot)
    filled = max(current.filled_quantity, snapshot.filled_quantity)
    state = _state_after(current, snapshot, filled)
    after = replace(
        current,
        filled_quantity=filled,
        filled_cost=current.filled_cost + (fill.cost if fill else 0),
        reserved_value=_reserved_after(current, fill, state),
        filled_at=(snapshot.filled_at or snapshot.updated_at) if fill else current.filled_at,
        broker_order_id=snapshot.broker_order_id,
        broker_updated_at=snapshot.updated_at,
        lease_until=None,
        retry_allowed=False,
    )
    if _same_standing(record, after, state) or record.state is state is OrderState.REJECTED:
        return None
    if state is OrderState.REJECTED:
        after = replace(after, code="BROKER_REJECTED", reason="the broker reports it rejected")
    step = move(replace(after, version=record.version), state, _event_name(record, state, fill))
    return Transition(record, step.after, step.event, fill)


def _let_go(record: OrderRecord) -> OrderRecord:
    """Return a leg that is held here as the broker has it: a restored ledger has forgotten that it was let go."""
    if not record.held:
        return record
    return replace(record, held=False, terms=replace(record.terms, rests=True))


def _require_sound(record: OrderRecord, snapshot: BrokerOrder) -> None:
    name = record.terms.client_order_id
    if (snapshot.client_order_id, snapshot.symbol, snapshot.side) != (
        name,
        record.terms.symbol,
        record.terms.side,
    ):
        raise CorruptDataError(
            f"a snapshot of {snapshot.client_order_id} ({snapshot.side} {snapshot.symbol}) was applied to "
            f"{name} ({record.terms.side} {record.terms.symbol})"
        )
    if not 0 <= snapshot.filled_quantity <= snapshot.quantity:
        raise CorruptDataError(
            f"order {name}: the broker reports {snapshot.filled_quantity} filled of {snapshot.quantity}"
        )
    if snapshot.filled_quantity and not (
        snapshot.average_fill_price is not None and snapshot.average_fill_price > 0
    ):
        raise CorruptDataError(f"order {name}: the broker reports a fill without a usable price")


def _counted_in_shares(record: OrderRecord, snapshot: BrokerOrder) -> BrokerOrder:
    """Give an order for an amount of money a quantity: what it was expected to buy until the broker says it is filled.

    A filled one bought what it bought; one that bought as much as expected and still works may buy a little more.
    """
    if record.terms.notional is None:
        return snapshot
    filled = snapshot.filled_quantity
    if snapshot.status == "filled":
        return replace(snapshot, quantity=filled)
    expected = record.terms.quantity
    return replace(snapshot, quantity=expected if filled < expected else filled + _LEAST_SHARE)


def _is_outdated(record: OrderRecord, snapshot: BrokerOrder) -> bool:
    """Tell whether the broker itself has said something newer; a watermark that grew is never outdated."""
    told = record.broker_updated_at
    if told is None or snapshot.filled_quantity > record.filled_quantity:
        return False
    # A refusal is the last word: another one of the same instant came before it.
    last = record.state is OrderState.REJECTED and snapshot.updated_at == told
    return last or snapshot.updated_at < told


def _restated(record: OrderRecord, snapshot: BrokerOrder) -> OrderRecord:
    """Follow a quantity that the broker restated (a split): what was filled stays, the rest is multiplied.

    An older word is followed only where more has filled than the order was thought to be for.
    """
    before, after = record.terms.quantity, snapshot.quantity
    newest = record.broker_updated_at is None or snapshot.updated_at >= record.broker_updated_at
    if before == after or not (newest or snapshot.filled_quantity > before):
        return record
    rest_before, rest_after = before - record.filled_quantity, after - record.filled_quantity
    price = record.reference_price
    if rest_before > 0 and rest_after > 0:
        price = price * rest_before / rest_after
    return replace(record, terms=replace(record.terms, quantity=after), reference_price=price)


def _new_fill(record: OrderRecord, snapshot: BrokerOrder) -> Fill | None:
    quantity = snapshot.filled_quantity - record.filled_quantity
    if quantity <= 0 or snapshot.average_fill_price is None:
        return None
    total = _cost_of(snapshot.filled_quantity, snapshot.average_fill_price, record.terms.quantity)
    cost = (total - record.filled_cost).normalize()
    if cost <= 0:
        raise CorruptDataError(
            f"order {record.terms.client_order_id}: {quantity} more filled for a cost of {cost}"
        )
    if record.terms.reducing:
        return Fill(quantity, cost, Decimal(0))
    if not record.reserved_value:
        return Fill(quantity, cost, cost)
    remaining = record.terms.quantity - record.filled_quantity
    share = record.reserved_value * quantity / remaining
    whole = quantity == remaining
    moved = record.reserved_value if whole else share.quantize(_EXPOSURE_DECIMALS)
    return Fill(quantity, cost, moved)


def _cost_of(filled: Decimal, average: Decimal, ordered: Decimal) -> Decimal:
    """Return what the filled quantity cost in all, from a mean price that the broker had to round.

    A price has at most four decimals, so whole shares cost a multiple of 0.0001: the nearest one is the exact cost
    while filled x the error of the mean is below 0.00005 (with twelve decimals: up to a hundred million shares). Parts
    of shares have finer costs and keep eight decimals. Each order is rounded by its total, so roundings never add up.
    """
    whole = filled == filled.to_integral_value() and ordered == ordered.to_integral_value()
    return (filled * average).quantize(_WHOLE_SHARES if whole else _PARTS_OF_SHARES)


def _state_after(record: OrderRecord, snapshot: BrokerOrder, filled: Decimal) -> OrderState:
    if filled >= record.terms.quantity:
        return OrderState.FILLED
    if record.state in _CLOSED_BY_BROKER:
        return record.state
    standing = STANDINGS.get(snapshot.status)
    if standing is None:
        return OrderState.PARTIAL if filled else OrderState.ACCEPTED
    if standing is OrderState.REJECTED and filled:
        return OrderState.CANCELED
    return standing


def _reserved_after(record: OrderRecord, fill: Fill | None, state: OrderState) -> Decimal:
    """Return the reservation that remains; a resurrected entry reserves again, without asking for room."""
    if record.terms.reducing or state not in (OrderState.ACCEPTED, OrderState.PARTIAL):
        return Decimal(0)
    if record.terminal:
        filled = record.filled_quantity + (fill.quantity if fill else 0)
        # Valued by a mean or restated price: rounded, so that reservations add up to the last digit.
        value = (record.terms.quantity - filled) * record.reference_price
        return value.quantize(_PARTS_OF_SHARES)
    return record.reserved_value - (fill.exposure if fill else 0)


def _same_standing(before: OrderRecord, after: OrderRecord, state: OrderState) -> bool:
    return (
        before.state is state
        and before.filled_quantity == after.filled_quantity
        and before.terms.quantity == after.terms.quantity
        and before.broker_order_id == after.broker_order_id
    )


def _event_name(record: OrderRecord, state: OrderState, fill: Fill | None) -> str:
    if fill:
        return "filled" if state is OrderState.FILLED else "partially_filled"
    return "restated" if state is record.state else state.lower()
