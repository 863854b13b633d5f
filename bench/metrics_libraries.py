"""The figures of each library on a series, by the names under which our conventions give them."""

from __future__ import annotations

import inspect
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bench.lean_reference import equity_figures, return_figures, trade_rates
from bench.lean_trade_reference import DAY, Trade, TradeStatistics
from bench.peer_series import CASH, Series, microseconds

if TYPE_CHECKING:
    from quantumzero.research.result import Curves, Trades

_FACTOR = (
    *("excess_sharpe", "alpha", "beta", "capture", "up_capture", "down_capture"),
    *("up_down_capture", "beta_fragility_heuristic"),
)


def empyrical_figures(series: Series, names: list[str]) -> dict[str, float]:
    """Call empyrical for every name; rates per session, omega_ratio's required return per year."""
    library = import_module("empyrical")
    scipy_stats = import_module("scipy.stats")
    returns, market = series.returns, series.market_returns
    free = (1.0 + series.risk_free) ** (1.0 / 252.0) - 1.0
    minimum = (1.0 + series.minimum) ** (1.0 / 252.0) - 1.0
    batting = library.batting_average(returns, market)
    up = library.up_alpha_beta(returns, market, risk_free=free)
    down = library.down_alpha_beta(returns, market, risk_free=free)
    found = {
        "sharpe_ratio": library.sharpe_ratio(returns, risk_free=free),
        "sortino_ratio": library.sortino_ratio(returns, required_return=minimum),
        "downside_risk": library.downside_risk(returns, required_return=minimum),
        "omega_ratio": library.omega_ratio(returns, risk_free=free, required_return=series.minimum),
        "alpha": library.alpha(returns, market, risk_free=free),
        "beta": library.beta(returns, market, risk_free=free),
        "up_alpha": up[0],
        "up_beta": up[1],
        "down_alpha": down[0],
        "down_beta": down[1],
        "batting_average": batting["batting average"],
        "batting_average_up": batting["up market"],
        "batting_average_down": batting["down market"],
        "skew": scipy_stats.skew(returns),
        "kurtosis": scipy_stats.kurtosis(returns),
    }
    for name in names:
        if name not in found:
            function = getattr(library, name, None) or getattr(library.stats, name)
            found[name] = function(returns, market) if name in _FACTOR else function(returns)
    return {name: float(value) for name, value in found.items()}


def quantstats_figures(series: Series, names: list[str]) -> dict[str, float]:
    """Call quantstats for every name, with rf and required_return where the function takes them."""
    library = import_module("quantstats.stats")
    returns, market = series.returns, series.market_returns
    found: dict[str, float] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        greeks = library.greeks(returns, market)
        found["alpha"], found["beta"] = float(greeks["alpha"]), float(greeks["beta"])
        found["implied_volatility"] = float(library.implied_volatility(returns, annualize=False))
        for name in names:
            if name in found:
                continue
            function = getattr(library, name)
            takes = inspect.signature(function).parameters
            arguments: dict[str, Any] = {"benchmark": market} if "benchmark" in takes else {}
            # cagr and gain_to_pain_ratio take rf and leave it unused, which their figures show
            arguments |= {"rf": series.risk_free} if "rf" in takes else {}
            arguments |= {"required_return": series.minimum} if "required_return" in takes else {}
            found[name] = float(function(returns, **arguments))
    return found


def lean_figures(series: Series, curves: Curves, trades: Trades) -> dict[str, float]:
    """Run the transcription of LEAN on the series held, and on the trades of the strategy."""
    equity = [CASH, *map(float, curves.equity)]
    days = float(curves.time[-1] - curves.time[0]) / DAY
    closed = [
        Trade(int(entry), int(leave), profit + fees, mae, mfe, fees)
        for entry, leave, profit, mae, mfe, fees in zip(
            trades.entry_time,
            trades.exit_time,
            trades.profit.tolist(),
            trades.mae.tolist(),
            trades.mfe.tolist(),
            trades.fees.tolist(),
            strict=True,
        )
    ]
    returns, market = series.returns.tolist(), series.market_returns.tolist()
    return {
        **trade_rates(trades.profit.tolist(), CASH),
        **equity_figures(equity, days),
        **return_figures(returns, market, series.risk_free),
        **{f"Trade.{name}": v for name, v in TradeStatistics(closed).figures().items()},
    }


def backtesting_figures(stats: Any) -> dict[str, float]:
    """Return the statistics of a backtesting.py result, dates as microseconds and durations as days."""
    pandas = import_module("pandas")
    found: dict[str, float] = {}
    for name, value in stats.items():
        if name.startswith("_"):
            continue
        if isinstance(value, pandas.Timedelta):
            found[name] = value / pandas.Timedelta(days=1)
        elif isinstance(value, pandas.Timestamp):
            found[name] = float(microseconds(pandas.DatetimeIndex([value]))[0])
        else:
            found[name] = float(value)
    return found
