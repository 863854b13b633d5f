"""How metrics are named and written for a reader: in the report and in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.research.metrics.compute import CONVENTIONS
from quantumzero.research.metrics.default import SUBJECTS
from quantumzero.research.report.words import decimal, instant, money, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from quantumzero.research.metrics.definition import Definition
    from quantumzero.research.result import Metric

UNDEFINED = "undefined"
_LABELS: Mapping[str, str] = {
    "cagr": "Return a year (CAGR)",
    "volatility": "Volatility a year",
    "sharpe": "Sharpe ratio",
    "session_sharpe": "Sharpe ratio per session",
    "sortino": "Sortino ratio",
    "calmar": "Calmar ratio",
    "omega": "Omega ratio",
    "sqn": "SQN",
    "sqn_100": "SQN of 100 trades",
    "kelly": "Kelly fraction",
    "r_squared": "R²",
    "max_drawdown": "Deepest drawdown",
    "max_drawdown_start": "Deepest drawdown began",
    "max_drawdown_valley": "Deepest drawdown's valley",
    "max_drawdown_recovery": "Deepest drawdown recovered",
    "max_drawdown_days": "Deepest drawdown lasted",
    "longest_drawdown_days": "Longest drawdown",
    "longest_flat_days": "Longest time without a position",
    "average_holding_days": "Average holding time",
    "longest_holding_days": "Longest holding time",
    "probabilistic_sharpe": "Probabilistic Sharpe ratio",
    "deflated_sharpe": "Deflated Sharpe ratio",
    "minimum_track_record": "Least track record needed",
    "capacity_1_percent": "Capacity at 1 % of volume",
    "capacity_5_percent": "Capacity at 5 % of volume",
    "average_mae": "Average worst open loss (MAE)",
    "average_mfe": "Average best open profit (MFE)",
    "worst_mae": "Worst open loss (MAE)",
    "best_mfe": "Best open profit (MFE)",
    "var_95": "Value at risk, 95 %",
    "var_99": "Value at risk, 99 %",
    "cvar_95": "Expected shortfall, 95 %",
    "cvar_99": "Expected shortfall, 99 %",
    "var_95_gaussian": "Value at risk, 95 %, Gaussian",
    "var_99_gaussian": "Value at risk, 99 %, Gaussian",
    "cvar_95_gaussian": "Expected shortfall, 95 %, Gaussian",
    "cvar_99_gaussian": "Expected shortfall, 99 %, Gaussian",
}
# Ratios that people read in percent; of the others (Sharpe, payoff, beta) they read the number.
_IN_PERCENT = frozenset(
    {
        "total_return", "cagr", "volatility", "mean_return", "best_session", "worst_session",
        "positive_sessions", "max_drawdown", "downside_deviation", "time_in_market", "alpha",
        "tracking_error", "benchmark_return", "win_rate", "average_trade_return", "cost_drag",
        "mean_gross_leverage", "mean_net_leverage", "up_capture", "down_capture", "kelly",
        "probabilistic_sharpe", "deflated_sharpe", "ambiguous_share", "ulcer_index",
        "var_95", "var_99", "cvar_95", "cvar_99", "var_95_gaussian", "var_99_gaussian",
        "cvar_95_gaussian", "cvar_99_gaussian",
    }
)  # fmt: skip
_BY_UNIT: Mapping[str, Callable[[float], str]] = {
    "money": money,
    "ratio": lambda value: decimal(value, 3),
    "percent": lambda value: percent(value / 100),
    "count": lambda value: decimal(value, 0 if value == int(value) else 1),
    "days": lambda value: _days(value),
    "sessions": lambda value: f"{decimal(value, 0)} sessions",
    "time": lambda value: instant(int(value))[:10],
}


def _days(value: float) -> str:
    if value >= 1:
        return f"{decimal(value, 0 if value >= 10 else 1)} days"
    return (
        f"{decimal(value * 24, 1)} hours" if value * 24 >= 1 else f"{decimal(value * 1440, 0)} min"
    )


def groups(convention: str) -> list[tuple[str, tuple[Definition, ...]]]:
    """Return the definitions of a convention under headings; those of other libraries under one."""
    if convention == "default" or convention not in CONVENTIONS:
        return list(SUBJECTS.items())
    return [(f"By the convention of {convention}", CONVENTIONS[convention])]


def label_of(name: str) -> str:
    """Return the metric's name as words."""
    return _LABELS.get(name) or name.replace("_", " ")[:1].upper() + name.replace("_", " ")[1:]


def written(name: str, metric: Metric) -> tuple[str, str]:
    """Return the words for the metric's name and for its value in its unit."""
    if metric.value is None:
        return label_of(name), UNDEFINED
    if metric.unit == "ratio" and name in _IN_PERCENT:
        return label_of(name), percent(metric.value)
    write = _BY_UNIT.get(metric.unit, decimal)
    return label_of(name), write(metric.value)
