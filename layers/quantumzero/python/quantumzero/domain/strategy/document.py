"""The strategy document as a value: what the author wrote, read and checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
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


@dataclass(frozen=True, slots=True)
class Execution:
    """How a decision becomes an order."""

    order: str = "market"
    fill: str = "next_open"
    time_in_force: str = "day"


@dataclass(frozen=True, slots=True)
class Costs:
    """What a backtest charges, in basis points of the traded value."""

    commission_bps: Decimal = Decimal(0)
    slippage_bps: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class StrategyDocument:
    """One strategy. signals are in the author's order; percent_of_equity sizes each entry."""

    strategy: str
    version: int
    universe: tuple[str, ...]
    timeframe: str
    signals: tuple[tuple[str, Formula], ...]
    entry_long: Formula
    exit_long: Formula
    percent_of_equity: Decimal
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    execution: Execution = Execution()
    model: ModelGate | None = None
    costs: Costs = Costs()
