"""The top of the report: what became of the money, in one sentence and a few figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.research.report.equity_section import drawdowns
from quantumzero.research.report.words import clean, count, day, decimal, money, percent, tone

if TYPE_CHECKING:
    from quantumzero.research.result import BacktestResult, Metric

_MOST_SYMBOLS = 6


def headline(result: BacktestResult) -> str:
    """Return name, sentence, key figures and notes."""
    name = f'{clean(result.strategy)} <span class="version">version {result.version}</span>'
    tiles = "".join(
        f'<div class="tile"><dt>{label}</dt><dd class="{style}">{figure}</dd></div>'
        for label, figure, style in _figures(result)
    )
    notes = "".join(f"<li>{clean(note)}</li>" for note in result.notes)
    if result.certificate:
        notes += f"<li>{clean(result.certificate)}</li>"
    listed = f'<ul class="notes" aria-label="Notes">{notes}</ul>' if notes else ""
    columns = 5 if result.benchmark is not None else 4
    return (
        f'<header class="top" id="summary"><p class="kind">Backtest report</p><h1>{name}</h1>'
        f'<p class="sentence">{_sentence(result)}</p>'
        f'<dl class="tiles" style="--columns:{columns}">{tiles}</dl>{listed}</header>'
    )


def _sentence(result: BacktestResult) -> str:
    times = result.curves.time
    symbols = result.symbols
    named = ", ".join(clean(symbol) for symbol in symbols[:_MOST_SYMBOLS])
    if len(symbols) > _MOST_SYMBOLS:
        named += f" and {len(symbols) - _MOST_SYMBOLS} more"
    change = result.final_equity / result.cash - 1
    return (
        f"{money(result.cash)} became <b>{money(result.final_equity)}</b> "
        f'(<b class="{tone(change)}">{percent(change, signed=True)}</b>) from '
        f"<time>{day(int(times[0]))}</time> to <time>{day(int(times[-1]))}</time> on {named}."
    )


def _figures(result: BacktestResult) -> list[tuple[str, str, str]]:
    change = result.final_equity / result.cash - 1
    deepest = float(drawdowns(result.curves.equity, result.cash).min())
    charges = result.charges
    costs = charges.commission + charges.slippage + charges.borrow + charges.margin_interest
    metrics = result.metrics
    figures = [("Total return", percent(change, signed=True), tone(change))]
    if result.benchmark is not None:
        market = float(result.benchmark[-1] / result.cash - 1)
        figures.append(("Benchmark", percent(market, signed=True), tone(market)))
    figures += [
        ("Return a year", _percent(metrics.get("cagr"), signed=True), ""),
        ("Volatility a year", _percent(metrics.get("volatility")), ""),
        ("Sharpe ratio", _ratio(metrics.get("sharpe")), ""),
        ("Deepest drawdown", percent(deepest), "loss" if deepest < 0 else ""),
        ("Trades", count(len(result.trades)), ""),
        ("Win rate", _percent(metrics.get("win_rate"), places=1), ""),
        ("Costs", money(costs), ""),
    ]
    if result.benchmark is not None:
        held = float((result.curves.gross > 0).mean())
        figures.append(("Time in the market", percent(held, 1), ""))
    return figures


def _percent(metric: Metric | None, *, places: int = 2, signed: bool = False) -> str:
    """Return a metric as a percentage, whether it is kept as a fraction or as percent."""
    if metric is None or metric.value is None:
        return percent(None)
    value = metric.value / 100 if metric.unit.startswith("percent") else metric.value
    return percent(value, places, signed=signed)


def _ratio(metric: Metric | None) -> str:
    return decimal(metric.value if metric else None)
