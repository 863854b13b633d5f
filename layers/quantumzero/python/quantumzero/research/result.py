"""What a backtest concludes, as columns: nothing here is computed, and nothing is a Python object
per trade until somebody asks for one.

Times are int64 microseconds since 1970 UTC. Money and prices are float64 in the account's currency,
quantities float64 shares (negative: short). symbol columns index `symbols`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from quantumzero.domain.backtests import EXIT_REASONS as EXIT_REASONS
from quantumzero.domain.backtests import ORDER_STATES as ORDER_STATES
from quantumzero.domain.backtests import SIDES as SIDES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Doubles = NDArray[np.float64]
    Codes = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Trades:
    """Closed round trips (a position reduced in parts gives one row for each reducing order).

    side is 1 long, -1 short. profit is net of the fees of both sides. mae and mfe are the worst and
    best open profit in money while held. reason indexes EXIT_REASONS. ambiguous is 1 when the
    outcome hangs on the unknown order of prices inside a bar; then best_profit and worst_profit
    bound it, elsewhere both equal profit. entry_bar and exit_bar count bars of the equity curve.
    """

    symbol: Codes
    side: Codes
    entry_time: Integers
    entry_price: Doubles
    exit_time: Integers
    exit_price: Doubles
    quantity: Doubles
    profit: Doubles
    fees: Doubles
    mae: Doubles
    mfe: Doubles
    best_profit: Doubles
    worst_profit: Doubles
    reason: Codes
    ambiguous: Codes
    entry_bar: Codes
    exit_bar: Codes

    def __len__(self) -> int:
        return len(self.symbol)


@dataclass(frozen=True, slots=True)
class Orders:
    """Every order that was sent, in order of decision. side and state index SIDES, ORDER_STATES.

    decided_at is the close of the decision's bar. purpose: 0 entry, 1 exit, 2 rebalance, 3 and up:
    EXIT_REASONS of a protective order. filled_price is the quantity-weighted mean (NaN: no fill).
    """

    symbol: Codes
    side: Codes
    quantity: Doubles
    decided_at: Integers
    state: Codes
    purpose: Codes
    limit_price: Doubles
    stop_price: Doubles
    filled_quantity: Doubles
    filled_price: Doubles

    def __len__(self) -> int:
        return len(self.symbol)


@dataclass(frozen=True, slots=True)
class Fills:
    """Every execution; order is the row in Orders, price includes slippage."""

    order: Codes
    time: Integers
    quantity: Doubles
    price: Doubles
    fees: Doubles

    def __len__(self) -> int:
        return len(self.order)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An order that a risk control did not let pass: the same codes as live. limit is what may be and
    value what was, in the unit that the control's table names; None where no number was compared.
    """

    time: int
    symbol: str
    side: str
    quantity: float
    code: str
    text: str
    limit: float | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Curves:
    """One value for each instant of the union of the bars' closes, marked at the close."""

    time: Integers
    equity: Doubles
    cash: Doubles
    gross: Doubles
    net: Doubles
    session_end: NDArray[np.bool_]
    """True on the last instant of each session: the instants whose returns the metrics use."""


@dataclass(frozen=True, slots=True)
class Charges:
    """What trading cost, in money over the whole run."""

    commission: float = 0.0
    slippage: float = 0.0
    borrow: float = 0.0
    margin_interest: float = 0.0
    dividends: float = 0.0
    traded_value: float = 0.0


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure: value None says that it is undefined, and reason why. unit: money, ratio, count,
    days, percent ... as documented in research/metrics.
    """

    value: float | None
    unit: str
    reason: str | None = None


class Identity(Protocol):
    """What names a run. key: equal keys mean equal results. conventions holds every setting that
    decides fills (fill, preset, costs, account, limits, lot, calendar, engine version), and the name
    of the data.
    """

    @property
    def key(self) -> str: ...

    @property
    def conventions(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class BacktestResult:
    """One run. Its key and conventions are read off the data when somebody asks for them.
    sessions_per_year is that of the calendar. benchmark is the benchmark's equity on curves.time
    (all in at the first open), None without one. notes are sentences for the reader. certificate is
    the prefix-invariance verdict of a Python strategy.
    """

    identity: Identity
    strategy: str
    version: int
    parameters: Mapping[str, str]
    symbols: tuple[str, ...]
    cash: float
    curves: Curves
    trades: Trades
    orders: Orders
    fills: Fills
    refusals: Sequence[Refusal]
    charges: Charges
    sessions_per_year: float
    metrics: Mapping[str, Metric]
    ambiguous_trades: int
    ambiguity_bounds: tuple[float, float]
    benchmark: Doubles | None = None
    decisions: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    certificate: str | None = None
    bars: Mapping[str, Any] = field(default_factory=dict)
    """Per symbol the columns of prices for charts: time, open, high, low, close (float64)."""

    @property
    def key(self) -> str:
        return self.identity.key

    @property
    def conventions(self) -> Mapping[str, Any]:
        return self.identity.conventions

    @property
    def final_equity(self) -> float:
        return float(self.curves.equity[-1])
