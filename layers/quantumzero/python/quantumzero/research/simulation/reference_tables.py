"""The reference's rows as the columns of the outcome."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.research.result import Charges, Curves, Fills, Orders, Trades
from quantumzero.research.simulation.request import Refusals, SimulationOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.research.simulation.reference_state import Order, Run

TYPES = {"Integers": np.int64, "Doubles": np.float64, "Codes": np.int32}


def columns_of(kind: type[Any], rows: Sequence[Sequence[float]]) -> dict[str, Any]:
    """Return the rows as arrays of the types that the table's columns declare."""
    names = fields(kind)
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return {
        each.name: np.array(values, dtype=TYPES[str(each.type)])
        for each, values in zip(names, columns, strict=True)
    }


def outcome_of(run: Run) -> SimulationOutcome:
    """Return everything the run has recorded."""
    equity, cash, gross, net = np.array(run.curves, dtype=np.float64).reshape(-1, 4).T.copy()
    trades = [[getattr(each, name.name) for name in fields(Trades)] for each in run.trades]
    return SimulationOutcome(
        curves=Curves(run.request.time, equity, cash, gross, net, np.array(run.session_end)),
        trades=Trades(**columns_of(Trades, trades)),
        orders=Orders(**columns_of(Orders, [_order_row(each) for each in run.orders])),
        fills=Fills(**columns_of(Fills, run.fills)),
        refusals=Refusals(**columns_of(Refusals, run.refusals)),
        charges=Charges(
            run.commission,
            run.slippage,
            run.borrow,
            run.interest,
            run.dividends,
            run.traded_value,
        ),
        held=np.array([each.quantity for each in run.positions], dtype=np.float64),
    )


def _order_row(order: Order) -> tuple[float, ...]:
    mean = order.first_price
    if order.fills > 1:
        mean = order.value / order.filled
    return (
        order.instrument,
        0 if order.side > 0 else 1,
        order.quantity,
        order.decided_at,
        order.state,
        order.purpose,
        order.limit,
        order.stop,
        order.filled,
        mean,
    )
