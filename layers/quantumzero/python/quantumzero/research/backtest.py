"""One backtest: a document over a market history, under stated conventions, to a result."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.certificate import certify, ended
from quantumzero.research.detail import detail_of
from quantumzero.research.frames import history_from
from quantumzero.research.memory import keep_freed_memory
from quantumzero.research.model_gate import (
    GatedSignals,
    gate_signals,
    require_model,
)
from quantumzero.research.plan import Options, Plan, compile_for, plan_run
from quantumzero.research.python_strategy import class_parameters, python_signals
from quantumzero.research.requests import request_of, signals_on, surroundings_of
from quantumzero.research.results import Judgement, Prepared, Run, conclude_run
from quantumzero.research.simulation.simulate import simulate
from quantumzero.research.vector import VectorEvaluator

if TYPE_CHECKING:
    from pandas import DataFrame

    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.domain.strategy.document import StrategyDocument
    from quantumzero.domain.strategy.scoring import ScoringModel
    from quantumzero.research.grid import Moment
    from quantumzero.research.history import MarketHistory
    from quantumzero.research.limits import Limits
    from quantumzero.research.metrics import Trials
    from quantumzero.research.plan import Bars
    from quantumzero.research.python_strategy import Strategy
    from quantumzero.research.result import BacktestResult

Progress = Callable[[float], None]


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
    account (those of a new live account), RiskLimits, or by name what differs from the account's,
    with resume: never or next_session. detail: finer bars that settle what one bar leaves open.
    risk_free is an effective annual rate. progress hears the part done, from 0 to 1, between the
    stages; what it raises ends the run.

    Raises InvalidInputError for everything that is wrong with document, data or options.
    """
    tell = progress or _silent
    keep_freed_memory()
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
    inside = None if finer is None else detail_of(finer, plan.history, plan.grid)
    around = surroundings_of(plan, inside)
    gated = prepared.gated
    signals = None if gated is None else gated.signals
    request = request_of(plan, prepared.compiled, prepared.evaluator, around, signals)
    tell(0.5)
    run = Run(prepared, around, request, simulate(request))
    tell(0.8)
    result = conclude_run(run, judgement, {"detail": None if finer is None else finer.snapshot})
    prepared.evaluator.forget()
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
