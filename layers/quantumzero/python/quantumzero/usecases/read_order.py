"""Tell an order's whole story: its terms and every step, with what each step changed and what it rests on."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from quantumzero.contracts.formats import decimal_text, optional_decimal_text, utc_text
from quantumzero.contracts.manual_orders import OrderDetail, OrderEventView
from quantumzero.domain.errors import NotFoundError
from quantumzero.domain.prices import PRICE_DECIMALS
from quantumzero.usecases.list_orders import order_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.order_events import OrderEvent
    from quantumzero.domain.orders import OrderRecord
    from quantumzero.ports.ledger import LedgerReader


def read_order(client_order_id: str, *, ledger: LedgerReader) -> OrderDetail:
    """Return the order as it is now. Raises NotFoundError on an unknown id."""
    record = ledger.order(client_order_id)
    if record is None:
        raise NotFoundError(
            f"order {client_order_id} is not in the ledger; GET /v1/orders lists the orders"
        )
    return order_detail(record, ledger.order_events(client_order_id))


def order_detail(record: OrderRecord, events: Sequence[OrderEvent]) -> OrderDetail:
    """Return the view of an order and its events."""
    terms = record.terms
    return OrderDetail(
        order=order_view(record),
        origin=terms.origin.value,
        extended_hours=terms.extended_hours,
        reduce_only=terms.reduce_only,
        opens_short=terms.opens_short,
        stop_loss_limit_price=optional_decimal_text(terms.stop_loss_limit_price),
        replaces=terms.replaces,
        replaced_by=record.replaced_by,
        reserved_value=decimal_text(record.reserved_value),
        attempts=record.attempts,
        version=record.version,
        events=[
            _event(event, before) for event, before in zip(events, (None, *events), strict=False)
        ],
    )


def _event(event: OrderEvent, before: OrderEvent | None) -> OrderEventView:
    """Show a step; what the order only still carries from the step before is left out."""
    fresh = before is None or event.reason != before.reason or event.code != before.code
    claimed = before is None or event.claim_id != before.claim_id
    told = event.broker_updated_at
    new_word = told is not None and (before is None or told != before.broker_updated_at)
    return OrderEventView(
        version=event.version,
        at=utc_text(event.at),
        event=event.name,
        from_state=event.from_state.value if event.from_state else None,
        to_state=event.state.value,
        changes=_changes(event, before),
        filled_quantity=optional_decimal_text(event.fill_quantity),
        fill_price=_fill_price(event),
        code=event.code if fresh else None,
        reason=event.reason if fresh else None,
        claim=event.claim_id if claimed else None,
        broker_order_id=event.broker_order_id if new_word else None,
        broker_time=utc_text(told) if new_word and told else None,
    )


def _changes(event: OrderEvent, before: OrderEvent | None) -> list[str]:
    """Say in words what is different after the step."""
    said = []
    if event.from_state is not event.state:
        was = event.from_state.value if event.from_state else "nothing"
        said.append(f"state: {was} to {event.state.value}")
    if event.fill_quantity is not None:
        said.append(f"filled {decimal_text(event.fill_quantity)} at {_fill_price(event)}")
    if before is not None and event.quantity != before.quantity:
        said.append(f"quantity: {decimal_text(before.quantity)} to {decimal_text(event.quantity)}")
    if event.broker_order_id is not None and (
        before is None or before.broker_order_id != event.broker_order_id
    ):
        said.append(f"the broker's order is {event.broker_order_id}")
    return said


def _fill_price(event: OrderEvent) -> str | None:
    if not event.fill_quantity or event.fill_cost is None:
        return None
    price = event.fill_cost / event.fill_quantity
    return decimal_text(price.quantize(Decimal(1).scaleb(-PRICE_DECIMALS), ROUND_HALF_EVEN))
