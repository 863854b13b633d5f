"""List the orders of the ledger, newest first."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from quantumzero.contracts.api import Order, OrderList
from quantumzero.contracts.formats import decimal_text, optional_decimal_text, utc_text
from quantumzero.domain.prices import PRICE_DECIMALS

if TYPE_CHECKING:
    from quantumzero.domain.orders import OrderRecord, OrderState
    from quantumzero.ports.ledger import LedgerReader


def list_orders(
    *,
    ledger: LedgerReader,
    state: OrderState | None,
    symbol: str | None,
    limit: int,
    cursor: str | None,
) -> OrderList:
    """Return one page of orders; the cursor of a page continues the same filters."""
    orders, next_cursor = ledger.orders(state=state, symbol=symbol, limit=limit, cursor=cursor)
    return OrderList(orders=[order_view(record) for record in orders], next_cursor=next_cursor)


def order_view(record: OrderRecord) -> Order:
    """Return the view of an order."""
    terms = record.terms
    return Order(
        client_order_id=terms.client_order_id,
        broker_order_id=record.broker_order_id,
        strategy=terms.strategy,
        decision_id=terms.decision_id,
        symbol=terms.symbol,
        side=terms.side.value,
        order_type=terms.order_type.value,
        time_in_force=terms.time_in_force.value,
        quantity=decimal_text(terms.quantity),
        notional=optional_decimal_text(terms.notional),
        limit_price=optional_decimal_text(terms.limit_price),
        stop_price=optional_decimal_text(terms.stop_price),
        trail_price=optional_decimal_text(terms.trail_price),
        trail_percent=optional_decimal_text(terms.trail_percent),
        take_profit_price=optional_decimal_text(terms.take_profit_price),
        stop_loss_price=optional_decimal_text(terms.stop_loss_price),
        leg=terms.leg.value,
        parent=terms.parent,
        held=record.held,
        rests=terms.rests,
        cancel_requested=record.cancel_requested,
        filled_quantity=decimal_text(record.filled_quantity),
        average_fill_price=_average_fill_price(record),
        state=record.state.value,
        code=record.code,
        reason=record.reason,
        limit=optional_decimal_text(record.limit),
        value=optional_decimal_text(record.value),
        created_at=utc_text(record.created_at),
        filled_at=utc_text(record.filled_at) if record.filled_at else None,
    )


def _average_fill_price(record: OrderRecord) -> str | None:
    if not record.filled_quantity:
        return None
    average = record.filled_cost / record.filled_quantity
    return decimal_text(average.quantize(Decimal(1).scaleb(-PRICE_DECIMALS), ROUND_HALF_EVEN))
