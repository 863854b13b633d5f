"""The trades on the price chart of their instrument: circles enter, squares leave, lines join."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quantumzero.research.report.curves import WIDTH, across, dot_path, down
from quantumzero.research.report.plot import Line, Plot, drawn
from quantumzero.research.report.scales import Scale, fitted
from quantumzero.research.report.tables import empty, section
from quantumzero.research.report.words import clean, count, decimal, money, percent, price

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from numpy.typing import NDArray

    from quantumzero.research.result import BacktestResult

    Integers = NDArray[np.int64]

MOST_CHARTS = 12
MOST_TRADES = 1_500
# All charts together: a page stays below a megabyte.
_TRADES_ON_PAGE = 3_600
_COLUMNS_ON_PAGE = 4_000
_KEY = (
    '<ul class="legend"><li class="circle"><i></i>Entry</li><li class="square"><i></i>Exit</li>'
    '{short}<li class="gain"><i></i>Gain</li><li class="loss"><i></i>Loss</li></ul>'
)


def price_section(result: BacktestResult) -> str:
    """Return one chart for each traded instrument, those with the most trades first."""
    charts = [(symbol, rows) for symbol, rows in _by_trades(result) if symbol in result.bars]
    title = "Trades on the chart"
    if not charts:
        return section("prices", title, empty("Nothing was bought or sold, so no chart is drawn."))
    shown = charts[:MOST_CHARTS]
    most = min(MOST_TRADES, _TRADES_ON_PAGE // len(shown))
    folds = "".join(
        _fold(result, symbol, rows, most, is_open=place < 3)
        for place, (symbol, rows) in enumerate(shown)
    )
    lead = (
        "Raw prices, so that a split shows as a jump. Marks stand at the prices of the fills; their "
        "colour tells the trade's result."
    )
    left_out = len(charts) - len(shown)
    if left_out:
        lead += f" The {len(shown)} instruments with the most trades of {len(charts)} are drawn."
    short = '<li class="hollow"><i></i>Short</li>' if (result.trades.side < 0).any() else ""
    return section("prices", title, _KEY.format(short=short) + folds, lead)


def _by_trades(result: BacktestResult) -> list[tuple[str, Integers]]:
    rows = {
        symbol: np.flatnonzero(result.trades.symbol == code)
        for code, symbol in enumerate(result.symbols)
    }
    found = [(symbol, places) for symbol, places in rows.items() if len(places)]
    return sorted(found, key=lambda pair: (-len(pair[1]), pair[0]))


def _fold(result: BacktestResult, symbol: str, rows: Integers, most: int, *, is_open: bool) -> str:
    profits = result.trades.profit[rows]
    total = float(profits.sum())
    words = (
        f"<b>{clean(symbol)}</b> <span>{count(len(rows))} trades, "
        f"{percent(float((profits > 0).mean()), 0)} with a gain, {money(total, signed=True)}</span>"
    )
    return (
        f"<details{' open' if is_open else ''}><summary>{words}</summary>"
        f"{_chart(result, symbol, rows, most)}</details>"
    )


def _chart(result: BacktestResult, symbol: str, rows: Integers, most: int) -> str:
    bars = result.bars[symbol]
    times = np.asarray(bars["time"], dtype=np.int64)
    closes = np.asarray(bars["close"], dtype=np.float64)
    trades = result.trades
    drawn_rows = rows
    if len(rows) > most:
        largest = np.argsort(-np.abs(trades.profit[rows]), kind="stable")[:most]
        drawn_rows = rows[np.sort(largest)]
    fills = np.concatenate([trades.entry_price[drawn_rows], trades.exit_price[drawn_rows]])
    scale = fitted([closes, fills])
    marks = _marks(result, drawn_rows, times, scale)
    note = ""
    if len(drawn_rows) < len(rows):
        note = f'<p class="note">The {count(most)} trades with the largest results are marked.</p>'
    places = 4 if scale.high < 10 else 2 if scale.high < 1_000 else 0
    plot = Plot(
        identifier=f"price-{''.join(c if c.isalnum() else '-' for c in symbol)}",
        title=f"Price of {symbol} with {len(rows)} trades",
        description=f"{symbol} closes between {price(float(closes.min()))} and {price(float(closes.max()))}.",
        times=times,
        lines=[Line("Close", closes, "price")],
        scale=scale,
        label=lambda value: decimal(value, places),
        read_out=price,
        extra=marks,
        columns=min(WIDTH, _COLUMNS_ON_PAGE * most // _TRADES_ON_PAGE),
    )
    return drawn(plot) + note


def _marks(result: BacktestResult, rows: Integers, times: Integers, scale: Scale) -> str:
    """Return the joining lines, then entries and exits, each apart for gains and losses."""
    trades = result.trades
    gained = trades.profit[rows] > 0
    size = len(times)
    ends: Mapping[str, Any] = {
        "entry": (trades.entry_time[rows], trades.entry_price[rows]),
        "exit": (trades.exit_time[rows], trades.exit_price[rows]),
    }
    points = {}
    for name, (at, prices) in ends.items():
        bar = np.minimum(np.searchsorted(times, at, side="left"), size - 1)
        points[name] = (across(bar, size), down(scale.place(prices)))
    shapes = []
    for tone, chosen in (("gain", gained), ("loss", ~gained)):
        (left, top), (right, bottom) = points["entry"], points["exit"]
        lines = "".join(
            f"M{a:.0f} {b:.0f}L{c:.0f} {d:.0f}"
            for a, b, c, d in zip(
                left[chosen], top[chosen], right[chosen], bottom[chosen], strict=True
            )
        )
        shapes.append(f'<path class="join {tone}" d="{lines}"/>')
    short = trades.side[rows] < 0
    for tone, chosen in (("gain", gained), ("loss", ~gained)):
        for name, shape in (("entry", "circle"), ("exit", "square")):
            x, y = points[name]
            dots = dot_path(x[chosen], y[chosen])
            hollow = dot_path(x[chosen & short], y[chosen & short])
            shapes.append(f'<path class="dots halo {shape}" d="{dots}"/>')
            shapes.append(f'<path class="dots {shape} {tone}" d="{dots}"/>')
            shapes.append(f'<path class="dots core {shape}" d="{hollow}"/>' if hollow else "")
    return f'<g class="marks" data-width="{WIDTH}">{"".join(shapes)}</g>'
