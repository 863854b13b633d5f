"""What every ledger tells of an order: each step, in order, with what it changed and what it rests on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from quantumzero.domain.orders import OrderState
from tests.contract.ledger.test_ledger import NOW, apply, intend

if TYPE_CHECKING:
    from tests.contract.ledger.conftest import Ledger


def test_every_step_of_an_order_is_told_in_order(ledger: Ledger) -> None:
    intend(ledger, "qz1-a")
    intend(ledger, "qz1-another")
    apply(ledger, "qz1-a", 4, "partially_filled")
    apply(ledger, "qz1-a", 4, "canceled")
    told = ledger.order_events("qz1-a")
    assert [(each.version, each.from_state, each.state) for each in told] == [
        (1, None, OrderState.INTENT),
        (2, OrderState.INTENT, OrderState.PARTIAL),
        (3, OrderState.PARTIAL, OrderState.CANCELED),
    ]
    assert (told[0].name, told[0].at, told[0].quantity) == ("intended", NOW, 10)
    assert (told[1].fill_quantity, told[1].fill_cost) == (4, 40)
    assert (told[1].broker_order_id, told[1].broker_updated_at) == (
        "b-1",
        NOW + timedelta(seconds=4),
    )
    assert (told[0].broker_order_id, told[2].fill_quantity) == (None, None)
    assert ledger.order_events("qz1-none") == []
