"""The strategy document as a value: what the author wrote, read and checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from quantumzero.domain.strategy.tree import Expression, render

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named number: its default and, when it may vary, its bounds and a search's step."""

    default: Fraction
    least: Fraction | None = None
    greatest: Fraction | None = None
    step: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression of the document: where it stands (path), its text as written and its tree."""

    path: str
    text: str
    tree: Expression

    @property
    def words(self) -> str:
        """The expression with one spacing, as decision records name it."""
        return render(self.tree)


@dataclass(frozen=True, slots=True)
class ModelGate:
    """Ask the registry's champion of that name; trade only from that score on."""

    name: str
    at_least: Decimal


class SizingMethod(StrEnum):
    """How the size of an entry follows from the account; the amount's meaning is in brackets.

    PERCENT_OF_EQUITY (percent), FIXED_QUANTITY (shares), FIXED_NOTIONAL (money), RISK_PERCENT
    (percent of equity lost when the stop is hit), VOLATILITY_TARGET (percent a year; the position's
    share of equity is target / annualised volatility of close over `bars`).
    """

    PERCENT_OF_EQUITY = "percent_of_equity"
    FIXED_QUANTITY = "fixed_quantity"
    FIXED_NOTIONAL = "fixed_notional"
    RISK_PERCENT = "risk_percent"
    VOLATILITY_TARGET = "volatility_target"


@dataclass(frozen=True, slots=True)
class Sizing:
    """The size of an entry. lot is the least step in shares; None means fractional: an order of
    money, which the broker turns into shares at the fill, fees included. bars: VOLATILITY_TARGET.
    """

    method: SizingMethod
    amount: Decimal
    lot: int | None = 1
    bars: int = 20


@dataclass(frozen=True, slots=True)
class Distance:
    """How far from the entry price: percent of it, or multiple x atr(atr_bars) at the decision."""

    percent: Decimal | None = None
    atr_bars: int | None = None
    multiple: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Protection:
    """Orders that close a position by themselves; time_stop_bars counts bars after the entry's."""

    stop_loss: Distance | None = None
    take_profit: Distance | None = None
    trailing_stop: Distance | None = None
    time_stop_bars: int | None = None

    def __bool__(self) -> bool:
        return self != Protection()


@dataclass(frozen=True, slots=True)
class Execution:
    """How a decision becomes an order.

    order: market, limit, stop, stop_limit, trailing_stop, market_on_open, market_on_close; limit
    and stop are prices by expression, read on the decision's bar. fill: next_open, close,
    next_close, quote. time_in_force: day, gtc, ioc, fok. trail_percent: trailing_stop entries.
    participation_percent caps each fill by that share of the bar's volume (None: no cap).
    """

    order: str = "market"
    fill: str = "next_open"
    time_in_force: str = "day"
    limit: Formula | None = None
    stop: Formula | None = None
    trail_percent: Decimal | None = None
    participation_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Costs:
    """What a backtest charges. Percentages and basis points (bps) are of the traded value.

    commission: bps; per_share in money, at least minimum and at most maximum_percent of the value;
    per_trade in money; plan names a broker's tariff (alpaca, interactive_brokers_tiered). They add
    up. slippage: bps; volume_share_impact (price x impact x (quantity / bar volume)^2);
    square_root_coefficient (price x coefficient x daily volatility x sqrt(quantity / volume)).
    borrow_percent and margin_interest_percent are a year, of the short value and of negative cash.
    """

    commission_bps: Decimal = Decimal(0)
    commission_per_share: Decimal = Decimal(0)
    commission_minimum: Decimal = Decimal(0)
    commission_maximum_percent: Decimal | None = None
    commission_per_trade: Decimal = Decimal(0)
    commission_plan: str | None = None
    slippage_bps: Decimal = Decimal(0)
    volume_share_impact: Decimal = Decimal(0)
    square_root_coefficient: Decimal = Decimal(0)
    borrow_percent: Decimal = Decimal(0)
    margin_interest_percent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Weights:
    """Target weights of a portfolio: long and short are cross-sectional expressions, each with the
    scheme (equal, proportional, inverse_volatility) that turns it into weights summing to 1 in
    absolute value; with both, each side gets half. bars: inverse_volatility.
    """

    long: Formula | None
    short: Formula | None
    scheme: str
    bars: int = 60


@dataclass(frozen=True, slots=True)
class Rebalance:
    """When target weights are traded: every bar, day, week, month or quarter, on the first bar's
    close of the new period. A weight nearer to its target than drift_band_percent of equity is left
    alone; cash_buffer_percent of equity is never invested; exposure_percent scales all weights.
    """

    every: str = "month"
    drift_band_percent: Decimal = Decimal(0)
    cash_buffer_percent: Decimal = Decimal(0)
    exposure_percent: Decimal = Decimal(100)


@dataclass(frozen=True, slots=True)
class StrategyDocument:
    """One strategy. signals are in the author's order.

    Either entry and exit formulas with sizing, or weights with rebalance. calendar is XNYS or none;
    account is cash or reg_t; groups name sets of symbols for neutralise.
    """

    strategy: str
    version: int
    universe: tuple[str, ...]
    timeframe: str
    signals: tuple[tuple[str, Formula], ...]
    entry_long: Formula | None = None
    exit_long: Formula | None = None
    entry_short: Formula | None = None
    exit_short: Formula | None = None
    sizing: Sizing | None = None
    protect: Protection = Protection()
    weights: Weights | None = None
    rebalance: Rebalance | None = None
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    execution: Execution = Execution()
    model: ModelGate | None = None
    costs: Costs = Costs()
    account: str = "cash"
    calendar: str = "XNYS"
    benchmark: str | None = None
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def formulas(self) -> dict[str, Formula]:
        """The formulas by what they say: entry_long ... exit_short, limit, stop, weight_long,
        weight_short; only those that are written.
        """
        weights = self.weights
        written = {
            "entry_long": self.entry_long,
            "exit_long": self.exit_long,
            "entry_short": self.entry_short,
            "exit_short": self.exit_short,
            "limit": self.execution.limit,
            "stop": self.execution.stop,
            "weight_long": weights.long if weights else None,
            "weight_short": weights.short if weights else None,
        }
        return {name: formula for name, formula in written.items() if formula is not None}
