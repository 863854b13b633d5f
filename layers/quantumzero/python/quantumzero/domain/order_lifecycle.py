"""The life of an order: which state may follow which, and how a broker's snapshot moves it.

Pure: takes a record, gives the transition that follows, or None when nothing changes. Rules (docs/life_of_an_order.md):

- Snapshots are cumulative. What was filled is the greatest watermark seen; an older snapshot is a no-op.
- A closed order may still fill (the fill was on its way when the cancel was), it never opens again.
- REJECTED needs the broker's word; silence leads to UNKNOWN and, after the quiet period, to ABANDONED.
- REJECTED and ABANDONED give way to later evidence that the order exists (it is resurrected).
- FILLED and DENIED are final.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.domain.errors import CorruptDataError, RefusedError
from quantumzero.domain.orders import BrokerOrder, OrderRecord, OrderState, OrderTerms, Side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_BROKER_STATES = frozenset(
    {
        OrderState.ACCEPTED,
        OrderState.PARTIAL,
        OrderState.FILLED,
        OrderState.CANCELED,
        OrderState.EXPIRED,
        OrderState.REPLACED,
    }
)
_CLOSED_BY_BROKER = frozenset({OrderState.CANCELED, OrderState.EXPIRED, OrderState.REPLACED})

ALLOWED: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.INTENT: _BROKER_STATES
    | {OrderState.SUBMITTING, OrderState.ABANDONED, OrderState.REJECTED},
    OrderState.SUBMITTING: _BROKER_STATES | {OrderState.UNKNOWN, OrderState.REJECTED},
    OrderState.UNKNOWN: _BROKER_STATES
    | {OrderState.UNKNOWN, OrderState.SUBMITTING, OrderState.ABANDONED, OrderState.REJECTED},
    OrderState.ACCEPTED: _BROKER_STATES | {OrderState.REJECTED},
    OrderState.PARTIAL: _BROKER_STATES - {OrderState.ACCEPTED},
    OrderState.CANCELED: frozenset({OrderState.CANCELED, OrderState.FILLED}),
    OrderState.EXPIRED: frozenset({OrderState.EXPIRED, OrderState.FILLED}),
    OrderState.REPLACED: frozenset({OrderState.REPLACED, OrderState.FILLED}),
    OrderState.REJECTED: _BROKER_STATES,
    OrderState.ABANDONED: _BROKER_STATES | {OrderState.REJECTED},
    OrderState.FILLED: frozenset(),
    OrderState.DENIED: frozenset(),
}

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

_COST_DECIMALS = Decimal("0.00000001")
_EXPOSURE_DECIMALS = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Fill:
    """What one snapshot added: quantity, its cost in money, and how much of the cost's reservation became exposure."""

    quantity: Decimal
    cost: Decimal
    exposure: Decimal


@dataclass(frozen=True, slots=True)
class Transition:
    """One step of one order; before is None when the order is new."""

    before: OrderRecord | None
    after: OrderRecord
    event: str
    fill: Fill | None = None

    @property
    def resurrects(self) -> bool:
        """Whether an order that we had given up exists after all."""
        given_up = {OrderState.REJECTED, OrderState.ABANDONED}
        return (
            self.before is not None
            and self.before.state in given_up
            and self.after.state not in given_up
        )


def _move(record: OrderRecord, state: OrderState, event: str, **changes: Any) -> Transition:
    if state not in ALLOWED[record.state]:
        permitted = ", ".join(sorted(ALLOWED[record.state])) or "nothing: it is final"
        raise RefusedError(
            f"order {record.terms.client_order_id} was {record.state} and was asked to become {state}; "
            f"it may become {permitted}"
        )
    after = replace(record, state=state, version=record.version + 1, **changes)
    if after.terminal:
        after = replace(after, reserved_value=Decimal(0))
    return Transition(record, after, event)


def intend(
    terms: OrderTerms, *, at: datetime, recorded_at: datetime, reference_price: Decimal
) -> Transition:
    """Create the write-ahead intent; a buy reserves its whole value, a sell nothing.

    at is market time, recorded_at machine time.
    """
    reserved = terms.quantity * reference_price if terms.side is Side.BUY else Decimal(0)
    record = OrderRecord(
        terms,
        OrderState.INTENT,
        1,
        at,
        reference_price,
        recorded_at=recorded_at,
        reserved_value=reserved,
    )
    return Transition(None, record, "intended")


def deny(
    terms: OrderTerms, *, at: datetime, reference_price: Decimal, code: str, reason: str
) -> Transition:
    """Record our own refusal; nothing is reserved and nothing will be sent."""
    record = OrderRecord(terms, OrderState.DENIED, 1, at, reference_price, code=code, reason=reason)
    return Transition(None, record, "denied")


def claim(
    record: OrderRecord, *, claim_id: str, now: datetime, lease_until: datetime
) -> Transition:
    """Take the sole right to send once. now and lease_until are machine time."""
    if record.state is OrderState.UNKNOWN and not record.retry_allowed:
        raise RefusedError(
            f"order {record.terms.client_order_id} may exist at the broker; look it up before a new send"
        )
    return _move(
        record,
        OrderState.SUBMITTING,
        "claimed",
        claim_id=claim_id,
        lease_until=lease_until,
        last_sent_at=now,
        attempts=record.attempts + 1,
        retry_allowed=False,
    )


def lose_track(record: OrderRecord, reason: str) -> Transition:
    """Leave a send whose outcome nobody can tell to the sweep."""
    return _move(record, OrderState.UNKNOWN, "outcome_unknown", lease_until=None, reason=reason)


def allow_retry(record: OrderRecord) -> Transition:
    """Permit one more send of the same id: the quiet period passed and the broker does not know it."""
    if record.state is not OrderState.UNKNOWN:
        raise RefusedError(
            f"order {record.terms.client_order_id} was {record.state}; only UNKNOWN may be retried"
        )
    return _move(record, OrderState.UNKNOWN, "retry_allowed", retry_allowed=True)


def reject(record: OrderRecord, *, code: str, reason: str) -> Transition:
    """Close the order on the broker's definite refusal of it."""
    return _move(
        record, OrderState.REJECTED, "rejected", lease_until=None, code=code, reason=reason
    )


def abandon(record: OrderRecord, *, code: str, reason: str) -> Transition:
    """Give the order up: never sent, or unknown to the broker after the quiet period."""
    return _move(
        record, OrderState.ABANDONED, "abandoned", lease_until=None, code=code, reason=reason
    )


def request_cancel(record: OrderRecord) -> Transition | None:
    """Mark that a cancel was asked for; None when it was already or the order is not working."""
    if record.cancel_requested or record.state not in (OrderState.ACCEPTED, OrderState.PARTIAL):
        return None
    return _move(record, record.state, "cancel_requested", cancel_requested=True)


def adopt(snapshot: BrokerOrder, *, at: datetime, reference_price: Decimal) -> OrderRecord:
    """Return a record for an order of ours that the ledger has lost; applying the snapshot makes it a transition."""
    terms = OrderTerms(
        client_order_id=snapshot.client_order_id,
        decision_id="unknown",
        strategy="adopted",
        symbol=snapshot.symbol,
        side=snapshot.side,
        quantity=snapshot.quantity,
    )
    return OrderRecord(terms, OrderState.ABANDONED, 0, at, reference_price)


def apply_snapshot(record: OrderRecord, snapshot: BrokerOrder) -> Transition | None:
    """Return what the broker's word changes, None when it says nothing new.

    Raises CorruptDataError when the snapshot contradicts itself or the order.
    """
    _require_sound(record, snapshot)
    if record.state is OrderState.FILLED or _is_outdated(record, snapshot):
        return None
    current = _restated(record, snapshot)
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
    move = _move(replace(after, version=record.version), state, _event_name(record, state, fill))
    return Transition(record, move.after, move.event, fill)


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
    if record.state is OrderState.DENIED:
        raise CorruptDataError(f"order {name} was DENIED here, but exists at the broker")
    if not 0 <= snapshot.filled_quantity <= snapshot.quantity:
        raise CorruptDataError(
            f"order {name}: the broker reports {snapshot.filled_quantity} filled of {snapshot.quantity}"
        )
    if snapshot.filled_quantity and not (
        snapshot.average_fill_price is not None and snapshot.average_fill_price > 0
    ):
        raise CorruptDataError(f"order {name}: the broker reports a fill without a usable price")


def _is_outdated(record: OrderRecord, snapshot: BrokerOrder) -> bool:
    """Tell whether the broker itself has said something newer; a watermark that grew is never outdated."""
    return (
        record.broker_updated_at is not None
        and snapshot.updated_at < record.broker_updated_at
        and snapshot.filled_quantity <= record.filled_quantity
    )


def _restated(record: OrderRecord, snapshot: BrokerOrder) -> OrderRecord:
    """Follow a quantity that the broker restated (a split): what was filled stays, the rest is multiplied."""
    before, after = record.terms.quantity, snapshot.quantity
    newest = record.broker_updated_at is None or snapshot.updated_at >= record.broker_updated_at
    if before == after or not newest:
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
    total = snapshot.filled_quantity * snapshot.average_fill_price
    cost = (total - record.filled_cost).quantize(_COST_DECIMALS).normalize()
    if cost <= 0:
        raise CorruptDataError(
            f"order {record.terms.client_order_id}: {quantity} more filled for a cost of {cost}"
        )
    if record.terms.side is Side.SELL:
        return Fill(quantity, cost, Decimal(0))
    if not record.reserved_value:
        return Fill(quantity, cost, cost)
    remaining = record.terms.quantity - record.filled_quantity
    share = record.reserved_value * quantity / remaining
    whole = quantity == remaining
    moved = record.reserved_value if whole else share.quantize(_EXPOSURE_DECIMALS)
    return Fill(quantity, cost, moved)


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
    """Return the reservation that remains; a resurrected buy reserves again, without asking for room."""
    if record.terms.side is Side.SELL or state not in (OrderState.ACCEPTED, OrderState.PARTIAL):
        return Decimal(0)
    if record.terminal:
        filled = record.filled_quantity + (fill.quantity if fill else 0)
        return (record.terms.quantity - filled) * record.reference_price
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
