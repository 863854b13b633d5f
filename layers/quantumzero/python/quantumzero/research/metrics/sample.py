"""One run as the metrics see it: returns of sessions, drawdown, trades, each computed once when asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.research.metrics.arithmetic import covariance, deviation, mean, moments
from quantumzero.research.metrics.curve import Drawdown, deepest_drawdown, marked_rows
from quantumzero.research.metrics.definition import Undefined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quantumzero.research.metrics.trials import Trials
    from quantumzero.research.result import Charges, Curves, Trades

    Doubles = NDArray[np.float64]
    Rows = NDArray[np.int64]

DAY = 86_400_000_000
DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Sample:
    """The run. risk_free and minimum_acceptable_return are effective annual rates (0.02 is 2 %).

    cash is the equity before the first instant. benchmark is the benchmark's equity on curves.time
    from the same cash. volumes gives for each trade the smaller of the shares the market traded in
    its entry's and its exit's bar. warmup_bars: bars before the first on which the strategy can act.
    """

    curves: Curves
    trades: Trades
    charges: Charges
    cash: float
    sessions_per_year: float
    benchmark: Doubles | None = None
    risk_free: float = 0.0
    minimum_acceptable_return: float = 0.0
    trials: Trials | None = None
    volumes: Doubles | None = None
    warmup_bars: int = 0
    memory: dict[Any, Any] = field(default_factory=dict, repr=False)
    """Figures that were computed, and what a convention keeps between its figures."""

    @cached_property
    def closes(self) -> Rows:
        """The rows of the curves that end a session."""
        return marked_rows(self.curves.session_end)

    @cached_property
    def session_equity(self) -> Doubles:
        """Equity before the first session (the cash) and at each session's close: n + 1 values."""
        values = np.empty(len(self.closes) + 1)
        values[0] = self.cash
        values[1:] = self.curves.equity[self.closes]
        return values

    @cached_property
    def returns(self) -> Doubles:
        """r_t: the simple return of each session, the first from the starting cash; Undefined without a session."""
        if not len(self.closes):
            raise Undefined("the run has no session close")
        return self.session_equity[1:] / self.session_equity[:-1] - 1.0

    @cached_property
    def mean(self) -> float:
        """mean(r)."""
        return mean(self.returns)

    @cached_property
    def spread(self) -> float:
        """std(r, ddof 1)."""
        return deviation(self.returns)

    @cached_property
    def invested(self) -> NDArray[np.bool_]:
        """True at the instants with a position; Undefined for a run of no bars."""
        if not len(self.curves.gross):
            raise Undefined("the run has no bars")
        held: NDArray[np.bool_] = self.curves.gross > 0.0
        return held

    @cached_property
    def benchmark_mean(self) -> float:
        """mean(b)."""
        return mean(self.benchmark_returns)

    @cached_property
    def benchmark_spread(self) -> float:
        """std(b, ddof 1)."""
        return deviation(self.benchmark_returns)

    @cached_property
    def benchmark_covariance(self) -> float:
        """cov(r, b), ddof 1."""
        return covariance(self.returns, self.benchmark_returns)

    @cached_property
    def ordered(self) -> Doubles:
        """The returns, ascending."""
        return np.sort(self.returns)

    @cached_property
    def moments(self) -> tuple[float, float]:
        """Skewness and raw kurtosis of the returns."""
        return moments(self.returns)

    @cached_property
    def benchmark_returns(self) -> Doubles:
        """b_t: the benchmark's simple return of each session; Undefined without a benchmark."""
        if self.benchmark is None:
            raise Undefined("the run has no benchmark")
        values = np.empty(len(self.closes) + 1)
        values[0] = self.cash
        values[1:] = self.benchmark[self.closes]
        return values[1:] / values[:-1] - 1.0

    @cached_property
    def rate(self) -> float:
        """f: the risk-free rate of one session, (1 + risk_free) ** (1 / A) - 1."""
        return self.a_session(self.risk_free)

    @cached_property
    def target(self) -> float:
        """m: the minimum acceptable return of one session, likewise."""
        return self.a_session(self.minimum_acceptable_return)

    def a_session(self, annual: float) -> float:
        """Turn an effective annual rate into that of one session."""
        return float((1.0 + annual) ** (1.0 / self.sessions_per_year) - 1.0) if annual else 0.0

    @cached_property
    def drawdown(self) -> Drawdown:
        """The deepest drawdown over every instant of the curve."""
        return deepest_drawdown(self.curves.equity, self.cash)

    @cached_property
    def session_depths(self) -> Doubles:
        """1 - equity / high-water mark at each session's close, the cash being the first mark."""
        high = np.maximum.accumulate(self.session_equity)
        return 1.0 - self.session_equity[1:] / high[1:]

    @property
    def final(self) -> float:
        """E_T: the equity at the last instant; Undefined for a run of no bars."""
        if not len(self.curves.equity):
            raise Undefined("the run has no bars")
        return float(self.curves.equity[-1])

    @cached_property
    def days(self) -> float:
        """Days from the first instant to the last; Undefined when there are not two instants."""
        time = self.curves.time
        if len(time) < 2:
            raise Undefined("the run has fewer than two instants, so it spans no time")
        return float(time[-1] - time[0]) / DAY

    @cached_property
    def years(self) -> float:
        """Years of 365.25 days from the first instant to the last."""
        return self.days / DAYS_A_YEAR

    @cached_property
    def mean_equity(self) -> float:
        """Mean equity over the session closes, the starting cash included."""
        return float(self.session_equity.mean())

    @cached_property
    def profits(self) -> Doubles:
        """Profit of each closed trade, net of its fees; Undefined without a closed trade."""
        if not len(self.trades.profit):
            raise Undefined("no trade was closed")
        return self.trades.profit

    @cached_property
    def wins(self) -> Doubles:
        """The profits above 0."""
        return self.profits[self.profits > 0.0]

    @cached_property
    def losses(self) -> Doubles:
        """The profits below 0 (a trade of exactly 0 is neither)."""
        return self.profits[self.profits < 0.0]

    @cached_property
    def trade_returns(self) -> Doubles:
        """Net profit over the value at entry, of each closed trade."""
        return self.profits / (self.trades.entry_price * np.abs(self.trades.quantity))

    @cached_property
    def holding_days(self) -> Doubles:
        """Days from entry to exit of each closed trade."""
        if not len(self.trades.profit):
            raise Undefined("no trade was closed")
        return (self.trades.exit_time - self.trades.entry_time) / DAY
