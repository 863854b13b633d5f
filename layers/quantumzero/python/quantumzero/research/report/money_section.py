"""Where the money was: exposure over time, what trading cost, and what hangs on ambiguous bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quantumzero.research.report.plot import Line, Plot, drawn, legend
from quantumzero.research.report.scales import fitted
from quantumzero.research.report.tables import empty, section, table, toned
from quantumzero.research.report.words import ABSENT, count, money, percent, tone

if TYPE_CHECKING:
    from quantumzero.research.result import BacktestResult


def exposure_section(result: BacktestResult) -> str:
    """Return gross and net holdings as shares of equity."""
    curves = result.curves
    positive = curves.equity > 0
    gross = np.full(len(curves.equity), np.nan)
    net = gross.copy()
    gross[positive] = curves.gross[positive] / curves.equity[positive]
    net[positive] = curves.net[positive] / curves.equity[positive]
    invested = float((curves.gross > 0).mean())
    average = float(np.nanmean(gross)) if positive.any() else 0.0
    lead = (
        f"Something was held on {percent(invested, 1)} of the bars; on average "
        f"{percent(average, 1)} of equity was at work."
    )
    same = bool(np.array_equal(curves.gross, curves.net))
    lines = [Line("Gross", gross, "strategy", base=0.0)]
    if not same:
        lines.append(Line("Net", net, "benchmark"))
    plot = Plot(
        identifier="exposure-plot",
        title="Value of the holdings as a share of equity",
        description=lead,
        times=curves.time,
        lines=lines,
        scale=fitted([gross, net], zero=True),
        label=lambda value: percent(value, 0),
        read_out=lambda value: percent(value, 1),
        size="short",
        baseline=0.0,
    )
    key = "" if same else legend([("Gross", "strategy"), ("Net (long less short)", "benchmark")])
    return section("exposure", "Exposure", key + drawn(plot), lead)


def costs_section(result: BacktestResult) -> str:
    """Return every charge in money, as a share of what was traded and of the cash at the start."""
    charges = result.charges
    traded = charges.traded_value
    named = (
        ("Commission and fees", charges.commission),
        ("Slippage", charges.slippage),
        ("Borrowing shares", charges.borrow),
        ("Margin interest", charges.margin_interest),
    )
    rows = [_cost_row(name, amount, traded, result.cash) for name, amount in named]
    total = sum(amount for _, amount in named)
    rows.append(_cost_row("All costs", total, traded, result.cash, strong=True))
    content = table(
        "Costs of trading",
        ["Cost", "Money", "Of traded value", "Of the cash at the start"],
        rows,
        style="sums",
        numeric=(1, 2, 3),
    )
    lead = f"Traded value {money(traded)}, buys and sells added up."
    if charges.dividends:
        lead += f" Dividends received less dividends owed: {money(charges.dividends, signed=True)}."
    return section("costs", "Costs", content, lead)


def _cost_row(
    name: str, amount: float, traded: float, cash: float, *, strong: bool = False
) -> list[str]:
    cells = [
        name,
        money(amount),
        percent(amount / traded, 3) if traded else ABSENT,
        percent(amount / cash),
    ]
    return [f"<b>{cell}</b>" for cell in cells] if strong else cells


def ambiguity_section(result: BacktestResult) -> str:
    """Return how many trades hang on the order of prices inside a bar, and what that could change."""
    trades = len(result.trades)
    title = "Ambiguity inside bars"
    if not result.ambiguous_trades:
        words = (
            f"None of the {count(trades)} trades hangs on the order of prices inside a bar."
            if trades
            else "There were no trades."
        )
        return section("ambiguity", title, empty(words))
    worst, best = result.ambiguity_bounds
    profit = float(result.trades.profit.sum())
    rows = [
        [words, toned(money(value, signed=True), tone(value))]
        for words, value in (
            ("Least possible", worst), ("As reported", profit), ("Greatest possible", best)
        )
    ]  # fmt: skip
    lead = (
        f"{count(result.ambiguous_trades)} of {count(trades)} trades "
        f"({percent(result.ambiguous_trades / trades, 1)}) touched more than one of their prices in "
        "one bar, and a bar does not say which came first. Finer bars (--detail) settle it."
    )
    content = table("Profit of all trades", ["Profit", "Money"], rows, numeric=(1,), style="sums")
    return section("ambiguity", title, content, lead)
