"""The engine of the platform's backtests: quantumzero.research, asked in the words of a stored run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.research.backtest import backtest
from quantumzero.research.metrics import Trials, compute_metrics
from quantumzero.research.report import render_report
from quantumzero.usecases.start_backtest import numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from quantumzero.domain.backtests import BacktestSettings
    from quantumzero.domain.strategy.document import StrategyDocument
    from quantumzero.domain.strategy.scoring import ScoringModel
    from quantumzero.research.history import MarketHistory
    from quantumzero.research.result import BacktestResult


class ResearchEngine:
    """Implements Engine: the same calls as `qz backtest` makes, so that results are equal."""

    def compute(
        self,
        document: StrategyDocument,
        history: MarketHistory,
        settings: BacktestSettings,
        model: ScoringModel | None,
        progress: Callable[[float], None],
    ) -> BacktestResult:
        """Return the result; progress may raise to stop the computation."""
        return backtest(
            document,
            history,
            cash=float(settings.cash),
            parameters=numbers(settings.parameters),
            start=settings.first.isoformat() if settings.first else None,
            end=settings.last.isoformat() if settings.last else None,
            preset=settings.preset,
            convention=settings.convention,
            calendar=settings.calendar,
            model=model,
            limits=settings.limits,
            accept_gaps=settings.accept_gaps,
            progress=progress,
        )

    def session_sharpe(self, result: BacktestResult) -> float | None:
        """Return the default convention's ratio: trials must be of one kind to be compared."""
        return self._metric(result, "session_sharpe", None)

    def deflated_sharpe(
        self, result: BacktestResult, count: int, sharpes: Sequence[float]
    ) -> float | None:
        """Return the default convention's deflated ratio after so many trials."""
        return self._metric(result, "deflated_sharpe", Trials(count, tuple(sharpes)))

    def report(self, result: BacktestResult) -> str:
        """Return the page that `qz backtest --report` writes."""
        return render_report(result)

    def _metric(self, result: BacktestResult, name: str, trials: Trials | None) -> float | None:
        found = compute_metrics(
            result.curves,
            result.trades,
            result.charges,
            cash=result.cash,
            sessions_per_year=result.sessions_per_year,
            trials=trials,
        )
        return found[name].value
