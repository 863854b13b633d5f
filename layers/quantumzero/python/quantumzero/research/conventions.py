"""Conventions of fills: presets that name other engines, and how they and a document set a run.

A preset decides how orders fill and are sized. What the document writes about costs always holds;
a preset's own costs stand in where the document charges nothing. Every choice is in the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.document import Costs
from quantumzero.domain.strategy.problems import unknown_name
from quantumzero.research.costs import cost_settings
from quantumzero.research.limits import limits_of
from quantumzero.research.settings import FRACTIONAL, settings_of, words_of
from quantumzero.research.simulation.request import INFINITE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quantumzero.domain.strategy.document import StrategyDocument
    from quantumzero.research.limits import BacktestLimits, Limits
    from quantumzero.research.simulation.request import SimulationSettings

ENGINE_VERSION = "2"
"""Grows when equal inputs may give another result: stored results of other versions are stale."""


@dataclass(frozen=True, slots=True)
class Preset:
    """One engine's conventions; None leaves a choice to the document. source names the origin."""

    source: str
    fill: str | None = None
    size_at_fill: bool = False
    lot: str | None = None
    time_in_force: str | None = None
    participation: float | None = None
    costs: Costs | None = None
    cash_buffer: float = 0.0
    allow_short: bool = False
    gap_at_stop: bool = False
    limits: str = "none"
    replay_prints: bool = False
    warm_up: bool = True


PRESETS: Mapping[str, Preset] = {
    "default": Preset("QuantumZero: docs/backtesting.md"),
    "backtesting_py": Preset(
        "backtesting.py 0.6, class _Broker: orders fill at the next open and are sized there from "
        "the margin available, commission on both sides; open trades are marked, not closed",
        size_at_fill=True,
        allow_short=True,
    ),
    "lean": Preset(
        "QuantConnect LEAN: market-on-open, FreePortfolioValuePercentage 0.25 %, "
        "InteractiveBrokersFeeModel (0.005 a share, at least 1, at most 0.5 %)",
        fill="next_open",
        cash_buffer=0.0025,
        allow_short=True,
        costs=Costs(
            commission_per_share=Decimal("0.005"),
            commission_minimum=Decimal(1),
            commission_maximum_percent=Decimal("0.5"),
        ),
    ),
    "zipline": Preset(
        "Zipline: the next bar's close, VolumeShareSlippage (2.5 %, impact 0.1), "
        "PerShare(0.001), orders stay until they are filled",
        fill="next_close",
        time_in_force="gtc",
        participation=0.025,
        allow_short=True,
        costs=Costs(commission_per_share=Decimal("0.001"), volume_share_impact=Decimal("0.1")),
    ),
    "freqtrade": Preset(
        "freqtrade backtesting: the next open, stops at their own price even when gapped through, "
        "stop before target, fractional amounts",
        fill="next_open",
        lot=FRACTIONAL,
        allow_short=True,
        gap_at_stop=True,
    ),
    "replay": Preset(
        "make up: docs/exchange_simulator.md, sections 2 and 5 (participation 0.0005), sizes at "
        "the decision, the limits of a new account, and no bar before the range",
        fill="next_open",
        time_in_force="day",
        participation=0.0005,
        limits="account",
        replay_prints=True,
        warm_up=False,
    ),
}


@dataclass(frozen=True, slots=True)
class Conventions:
    """What holds for a run: settings for the simulation, their words for the result."""

    preset: Preset
    settings: SimulationSettings
    limits: BacktestLimits | None
    words: Mapping[str, Any]


def conventions_of(
    document: StrategyDocument,
    *,
    cash: float,
    last_day: str,
    calendar: str,
    preset: str = "default",
    limits: Limits = None,
) -> Conventions:
    """Return the conventions of a run; last_day (ISO 8601) chooses the tariffs.

    Raises InvalidInputError for an unknown preset or limit, or cash that is not above 0.
    """
    if preset not in PRESETS:
        raise InvalidInputError(unknown_name("the preset", preset, PRESETS)[0], field="preset")
    if not 0 < cash < INFINITE:
        raise InvalidInputError(f"cash was {cash}; it must be a number above 0", field="cash")
    chosen = PRESETS[preset]
    taken = limits_of(chosen.limits if limits in (None, "none") else limits, cash)
    costs = chosen.costs if chosen.costs and document.costs == Costs() else document.costs
    settings = settings_of(document, chosen, cash, cost_settings(costs, last_day))
    if taken is not None:
        settings = taken.settings(settings)
    words = {
        "engine": ENGINE_VERSION,
        "preset": preset,
        "preset_source": chosen.source,
        "calendar": calendar,
        **words_of(document, settings, costs),
        "tariffs_of": last_day if costs.commission_plan else None,
        "limits": taken.words() if taken else "none",
    }
    return Conventions(chosen, settings, taken, words)
