"""A checked request becomes an order of the current session, or of the next one when the market is closed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from local.exchange.order_events import identifier
from local.exchange.orders import Order, OrderRequest, OrderStatus
from quantumzero.domain.orders import TimeInForce

if TYPE_CHECKING:
    from datetime import datetime

    from local.exchange.state import State
    from local.market_data.sessions import TradingCalendar

_GTC_LIFE = timedelta(days=90)


def new_order(
    request: OrderRequest, state: State, calendar: TradingCalendar, replaces: Order | None = None
) -> Order:
    """Return the order with its identifiers, its time and the session in which it may first trade."""
    clock, sequence = state.clock, state.next_sequence
    session = calendar.session_at(clock.now) if clock.is_open else None
    session = session or calendar.next_open(clock.now)
    client_order_id = request.client_order_id or identifier("client", sequence)
    lasting = request.time_in_force is TimeInForce.GOOD_TIL_CANCELED
    created_at = _unique_moment(state)
    return Order(
        sequence=sequence,
        identifier=identifier("order", client_order_id),
        client_order_id=client_order_id,
        symbol=request.symbol,
        side=request.side,
        order_type=request.order_type,
        time_in_force=request.time_in_force,
        quantity=request.quantity,
        notional=request.notional,
        limit_price=request.limit_price,
        stop_price=request.stop_price,
        trail_price=request.trail_price,
        trail_percent=request.trail_percent,
        extended_hours=request.extended_hours,
        created_at=created_at,
        updated_at=created_at,
        expires_at=clock.now + _GTC_LIFE if lasting else session.closes_at,
        session_date=session.date,
        status=OrderStatus.NEW if clock.is_open else OrderStatus.ACCEPTED,
        replaces=replaces.identifier if replaces else None,
        order_class=request.order_class,
    )


def _unique_moment(state: State) -> datetime:
    """Return now, or a microsecond after the newest order.

    Clients page through orders by their times.
    """
    newest = next(reversed(state.orders.values()), None)
    if newest is None:
        return state.clock.now
    return max(state.clock.now, newest.created_at + timedelta(microseconds=1))
