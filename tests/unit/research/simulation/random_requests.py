"""Strategies of Hypothesis for simulation requests: every setting, every kind of order, with gaps,
splits, dividends, delistings, quotes, finer bars and prints.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from quantumzero.research.simulation.request import (
    INFINITE,
    Detail,
    FillAt,
    Happening,
    OrderKind,
    SimulationRequest,
    SizeBy,
)
from tests.unit.research.simulation.random_settings import (
    TIGHT,
    account_limits,
    one_of,
    simulation_settings,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

Grid = tuple[int, int]


def prices(random: np.random.Generator, grid: Grid, *, tick: float, step: float) -> Any:
    """Open, high, low and close on a coarse tick, so that prices often equal levels."""
    walk = 20 + np.cumsum(random.normal(0, step, grid), axis=1)
    opened = np.maximum(np.round(walk / tick) * tick, tick * 2)
    moved = opened + random.normal(0, step, grid)
    closed = np.maximum(np.round(moved / tick) * tick, tick)
    high = np.maximum(opened, closed) + tick * random.integers(0, 4, grid)
    low = np.minimum(opened, closed) - tick * random.integers(0, 4, grid)
    return opened, high, np.maximum(low, tick / 2), closed


def finer_bars(random: np.random.Generator, bars: Any, opens: Any, *, prints: bool) -> Detail:
    """Up to three entries inside each bar; none where a bar is missing."""
    _, high, low, close = bars
    rows, columns = close.shape
    count = random.integers(0, 4, close.shape) * (random.random(close.shape) < 0.7)
    count[np.isnan(close)] = 0
    ends = np.cumsum(count.ravel())
    start = np.zeros((rows, columns + 1), dtype=np.int64)
    start[:, 1:] = ends.reshape(close.shape)
    start[1:, 0] = start[:-1, -1]
    flat = np.repeat(np.arange(close.size), count.ravel())
    below, above = low.ravel()[flat], high.ravel()[flat]
    first, last = random.uniform(below, above), random.uniform(below, above)
    order = np.arange(len(flat)) - (ends - count.ravel())[flat]
    time = opens[flat % columns] + 100 * order + random.integers(0, 2, len(flat)) * 50
    volume = random.integers(0, 500, len(flat)).astype(np.float64)
    top, bottom = np.maximum(first, last), np.minimum(first, last)
    if not prints:
        top, bottom = np.minimum(top + 0.1, above), np.maximum(bottom - 0.1, below)
    return Detail(start, time.astype(np.int64), first, top, bottom, last, volume)


def signal_bits(random: np.random.Generator, grid: Grid, *, dense: float) -> NDArray[np.uint8]:
    """Bits at random; half of the time with reversals, exit and opposite entry on one bar."""
    bits = np.zeros(grid, dtype=np.uint8)
    for bit in (1, 2, 4, 8):
        bits |= (bit * (random.random(grid) < dense)).astype(np.uint8)
    if random.random() < 0.5:
        bits |= (bits & 1) * 8 | (bits & 4) // 2
    return bits


def with_gaps(random: np.random.Generator, values: Any, share: float) -> Any:
    values[random.random(values.shape) < share] = np.nan
    return values


def happenings(random: np.random.Generator, grid: Grid) -> tuple[Happening, ...]:
    values = {0: (2.0, 0.5, 1.5, 3.0), 1: (0.1, 0.5), 2: (0.0, 5.0, 20.0)}
    made = []
    for _ in range(int(random.integers(0, 5))):
        kind = int(random.choice([0, 0, 1, 2]))
        value = float(random.choice(values[kind]))
        row, instrument = int(random.integers(grid[1])), int(random.integers(grid[0]))
        made.append(Happening(row, instrument, kind, value))
    return tuple(made)


@st.composite
def requests(draw: st.DrawFn) -> SimulationRequest:
    """Draw a whole request."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    grid = (draw(one_of(1, 2, 3, 5)), draw(one_of(40, 1, 2, 5, 20, 80)))
    rows = grid[1]
    tick, step = draw(one_of(0.5, 0.01, 1.0)), draw(one_of(0.5, 0.05, 2.0))
    bars = prices(random, grid, tick=tick, step=step)
    if draw(st.booleans()):
        missing = random.random(grid) < 0.2
        for each in bars:
            each[missing] = np.nan
    apart = draw(one_of(1000, 20_000_000_000))
    opens = (np.arange(-5, rows - 5) * apart).astype(np.int64)
    prints = draw(one_of(False, False, False, True))
    detailed = prints or draw(st.booleans())
    by_weights = draw(one_of(False, False, True))
    near = np.where(np.isnan(bars[3]), 20.0, bars[3])
    least = draw(one_of(0.0, -0.6))
    signals = signal_bits(random, grid, dense=draw(one_of(0.1, 0.02, 0.4)))

    def maybe(values: Any) -> Any:
        return values if draw(one_of(False, False, True)) else None

    def around(low: float, high: float, share: float) -> Any:
        return with_gaps(random, random.uniform(low, high, grid), share)

    settings = draw(simulation_settings(prints=prints))
    return SimulationRequest(
        time=opens + 900,
        opens=opens,
        session=(np.arange(rows) // draw(one_of(1, 3, 7))).astype(np.int32),
        days=random.integers(0, 4, rows).astype(np.int32),
        month=(np.arange(rows) // 15).astype(np.int32),
        open=bars[0],
        high=bars[1],
        low=bars[2],
        close=bars[3],
        volume=random.integers(0, 2000, grid).astype(np.float64),
        settings=settings,
        signals=None if by_weights else signals,
        weights=with_gaps(random, np.round(random.uniform(least, 0.8, grid), 1), 0.1)
        if by_weights
        else None,
        rebalance=(random.random(rows) < 0.4).astype(np.uint8) if by_weights else None,
        bid=near * random.choice([0.0, 0.999], grid),
        ask=near * 1.001,
        limit=np.round(near * random.uniform(0.95, 1.05, grid), 2),
        stop=np.round(near * random.uniform(0.95, 1.05, grid), 2),
        size=maybe(around(0.0, settings.amount * 2, 0.3)),
        stop_distance=maybe(around(0.1, 3.0, 0.2)),
        target_distance=maybe(around(0.1, 3.0, 0.2)),
        trail_distance=maybe(around(0.1, 3.0, 0.2)),
        volatility=maybe(around(0.005, 0.05, 0.2)),
        member=maybe((random.random(grid) < 0.7).astype(np.uint8)),
        restricted=maybe((random.random(grid[0]) < 0.3).astype(np.uint8)),
        sector=maybe(random.integers(-1, 2, grid[0]).astype(np.int32)),
        closed=maybe((random.random(rows) < 0.2).astype(np.uint8)),
        happenings=happenings(random, grid) if draw(st.booleans()) else (),
        detail=finer_bars(random, bars, opens, prints=prints) if detailed else None,
    )


@st.composite
def plain_requests(draw: st.DrawFn) -> SimulationRequest:
    """Draw signals of one instrument with every bar, traded by market orders at the next open: what
    the kernel runs from signal to signal.
    """
    drawn = draw(requests())
    settings = replace(
        drawn.settings,
        fill_at=FillAt.NEXT_OPEN,
        order_kind=OrderKind.MARKET,
        participation=0.0,
        time_stop_bars=0,
        maintenance=0.0,
        finalise=False,
        replay_prints=False,
        costs=replace(
            drawn.settings.costs, borrow_rate=0.0, interest_rate=0.0, tier_shares=(), tier_rates=()
        ),
    )
    if draw(one_of(True, True, False)):
        settings = replace(settings, stop_fraction=0.0, target_fraction=0.0, trail_fraction=0.0)
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    grid = (1, len(drawn.time))
    bars = prices(random, grid, tick=0.5, step=draw(one_of(0.5, 2.0)))
    return SimulationRequest(
        time=drawn.time,
        opens=drawn.opens,
        session=drawn.session,
        days=drawn.days,
        month=drawn.month,
        open=bars[0],
        high=bars[1],
        low=bars[2],
        close=bars[3],
        volume=drawn.volume[:1].copy(),
        settings=settings,
        signals=signal_bits(random, grid, dense=draw(one_of(0.1, 0.4))),
        closed=drawn.closed,
    )


@st.composite
def limited_requests(draw: st.DrawFn) -> SimulationRequest:
    """Draw a world of modest entries in several instruments, held to the limits of an account."""
    drawn = draw(requests())
    names, rows = drawn.close.shape
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    settings = replace(
        drawn.settings,
        cash=1000.0,
        size_by=SizeBy.FRACTION_OF_EQUITY,
        amount=draw(one_of(0.3, 0.6)),
        lot=draw(one_of(1.0, 0.0)),
        limit_order_value=INFINITE,
        limit_gross=INFINITE,
        limit_symbol=INFINITE,
        limit_quantity=INFINITE,
        **{**draw(account_limits()), **draw(one_of(*TIGHT))},
    )
    return replace(
        drawn,
        settings=settings,
        size=None,
        member=None,
        signals=None if drawn.signals is None else signal_bits(random, (names, rows), dense=0.3),
        restricted=(random.random(names) < 0.1).astype(np.uint8),
        sector=random.integers(-1, 2, names).astype(np.int32),
        closed=(random.random(rows) < 0.1).astype(np.uint8),
    )
