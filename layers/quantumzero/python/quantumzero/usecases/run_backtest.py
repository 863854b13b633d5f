"""Carry out one backtest that was asked for: read its bars, compute, keep the result, say that it is there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from quantumzero.contracts.backtest_result import result_document
from quantumzero.contracts.backtest_view import result_view
from quantumzero.contracts.formats import utc_text
from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.backtests import BacktestRun, RunStatus
from quantumzero.domain.calendars import from_us
from quantumzero.domain.errors import StoppedError, UserError
from quantumzero.domain.strategy.compiler import compile_strategy
from quantumzero.ports.backtests import Trial
from quantumzero.usecases.conflicts import decide_until_committed
from quantumzero.usecases.gather_history import gather_history
from quantumzero.usecases.start_backtest import champion_of, end_of, numbers, symbols_read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from quantumzero.domain.backtests import BacktestSettings
    from quantumzero.domain.strategy.document import StrategyDocument
    from quantumzero.domain.strategy.scoring import ScoringModel
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.backtests import BacktestResults, BacktestRuns
    from quantumzero.ports.clocks import MachineClock
    from quantumzero.ports.market_data import BarStore
    from quantumzero.ports.models import ModelRegistry
    from quantumzero.research.history import MarketHistory
    from quantumzero.research.result import BacktestResult

READING, COMPUTING, WRITING = (0.0, 0.4), (0.4, 0.9), (0.9, 1.0)
# A change of progress within one stage is stored this often: each costs a write.
SECONDS_BETWEEN_NOTES = 1.0


class Engine(Protocol):
    """What computes: quantumzero.research, or a test's own."""

    def compute(
        self,
        document: StrategyDocument,
        history: MarketHistory,
        settings: BacktestSettings,
        model: ScoringModel | None,
        progress: Callable[[float], None],
    ) -> BacktestResult:
        """Return the result; it calls progress with 0 to 1, which may raise to stop it."""

    def session_sharpe(self, result: BacktestResult) -> float | None:
        """Return the Sharpe ratio per session, whatever convention was asked for; None: undefined."""

    def deflated_sharpe(
        self, result: BacktestResult, count: int, sharpes: Sequence[float]
    ) -> float | None:
        """Return the deflated Sharpe ratio after so many trials; None where it is undefined."""

    def report(self, result: BacktestResult) -> str:
        """Return the report as one HTML file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBacktest:
    """The whole of one run. It may be called again for the same run: the same result is kept once."""

    runs: BacktestRuns
    results: BacktestResults
    bars: BarStore
    models: ModelRegistry
    engine: Engine
    clock: MachineClock
    backoff: Backoff

    def run(self, run_id: str, attempt: int) -> BacktestRun:
        """Return the run as it ended: finished, or failed with a sentence for who asked for it.

        Raises StoppedError when it was cancelled, given up or started again meanwhile; what else goes
        wrong passes, and the state machine decides.
        """
        run = self.runs.run(run_id)
        if run.status in (RunStatus.FINISHED, RunStatus.FAILED) and run.attempt == attempt:
            return run
        noted = _Noted(self, run_id, attempt)
        try:
            return self._finished(run, noted)
        except UserError as error:
            return noted.change(
                status=RunStatus.FAILED, stage="failed", code="invalid_request", message=str(error)
            )

    def _finished(self, run: BacktestRun, noted: _Noted) -> BacktestRun:
        began = self.clock.monotonic()
        noted.change(status=RunStatus.RUNNING, stage="reading", progress=0.0)
        settings = run.settings
        document = replace(parse_document(settings.document), universe=settings.symbols)
        compiled = compile_strategy(document, numbers(settings.parameters))
        history = gather_history(
            self.bars,
            symbols_read(document, compiled),
            document.timeframe,
            until=end_of(settings.last),
            progress=noted.within("reading", READING),
        )
        read = self.clock.monotonic()
        model = champion_of(document, self.models)
        told = noted.within("computing", COMPUTING)
        result = self.engine.compute(document, history, settings, model, told)
        computed = self.clock.monotonic()
        noted.change(stage="writing", progress=WRITING[0])
        written = result_document(result)
        self.results.put(run.id, written, result_view(written))
        self.results.put_report(run.id, self.engine.report(result))
        trial = Trial(settings.strategy, result.key, self.engine.session_sharpe(result))
        summary = {
            **_figures(written, history),
            **self._deflated(result, trial),
            "report": True,
            "seconds": round(self.clock.monotonic() - began, 3),
            "seconds_reading": round(read - began, 3),
            "seconds_computing": round(computed - read, 3),
        }
        return noted.change(
            trial,
            status=RunStatus.FINISHED,
            stage="finished",
            progress=1.0,
            key=result.key,
            summary=summary,
        )

    def _deflated(self, result: BacktestResult, trial: Trial) -> dict[str, Any]:
        """Judge the Sharpe ratio by all distinct results of the strategy, this one among them."""
        known = {each.key: each for each in self.runs.trials(trial.strategy)} | {trial.key: trial}
        sharpes = [each.sharpe for _, each in sorted(known.items()) if each.sharpe is not None]
        return {
            "trials": len(known),
            "deflated_sharpe": self.engine.deflated_sharpe(result, len(known), sharpes),
        }


class _Noted:
    """Notes how far a run has come, and notices when somebody wants it to stop."""

    def __init__(self, owner: RunBacktest, run_id: str, attempt: int) -> None:
        self._owner = owner
        self._run_id = run_id
        self._attempt = attempt
        self._at = owner.clock.monotonic()

    def change(self, trial: Trial | None = None, **changes: Any) -> BacktestRun:
        """Store changes of the run as it is now. Raises StoppedError when it is no longer ours."""
        self._at = self._owner.clock.monotonic()
        return decide_until_committed(lambda: self._changed(trial, changes), self._owner.backoff)

    def within(self, stage: str, span: tuple[float, float]) -> Callable[[float], None]:
        """Return a callback that takes 0 to 1 of a stage and stores it now and then."""

        def progress(done: float) -> None:
            if self._owner.clock.monotonic() - self._at >= SECONDS_BETWEEN_NOTES:
                first, last = span
                share = min(max(done, 0.0), 1.0)
                self.change(stage=stage, progress=round(first + share * (last - first), 3))

        return progress

    def _changed(self, trial: Trial | None, changes: Mapping[str, Any]) -> BacktestRun:
        runs, now = self._owner.runs, self._owner.clock.now()
        run = runs.run(self._run_id)
        if run.attempt != self._attempt:
            raise StoppedError(f"backtest {run.id} was started again as attempt {run.attempt}")
        if run.status is RunStatus.CANCELLING:
            run = runs.save(run.moved(RunStatus.CANCELLED, now))
        if run.status in (RunStatus.CANCELLED, RunStatus.FAILED):
            raise StoppedError(f"backtest {run.id} was {run.status.value} meanwhile")
        if run.status is RunStatus.FINISHED:
            return run
        return runs.save(replace(run, changed_at=now, **changes), trial=trial)


def _figures(written: Mapping[str, Any], history: MarketHistory) -> dict[str, Any]:
    """Return what a listing shows, and which bars the result is of."""
    return {
        "final_equity": written["final_equity"],
        "metrics": written["metrics"],
        "trades": len(written["trades"]),
        "orders": len(written["orders"]),
        "refusals": len(written["refusals"]),
        "ambiguous_trades": written["ambiguous_trades"],
        "bars": sum(len(each) for each in history.series.values()),
        "snapshot": history.snapshot,
        "data": {
            symbol: {
                "bars": len(each),
                "first": utc_text(from_us(int(each.closes_at[0]))) if len(each) else None,
                "last": utc_text(from_us(int(each.closes_at[-1]))) if len(each) else None,
            }
            for symbol, each in history.series.items()
        },
    }
