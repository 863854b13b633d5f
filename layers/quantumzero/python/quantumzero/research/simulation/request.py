"""What the simulation takes and gives: arrays and settings, no strategy and no market vocabulary.

The grid has T rows (the union of the bars' closes, oldest first) and N instruments. Two-dimensional
arrays are [N, T], C-contiguous. Prices are float64; a bar that an instrument does not have is NaN in
all four prices. docs/backtesting.md states the rules in words; the kernel in C and the reference in
Python compute the same bits from the same request.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quantumzero.research.result import Charges, Curves, Fills, Orders, Trades

    Doubles = NDArray[np.float64]
    Bytes = NDArray[np.uint8]
    Integers = NDArray[np.int64]
    Codes = NDArray[np.int32]

ENTER_LONG, EXIT_LONG, ENTER_SHORT, EXIT_SHORT = 1, 2, 4, 8
INFINITE = float("inf")


class FillAt(IntEnum):
    """When a market order decided on a bar's close trades."""

    NEXT_OPEN = 0
    CLOSE = 1
    NEXT_CLOSE = 2
    QUOTE = 3


class OrderKind(IntEnum):
    """The kind of an entry order; exits by signal and rebalancing are always market orders."""

    MARKET = 0
    LIMIT = 1
    STOP = 2
    STOP_LIMIT = 3
    TRAILING_STOP = 4
    MARKET_ON_OPEN = 5
    MARKET_ON_CLOSE = 6


class Life(IntEnum):
    """Time in force of an entry order. DAY ends with the first session in which it may trade. Exits
    by signal and rebalancing orders are GOOD_TIL_CANCELLED when entries are, DAY otherwise.
    """

    DAY = 0
    GOOD_TIL_CANCELLED = 1
    IMMEDIATE_OR_CANCEL = 2
    FILL_OR_KILL = 3


class SizeBy(IntEnum):
    """What amount (or the size array, where it is given) means."""

    FRACTION_OF_EQUITY = 0
    QUANTITY = 1
    NOTIONAL = 2
    RISK_FRACTION = 3


@dataclass(frozen=True, slots=True)
class CostSettings:
    """Rates are fractions (0.001 is 10 bps). Per-share costs in money.

    commission = min(max(value x rate + quantity x per_share + per_trade, minimum), value x
    maximum_rate), then regulatory: sell_value_rate x value and sell_per_share x quantity on sells,
    at most sell_per_share_cap. tier_shares and tier_rates: per-share rate by shares traded so far
    in the calendar month (Interactive Brokers), ascending thresholds; empty: none.
    """

    rate: float = 0.0
    per_share: float = 0.0
    per_trade: float = 0.0
    minimum: float = 0.0
    maximum_rate: float = INFINITE
    sell_value_rate: float = 0.0
    sell_per_share: float = 0.0
    sell_per_share_cap: float = INFINITE
    tier_shares: tuple[float, ...] = ()
    tier_rates: tuple[float, ...] = ()
    slippage_rate: float = 0.0
    volume_share_impact: float = 0.0
    square_root_coefficient: float = 0.0
    borrow_rate: float = 0.0
    interest_rate: float = 0.0


@dataclass(frozen=True, slots=True)
class SimulationSettings:
    """lot 0 means fractional. size_at_fill: the size is computed from equity and price at the fill,
    otherwise at the decision's close (whole lots); a fractional order is money either way.
    participation caps a fill at floor(participation x volume), at least one share (0: no cap).
    gap_at_stop: a stop gapped through fills at its own price (freqtrade) instead of the open.
    target_first turns the pessimistic order inside a bar round. leverage is 1 for a cash account,
    2 for Reg-T (maintenance: least equity as a share of gross value before a margin call). finalise
    closes what is open on the last bar. drift_band and cash_buffer are fractions of equity.

    Limits: infinite is none. Money at the decision, but limit_quantity shares of an order,
    limit_positions and limit_open_orders how many, limit_executions orders a day, and limit_collar,
    limit_drift, limit_daily_loss and limit_drawdown percent. haircut is the percent of buying power
    that is held back at the decision. resume_next_session lets what a limit
    stopped trade again from the next session on; else it stays stopped.
    """

    cash: float
    fill_at: FillAt = FillAt.NEXT_OPEN
    order_kind: OrderKind = OrderKind.MARKET
    life: Life = Life.DAY
    size_by: SizeBy = SizeBy.FRACTION_OF_EQUITY
    amount: float = 1.0
    lot: float = 1.0
    size_at_fill: bool = False
    participation: float = 0.0
    costs: CostSettings = CostSettings()
    stop_fraction: float = 0.0
    target_fraction: float = 0.0
    trail_fraction: float = 0.0
    time_stop_bars: int = 0
    entry_trail_fraction: float = 0.0
    gap_at_stop: bool = False
    target_first: bool = False
    leverage: float = 1.0
    maintenance: float = 0.0
    allow_short: bool = True
    finalise: bool = False
    limit_order_value: float = INFINITE
    limit_gross: float = INFINITE
    limit_symbol: float = INFINITE
    limit_quantity: float = INFINITE
    limit_positions: float = INFINITE
    limit_open_orders: float = INFINITE
    limit_net: float = INFINITE
    limit_sector: float = INFINITE
    limit_strategy: float = INFINITE
    limit_collar: float = INFINITE
    limit_drift: float = INFINITE
    limit_daily_loss: float = INFINITE
    limit_drawdown: float = INFINITE
    limit_executions: float = INFINITE
    haircut: float = 0.0
    resume_next_session: bool = False
    drift_band: float = 0.0
    cash_buffer: float = 0.0
    replay_prints: bool = False
    """Fill as the exchange simulator does: DAY market orders walk the detail bars in turn, each
    capped by participation of its volume."""


@dataclass(frozen=True, slots=True)
class Detail:
    """Finer bars inside the bars. start is int64 [N, T + 1]: bar (i, t) is detailed by the entries
    start[i, t] <= k < start[i, t + 1] of the flat arrays; an empty range means no detail.
    """

    start: Integers
    time: Integers
    open: Doubles
    high: Doubles
    low: Doubles
    close: Doubles
    volume: Doubles


@dataclass(frozen=True, slots=True)
class Happening:
    """A corporate action at the open of row: kind 0 split (value = new / old shares), 1 dividend
    (money a share), 2 delisting (price a share, the position is closed at it).
    """

    row: int
    instrument: int
    kind: int
    value: float


@dataclass(frozen=True, slots=True)
class SimulationRequest:
    """One run. Either signals (bits ENTER_LONG ...) or weights with rebalance (1 on rows whose close
    rebalances; weight NaN: leave alone). time is the close of each row in microseconds, opens the
    open; session numbers the rows' sessions; days is the calendar days since the row before; month numbers
    calendar months. size overrides settings.amount at the decision; stop_distance and its kin are
    money from the entry price at the decision (NaN or None: none). volatility is the daily standard
    deviation that square-root slippage reads. member 0: no new entry. Of each instrument: restricted 1
    is refused entries, sector numbers what limit_sector bounds together (-1: none). closed 1 on rows
    whose entries are outside the session.
    """

    time: Integers
    opens: Integers
    session: Codes
    days: Codes
    month: Codes
    open: Doubles
    high: Doubles
    low: Doubles
    close: Doubles
    volume: Doubles
    settings: SimulationSettings
    signals: Bytes | None = None
    weights: Doubles | None = None
    rebalance: Bytes | None = None
    bid: Doubles | None = None
    ask: Doubles | None = None
    limit: Doubles | None = None
    stop: Doubles | None = None
    size: Doubles | None = None
    stop_distance: Doubles | None = None
    target_distance: Doubles | None = None
    trail_distance: Doubles | None = None
    volatility: Doubles | None = None
    member: Bytes | None = None
    restricted: Bytes | None = None
    sector: Codes | None = None
    closed: Bytes | None = None
    happenings: tuple[Happening, ...] = ()
    detail: Detail | None = None


@dataclass(frozen=True, slots=True)
class Refusals:
    """Orders not sent, as columns; code is a Code, value what it would have come to, limit what may
    be. Of a price, value is that price (PRICE_DRIFT: the earlier close); of a stopped trade, value and
    limit are those of what stopped it; NaN where no number was compared.
    """

    row: Integers
    symbol: Codes
    side: Codes
    quantity: Doubles
    code: Codes
    value: Doubles
    limit: Doubles

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, slots=True)
class SimulationOutcome:
    """The run's columns; curves.session_end follows from the request's sessions."""

    curves: Curves
    trades: Trades
    orders: Orders
    fills: Fills
    refusals: Refusals
    charges: Charges
    held: Doubles
    """Quantity of each instrument after the last row."""
