"""One backtest: a document over a market history, under stated conventions, to a result."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.benchmark import benchmark_equity
from quantumzero.research.certificate import certify, ended
from quantumzero.research.decision_log import decision_log
from quantumzero.research.detail import detail_of
from quantumzero.research.frames import history_from
from quantumzero.research.keys import content_key
from quantumzero.research.metrics import Trials, compute_metrics
from quantumzero.research.model_gate import (
    GatedSignals,
    gate_refusals,
    gate_signals,
    require_model,
)
from quantumzero.research.plan import Options, Plan, compile_for, plan_run
from quantumzero.research.python_strategy import class_parameters, python_signals
from quantumzero.research.refusals import refusals_of
from quantumzero.research.requests import Surroundings, request_of, signals_on, surroundings_of
from quantumzero.research.result import BacktestResult
from quantumzero.research.simulation.simulate import simulate
from quantumzero.research.vector import VectorEvaluator

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame

    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.domain.strategy.document import StrategyDocument
    from quantumzero.domain.strategy.scoring import ScoringModel
    from quantumzero.research.conventions import Limits
    from quantumzero.research.grid import Moment
    from quantumzero.research.history import MarketHistory
    from quantumzero.research.plan import Bars
    from quantumzero.research.python_strategy import Strategy
    from quantumzero.research.simulation.request import SimulationOutcome, SimulationRequest

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a run is measured and what is kept of it beside the figures."""

    convention: str = "default"
    risk_free: float = 0.0
    trials: Trials | None = None
    decisions: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run whose decisions are known: signals, or weights when gated is None. named_by holds what
    the content key must tell apart beside the document.
    """

    plan: Plan
    compiled: CompiledStrategy
    evaluator: VectorEvaluator
    gated: GatedSignals | None
    named_by: Mapping[str, Any]
    certificate: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A run that was simulated."""

    prepared: Prepared
    around: Surroundings
    request: SimulationRequest
    outcome: SimulationOutcome

    @property
    def plan(self) -> Plan:
        return self.prepared.plan

    @property
    def compiled(self) -> CompiledStrategy:
        return self.prepared.compiled


def backtest(  # noqa: PLR0913 - the options of a run, all but two of them optional and named
    document: StrategyDocument | type[Strategy],
    bars: Bars,
    *,
    cash: float = 100_000,
    parameters: Mapping[str, Any] | None = None,
    symbol: str | None = None,
    start: Moment = None,
    end: Moment = None,
    preset: str = "default",
    convention: str = "default",
    calendar: str | None = None,
    model: ScoringModel | None = None,
    limits: Limits = None,
    detail: MarketHistory | DataFrame | Mapping[str, DataFrame] | None = None,
    accept_gaps: bool = False,
    decisions: bool = False,
    risk_free: float = 0.0,
    trials: Trials | None = None,
    progress: Progress | None = None,
    benchmark: str | None = None,
) -> BacktestResult:
    """Return what the document would have done with the cash over the bars.

    document: a StrategyDocument, or a class derived from python_strategy.Strategy, which is run
    again on shorter data: result.certificate says whether it looks ahead.
    bars: a MarketHistory, a DataFrame, or one DataFrame a symbol (frames.history_from). start and
    end are dates, both included, or instants; bars before start warm the strategy up and do not
    trade. symbol runs the document on that instrument instead of its universe. limits: none,
    account (those of a new live account), RiskLimits, or amounts by name. detail: finer bars that
    settle what one bar leaves open. risk_free is an effective annual rate. progress hears the part
    done, from 0 to 1, between the stages; what it raises ends the run.

    Raises InvalidInputError for everything that is wrong with document, data or options.
    """
    tell = progress or _silent
    options = Options(
        float(cash), symbol, start, end, preset, calendar, limits, accept_gaps, benchmark
    )
    judgement = Judgement(convention, float(risk_free), trials, decisions)
    prepared = (
        _prepare_class(document, bars, options, parameters)
        if isinstance(document, type)
        else _prepare(document, bars, options, parameters, model)
    )
    tell(0.4)
    plan = prepared.plan
    finer = None if detail is None else _finer(detail, plan)
    around = surroundings_of(plan, finer and detail_of(finer, plan.history, plan.grid))
    gated = prepared.gated
    request = request_of(
        plan, prepared.compiled, prepared.evaluator, around, gated and gated.signals
    )
    tell(0.5)
    run = Run(prepared, around, request, simulate(request))
    tell(0.8)
    result = conclude_run(run, judgement, {"detail": finer and finer.snapshot})
    tell(1.0)
    return result


def _prepare(
    document: StrategyDocument,
    bars: Bars,
    options: Options,
    parameters: Mapping[str, Any] | None,
    model: ScoringModel | None,
) -> Prepared:
    scoring = require_model(document.model, model)
    plan = plan_run(document, bars, options)
    compiled = compile_for(plan, parameters)
    evaluator = VectorEvaluator(plan.history, plan.calendar)
    gated = _gated(plan, compiled, evaluator, scoring)
    return Prepared(plan, compiled, evaluator, gated, {"model": scoring})


def _prepare_class(
    kind: type[Strategy], bars: Bars, options: Options, parameters: Mapping[str, Any] | None
) -> Prepared:
    named = options.symbol or (kind.universe[0] if len(kind.universe) == 1 else None)
    calendar = options.calendar or kind.calendar
    history = history_from(bars, symbol=named, calendar=calendar, timeframe=kind.timeframe)
    plan = plan_run(kind.document(tuple(history.series)), history, options)
    compiled = compile_for(plan, parameters)
    values = class_parameters(kind, compiled.parameters)
    symbols = plan.grid.symbols
    until = ended(plan.history, plan.span.last_us)
    signals = python_signals(kind, until, values, symbols)
    certificate = certify(kind, until, values, signals, symbols)
    bits = signals_on(plan.grid, signals)
    named_by = {"class": kind.__name__, "decisions": hashlib.sha256(bits.tobytes()).hexdigest()}
    evaluator = VectorEvaluator(plan.history, plan.calendar)
    return Prepared(plan, compiled, evaluator, GatedSignals(bits, {}), named_by, certificate.text)


def conclude_run(run: Run, judgement: Judgement, others: Mapping[str, Any]) -> BacktestResult:
    """Return the result of a run: metrics, refusals with their words, notes, and its key."""
    plan, outcome, settings = run.plan, run.outcome, run.plan.conventions.settings
    grid, trades, words = plan.grid, run.outcome.trades, run.plan.conventions.words
    benchmark = None
    if plan.benchmark is not None:
        benchmark = benchmark_equity(plan.history, plan.benchmark, grid, settings.cash)
    refusals = list(refusals_of(outcome.refusals, grid.symbols, grid.time, grid.close, settings))
    gated = run.prepared.gated
    if gated is not None and gated.rejected:
        refusals += gate_refusals(gated, grid, run.compiled, outcome)
        refusals.sort(key=lambda each: each.time)
    warm_up = run.compiled.warm_up_bars
    metrics = compute_metrics(
        outcome.curves,
        trades,
        outcome.charges,
        cash=settings.cash,
        sessions_per_year=plan.sessions_per_year,
        benchmark=benchmark,
        risk_free=judgement.risk_free,
        convention=judgement.convention,
        trials=judgement.trials,
        volumes=_volumes(run),
        warmup_bars=max(0, warm_up - 1 - min(part.start for part in grid.bars)),
    )
    measured = {
        "cash": settings.cash,
        "convention": judgement.convention,
        "risk_free": judgement.risk_free,
        "benchmark": plan.benchmark,
        **run.prepared.named_by,
        **others,
    }
    chosen = run.compiled.parameters
    return BacktestResult(
        key=content_key(plan.document, chosen, plan.history.snapshot, words, plan.span, **measured),
        strategy=plan.document.strategy,
        version=plan.document.version,
        parameters={name: _number(value) for name, value in chosen.items()},
        conventions={**words, "convention": judgement.convention},
        symbols=grid.symbols,
        cash=settings.cash,
        curves=outcome.curves,
        trades=trades,
        orders=outcome.orders,
        fills=outcome.fills,
        refusals=tuple(refusals),
        charges=outcome.charges,
        sessions_per_year=plan.sessions_per_year,
        metrics=metrics,
        ambiguous_trades=int(np.count_nonzero(trades.ambiguous)),
        ambiguity_bounds=(float(trades.worst_profit.sum()), float(trades.best_profit.sum())),
        benchmark=benchmark,
        decisions=_decisions(run) if judgement.decisions else (),
        notes=(*plan.notes, *_notes(run)),
        certificate=run.prepared.certificate,
        bars={symbol: _chart(run, index) for index, symbol in enumerate(grid.symbols)},
    )


def _silent(_: float) -> None:
    """Tell nobody."""


def _finer(detail: Any, plan: Plan) -> MarketHistory:
    symbols = plan.grid.symbols
    named = symbols[0] if len(symbols) == 1 else None
    return history_from(detail, symbol=named, calendar=plan.calendar)


def _gated(
    plan: Plan,
    compiled: CompiledStrategy,
    evaluator: VectorEvaluator,
    scoring: ScoringModel | None,
) -> GatedSignals | None:
    if plan.document.weights is not None:
        if scoring is not None:
            raise InvalidInputError(
                "the document has weights and a model; a model gates entries: take one of them out"
            )
        return None
    signals = signals_on(plan.grid, evaluator.signals(compiled))
    if scoring is None:
        return GatedSignals(signals, {})
    return gate_signals(signals, plan.grid, compiled, evaluator, scoring)


def _volumes(run: Run) -> NDArray[np.float64]:
    trades, volume = run.outcome.trades, run.plan.grid.volume
    return np.minimum(
        volume[trades.symbol, trades.entry_bar], volume[trades.symbol, trades.exit_bar]
    )


def _decisions(run: Run) -> tuple[Mapping[str, Any], ...]:
    if run.plan.document.weights is not None:
        raise InvalidInputError(
            "a portfolio of weights has no decisions by bar; leave decisions out"
        )
    if run.prepared.certificate is not None:
        raise InvalidInputError("a Python strategy gives no reasons; leave decisions out")
    evaluator = run.prepared.evaluator
    signals = signals_on(run.plan.grid, evaluator.signals(run.compiled))
    return decision_log(
        run.plan, run.compiled, evaluator, signals, run.outcome, run.around.happenings
    )


def _notes(run: Run) -> list[str]:
    notes = []
    for symbol, part in zip(run.plan.grid.symbols, run.plan.grid.bars, strict=True):
        if part.stop < run.compiled.warm_up_bars:
            notes.append(
                f"{symbol} never traded: it had {part.stop} bars and {run.compiled.warm_up_bars} "
                "warm the strategy up"
            )
        elif part.start and run.plan.span.start:
            notes.append(f"{symbol}: {part.start} bars before {run.plan.span.start} warmed it up")
    return notes


def _chart(run: Run, index: int) -> dict[str, NDArray[Any]]:
    grid = run.plan.grid
    rows = grid.rows[index]
    taken = slice(None) if rows is None else rows
    columns = {name: getattr(grid, name)[index][taken] for name in ("open", "high", "low", "close")}
    return {"time": grid.time[taken], **columns}


def _number(value: Any) -> str:
    """Return an exact fraction as a decimal text, a whole number without a point."""
    return str(value.numerator) if value.denominator == 1 else str(_decimal(value))


def _decimal(value: Any) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
