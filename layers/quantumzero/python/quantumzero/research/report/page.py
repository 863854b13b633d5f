"""The whole report as one HTML text: no file, no address and no clock is read to show it."""

from __future__ import annotations

from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from quantumzero.research.report.equity_section import drawdown_section, equity_section
from quantumzero.research.report.headline import headline
from quantumzero.research.report.metrics_section import metrics_section
from quantumzero.research.report.money_section import (
    ambiguity_section,
    costs_section,
    exposure_section,
)
from quantumzero.research.report.price_section import price_section
from quantumzero.research.report.record_section import refusals_section, settings_section
from quantumzero.research.report.returns_section import monthly_section, rolling_section
from quantumzero.research.report.trade_section import trade_section
from quantumzero.research.report.words import clean

if TYPE_CHECKING:
    from quantumzero.research.result import BacktestResult

SECTIONS = (
    ("equity", "Equity", equity_section),
    ("drawdown", "Drawdown", drawdown_section),
    ("monthly", "Months", monthly_section),
    ("rolling", "Sharpe", rolling_section),
    ("prices", "Chart", price_section),
    ("exposure", "Exposure", exposure_section),
    ("costs", "Costs", costs_section),
    ("ambiguity", "Ambiguity", ambiguity_section),
    ("metrics", "Metrics", metrics_section),
    ("settings", "Settings", settings_section),
    ("refusals", "Refused", refusals_section),
    ("trades", "Trades", trade_section),
)


def render_report(result: BacktestResult) -> str:
    """Return the report of a run: UTF-8 text of an HTML page that needs nothing but itself.

    Equal results give equal pages. Long curves keep the extremes of each pixel, so that the page of
    100,000 bars stays below a megabyte.
    """
    parts = [headline(result), *(draw(result) for _, _, draw in SECTIONS)]
    contents = "".join(f'<li><a href="#{name}">{words}</a></li>' for name, words, _ in SECTIONS)
    return Template(_text("report.html")).substitute(
        title=f"{clean(result.strategy)} backtest",
        style=_text("report.css"),
        script=_text("report.js"),
        contents=contents,
        main="\n".join(parts),
    )


def _text(name: str) -> str:
    return files("quantumzero.research.report").joinpath(name).read_text(encoding="utf-8")
