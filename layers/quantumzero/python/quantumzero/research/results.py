"""From a simulated run to its result: metrics, refusals in words, notes, decisions and the key."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.graph import Kind
from quantumzero.research.benchmark import benchmark_equity
from quantumzero.research.decision_log import decision_log
from quantumzero.research.keys import content_key
from quantumzero.research.metrics import Trials, compute_metrics
from quantumzero.research.model_gate import GatedSignals, gate_refusals
from quantumzero.research.refusals import Account, Refusals, stop_note
from quantumzero.research.requests import Surroundings, signals_on
from quantumzero.research.result import BacktestResult

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from numpy.typing import NDArray

    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.research.plan import Plan
    from quantumzero.research.result import Metric
    from quantumzero.research.simulation.request import SimulationOutcome, SimulationRequest
    from quantumzero.research.vector import VectorEvaluator


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


@dataclass(frozen=True)
class RunIdentity:
    """What names the run; others are what the key must tell apart beside the document."""

    plan: Plan
    parameters: Mapping[str, Fraction]
    judgement: Judgement
    others: Mapping[str, Any]

    @cached_property
    def key(self) -> str:
        plan, measured = self.plan, {**self._measured, **self.others}
        measured["cash"] = plan.conventions.settings.cash
        words, snapshot = plan.conventions.words, plan.history.snapshot
        return content_key(plan.document, self.parameters, snapshot, words, plan.span, **measured)

    @cached_property
    def conventions(self) -> dict[str, Any]:
        history = self.plan.history
        data = {
            "snapshot": history.snapshot,
            "timeframe": history.timeframe,
            "price_decimals": history.price_decimals,
        }
        return {**self.plan.conventions.words, **self._measured, "data": data}

    @property
    def _measured(self) -> dict[str, Any]:
        return {
            "convention": self.judgement.convention,
            "risk_free": self.judgement.risk_free,
            "benchmark": self.plan.benchmark,
        }


def conclude_run(run: Run, judgement: Judgement, others: Mapping[str, Any]) -> BacktestResult:
    """Return the result of a run: metrics, refusals with their words, notes, and its key."""
    plan, outcome, settings = run.plan, run.outcome, run.plan.conventions.settings
    grid, trades = plan.grid, run.outcome.trades
    benchmark = None
    if plan.benchmark is not None:
        benchmark = benchmark_equity(plan.history, plan.benchmark, grid, settings.cash)
    limits = plan.conventions.limits
    gated = run.prepared.gated
    rejected = gate_refusals(gated, grid, run.compiled, outcome) if gated else []
    chosen = run.compiled.parameters
    return BacktestResult(
        identity=RunIdentity(plan, chosen, judgement, {**run.prepared.named_by, **others}),
        strategy=plan.document.strategy,
        version=plan.document.version,
        parameters={name: _number(value) for name, value in chosen.items()},
        symbols=grid.symbols,
        cash=settings.cash,
        curves=outcome.curves,
        trades=trades,
        orders=outcome.orders,
        fills=outcome.fills,
        refusals=Refusals(
            outcome.refusals,
            grid,
            settings,
            Account(plan.document.strategy, limits.account if limits else None),
            rejected,
        ),
        charges=outcome.charges,
        sessions_per_year=plan.sessions_per_year,
        metrics=_metrics(run, judgement, benchmark),
        ambiguous_trades=int(np.count_nonzero(trades.ambiguous)),
        ambiguity_bounds=(float(trades.worst_profit.sum()), float(trades.best_profit.sum())),
        benchmark=benchmark,
        decisions=_decisions(run) if judgement.decisions else (),
        notes=(*plan.notes, *_notes(run)),
        certificate=run.prepared.certificate,
        bars={symbol: _chart(run, index) for index, symbol in enumerate(grid.symbols)},
    )


def _metrics(
    run: Run, judgement: Judgement, benchmark: NDArray[np.float64] | None
) -> Mapping[str, Metric]:
    plan, outcome = run.plan, run.outcome
    indicators = [node.warm_up for node in run.compiled.nodes if node.kind is not Kind.TRUTH]
    warm_up = max(indicators, default=run.compiled.warm_up_bars)
    return compute_metrics(
        outcome.curves,
        outcome.trades,
        outcome.charges,
        cash=plan.conventions.settings.cash,
        sessions_per_year=plan.sessions_per_year,
        benchmark=benchmark,
        risk_free=judgement.risk_free,
        convention=judgement.convention,
        trials=judgement.trials,
        volumes=_volumes(run),
        warmup_bars=max(0, warm_up - 1 - min(part.start for part in plan.grid.bars)),
    )


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
    settings = run.plan.conventions.settings
    return [*notes, *stop_note(run.outcome.refusals, run.plan.grid, settings)]


def _chart(run: Run, index: int) -> dict[str, NDArray[Any]]:
    grid = run.plan.grid
    rows = grid.rows[index]
    taken = slice(None) if rows is None else rows
    columns = {name: getattr(grid, name)[index][taken] for name in ("open", "high", "low", "close")}
    return {"time": grid.time[taken], **columns}


def _number(value: Fraction) -> str:
    """Return an exact fraction as a decimal text, a whole number without a point."""
    return str(value.numerator) if value.denominator == 1 else str(_decimal(value))


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
