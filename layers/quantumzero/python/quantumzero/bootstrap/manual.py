"""Orders by hand: the use cases behind /v1/orders. They need no broker: carry_out_requests sends what they write."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from quantumzero.bootstrap.ledger import ledger
from quantumzero.bootstrap.risk import decide_order, request_cancel
from quantumzero.bootstrap.settings import read_settings
from quantumzero.bootstrap.ticks import names
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.manual_orders import ManualRequest
from quantumzero.domain.order_replacement import OrderChanges
from quantumzero.domain.orders import OrderType, Side, TimeInForce
from quantumzero.usecases.order_manually import OrderManually
from quantumzero.usecases.read_order import read_order
from quantumzero.usecases.replace_order import ReplaceOrder

if TYPE_CHECKING:
    from quantumzero.contracts import manual_orders as shapes
    from quantumzero.ports.ledger import LedgerReader
    from quantumzero.usecases.request_cancel import RequestCancel


@dataclass(frozen=True, slots=True)
class ManualOrders:
    """Order, cancel, replace and read one order; tests make it of fakes."""

    ordering: OrderManually
    cancelling: RequestCancel
    replacing: ReplaceOrder
    ledger: LedgerReader

    def order(
        self, request: shapes.ManualOrderRequest, *, key: str, by: str
    ) -> tuple[shapes.OrderDetail, bool]:
        """Return the order and whether it is new."""
        record, new = self.ordering.order(_wanted(request), key=key, by=by)
        return self.read(record.terms.client_order_id), new

    def cancel(self, client_order_id: str, *, by: str) -> shapes.OrderDetail:
        self.cancelling.request(client_order_id, by=by)
        return self.read(client_order_id)

    def replace(self, client_order_id: str, request: shapes.ReplaceRequest) -> shapes.OrderDetail:
        """Return the new order."""
        force = request.time_in_force
        changes = OrderChanges(
            quantity=_number(request.quantity),
            limit_price=_number(request.limit_price),
            stop_price=_number(request.stop_price),
            trail=_number(request.trail),
            time_in_force=None if force is None else TimeInForce(force),
        )
        if changes == OrderChanges():
            raise InvalidInputError("nothing was to be changed; name what is", field="body")
        return self.read(self.replacing.replace(client_order_id, changes).terms.client_order_id)

    def read(self, client_order_id: str) -> shapes.OrderDetail:
        return read_order(client_order_id, ledger=self.ledger)


def _wanted(request: shapes.ManualOrderRequest) -> ManualRequest:
    return ManualRequest(
        symbol=request.symbol,
        side=Side(request.side),
        quantity=_number(request.quantity),
        notional=_number(request.notional),
        order_type=OrderType(request.order_type),
        time_in_force=TimeInForce(request.time_in_force),
        limit_price=_number(request.limit_price),
        stop_price=_number(request.stop_price),
        trail_price=_number(request.trail_price),
        trail_percent=_number(request.trail_percent),
        extended_hours=request.extended_hours,
        strategy=request.strategy,
        take_profit_price=_number(request.take_profit_price),
        stop_loss_price=_number(request.stop_loss_price),
        stop_loss_limit_price=_number(request.stop_loss_limit_price),
        stop_loss_trail_price=_number(request.stop_loss_trail_price),
        stop_loss_trail_percent=_number(request.stop_loss_trail_percent),
        opens_short=request.opens_short,
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


class ManualSettings(msgspec.Struct, frozen=True):
    """What may be ordered by hand; symbols and timeframes are comma lists."""

    symbols: str
    timeframes: str = "1d"


@cache
def ready_manual_orders() -> ManualOrders:
    """Return the use cases over the tables that the environment names."""
    settings = read_settings(ManualSettings)
    timeframes = tuple(names(settings.timeframes))
    return ManualOrders(
        ordering=OrderManually(
            decide=decide_order(), symbols=tuple(names(settings.symbols)), timeframes=timeframes
        ),
        replacing=ReplaceOrder(decide=decide_order(), timeframes=timeframes),
        cancelling=request_cancel(),
        ledger=ledger(),
    )
