"""What a request must be before the kernel may read its memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quantumzero.research.simulation.request import (
        CostSettings,
        Detail,
        SimulationRequest,
        SimulationSettings,
    )

ROWS: dict[str, Any] = {
    "time": np.int64,
    "opens": np.int64,
    "session": np.int32,
    "days": np.int32,
    "month": np.int32,
    "rebalance": np.uint8,
    "closed": np.uint8,
}
INSTRUMENTS: dict[str, Any] = {"restricted": np.uint8, "sector": np.int32}
GRIDS: dict[str, Any] = {
    **dict.fromkeys(("open", "high", "low", "close", "volume", "weights", "bid"), np.float64),
    **dict.fromkeys(("ask", "limit", "stop", "size", "stop_distance"), np.float64),
    **dict.fromkeys(("target_distance", "trail_distance", "volatility"), np.float64),
    "signals": np.uint8,
    "member": np.uint8,
}
NOT_NEGATIVE = (
    "amount", "lot", "participation", "stop_fraction", "target_fraction", "trail_fraction",
    "entry_trail_fraction", "maintenance", "drift_band", "time_stop_bars",
    "limit_order_value", "limit_gross", "limit_symbol", "limit_quantity", "limit_positions",
    "limit_open_orders", "limit_net", "limit_sector", "limit_strategy", "limit_collar", "limit_drift",
    "limit_daily_loss", "limit_drawdown", "limit_executions", "haircut",
)  # fmt: skip
COSTS_NOT_NEGATIVE = (
    "rate", "per_share", "per_trade", "minimum", "maximum_rate", "sell_value_rate",
    "sell_per_share", "sell_per_share_cap", "slippage_rate", "volume_share_impact",
    "square_root_coefficient", "borrow_rate", "interest_rate",
)  # fmt: skip


def check_request(request: SimulationRequest) -> None:
    """Raise InvalidInputError with a sentence when the request cannot be simulated."""
    rows = len(request.time)
    if rows == 0 or request.open.ndim != 2 or request.open.shape[0] == 0:
        raise InvalidInputError(
            f"the simulation was given {rows} rows and prices of shape {request.open.shape}; "
            "it needs at least one row and one instrument"
        )
    grid = (request.open.shape[0], rows)
    for name, kind in ROWS.items():
        check_array(name, getattr(request, name), kind, (rows,))
    for name, kind in GRIDS.items():
        check_array(name, getattr(request, name), kind, grid)
    for name, kind in INSTRUMENTS.items():
        check_array(name, getattr(request, name), kind, grid[:1])
    if request.weights is not None and request.rebalance is None:
        raise InvalidInputError("weights were given without the rows on which to rebalance")
    _check_happenings(request, grid)
    if request.detail is not None:
        _check_detail(request.detail, grid)
    elif request.settings.replay_prints:
        raise InvalidInputError("replay_prints was set without the prints: give them as detail")
    check_settings(request.settings)
    if request.settings.participation > 0.0:
        _check_volumes(request)


def _check_volumes(request: SimulationRequest) -> None:
    unknown = np.isnan(request.volume) & ~np.isnan(request.close)
    if unknown.any():
        instrument, row = (int(each) for each in np.argwhere(unknown)[0])
        raise InvalidInputError(
            f"instrument {instrument} has no volume in row {row}; the participation cap needs it"
        )


def check_array(name: str, values: Any, kind: Any, shape: tuple[int, ...]) -> None:
    """Raise InvalidInputError unless the array is None or has that type and shape in one piece."""
    if values is None:
        return
    fits = isinstance(values, np.ndarray) and values.dtype == kind and values.shape == shape
    if not fits or not values.flags.c_contiguous:
        found = f"{getattr(values, 'dtype', type(values).__name__)} {np.shape(values)}"
        raise InvalidInputError(
            f"{name} was {found}; it must be {np.dtype(kind).name} {shape}, contiguous"
        )


def _check_happenings(request: SimulationRequest, grid: tuple[int, int]) -> None:
    for each in request.happenings:
        inside = 0 <= each.instrument < grid[0] and 0 <= each.row < grid[1]
        if not inside or each.kind not in (0, 1, 2):
            raise InvalidInputError(
                f"{each} lies outside the grid of {grid[0]} instruments and {grid[1]} rows, "
                "or is of no kind from 0 to 2"
            )
        if not 0.0 <= each.value < float("inf") or (each.kind == 0 and each.value == 0.0):
            raise InvalidInputError(
                f"{each} has a value out of range: a split's must be above 0, others not below"
            )


def _check_detail(detail: Detail, grid: tuple[int, int]) -> None:
    check_array("detail.start", detail.start, np.int64, (grid[0], grid[1] + 1))
    flat = (len(detail.time),)
    check_array("detail.time", detail.time, np.int64, flat)
    for name in ("open", "high", "low", "close", "volume"):
        check_array(f"detail.{name}", getattr(detail, name), np.float64, flat)
    start: NDArray[np.int64] = detail.start
    ordered = bool((np.diff(start, axis=1) >= 0).all())
    if not ordered or start.min() < 0 or start.max() > flat[0]:
        raise InvalidInputError(
            f"detail.start must rise from row to row within 0 and {flat[0]}, the number of entries"
        )


def check_settings(settings: SimulationSettings) -> None:
    """Raise InvalidInputError when a setting is out of range."""
    if not 0.0 < settings.cash < float("inf"):
        raise InvalidInputError(f"cash was {settings.cash}; it must be above 0")
    if not settings.leverage >= 1.0:
        raise InvalidInputError(
            f"leverage was {settings.leverage}; it must be 1 (cash account) or more"
        )
    if not 0.0 <= settings.cash_buffer < 1.0:
        raise InvalidInputError(
            f"cash_buffer was {settings.cash_buffer}; it must be at least 0 and below 1"
        )
    _check_not_negative(settings, NOT_NEGATIVE)
    _check_not_negative(settings.costs, COSTS_NOT_NEGATIVE)
    if len(settings.costs.tier_shares) != len(settings.costs.tier_rates):
        raise InvalidInputError(
            f"{len(settings.costs.tier_shares)} tier_shares were given with "
            f"{len(settings.costs.tier_rates)} tier_rates; each tier needs both"
        )


def _check_not_negative(
    settings: SimulationSettings | CostSettings, names: tuple[str, ...]
) -> None:
    for name in names:
        value = getattr(settings, name)
        if not value >= 0:
            raise InvalidInputError(f"{name} was {value}; it must be at least 0")
