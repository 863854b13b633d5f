"""Orders that somebody else made in the account: followed in the books, never asked for, changed or cancelled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from quantumzero.domain.order_lifecycle import adopt
from quantumzero.domain.orders import Leg, Origin
from quantumzero.domain.reconciliation import EXTERNAL_STRATEGY

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from quantumzero.domain.orders import BrokerOrder, OrderRecord


def adopt_external(snapshot: BrokerOrder, *, at: datetime, reference_price: Decimal) -> OrderRecord:
    """Return a record for an order that was not made here; applying the snapshot makes it a transition."""
    record = adopt(snapshot, at=at, reference_price=reference_price)
    terms = replace(
        record.terms,
        decision_id=EXTERNAL_STRATEGY,
        strategy=EXTERNAL_STRATEGY,
        leg=Leg.MANUAL,
        origin=Origin.EXTERNAL,
    )
    return replace(record, terms=terms)
