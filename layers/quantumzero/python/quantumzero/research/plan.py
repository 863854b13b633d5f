"""What a run rests on before any parameter is set: symbols, bars, range, calendar, conventions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.compiler import compile_strategy
from quantumzero.domain.strategy.tree import Reference, walk
from quantumzero.research.conventions import Conventions, conventions_of
from quantumzero.research.corporate_actions import require_actions, with_renames
from quantumzero.research.coverage import require_coverage
from quantumzero.research.frames import history_from
from quantumzero.research.grid import Grid, Moment, Span, build_grid, span_of
from quantumzero.research.history import BarSeries, MarketHistory
from quantumzero.research.sessions import date_of, require_calendar, sessions_per_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pandas import DataFrame

    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.domain.strategy.document import StrategyDocument
    from quantumzero.research.limits import Limits

    Bars = MarketHistory | DataFrame | Mapping[str, DataFrame]

_COLUMNS = (
    "opens_at", "closes_at", "open", "high", "low", "close", "volume", "vwap", "bid", "ask",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller of a run may choose beside document and bars; see backtest()."""

    cash: float = 100_000.0
    symbol: str | None = None
    start: Moment = None
    end: Moment = None
    preset: str = "default"
    calendar: str | None = None
    limits: Limits = None
    accept_gaps: bool = False
    benchmark: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A run without its parameters. history holds what the run may read and nothing else."""

    document: StrategyDocument
    history: MarketHistory
    calendar: str
    span: Span
    grid: Grid
    conventions: Conventions
    benchmark: str | None
    sessions_per_year: float
    notes: tuple[str, ...]


def plan_run(document: StrategyDocument, bars: Bars, options: Options) -> Plan:
    """Return the plan; raises InvalidInputError for everything that data or settings lack."""
    calendar = require_calendar(options.calendar or document.calendar)
    universe = (options.symbol,) if options.symbol else document.universe
    document = replace(document, universe=universe, calendar=calendar)
    benchmark = options.benchmark or document.benchmark
    history = _market(document, bars, benchmark)
    span = span_of(options.start, options.end)
    grid = build_grid(history, universe, span)
    conventions = conventions_of(
        document,
        cash=options.cash,
        last_day=date_of(int(grid.day[-1])).isoformat(),
        calendar=calendar,
        preset=options.preset,
        limits=options.limits,
    )
    if not conventions.preset.warm_up and span.start is not None:
        history = _beginning_at(history, span.first_us)
        grid = build_grid(history, universe, span)
    notes = require_coverage(
        history, calendar, first_us=span.first_us, accept_gaps=options.accept_gaps
    )
    return Plan(
        document=document,
        history=history,
        calendar=calendar,
        span=span,
        grid=grid,
        conventions=conventions,
        benchmark=benchmark,
        sessions_per_year=sessions_per_year(calendar, grid.session_days, document.timeframe),
        notes=(*history.notes, *notes),
    )


def _market(document: StrategyDocument, bars: Bars, benchmark: str | None) -> MarketHistory:
    """Return the bars that the document's run may read, under their present names."""
    universe = document.universe
    named = universe[0] if len(universe) == 1 else None
    history = history_from(
        bars, symbol=named, calendar=document.calendar, timeframe=document.timeframe
    )
    require_actions(history)
    history = with_renames(history)
    if history.timeframe != document.timeframe:
        raise InvalidInputError(
            f"the bars are of {history.timeframe} and the strategy's timeframe is "
            f"{document.timeframe}; give bars of that timeframe"
        )
    _require_symbols(history, universe)
    if benchmark is not None and benchmark not in history.series:
        raise InvalidInputError(
            f"the benchmark {benchmark} has no bars in the data, which holds {_few(history.series)}",
            field="benchmark",
        )
    others = _others(document)
    _require_symbols(history, others)
    return _restricted(history, {*universe, *others, *([benchmark] if benchmark else [])})


def compile_for(plan: Plan, parameters: Mapping[str, Any] | None) -> CompiledStrategy:
    """Return the plan's document with its parameters set, in the data's price units.

    Raises InvalidInputError for parameters, and when no symbol has bars enough to warm up.
    """
    document = plan.document
    compiled = compile_strategy(document, exact(parameters or {}), plan.history.price_decimals)
    needed = compiled.warm_up_bars
    most = {
        symbol: part.stop for symbol, part in zip(plan.grid.symbols, plan.grid.bars, strict=True)
    }
    symbol = max(most, key=lambda each: most[each])
    if most[symbol] < needed:
        until = f" until {plan.span.end}" if plan.span.end else ""
        raise InvalidInputError(
            f"strategy {document.strategy} needs {needed} bars before its first decision and "
            f"{symbol} had {most[symbol]}{until}: {needed - most[symbol]} bars are missing; give "
            "earlier data or smaller periods"
        )
    return compiled


def exact(parameters: Mapping[str, Any]) -> dict[str, Fraction]:
    """Return numbers and texts of numbers as exact fractions (0.1 is a tenth)."""
    values = {}
    for name, value in parameters.items():
        try:
            values[name] = Fraction(str(value))
        except (ValueError, ZeroDivisionError):
            raise InvalidInputError(
                f"parameter {name} was {value!r}; it must be a number", field=name
            ) from None
    return values


def _require_symbols(history: MarketHistory, symbols: Iterable[str]) -> None:
    missing = [symbol for symbol in symbols if symbol not in history.series]
    if missing:
        raise InvalidInputError(
            f"the data had no bars of {_few(missing)}; it holds {_few(history.series)}: give their "
            "bars, or name the instrument with symbol (--symbol)"
        )


def _others(document: StrategyDocument) -> list[str]:
    """Return the symbols that the document's expressions name, in the order of their naming."""
    formulas = [*(formula for _, formula in document.signals), *document.formulas.values()]
    parts = (part for formula in formulas for part in walk(formula.tree))
    named = (part.symbol for part in parts if isinstance(part, Reference) and part.symbol)
    return list(dict.fromkeys(named))


def _few(symbols: Iterable[str]) -> str:
    names = list(symbols)
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(names[:8]) + more


def _restricted(history: MarketHistory, symbols: set[str]) -> MarketHistory:
    """Return only what the run reads, so that other data in the same folder changes no key."""
    if symbols == set(history.series):
        return history
    series = {symbol: each for symbol, each in history.series.items() if symbol in symbols}
    return _renamed(history, series)


def _beginning_at(history: MarketHistory, first_us: int) -> MarketHistory:
    cut = {}
    for symbol, series in history.series.items():
        first = int(np.searchsorted(series.opens_at, first_us))
        columns = {
            name: values[first:]
            for name in _COLUMNS
            if (values := getattr(series, name)) is not None
        }
        cut[symbol] = BarSeries(symbol, **columns)
    return _renamed(history, cut)


def _renamed(history: MarketHistory, series: dict[str, BarSeries]) -> MarketHistory:
    """Return the history with other series; its actions and notes are those of what stays."""
    actions = tuple(each for each in history.actions if each.symbol in series)
    notes = tuple(note for note in history.notes if note.split(":")[0] in series)
    return replace(history, series=series, actions=actions, notes=notes)
