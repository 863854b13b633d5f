"""The report of a backtest: a BacktestResult becomes one self-contained HTML page."""

from quantumzero.research.report.page import SECTIONS, render_report

__all__ = ["SECTIONS", "render_report"]
