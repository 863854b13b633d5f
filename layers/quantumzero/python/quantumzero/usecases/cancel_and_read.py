"""Cancel one order and read at once what became of it, so that the books follow where the broker closes it by then."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from quantumzero.domain.errors import QuantumZeroError

if TYPE_CHECKING:
    from quantumzero.domain.orders import OrderRecord
    from quantumzero.usecases.apply_broker_order import ApplyBrokerOrder
    from quantumzero.usecases.cancel_orders import CancelOrders


def cancel_and_read(record: OrderRecord, *, cancel: CancelOrders, apply: ApplyBrokerOrder) -> bool:
    """Tell whether the order was cancelled, or the broker asked for it; every sweep asks again for what was not.

    What cannot be read now is not lost: it comes with the broker's own news, or with the sweep.
    """
    if not cancel.cancel(record):
        return False
    if record.broker_order_id is not None:
        with suppress(QuantumZeroError):
            snapshot = cancel.broker.order(record.terms.client_order_id)
            if snapshot is not None:
                apply.apply(snapshot)
    return True
