"""What the reference keeps while it runs: positions, working orders, tables, and the books.

Names, order of arithmetic and rules are those of the kernel (native/simulation*.c), so that both
come to the same bits; docs/backtesting.md says them in words. Plain Python floats throughout.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from quantumzero.research.simulation.request import (
    FillAt,
    Life,
    OrderKind,
)

if TYPE_CHECKING:
    from quantumzero.research.simulation.codes import Code
    from quantumzero.research.simulation.request import SimulationRequest

NAN = float("nan")
ENTRY, EXIT, REBALANCE = 0, 1, 2
STOP_LOSS, TAKE_PROFIT, TRAILING_STOP, TIME_STOP = 3, 4, 5, 6
DELISTING, MARGIN_CALL, END = 8, 9, 10
OPEN, FILLED, CANCELLED, EXPIRED, REJECTED = 0, 1, 2, 3, 4
ACTIVE, REDUCING, HALTED = 0, 1, 2
AT_OPEN, INSIDE_BY_LIMIT, INSIDE_BY_STOP, AT_CLOSE = 0, 1, 2, 3
"""How a fill stands in its bar: what of the bar came after it."""


def reason_of(purpose: int) -> int:
    """Return the index in EXIT_REASONS of an order's purpose that closes."""
    if purpose == EXIT:
        return 0
    return 5 if purpose == REBALANCE else purpose - 2


@dataclass(slots=True)
class Position:
    """One instrument: what is held, its protection, and how many of its orders work.

    price is the average entry price, fees what entries cost and no trade has been charged with,
    exposure what the entries had reserved. high and low are the extremes seen while held, up to row
    seen; bars counts the bars after that of the entry. water is the best price the trailing stop
    has followed. last is the newest close.
    """

    quantity: float = 0.0
    price: float = 0.0
    fees: float = 0.0
    exposure: float = 0.0
    reserved: float = 0.0
    last: float = NAN
    entry_row: int = -1
    entry_time: int = 0
    manner: int = AT_OPEN
    high: float = 0.0
    low: float = 0.0
    seen: int = -1
    bars: int = 0
    stop_distance: float = NAN
    target_distance: float = NAN
    trail_distance: float = NAN
    stop: float = NAN
    target: float = NAN
    water: float = 0.0
    guarded: bool = False
    entries: int = 0
    exits: int = 0

    @property
    def side(self) -> int:
        """1 long, -1 short, 0 flat."""
        return (self.quantity > 0.0) - (self.quantity < 0.0)


@dataclass(slots=True)
class Order:
    """One order: side 1 buys, -1 sells. money is what is left to spend of an order of money, NaN
    for an order of shares; amount and size_distance say how its size is computed at the fill.
    """

    number: int
    instrument: int
    side: int
    purpose: int
    quantity: float
    row: int
    decided_at: int
    reduces: bool
    remaining: float = 0.0
    money: float = NAN
    amount: float = NAN
    size_distance: float = NAN
    kind: int = OrderKind.MARKET
    life: int = Life.DAY
    fill_at: int = FillAt.NEXT_OPEN
    limit: float = NAN
    stop: float = NAN
    trail: float = 0.0
    water: float = NAN
    triggered: bool = False
    session: int = -1
    reserved: float = 0.0
    filled: float = 0.0
    value: float = 0.0
    share_cost: float = 0.0
    commission: float = 0.0
    first_price: float = NAN
    fills: int = 0
    stop_distance: float = NAN
    target_distance: float = NAN
    trail_distance: float = NAN
    trade: int = -1
    state: int = OPEN


@dataclass(slots=True)
class Trade:
    """One row of Trades while it grows."""

    symbol: int
    side: int
    entry_time: int
    entry_price: float
    exit_time: int
    exit_price: float
    quantity: float
    profit: float
    fees: float
    mae: float
    mfe: float
    best_profit: float
    worst_profit: float
    reason: int
    ambiguous: int
    entry_bar: int
    exit_bar: int


@dataclass(slots=True)
class Run:
    """The books and everything recorded. gross, net and equity are those of the last marks. exits
    counts the working orders that reduce. state is the account's trading state, with what stopped it
    and in which session; throttled says whether the strategy's entries are stopped. opening is the
    equity of the last session's close, peak the highest; spent_until is the strategy's bucket of
    executions, in milliseconds.
    """

    request: SimulationRequest
    open: list[list[float]]
    high: list[list[float]]
    low: list[list[float]]
    close: list[list[float]]
    volume: list[list[float]]
    time: list[int]
    opens: list[int]
    session: list[int]
    session_end: list[bool]
    positions: list[Position]
    cash: float
    equity: float = 0.0
    gross: float = 0.0
    net: float = 0.0
    reserved: float = 0.0
    exposure: float = 0.0
    entries: int = 0
    exits: int = 0
    held: int = 0
    shorts: int = 0
    month: int = -1
    month_shares: float = 0.0
    commission: float = 0.0
    slippage: float = 0.0
    borrow: float = 0.0
    interest: float = 0.0
    dividends: float = 0.0
    traded_value: float = 0.0
    state: int = ACTIVE
    by_drawdown: bool = False
    stopped_value: float = NAN
    stopped_limit: float = NAN
    stopped_session: int = -1
    throttled: bool = False
    throttled_session: int = -1
    spent_until: int = 0
    opening: float = 0.0
    peak: float = 0.0
    working: list[Order] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    fills: list[tuple[int, int, float, float, float]] = field(default_factory=list)
    trades: list[Trade] = field(default_factory=list)
    refusals: list[tuple[int, int, int, float, int, float, float]] = field(default_factory=list)
    curves: list[tuple[float, float, float, float]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows the grid has."""
        return len(self.time)

    def has_bar(self, instrument: int, row: int) -> bool:
        """Whether the instrument has a bar on the row: a missing one is NaN."""
        close = self.close[instrument][row]
        return close == close  # noqa: PLR0124  NaN is what differs from itself


def begin(request: SimulationRequest) -> Run:
    """Return the state before the first row, with the arrays as lists of plain numbers."""
    session = request.session.tolist()
    ends = [here != after for here, after in pairwise(session)]
    return Run(
        request=request,
        open=request.open.tolist(),
        high=request.high.tolist(),
        low=request.low.tolist(),
        close=request.close.tolist(),
        volume=request.volume.tolist(),
        time=request.time.tolist(),
        opens=request.opens.tolist(),
        session=session,
        session_end=[*ends, True],
        positions=[Position() for _ in range(request.open.shape[0])],
        cash=request.settings.cash,
        equity=request.settings.cash,
        opening=request.settings.cash,
        peak=request.settings.cash,
    )


def life_of_market_orders(run: Run) -> int:
    """Return how long exits by signal and rebalancing orders live: a day unless entries stay."""
    stays = run.request.settings.life == Life.GOOD_TIL_CANCELLED
    return Life.GOOD_TIL_CANCELLED if stays else Life.DAY


def send(run: Run, order: Order) -> None:
    """Put the order on the list; the caller lets it work."""
    order.remaining = order.quantity
    run.orders.append(order)


def work(run: Run, order: Order) -> None:
    """Let the order rest: by instrument, then in order of arrival."""
    place = len(run.working)
    while place > 0 and run.working[place - 1].instrument > order.instrument:
        place -= 1
    run.working.insert(place, order)
    position = run.positions[order.instrument]
    if order.reduces:
        position.exits += 1
        run.exits += 1
        return
    position.entries += 1
    run.entries += 1
    position.reserved += order.reserved
    run.reserved += order.reserved


def finish(run: Run, order: Order, state: int) -> None:
    """End an order that works; what it had reserved is free again."""
    order.state = state
    position = run.positions[order.instrument]
    if order.reduces:
        position.exits -= 1
        run.exits -= 1
        return
    position.entries -= 1
    run.entries -= 1
    release(run, order, order.reserved)
    if position.entries == 0:
        position.reserved = 0.0
    if run.entries == 0:
        run.reserved = 0.0


def release(run: Run, order: Order, amount: float) -> None:
    """Take an amount off what the order has reserved."""
    order.reserved -= amount
    run.positions[order.instrument].reserved -= amount
    run.reserved -= amount


def cancel(run: Run, instrument: int, *, reduces: bool) -> None:
    """Cancel the instrument's working orders of one direction."""
    position = run.positions[instrument]
    if (position.exits if reduces else position.entries) == 0:
        return
    for order in run.working:
        if order.instrument == instrument and order.state == OPEN and order.reduces == reduces:
            finish(run, order, CANCELLED)


def refuse(run: Run, order: Order, code: Code, value: float, limit: float, row: int) -> None:
    """Record that a control did not let the order pass."""
    side = 0 if order.side > 0 else 1
    run.refusals.append((row, order.instrument, side, order.quantity, int(code), value, limit))
