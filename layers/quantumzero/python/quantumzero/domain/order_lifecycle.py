"""The life of an order: which state may follow which, and our own steps between them.

Pure: takes a record, gives the transition that follows; the broker's snapshots are in order_snapshots.py.

- REJECTED needs the broker's word; silence leads to UNKNOWN and, after the quiet period, to ABANDONED.
- FILLED is final. What was given up (REJECTED, ABANDONED) or refused here (DENIED) gives way to the broker's word that
  the order exists: a table that was restored may refuse again what was sent before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.domain.errors import RefusedError
from quantumzero.domain.orders import BrokerOrder, OrderRecord, OrderState, OrderTerms

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# The least part of a share that brokers count.
_SHARE = Decimal("0.000000001")
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

ALLOWED: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.INTENT: _BROKER_STATES
    | {OrderState.INTENT, OrderState.SUBMITTING, OrderState.ABANDONED, OrderState.REJECTED},
    OrderState.SUBMITTING: _BROKER_STATES
    | {OrderState.SUBMITTING, OrderState.UNKNOWN, OrderState.REJECTED},
    OrderState.UNKNOWN: _BROKER_STATES
    | {OrderState.UNKNOWN, OrderState.SUBMITTING, OrderState.ABANDONED, OrderState.REJECTED},
    OrderState.ACCEPTED: _BROKER_STATES | {OrderState.REJECTED},
    OrderState.PARTIAL: _BROKER_STATES - {OrderState.ACCEPTED},
    OrderState.CANCELED: frozenset({OrderState.CANCELED, OrderState.FILLED}),
    OrderState.EXPIRED: frozenset({OrderState.EXPIRED, OrderState.FILLED}),
    OrderState.REPLACED: frozenset({OrderState.REPLACED, OrderState.FILLED}),
    OrderState.REJECTED: _BROKER_STATES,
    OrderState.ABANDONED: _BROKER_STATES | {OrderState.REJECTED},
    OrderState.DENIED: _BROKER_STATES | {OrderState.REJECTED},
    OrderState.FILLED: frozenset(),
}
# Not at the broker as far as is known here.
_GIVEN_UP = frozenset({OrderState.REJECTED, OrderState.ABANDONED, OrderState.DENIED})


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
        """Whether an order that we had given up or refused exists after all."""
        return (
            self.before is not None
            and self.before.state in _GIVEN_UP
            and self.after.state not in _GIVEN_UP
        )

    @property
    def takes_another_quantity(self) -> bool:
        """Whether the broker's first word about the order is of another quantity than was asked for."""
        before = self.before
        return (
            before is not None
            and before.state is not OrderState.DENIED
            and before.terms.notional is None
            and before.broker_updated_at is None
            and before.terms.quantity != self.after.terms.quantity
        )


def move(record: OrderRecord, state: OrderState, event: str, **changes: Any) -> Transition:
    """Return the step into that state. Raises RefusedError when the table does not allow it."""
    if state not in ALLOWED[record.state]:
        permitted = ", ".join(sorted(ALLOWED[record.state])) or "nothing: it is final"
        raise RefusedError(
            f"order {record.terms.client_order_id} was {record.state} and was asked to become {state}; "
            f"it may become {permitted}"
        )
    after = replace(record, state=state, version=record.version + 1, **changes)
    if after.terminal:
        # What is over reserves nothing and waits for no price, however it ended.
        after = replace(after, reserved_value=Decimal(0), held=False)
    return Transition(record, after, event)


def intend(
    terms: OrderTerms, *, at: datetime, recorded_at: datetime, reference_price: Decimal
) -> Transition:
    """Create the write-ahead intent; what opens or enlarges a position reserves its value, what reduces one nothing.

    at is market time, recorded_at machine time.
    """
    reserved = Decimal(0) if terms.reducing else terms.quantity * reference_price
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
    terms: OrderTerms,
    *,
    at: datetime,
    reference_price: Decimal,
    code: str,
    reason: str,
    limit: Decimal | None = None,
    value: Decimal | None = None,
) -> Transition:
    """Record our own refusal; nothing is reserved and nothing will be sent."""
    record = OrderRecord(
        terms,
        OrderState.DENIED,
        1,
        at,
        reference_price,
        code=code,
        reason=reason,
        limit=limit,
        value=value,
    )
    return Transition(None, record, "denied")


def claim(
    record: OrderRecord, *, claim_id: str, now: datetime, lease_until: datetime
) -> Transition:
    """Take the sole right to send once. now and lease_until are machine time."""
    if record.state is OrderState.UNKNOWN and not record.retry_allowed:
        raise RefusedError(
            f"order {record.terms.client_order_id} may exist at the broker; look it up before a new send"
        )
    return move(
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
    return move(record, OrderState.UNKNOWN, "outcome_unknown", lease_until=None, reason=reason)


def allow_retry(record: OrderRecord) -> Transition:
    """Permit one more send of the same id: the quiet period passed and the broker does not know it."""
    if record.state is not OrderState.UNKNOWN:
        raise RefusedError(
            f"order {record.terms.client_order_id} was {record.state}; only UNKNOWN may be retried"
        )
    return move(record, OrderState.UNKNOWN, "retry_allowed", retry_allowed=True)


def reject(record: OrderRecord, *, code: str, reason: str) -> Transition:
    """Close the order on the broker's definite refusal of it."""
    return move(record, OrderState.REJECTED, "rejected", lease_until=None, code=code, reason=reason)


def abandon(record: OrderRecord, *, code: str, reason: str) -> Transition:
    """Give the order up: never sent, or unknown to the broker after the quiet period."""
    return move(
        record, OrderState.ABANDONED, "abandoned", lease_until=None, code=code, reason=reason
    )


def request_cancel(record: OrderRecord) -> Transition | None:
    """Mark that a cancel was asked for; None when it was already, or the order was never sent or is closed."""
    if record.cancel_requested or record.terminal or record.state is OrderState.INTENT:
        return None
    return move(record, record.state, "cancel_requested", cancel_requested=True)


def adopt(snapshot: BrokerOrder, *, at: datetime, reference_price: Decimal) -> OrderRecord:
    """Return a record for an order of ours that the ledger has lost; applying the snapshot makes it a transition.

    It is as old as the broker says: lists of the broker that begin with the oldest open order must reach it.
    """
    terms = OrderTerms(
        client_order_id=snapshot.client_order_id,
        decision_id="unknown",
        strategy="adopted",
        symbol=snapshot.symbol,
        side=snapshot.side,
        quantity=_expected_of(snapshot, reference_price),
        notional=snapshot.notional,
    )
    made_at = min(at, snapshot.created_at or at)
    return OrderRecord(terms, OrderState.ABANDONED, 0, made_at, reference_price)


def _expected_of(snapshot: BrokerOrder, price: Decimal) -> Decimal:
    """Return what the order is for: of an amount of money the broker tells only what it has bought so far."""
    if snapshot.notional is None:
        return snapshot.quantity
    expected = (snapshot.notional / price).quantize(_SHARE) if price else _SHARE
    return max(expected, snapshot.filled_quantity)
