"""The kernel's simulation through ctypes: the request as one struct, tables copied out as columns.

The fields below are those of native/simulation.h, in its order.
"""

from __future__ import annotations

import ctypes
import weakref
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.research.kernel import kernel
from quantumzero.research.result import Charges, Curves, Fills, Orders, Trades
from quantumzero.research.simulation.layout import (
    FILL_ROW,
    ORDER_ROW,
    REFUSAL_ROW,
    TRADE_ROW,
    Head,
    Packed,
    pack,
)
from quantumzero.research.simulation.reference_tables import TYPES
from quantumzero.research.simulation.request import Refusals, SimulationOutcome

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quantumzero.research.kernel import Kernel
    from quantumzero.research.simulation.request import SimulationRequest


class OutOfMemoryError(MemoryError):
    """The kernel was refused memory for its tables."""


class Machine:
    """One simulation's memory in the kernel, used again by every run."""

    def __init__(self, loaded: Kernel) -> None:
        """Take the kernel's handle; it is freed with this object."""
        self.library = _declare(loaded)
        self.handle = self.library.qz_simulation_new()
        if not self.handle:
            raise OutOfMemoryError("the kernel was refused memory for a simulation")
        self.head = Head.from_address(self.handle)
        weakref.finalize(self, self.library.qz_simulation_free, self.handle)

    def prepare(self, packed: Packed) -> None:
        """Take the memory that requests of these arrays need."""
        if not self.library.qz_simulation_prepare(self.handle, packed.address):
            raise OutOfMemoryError("the kernel was refused memory for this request's rows")

    def run(self, packed: Packed) -> None:
        """Run the request; the tables stand in the handle until the next run."""
        if self.library.qz_simulation_run(self.handle, packed.address):
            raise OutOfMemoryError("the kernel was refused memory for the tables of this run")

    def outcome(self, packed: Packed) -> SimulationOutcome:
        """Return copies of everything that the last run has recorded."""
        head = self.head
        request = packed.request
        held = (ctypes.c_double * request.open.shape[0]).from_address(head.quantity)
        orders = _rows(head.orders, ORDER_ROW)
        return SimulationOutcome(
            curves=Curves(
                request.time,
                packed.equity,
                packed.cash,
                packed.gross,
                packed.net,
                session_ends(request.session),
            ),
            trades=_columns(Trades, _rows(head.trades, TRADE_ROW)),
            orders=_orders(orders),
            fills=_columns(Fills, _rows(head.fills, FILL_ROW)),
            refusals=_columns(Refusals, _rows(head.refusals, REFUSAL_ROW)),
            charges=Charges(
                head.commission,
                head.slippage,
                head.borrow,
                head.interest,
                head.dividends,
                head.traded_value,
            ),
            held=np.array(held, dtype=np.float64),
        )


def machine() -> Machine | None:
    """Return memory of the kernel for runs, None when there is no kernel."""
    loaded = kernel()
    return None if loaded is None else Machine(loaded)


def simulate_in_kernel(request: SimulationRequest, runner: Machine) -> SimulationOutcome:
    """Return what the request comes to."""
    packed = pack(request)
    runner.prepare(packed)
    runner.run(packed)
    return runner.outcome(packed)


def session_ends(session: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return True on the last row of each session."""
    ends = np.ones(len(session), dtype=np.bool_)
    np.not_equal(session[:-1], session[1:], out=ends[:-1])
    return ends


@cache
def _declare(loaded: Kernel) -> Any:
    library = loaded.library
    library.qz_simulation_new.restype = ctypes.c_void_p
    library.qz_simulation_free.argtypes = [ctypes.c_void_p]
    library.qz_simulation_free.restype = None
    for name in ("qz_simulation_prepare", "qz_simulation_run"):
        function = getattr(library, name)
        function.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        function.restype = ctypes.c_int64
    return library


def _rows(table: Any, kind: np.dtype[Any]) -> NDArray[Any]:
    if not table.count:
        return np.empty(0, dtype=kind)
    buffer = (ctypes.c_char * (table.count * kind.itemsize)).from_address(table.rows)
    return np.frombuffer(buffer, dtype=kind)


def _columns(kind: type[Any], rows: NDArray[Any]) -> Any:
    return kind(
        **{
            each.name: np.array(rows[each.name], dtype=TYPES[str(each.type)])
            for each in fields(kind)
        }
    )


def _orders(rows: NDArray[Any]) -> Orders:
    mean = rows["first_price"].copy()
    several = rows["fills"] > 1
    mean[several] = rows["value"][several] / rows["filled"][several]
    return Orders(
        symbol=rows["instrument"].astype(np.int32),
        side=np.where(rows["side"] > 0, 0, 1).astype(np.int32),
        quantity=rows["quantity"].copy(),
        decided_at=rows["decided_at"].copy(),
        state=rows["state"].astype(np.int32),
        purpose=rows["purpose"].astype(np.int32),
        limit_price=rows["limit"].copy(),
        stop_price=rows["stop"].copy(),
        filled_quantity=rows["filled"].copy(),
        filled_price=mean,
    )
