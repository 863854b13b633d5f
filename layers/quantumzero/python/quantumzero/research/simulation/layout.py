"""The structs of native/simulation.h as Python sees them, and a request packed into one."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from quantumzero.research.simulation.request import (
        SimulationRequest,
        SimulationSettings,
    )

ARRAYS = (
    "time", "opens", "session", "days", "month", "open", "high", "low", "close", "volume",
    "signals", "weights", "rebalance", "bid", "ask", "limit", "stop", "size", "stop_distance",
    "target_distance", "trail_distance", "volatility", "member",
    "restricted", "sector", "closed",
)  # fmt: skip
HAPPENINGS = ("row", "instrument", "kind", "value")
DETAIL = ("start", "time", "open", "high", "low", "close", "volume")
NUMBERS = (
    "cash", "amount", "lot", "participation", "stop_fraction", "target_fraction",
    "trail_fraction", "entry_trail_fraction", "leverage", "maintenance", "limit_order_value",
    "limit_gross", "limit_symbol", "limit_quantity", "limit_positions", "limit_open_orders",
    "limit_net", "limit_sector", "limit_strategy", "limit_collar", "limit_drift",
    "limit_daily_loss", "limit_drawdown", "limit_executions", "haircut", "drift_band", "cash_buffer",
)  # fmt: skip
CHOICES = (
    "fill_at", "order_kind", "life", "size_by", "size_at_fill", "time_stop_bars", "gap_at_stop",
    "target_first", "allow_short", "finalise", "replay_prints",
    "resume_next_session",
)  # fmt: skip
COSTS = (
    "rate", "per_share", "per_trade", "minimum", "maximum_rate", "sell_value_rate",
    "sell_per_share", "sell_per_share_cap", "slippage_rate", "volume_share_impact",
    "square_root_coefficient", "borrow_rate", "interest_rate",
)  # fmt: skip
CURVES = ("equity", "cash", "gross", "net")

_POINTER, _WHOLE, _DOUBLE = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double


class Struct(ctypes.Structure):
    """The kernel's `request`."""

    _fields_ = (
        ("rows", _WHOLE),
        ("instruments", _WHOLE),
        *((name, _POINTER) for name in ARRAYS),
        ("happenings", _WHOLE),
        *((f"happening_{name}", _POINTER) for name in HAPPENINGS),
        *((f"detail_{name}", _POINTER) for name in DETAIL),
        *((f"setting_{name}", _DOUBLE) for name in NUMBERS),
        *((f"setting_{name}", _WHOLE) for name in CHOICES),
        *((f"cost_{name}", _DOUBLE) for name in COSTS),
        ("tiers", _WHOLE),
        ("tier_shares", _POINTER),
        ("tier_rates", _POINTER),
        *((f"{name}_curve", _POINTER) for name in CURVES),
    )


class Table(ctypes.Structure):
    """The kernel's `table`."""

    _fields_ = (("rows", _POINTER), ("count", _WHOLE), ("room", _WHOLE))


class Head(ctypes.Structure):
    """The beginning of the kernel's `simulation`."""

    _fields_ = (
        *((name, Table) for name in ("orders", "fills", "trades", "refusals")),
        *(
            (name, _DOUBLE)
            for name in (
                "commission",
                "slippage",
                "borrow",
                "interest",
                "dividends",
                "traded_value",
            )
        ),
        ("quantity", _POINTER),
        ("trades_made", _WHOLE),
        ("failed", _WHOLE),
    )


def _row(words: str) -> np.dtype[Any]:
    """Return the type of a row: 'f8: names; i8: names ...' in the struct's order."""
    made = []
    for part in words.split(";"):
        kind, names = part.split(":")
        made += [(name, kind.strip()) for name in names.split()]
    return np.dtype(made, align=True)


ORDER_ROW = _row(
    "i8: decided_at; f8: quantity limit stop filled first_price value remaining money amount "
    "size_distance trail water reserved share_cost commission stop_distance target_distance "
    "trail_distance; i8: row session trade fills; i4: instrument side purpose state kind life "
    "fill_at reduces triggered number"
)
FILL_ROW = _row("i8: time; f8: quantity price fees; i4: order unused")
TRADE_ROW = _row(
    "i8: entry_time exit_time; f8: entry_price exit_price quantity profit fees mae mfe best_profit "
    "worst_profit; i4: symbol side reason ambiguous entry_bar exit_bar"
)
REFUSAL_ROW = _row("i8: row; f8: quantity value limit; i4: symbol side code unused")


@dataclass(slots=True)
class Packed:
    """A request as the kernel reads it. The arrays are kept alive here while the struct points at
    them; equity and its kin are the curves that a run writes.
    """

    request: SimulationRequest
    struct: Struct
    address: int
    equity: Any
    cash: Any
    gross: Any
    net: Any
    kept: list[Any] = field(default_factory=list)


def pack(request: SimulationRequest) -> Packed:
    """Return the request as a struct with fresh curves."""
    struct = Struct()
    rows = len(request.time)
    struct.rows, struct.instruments = rows, request.open.shape[0]
    # One block: it is given back and taken again by the next run without the system's help.
    curves: Any = np.empty((len(CURVES), rows), dtype=np.float64)
    packed = Packed(request, struct, ctypes.addressof(struct), *curves)
    set_curves(packed, whole=True)
    for name in ARRAYS:
        _point(packed, name, getattr(request, name))
    if request.detail is not None:
        for name in DETAIL:
            _point(packed, f"detail_{name}", getattr(request.detail, name))
    happenings = sorted(request.happenings, key=lambda each: each.row)
    struct.happenings = len(happenings)
    for name in HAPPENINGS:
        kind = np.float64 if name == "value" else np.int64
        values = np.array([getattr(each, name) for each in happenings], dtype=kind)
        _point(packed, f"happening_{name}", values)
    set_settings(packed, request.settings)
    return packed


def set_curves(packed: Packed, *, whole: bool) -> None:
    """Let a run write all four curves, or only equity."""
    for name in CURVES:
        wanted = whole or name == "equity"
        address = getattr(packed, name).ctypes.data if wanted else None
        setattr(packed.struct, f"{name}_curve", address)


def set_settings(packed: Packed, settings: SimulationSettings) -> None:
    """Write the settings into the struct."""
    struct = packed.struct
    for name in NUMBERS:
        setattr(struct, f"setting_{name}", float(getattr(settings, name)))
    for name in CHOICES:
        setattr(struct, f"setting_{name}", int(getattr(settings, name)))
    for name in COSTS:
        setattr(struct, f"cost_{name}", float(getattr(settings.costs, name)))
    struct.tiers = len(settings.costs.tier_rates)
    _point(packed, "tier_shares", np.array(settings.costs.tier_shares, dtype=np.float64))
    _point(packed, "tier_rates", np.array(settings.costs.tier_rates, dtype=np.float64))


def _point(packed: Packed, name: str, values: Any) -> None:
    if values is not None:
        packed.kept.append(values)
        setattr(packed.struct, name, values.ctypes.data)
