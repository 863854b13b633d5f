"""What happened to an order, step by step, as the ledger keeps it: one event for each version of the order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from quantumzero.domain.order_lifecycle import Transition
    from quantumzero.domain.orders import OrderState


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """One step. from_state is None at the beginning; at is market time.

    fill_quantity and fill_cost are what this step added; claim_id names who may send. reason and code are the order's
    after the step, broker_order_id and broker_updated_at the broker's word that led to it, None in events of an older
    release.
    """

    version: int
    at: datetime
    name: str
    from_state: OrderState | None
    state: OrderState
    quantity: Decimal
    fill_quantity: Decimal | None = None
    fill_cost: Decimal | None = None
    claim_id: str | None = None
    code: str | None = None
    reason: str | None = None
    broker_order_id: str | None = None
    broker_updated_at: datetime | None = None


def event_of(step: Transition, at: datetime) -> OrderEvent:
    """Return the event of a transition."""
    before, after, fill = step.before, step.after, step.fill
    return OrderEvent(
        version=after.version,
        at=at,
        name=step.event,
        from_state=before.state if before else None,
        state=after.state,
        quantity=after.terms.quantity,
        fill_quantity=fill.quantity if fill else None,
        fill_cost=fill.cost if fill else None,
        claim_id=after.claim_id,
        code=after.code,
        reason=after.reason,
        broker_order_id=after.broker_order_id,
        broker_updated_at=after.broker_updated_at,
    )
