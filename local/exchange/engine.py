"""The exchange itself: takes orders, matches them against ticks, keeps the books.

No I/O; its clock is its state. Every change of an order is published as an OrderEvent at once, in
the order in which it happened.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from local.exchange import admission, order_groups
from local.exchange.matching import follow, match, observe
from local.exchange.order_events import OrderEvent, identifier
from local.exchange.order_making import new_order
from local.exchange.orders import (
    Fill,
    Order,
    OrderRequest,
    OrderStatus,
)
from local.exchange.refusals import bad_field, bad_order, not_found
from local.exchange.state import AppliedSplit, Settings, State
from quantumzero.domain.orders import OrderType, TimeInForce

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from local.market_data.sessions import TradingCalendar
    from local.market_data.values import Session, StockSplit, Tick

_CENT = Decimal("0.01")
_GTC_LIFE = timedelta(days=90)


class Exchange:
    """One account at one market."""

    def __init__(
        self,
        *,
        state: State,
        settings: Settings,
        symbols: Sequence[str],
        calendar: TradingCalendar,
        publish: Callable[[OrderEvent], None],
    ) -> None:
        self.settings = settings
        self.symbols = tuple(symbols)
        self.calendar = calendar
        self._publish = publish
        self.restore(state)

    def restore(self, state: State) -> None:
        """Replace everything that is remembered."""
        self.state = state
        self._client_ids = {order.client_order_id: order for order in state.orders.values()}
        self._open = {order.identifier: order for order in state.orders.values() if order.is_open}

    @property
    def now(self) -> datetime:
        """Return the market time."""
        return self.state.clock.now

    @property
    def open_orders(self) -> list[Order]:
        """Return the orders that may still trade, in order of arrival."""
        return list(self._open.values())

    @property
    def buying_power(self) -> Decimal:
        """Return what new orders may cost."""
        return admission.buying_power(self.state.books, self.open_orders, self.settings)

    def order(self, order_id: str) -> Order:
        """Return an order by the exchange's id. Errors: Refusal 404."""
        order = self.state.orders.get(order_id)
        if order is None:
            raise not_found(f"order not found for {order_id}")
        return order

    def order_of_client(self, client_order_id: str) -> Order:
        """Return an order by the client's id. Errors: Refusal 404."""
        order = self._client_ids.get(client_order_id)
        if order is None:
            raise not_found(f"order not found for {client_order_id}")
        return order

    def submit(self, request: OrderRequest, replaces: Order | None = None) -> Order:
        """Accept an order for the current session, or for the next one when the market is closed.

        Errors: Refusal 422 for a client id that was ever used, an unknown instrument, a wrong
        combination; 403 for shares or money that are not there.
        """
        clock, books = self.state.clock, self.state.books
        if request.client_order_id is not None and request.client_order_id in self._client_ids:
            raise bad_field("client_order_id must be unique")
        admission.check_instrument(request, books, self.symbols)
        admission.check_session(request, is_open=clock.is_open)
        others = [order for order in self.open_orders if order is not replaces]
        admission.check_wash_trade(request, others)
        if replaces is None:
            order_groups.check_group(request, books)
        admission.check_means(request, books, others, self.settings)
        order = new_order(request, self.state, self.calendar, replaces)
        if order.order_type is OrderType.TRAILING_STOP:
            follow(order, books.last_prices[order.symbol])
        self._register(order)
        if replaces is not None:
            order_groups.inherit(order, replaces, self.state.orders)
            self._close(replaces, OrderStatus.REPLACED, replaced_by=order.identifier)
        self._announce(order, order.status.value)
        for leg in order_groups.leg_requests(request) if replaces is None else ():
            self._register(self._new_leg(leg, order))
        return order

    def _register(self, order: Order) -> None:
        self.state.next_sequence += 1
        self.state.orders[order.identifier] = order
        self._client_ids[order.client_order_id] = order
        self._open[order.identifier] = order

    def _new_leg(self, request: OrderRequest, root: Order) -> Order:
        leg = new_order(request, self.state, self.calendar)
        leg.status, leg.parent = OrderStatus.HELD, root.identifier
        root.legs.append(leg.identifier)
        return leg

    def cancel(self, order: Order) -> None:
        """Cancel an open order. Errors: Refusal 422 when it is closed already."""
        if not order.is_open:
            raise bad_order(f'order is already in "{order.status}" state')
        self._close(order, OrderStatus.CANCELED)

    def replace(self, order: Order, request: OrderRequest) -> Order:
        """Put a new order in the place of an open one.

        Errors: Refusal 422 or 403; the old order then stays.
        """
        if not order.is_open:
            raise bad_order(f'order is already in "{order.status}" state')
        if order.notional is not None:
            raise bad_order("notional orders cannot be replaced; cancel and submit again")
        return self.submit(request, replaces=order)

    def open_session(self, session: Session, splits: Sequence[StockSplit]) -> None:
        """Move the clock to the session's open.

        Apply the splits of the day, then make waiting orders live.
        """
        clock = self.state.clock
        clock.now, clock.is_open = session.opens_at, True
        clock.opened += 1
        clock.replayed = 0
        self.state.books.start_day()
        for split in splits:
            self._apply_split(split)
        for order in self.open_orders:
            if order.status is OrderStatus.ACCEPTED and order.session_date <= session.date:
                order.status = OrderStatus.NEW
                order.updated_at = clock.now
                self._announce(order, "new")

    def apply_tick(self, tick: Tick, session: Session) -> None:
        """Match one tick against the open orders of its symbol, in their order of arrival."""
        clock = self.state.clock
        clock.now = clock.replayed_until = tick.at
        clock.replayed += 1
        self.state.books.last_prices[tick.symbol] = tick.price
        if not self._open:
            return
        for order in [order for order in self.open_orders if order.symbol == tick.symbol]:
            if not order.is_open or not order_groups.watches(order, self.state.orders):
                continue
            observe(order, tick.price)
            if order.status is OrderStatus.HELD:
                if not order.triggered:
                    continue
                self._close_others(order)
                order.status = OrderStatus.NEW
            verdict = match(order, tick, session, self.settings.participation)
            if verdict.quantity:
                self._fill(order, tick, verdict.quantity)
            if verdict.withdraw_rest and order.is_open:
                self._close(order, OrderStatus.CANCELED)

    def close_session(self, session: Session) -> None:
        """Move the clock to the session's close and expire what does not outlive it."""
        clock = self.state.clock
        clock.now = clock.replayed_until = session.closes_at
        clock.is_open = False
        for order in self.open_orders:
            if not order.is_open:
                continue
            lasting = order.time_in_force is TimeInForce.GOOD_TIL_CANCELED
            if order.expires_at <= clock.now if lasting else order.session_date <= session.date:
                self._close(order, OrderStatus.EXPIRED)

    def _fill(self, order: Order, tick: Tick, quantity: Decimal) -> None:
        """Book one execution of an order at the tick's price."""
        books = self.state.books
        complete = quantity == order.remaining(tick.price)
        commission = (quantity * self.settings.commission_per_share).quantize(
            _CENT, ROUND_HALF_EVEN
        )
        books.trade(order.symbol, order.side, quantity, tick.price, commission)
        order.filled_quantity += quantity
        order.filled_cost += quantity * tick.price
        order.filled_at = order.updated_at = tick.at
        order.status = OrderStatus.FILLED if complete else OrderStatus.PARTIALLY_FILLED
        if complete:
            del self._open[order.identifier]
        fill = Fill(
            execution_id=identifier("fill", order.identifier, tick.identifier),
            order_id=order.identifier,
            client_order_id=order.client_order_id,
            symbol=order.symbol,
            side=order.side,
            quantity=quantity,
            price=tick.price,
            commission=commission,
            at=tick.at,
            tick=tick.identifier,
            position_quantity=books.quantity(order.symbol),
            cumulative_quantity=order.filled_quantity,
            leaves_quantity=Decimal(0) if complete else order.remaining(tick.price),
        )
        self.state.fills.append(fill)
        self._announce(order, "fill" if complete else "partial_fill", fill)
        self._tell_group(order, quantity)

    def _tell_group(self, order: Order, quantity: Decimal) -> None:
        """Take what one leg traded from the other, or let the legs of a filled entry work."""
        orders = self.state.orders
        if order_groups.is_leg(order):
            for other in order_groups.others_of(order, orders):
                other.quantity = (other.quantity or quantity) - quantity
                if not other.quantity:
                    self._close(other, OrderStatus.CANCELED)
        elif order.status is OrderStatus.FILLED:
            for leg in order_groups.awakened(order, orders):
                leg.status, leg.updated_at = OrderStatus.NEW, self.now
                self._announce(leg, "new")

    def _close_others(self, order: Order) -> None:
        for other in order_groups.others_of(order, self.state.orders):
            if other.is_open:
                self._close(other, OrderStatus.CANCELED, alone=True)

    def _close(
        self,
        order: Order,
        status: OrderStatus,
        replaced_by: str | None = None,
        *,
        alone: bool = False,
    ) -> None:
        order.status = status
        # While the market is closed orders are placed microseconds apart: none is closed before it was placed.
        order.updated_at = max(self.now, order.updated_at)
        if status is OrderStatus.CANCELED:
            order.canceled_at = self.now
        elif status is OrderStatus.EXPIRED:
            order.expired_at = self.now
        else:
            order.replaced_at, order.replaced_by = self.now, replaced_by
        del self._open[order.identifier]
        self._announce(order, status.value)
        if status is not OrderStatus.REPLACED and not alone:
            self._close_others(order)

    def _apply_split(self, split: StockSplit) -> None:
        """Restate the holding and the open orders of the symbol.

        What has been filled stays as it was.
        """
        books = self.state.books
        before = books.quantity(split.symbol)
        books.split(split)
        after = books.quantity(split.symbol)
        applied = AppliedSplit(
            split.symbol, split.ex_date, split.new, split.old, before, after, self.now
        )
        self.state.splits.append(applied)
        for order in self.open_orders:
            if order.symbol == split.symbol:
                order.restate(split.new, split.old)
                order.updated_at = self.now
                self._announce(order, "restated")

    def _announce(self, order: Order, name: str, fill: Fill | None = None) -> None:
        execution = (
            fill.execution_id if fill else identifier(name, order.identifier, order.updated_at)
        )
        position = self.state.books.quantity(order.symbol)
        at = fill.at if fill else order.updated_at
        self._publish(OrderEvent(name, order, at, execution, position, fill))
