"""A document's settings and a preset's choices -> the simulation's settings, and their words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.document import Sizing, SizingMethod
from quantumzero.research.simulation.request import (
    CostSettings,
    FillAt,
    Life,
    OrderKind,
    SimulationSettings,
    SizeBy,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quantumzero.domain.strategy.document import Costs, Distance, StrategyDocument

FRACTIONAL = "fractional"
_REG_T_LEVERAGE, _REG_T_MAINTENANCE = 2.0, 0.25  # 12 CFR 220.12(a); FINRA Rule 4210(c)(1)
_ALL_IN = Sizing(SizingMethod.PERCENT_OF_EQUITY, Decimal(100))
_LIVES: Mapping[str, Life] = {
    "day": Life.DAY,
    "gtc": Life.GOOD_TIL_CANCELLED,
    "ioc": Life.IMMEDIATE_OR_CANCEL,
    "fok": Life.FILL_OR_KILL,
}


class Choices(Protocol):
    """What a preset decides; None leaves it to the document."""

    @property
    def fill(self) -> str | None: ...
    @property
    def size_at_fill(self) -> bool: ...
    @property
    def lot(self) -> str | None: ...
    @property
    def time_in_force(self) -> str | None: ...
    @property
    def participation(self) -> float | None: ...
    @property
    def cash_buffer(self) -> float: ...
    @property
    def allow_short(self) -> bool: ...
    @property
    def gap_at_stop(self) -> bool: ...
    @property
    def replay_prints(self) -> bool: ...


def settings_of(
    document: StrategyDocument, choices: Choices, cash: float, costs: CostSettings
) -> SimulationSettings:
    """Return the settings of a run; raises InvalidInputError for a combination that cannot be."""
    execution, protect = document.execution, document.protect
    sizing = document.sizing or _ALL_IN
    size_by, amount = _size(sizing)
    if size_by == SizeBy.RISK_FRACTION and protect.stop_loss is None:
        raise InvalidInputError(
            "sizing was risk_percent and there was no stop_loss; the size follows from the stop: "
            "give protect: {stop_loss: ...}"
        )
    reg_t = document.account == "reg_t"
    rebalance = document.rebalance
    buffer = _percent(rebalance.cash_buffer_percent) if rebalance else 0.0
    return SimulationSettings(
        cash=float(cash),
        fill_at=FillAt[(choices.fill or execution.fill).upper()],
        order_kind=OrderKind[execution.order.upper()],
        life=_LIVES[choices.time_in_force or execution.time_in_force],
        size_by=size_by,
        amount=amount,
        lot=0.0 if sizing.lot is None or choices.lot == FRACTIONAL else float(sizing.lot),
        size_at_fill=choices.size_at_fill,
        participation=_participation(execution.participation_percent, choices.participation),
        costs=costs,
        stop_fraction=_fraction(protect.stop_loss),
        target_fraction=_fraction(protect.take_profit),
        trail_fraction=_fraction(protect.trailing_stop),
        time_stop_bars=protect.time_stop_bars or 0,
        entry_trail_fraction=_percent(execution.trail_percent),
        gap_at_stop=choices.gap_at_stop,
        leverage=_REG_T_LEVERAGE if reg_t else 1.0,
        maintenance=_REG_T_MAINTENANCE if reg_t else 0.0,
        allow_short=reg_t or choices.allow_short,
        drift_band=_percent(rebalance.drift_band_percent) if rebalance else 0.0,
        cash_buffer=max(buffer, choices.cash_buffer),
        replay_prints=choices.replay_prints,
    )


def words_of(
    document: StrategyDocument, settings: SimulationSettings, costs: Costs
) -> dict[str, Any]:
    """Return every choice of the settings as text and numbers that JSON can hold."""
    sizing, protect = document.sizing, document.protect
    if document.weights:
        size: Any = {"weights": document.weights.scheme}
    else:
        sized = sizing or _ALL_IN
        size = {"method": sized.method.value, "amount": str(sized.amount)}
    return {
        "fill": settings.fill_at.name.lower(),
        "order": settings.order_kind.name.lower(),
        "time_in_force": next(name for name, life in _LIVES.items() if life == settings.life),
        "sizing": size,
        "lot": FRACTIONAL if settings.lot == 0 else str(int(settings.lot)),
        "size_at": "fill" if settings.size_at_fill else "decision",
        "participation": settings.participation or None,
        "costs": {
            name: str(value)
            for name in costs.__slots__
            if (value := getattr(costs, name)) not in (None, 0)
        },
        "account": document.account,
        "leverage": settings.leverage,
        "short_sales": settings.allow_short,
        "cash_buffer": settings.cash_buffer,
        "drift_band": settings.drift_band,
        "rebalance": document.rebalance.every if document.rebalance else None,
        "protect": _protection_words(protect.stop_loss, protect.take_profit, protect.trailing_stop)
        | ({"time_stop": str(settings.time_stop_bars)} if settings.time_stop_bars else {}),
        "inside_bar": "target before stop" if settings.target_first else "stop before target",
        "gap_through_stop": "at the stop" if settings.gap_at_stop else "at the open",
        "prints": "exchange simulator" if settings.replay_prints else None,
    }


def _size(sizing: Sizing) -> tuple[SizeBy, float]:
    amount = sizing.amount
    if sizing.method == SizingMethod.FIXED_QUANTITY:
        return SizeBy.QUANTITY, float(amount)
    if sizing.method == SizingMethod.FIXED_NOTIONAL:
        return SizeBy.NOTIONAL, float(amount)
    if sizing.method == SizingMethod.RISK_PERCENT:
        return SizeBy.RISK_FRACTION, _percent(amount)
    return SizeBy.FRACTION_OF_EQUITY, _percent(amount)


def _participation(asked: Decimal | None, preset: float | None) -> float:
    return _percent(asked) if asked is not None else preset or 0.0


def _fraction(distance: Distance | None) -> float:
    return 0.0 if distance is None else _percent(distance.percent)


def _percent(value: Decimal | None) -> float:
    return 0.0 if value is None else float(value / 100)


def _protection_words(*distances: Distance | None) -> dict[str, str]:
    names = ("stop_loss", "take_profit", "trailing_stop")
    return {
        name: f"{each.percent} %"
        if each.percent is not None
        else f"{each.multiple} x atr({each.atr_bars})"
        for name, each in zip(names, distances, strict=True)
        if each is not None
    }
