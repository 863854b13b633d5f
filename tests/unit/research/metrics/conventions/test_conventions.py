"""Where the conventions part: hand-computed figures on r = 10, -10, 10, 0 % and trades of known profit.

That each convention equals its library is proved beside the libraries (tests/bench_side).
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from quantumzero.research.metrics import CONVENTIONS, compute_metrics
from quantumzero.research.result import Charges, Metric
from tests.unit.research.metrics.runs import BENCHMARK, EQUITY, curves_of, trades_of

SPREAD = math.sqrt(0.0275 / 3)


def figures(convention: str, **changes: Any) -> dict[str, Metric]:
    rows = np.array([0, 0, 1, 1, 1], np.int32)
    given: dict[str, Any] = {
        "cash": 1000.0,
        "sessions_per_year": 4.0,
        "benchmark": BENCHMARK,
        "convention": convention,
    }
    trades = changes.pop("trades", trades_of(entry_bar=rows, exit_bar=rows + 2))
    return compute_metrics(curves_of(EQUITY), trades, Charges(), **{**given, **changes})


@pytest.mark.parametrize(
    ("convention", "name", "expected"),
    [
        ("empyrical", "annual_return", 1.089 ** (252 / 4) - 1),
        ("empyrical", "sharpe_ratio", 0.025 / SPREAD * math.sqrt(252)),
        ("empyrical", "max_drawdown", -0.1),
        ("empyrical", "conditional_value_at_risk", -0.1),
        ("empyrical", "excess_sharpe", 0.0175 / math.sqrt(0.017675 / 3)),
        ("empyrical", "batting_average", 0.5),
        ("quantstats", "exposure", 0.75),
        ("quantstats", "win_rate", 2 / 3),
        ("quantstats", "payoff_ratio", 1.0),
        ("quantstats", "kelly_criterion", 2 / 3 - 1 / 3),
        ("quantstats", "gain_to_pain_ratio", 1.0),
        ("quantstats", "consecutive_wins", 1.0),
        ("quantstats", "ulcer_index", math.sqrt((0.1**2 + 0.01**2 + 0.01**2) / 3)),
        ("lean", "SharpeRatio", (1.025**252 - 1) / (SPREAD * math.sqrt(252))),
        ("lean", "SortinoRatio", 0.0),
        ("lean", "Drawdown", 0.1),
        ("lean", "ValueAtRisk95", round(0.025 + SPREAD * NormalDist().inv_cdf(0.05), 3)),
        ("lean", "CompoundingAnnualReturn", 1.089 ** (365 / 3) - 1),
        ("lean", "WinRate", 0.4),
        ("lean", "AverageWinRate", (50 / 1000 + 30 / 1030) / 2),
        ("lean", "Trade.TotalProfitLoss", 55.0),
        ("lean", "Trade.NumberOfWinningTrades", 3.0),
        ("lean", "Trade.ProfitFactor", (51 + 31 + 1) / (19 + 9)),
        ("lean", "Trade.MaximumClosedTradeDrawdown", -19.0),
        ("lean", "Trade.MaximumEndTradeDrawdown", -79.0),
        ("backtesting_py", "Return [%]", (1089 / 1100 - 1) * 100),
        ("backtesting_py", "Exposure Time [%]", 100.0),
        ("backtesting_py", "Max. Drawdown [%]", -10.0),
        ("backtesting_py", "Commissions [$]", 5.0),
        ("backtesting_py", "Profit Factor", 80 / 30),
        ("backtesting_py", "Duration", 3.0),
        ("backtesting_py", "Avg. Trade Duration", 2.0),
        ("backtesting_py", "Buy & Hold Return [%]", (1018.71 / 1050 - 1) * 100),
    ],
)
def test_a_figure_of_a_convention(convention: str, name: str, expected: float) -> None:
    assert figures(convention)[name].value == pytest.approx(expected, rel=1e-12, abs=1e-14)


def test_buy_and_hold_begins_after_the_warm_up() -> None:
    found = figures("backtesting_py", warmup_bars=2)["Buy & Hold Return [%]"]
    assert found.value == pytest.approx((1018.71 / 1131.9 - 1) * 100)
    late = figures("backtesting_py", warmup_bars=4)["Buy & Hold Return [%]"]
    assert late.reason == "the warm-up is longer than the run"


def test_lean_says_0_or_10_where_the_others_say_nothing() -> None:
    winning = figures("lean", trades=trades_of((10.0,)))
    assert winning["ProfitLossRatio"].value == 0.0
    assert winning["Trade.ProfitFactor"].value == 10.0
    assert winning["Trade.WinLossRatio"].value == 10.0
    none = figures("lean", trades=trades_of(()))
    assert none["WinRate"].value == none["Trade.WinRate"].value == 0.0


def test_leans_longest_drawdown_of_trades_runs_from_high_to_high() -> None:
    # closed profits 10, 5, 12 before fees of 1 each: a high on day 2, again on day 4
    found = figures("lean", trades=trades_of((9.0, -6.0, 6.0)))
    assert found["Trade.MaximumDrawdownDuration"].value == pytest.approx(2.0)


def test_without_a_benchmark_a_convention_says_so() -> None:
    for convention, name in (
        ("empyrical", "alpha"),
        ("quantstats", "beta"),
        ("lean", "TrackingError"),
        ("backtesting_py", "Beta"),
    ):
        found = figures(convention, benchmark=None)[name]
        assert found.value is None
        assert found.reason


def test_the_risk_free_rate_reaches_every_convention() -> None:
    for convention, name in (
        ("empyrical", "sharpe_ratio"),
        ("quantstats", "sharpe"),
        ("lean", "SharpeRatio"),
        ("backtesting_py", "Sharpe Ratio"),
    ):
        plain, rated = (
            figures(convention)[name].value,
            figures(convention, risk_free=0.05)[name].value,
        )
        assert plain is not None
        assert rated is not None
        assert rated < plain


def test_the_conventions_are_five() -> None:
    assert list(CONVENTIONS) == ["default", "empyrical", "quantstats", "lean", "backtesting_py"]
