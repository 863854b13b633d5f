"""Returns by calendar month, and the Sharpe ratio over the last six months at each session."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.calendars import from_us
from quantumzero.research.report.plot import Line, Plot, drawn
from quantumzero.research.report.scales import fitted
from quantumzero.research.report.tables import empty, section, table
from quantumzero.research.report.words import decimal, tone

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quantumzero.research.result import BacktestResult

    Integers = NDArray[np.int64]
    Doubles = NDArray[np.float64]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STRONGEST = 0.10


def session_equity(result: BacktestResult) -> tuple[Integers, Doubles]:
    """Return times and equity at the ends of sessions."""
    ends = result.curves.session_end.astype(bool)
    return result.curves.time[ends], result.curves.equity[ends]


def monthly_returns(result: BacktestResult) -> dict[tuple[int, int], float]:
    """Return the simple return of each calendar month (UTC date of the session's end) that has one.

    A month counts from the last session's end before it; the first from the cash at the beginning.
    A month that began without money is NaN.
    """
    times, equity = session_equity(result)
    returns: dict[tuple[int, int], float] = {}
    if not len(times):
        return returns
    months = (times - 1).astype("datetime64[us]").astype("datetime64[M]")
    lasts = np.append(np.flatnonzero(months[1:] != months[:-1]), len(months) - 1)
    before = result.cash
    for last in lasts.tolist():
        moment = from_us(int(times[last]) - 1)
        # After a ruin there is nothing that a return could be measured by.
        change = float(equity[last]) / before - 1 if before > 0 else math.nan
        returns[moment.year, moment.month] = change
        before = float(equity[last])
    return returns


def monthly_section(result: BacktestResult) -> str:
    """Return years as rows, months as columns, the year's return at the end."""
    returns = monthly_returns(result)
    if not returns:
        return section("monthly", "Monthly returns", empty("No session ended in this run."))
    years = sorted({year for year, _ in returns})
    rows = []
    for year in years:
        months = [returns.get((year, month)) for month in range(1, 13)]
        known = [value for value in months if value is not None]
        whole = float(np.prod([1 + value for value in known]) - 1)
        rows.append([str(year), *(_cell(value) for value in months), _total(whole)])
    content = table(
        "Return of each month and year in percent",
        ["Year", *_MONTHS, "Year"],
        rows,
        style="months",
        numeric=range(1, 14),
    )
    lead = "In percent, from session close to session close; the first month begins with the cash."
    return section("monthly", "Monthly returns", content, lead)


def _cell(value: float | None) -> str:
    if value is None:
        return ""
    strength = 0 if math.isnan(value) else round(min(abs(value) / _STRONGEST, 1.0) * 100)
    return (
        f'<span class="heat {tone(value)}" style="--heat:{strength}%">'
        f"{decimal(value * 100, 1, signed=True)}</span>"
    )


def _total(value: float) -> str:
    return f'<b class="{tone(value)}">{decimal(value * 100, 1, signed=True)}</b>'


def rolling_sharpe(equity: Doubles, sessions_per_year: float, window: int) -> Doubles:
    """Return mean(r) / std(r, ddof 1) * sqrt(sessions a year) over the last `window` returns.

    equity is at session ends, length n; the result too: NaN before the first full window and where
    nothing moved or nothing was left.
    """
    ratios = np.full(len(equity), np.nan)
    if window < 2 or len(equity) <= window:
        return ratios
    held = equity[:-1] > 0
    returns = np.full(len(held), np.nan)
    returns[held] = equity[1:][held] / equity[:-1][held] - 1.0
    windows = np.lib.stride_tricks.sliding_window_view(returns, window)
    means, deviations = windows.mean(axis=1), windows.std(axis=1, ddof=1)
    moved = deviations > 1e-12
    ratios[window:][moved] = means[moved] / deviations[moved] * np.sqrt(sessions_per_year)
    return ratios


def rolling_section(result: BacktestResult) -> str:
    """Return the rolling Sharpe ratio, or why there is none."""
    times, equity = session_equity(result)
    window = max(2, round(result.sessions_per_year / 2))
    ratios = rolling_sharpe(equity, result.sessions_per_year, window)
    title = "Rolling Sharpe ratio"
    known = ratios[np.isfinite(ratios)]
    if not known.size:
        words = (
            f"Six months are {window} sessions and their returns must move; this run has "
            f"{len(times)} sessions."
        )
        return section("rolling", title, empty(words))
    first = int(np.flatnonzero(np.isfinite(ratios))[0])
    lead = (
        f"Over the last {window} sessions (six months), annualised, without a risk-free rate: "
        f"between {decimal(float(known.min()))} and {decimal(float(known.max()))}."
    )
    plot = Plot(
        identifier="rolling-plot",
        title="Sharpe ratio over the last six months",
        description=lead,
        times=times[first:],
        lines=[Line("Sharpe ratio", ratios[first:], "strategy")],
        scale=fitted([ratios], zero=True),
        label=lambda value: decimal(value, 1),
        read_out=decimal,
        size="short",
        baseline=0.0,
    )
    return section("rolling", title, drawn(plot), lead)
