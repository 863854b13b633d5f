"""A refusal is kept with its code, its text and the two numbers that were compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain import order_lifecycle
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.orders import OrderState
from quantumzero.domain.portfolio import Position
from tests.fakes.order_records import BUY

if TYPE_CHECKING:
    from tests.contract.ledger.conftest import Ledger

NOW = datetime(2005, 3, 1, 21, 0, tzinfo=UTC)


@pytest.mark.parametrize("limit", [None, Decimal("0.00"), Decimal("30000.50")])
def test_a_refused_order_is_read_back_with_what_was_compared(
    ledger: Ledger, limit: Decimal | None
) -> None:
    value = None if limit is None else limit + 1
    step = order_lifecycle.deny(
        replace(BUY, quantity=Decimal(0)),
        at=NOW,
        reference_price=Decimal(40),
        code="MAX_VALUE",
        reason="the order is too large",
        limit=limit,
        value=value,
    )
    ledger.commit(change_of(step, Position("AAPL"), at=NOW))
    record = ledger.order("qz1-a")
    assert record == step.after
    assert (record.state, record.code) == (OrderState.DENIED, "MAX_VALUE")
    assert (record.limit, record.value) == (limit, value)
