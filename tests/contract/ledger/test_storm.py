"""A day of orders through the worst weather: the books are exact at its end, and every fault was really met."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.domain.orders import OrderState, Side
from tests.contract.ledger.faults import WEATHERS, Fault, Sky
from tests.contract.ledger.opening import open_books
from tests.contract.ledger.patient_caller import PatientCaller
from tests.contract.ledger.test_ledger import apply, intend

if TYPE_CHECKING:
    from collections.abc import Callable

ORDERS = 25
AT_LEAST = 8


@pytest.mark.parametrize("name", ["memory", "dynamodb"])
def test_books_are_exact_after_a_storm_in_which_every_fault_was_met(
    make_ledger: Callable[[str, Sky], Any], name: str
) -> None:
    sky = storm(name)
    hold_through(sky, make_ledger(name, sky))


def storm(name: str) -> Sky:
    """Return the worst weather for a ledger of that name."""
    return Sky(name, WEATHERS["all"], seed=20050301, rate=0.6)


def hold_through(sky: Sky, under: Any) -> None:
    """Trade through the storm, and hold the books against what was traded."""
    ledger: Any = PatientCaller(under, sky)
    assert open_books(ledger) is True
    for index in range(ORDERS):
        bought, sold = f"qz1-{index:03}b", f"qz1-{index:03}s"
        intend(ledger, bought, guard=None)
        apply(ledger, bought, 4, "partially_filled", "10")
        apply(ledger, bought, 10, "filled", "10.3")
        intend(ledger, sold, 7, guard=None, side=Side.SELL)
        apply(ledger, sold, 7, "filled", "10.4")
    held = ledger.position("AAPL")
    assert held.quantity == 3 * ORDERS
    assert held.version == 3 * ORDERS
    assert ledger.cash() == 1000 - ORDERS * (Decimal(103) - Decimal("72.8"))
    assert ledger.open_orders() == []
    (part,) = ledger.strategy_holdings("sma-cross")
    assert (part.quantity, part.pending_buy, part.pending_sell) == (3 * ORDERS, 0, 0)
    risk = ledger.risk()
    assert (risk.open_orders, risk.open_reserved, risk.working) == (0, 0, {"AAPL": 0})
    assert risk.gross_used == held.exposure
    filled, _ = ledger.orders(state=OrderState.FILLED, symbol=None, limit=999, cursor=None)
    assert len(filled) == 2 * ORDERS
    for each in filled:
        steps = ledger.order_events(each.terms.client_order_id)
        assert [step.version for step in steps] == list(range(1, each.version + 1))
    met = {fault: sky.counts[fault] for fault in Fault}
    assert all(count >= AT_LEAST for count in met.values()), met
    assert sky.unseen >= AT_LEAST
