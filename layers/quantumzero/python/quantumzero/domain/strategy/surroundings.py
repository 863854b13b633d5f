"""What a document's expressions stand in, and the formulas that its settings imply."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING

from quantumzero.domain.strategy.document import Formula, SizingMethod
from quantumzero.domain.strategy.parser import parse_expression
from quantumzero.domain.strategy.timeframes import bars_a_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quantumzero.domain.strategy.document import StrategyDocument

LIVE_PRICE_DECIMALS = 4
DISTANCES = ("stop_loss", "take_profit", "trailing_stop")
VOLATILITY = "volatility"
DAILY_VOLATILITY = "daily_volatility"
DAILY_VOLATILITY_BARS = 20
_RETURNS = "log(close / lag(close, 1))"
_SESSIONS_A_WEEK = {"XNYS": 5, "none": 7}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The settings that an expression's meaning depends on.

    timeframe is empty while it is not known. is_portfolio: a strategy of weights, in which members
    may be compared with each other. Prices count units of 10**-price_decimals.
    """

    timeframe: str = ""
    calendar: str = "XNYS"
    universe: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_portfolio: bool = False
    price_decimals: int = LIVE_PRICE_DECIMALS

    @classmethod
    def of(
        cls, document: StrategyDocument, price_decimals: int = LIVE_PRICE_DECIMALS
    ) -> Surroundings:
        """Return those of a document, whose faulty keys may be None."""
        return cls(
            timeframe=document.timeframe or "",
            calendar=document.calendar,
            universe=document.universe or (),
            groups=document.groups,
            is_portfolio=document.weights is not None,
            price_decimals=price_decimals,
        )

    @property
    def price_denominator(self) -> int:
        return int(10**self.price_decimals)

    def group_numbers(self) -> tuple[int, ...]:
        """Return the group of each symbol of the universe, -1 for none."""
        names = list(self.groups)
        own = {symbol: names.index(name) for name in names for symbol in self.groups[name]}
        return tuple(own.get(symbol, -1) for symbol in self.universe)


def hidden_formulas(document: StrategyDocument) -> dict[str, Formula]:
    """Return the formulas that settings imply: atr of protective distances, volatilities.

    volatility is the standard deviation of the bars' logarithmic returns; daily_volatility the same
    over 20 bars, brought to a day by the square root of the bars in it.
    """
    formulas: dict[str, Formula] = {}
    for name in DISTANCES:
        distance = getattr(document.protect, name)
        if distance is not None and distance.atr_bars is not None:
            formulas[name] = _formula(f"protect.{name}", f"atr({distance.atr_bars})")
    bars = _volatility_bars(document)
    if bars is not None:
        formulas[VOLATILITY] = _formula(VOLATILITY, f"stdev({_RETURNS}, {bars})")
    if document.costs.square_root_coefficient:
        deviation = f"stdev({_RETURNS}, {DAILY_VOLATILITY_BARS})"
        scale = _bars_a_day(document)
        text = deviation if scale == 1 else f"{deviation} * {sqrt(scale):.12f}"
        formulas[DAILY_VOLATILITY] = _formula("costs.slippage.square_root", text)
    return formulas


def _bars_a_day(document: StrategyDocument) -> float:
    if document.timeframe == "1w":
        return 1 / _SESSIONS_A_WEEK[document.calendar]
    return bars_a_day(document.timeframe, document.calendar)


def _volatility_bars(document: StrategyDocument) -> int | None:
    if document.sizing and document.sizing.method is SizingMethod.VOLATILITY_TARGET:
        return document.sizing.bars
    if document.weights and document.weights.scheme == "inverse_volatility":
        return document.weights.bars
    return None


def _formula(path: str, text: str) -> Formula:
    return Formula(path, text, parse_expression(text))
