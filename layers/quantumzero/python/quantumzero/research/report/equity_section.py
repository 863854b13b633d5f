"""Equity against the benchmark, and the drawdown below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quantumzero.research.report.plot import Line, Plot, drawn, legend
from quantumzero.research.report.scales import Scale, fitted
from quantumzero.research.report.tables import section
from quantumzero.research.report.words import day, decimal, money, percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quantumzero.research.result import BacktestResult

    Doubles = NDArray[np.float64]

_SWITCH = (
    '<input type="radio" name="scale" id="scale-linear" checked>'
    '<label for="scale-linear">Linear</label>'
    '<input type="radio" name="scale" id="scale-log"><label for="scale-log">Logarithmic</label>'
)


def equity_section(result: BacktestResult) -> str:
    """Return the curve of the account's value, on a linear and on a logarithmic axis."""
    lines = [Line("Strategy", result.curves.equity, "strategy")]
    if result.benchmark is not None:
        name = result.conventions.get("benchmark")
        label = f"Benchmark {name}" if isinstance(name, str) else "Benchmark"
        lines.insert(0, Line(label, result.benchmark, "benchmark"))
    curves = [line.values for line in lines]
    can_log = all(bool((curve[np.isfinite(curve)] > 0).all()) for curve in curves)
    linear = _equity_plot(result, lines, fitted(curves), "linear")
    key = legend([(line.label, line.style) for line in reversed(lines)])
    if not can_log:
        return section("equity", "Equity", f'<div class="toolbar">{key}</div>{linear}')
    logarithmic = _equity_plot(result, lines, fitted(curves, log=True), "log")
    body = (
        f'<fieldset class="switch"><legend>Scale of the equity axis</legend>{_SWITCH}</fieldset>{key}'
        f'<div class="on-linear">{linear}</div><div class="on-log">{logarithmic}</div>'
    )
    return section("equity", "Equity", f'<div class="switched">{body}</div>')


def _equity_plot(result: BacktestResult, lines: list[Line], scale: Scale, kind: str) -> str:
    curves = result.curves
    words = (
        f"The account begins with {money(result.cash)} and ends on {day(int(curves.time[-1]))} with "
        f"{money(result.final_equity)}; least {money(float(curves.equity.min()))}, "
        f"greatest {money(float(curves.equity.max()))}."
    )
    places = 0 if scale.high - scale.low > 20 else 2
    return drawn(
        Plot(
            identifier=f"equity-{kind}",
            title=f"Equity over time, {'logarithmic' if kind == 'log' else 'linear'} axis",
            description=words,
            times=curves.time,
            lines=lines,
            scale=scale,
            label=lambda value: decimal(value, places),
            read_out=money,
            size="tall",
            baseline=result.cash,
        )
    )


def drawdowns(equity: Doubles, cash: float) -> Doubles:
    """Return equity / its greatest value so far - 1, the cash at the beginning included."""
    peaks = np.maximum(np.maximum.accumulate(equity), cash)
    return equity / peaks - 1.0


def drawdown_section(result: BacktestResult) -> str:
    """Return how far the account stood below its best value so far."""
    falls = drawdowns(result.curves.equity, result.cash)
    worst = int(falls.argmin())
    when = day(int(result.curves.time[worst]))
    words = f"The deepest drawdown is {percent(float(falls[worst]))} on {when}."
    plot = Plot(
        identifier="drawdown-plot",
        title="Drawdown over time",
        description=words,
        times=result.curves.time,
        lines=[Line("Drawdown", falls, "loss", base=0.0)],
        scale=fitted([falls], zero=True),
        label=lambda value: percent(value, 1),
        read_out=percent,
        size="short",
    )
    lead = "Distance of the account from its best value so far. " + words
    return section("drawdown", "Drawdown", drawn(plot), lead)
