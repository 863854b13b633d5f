"""The backtest service on fakes: a store of bars, runs, and an engine that computes by appointment."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from quantumzero.contracts.backtests import BacktestRequest
from quantumzero.domain.bars import Bar, Split
from quantumzero.domain.calendars import sessions_between
from quantumzero.usecases.cancel_backtest import CancelBacktest
from quantumzero.usecases.end_backtest import EndBacktest
from quantumzero.usecases.run_backtest import RunBacktest
from quantumzero.usecases.start_backtest import StartBacktest
from tests.fakes.held_backtests import (
    HeldBacktestExecutions,
    HeldBacktestResults,
    HeldBacktestRuns,
)
from tests.fakes.held_bars import HeldBars
from tests.fakes.held_models import HeldModels
from tests.fakes.held_strategies import HeldStrategies
from tests.fakes.manual_clock import ManualClock, NoBackoff
from tests.fakes.own_backtest import own_backtest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from quantumzero.domain.backtests import BacktestRun, BacktestSettings
    from quantumzero.domain.strategy.document import StrategyDocument
    from quantumzero.domain.strategy.scoring import ScoringModel
    from quantumzero.research.history import MarketHistory
    from quantumzero.research.result import BacktestResult

DOCUMENT = """\
strategy: sma-cross
version: 1
universe: [AAPL, IBM]
timeframe: 1d
parameters:
  fast: {default: 3, range: [2, 10, 1]}
entry: {long: "cross_above(sma(close, fast), sma(close, 8))"}
exit: {long: "cross_below(sma(close, fast), sma(close, 8))"}
sizing: {percent_of_equity: 20}
"""


class AppointedEngine:
    """Implements Engine; before says what happens while it computes, asked what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[StrategyDocument, MarketHistory, BacktestSettings]] = []
        self.before: Callable[[Callable[[float], None]], None] = lambda _: None
        self.model: ScoringModel | None = None
        self.sharpe: float | None = 0.1
        self.judged: list[tuple[int, tuple[float, ...]]] = []

    def compute(
        self,
        document: StrategyDocument,
        history: MarketHistory,
        settings: BacktestSettings,
        model: ScoringModel | None,
        progress: Callable[[float], None],
    ) -> BacktestResult:
        self.asked.append((document, history, settings))
        self.model = model
        self.before(progress)
        parameters = "".join(settings.parameters.values())
        return own_backtest(key=(parameters + history.snapshot)[:64])

    def session_sharpe(self, result: BacktestResult) -> float | None:
        return self.sharpe

    def deflated_sharpe(
        self, result: BacktestResult, count: int, sharpes: Sequence[float]
    ) -> float | None:
        self.judged.append((count, tuple(sharpes)))
        return 0.9 if count > 1 else None

    def report(self, result: BacktestResult) -> str:
        return f"<!doctype html><title>{result.key}</title>"


class BacktestDesk:
    """Every part of the service; carry_out does what the state machine does."""

    def __init__(self, *, sessions: int = 30) -> None:
        self.bars, self.strategies = HeldBars(), HeldStrategies()
        self.runs, self.results = HeldBacktestRuns(), HeldBacktestResults()
        self.executions, self.engine = HeldBacktestExecutions(), AppointedEngine()
        self.clock = ManualClock(datetime(2026, 3, 2, 15, tzinfo=UTC))
        shared: dict[str, Any] = {
            "runs": self.runs,
            "clock": self.clock,
            "backoff": NoBackoff(),
        }
        self.models = HeldModels()
        reading: dict[str, Any] = {
            "bars": self.bars,
            "models": self.models,
            **shared,
        }
        self.starting = StartBacktest(
            strategies=self.strategies, executions=self.executions, **reading
        )
        self.cancelling = CancelBacktest(executions=self.executions, **shared)
        self.running = RunBacktest(results=self.results, engine=self.engine, **reading)
        self.ending = EndBacktest(**shared)
        self.strategies.create("sma-cross", DOCUMENT, now=self.clock.now())
        for symbol in ("AAPL", "IBM"):
            self.bars.put_bars(daily(symbol, sessions))
        self.bars.put_splits([Split("AAPL", "2005-01-20", 2, 1)])

    def start(self, **body: Any) -> BacktestRun:
        """Ask for a backtest as the API does."""
        asked = {"strategy": "sma-cross", **body}
        return self.starting.start(BacktestRequest.model_validate(asked), by="ada")

    def approve(self, name: str, *, version: int = 1) -> None:
        """Approve a model that scores every signal alike."""
        text = json.dumps(
            {"name": name, "version": version, "kind": "linear", "features": [], "intercept": 0.9}
        )
        self.models.approve(name, text, hashlib.sha256(text.encode()).hexdigest())

    def carry_out(self, run: BacktestRun) -> BacktestRun:
        """Run what was started."""
        return self.running.run(run.id, run.attempt)


def daily(symbol: str, sessions: int, *, first: int = 100_000) -> list[Bar]:
    """Return daily bars of the first sessions of 2005, rising by 0.01 a day."""
    days = sessions_between(date(2005, 1, 3), date(2005, 12, 30))[:sessions]
    return [
        Bar(
            symbol,
            "1d",
            day.opens_at,
            day.closes_at,
            open=first + 100 * number,
            high=first + 100 * number + 500,
            low=first + 100 * number - 500,
            close=first + 100 * number + 50,
            volume=10_000,
            trade_count=4,
        )
        for number, day in enumerate(days)
    ]
