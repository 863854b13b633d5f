"""Costs in money and in growth, and capacity."""

from __future__ import annotations

import numpy as np
import pytest

from quantumzero.research.metrics import costs, returns
from quantumzero.research.result import Charges
from tests.unit.research.metrics.runs import reason, sample_of, trades_of

CHARGES = Charges(commission=10.0, slippage=5.0, borrow=3.0, margin_interest=2.0, dividends=7.0)


def test_costs_are_the_charges_and_dividends_are_none() -> None:
    run = sample_of([1100.0, 1089.0], charges=CHARGES)
    assert costs.commission.read(run) == 10.0
    assert costs.slippage.read(run) == 5.0
    assert costs.borrow.read(run) == 3.0
    assert costs.margin_interest.read(run) == 2.0
    assert costs.dividends.read(run) == 7.0
    assert costs.total_costs.read(run) == 20.0


def test_cost_drag_is_growth_without_costs_less_growth() -> None:
    run = sample_of([1100.0] * 366, charges=CHARGES)  # 365 days
    years = 365 / 365.25
    assert costs.cost_drag.read(run) == pytest.approx(1.12 ** (1 / years) - 1.1 ** (1 / years))
    assert costs.cost_drag.read(sample_of([1100.0] * 366)) == 0.0


def test_capacity_is_the_cash_at_which_the_thinnest_trade_meets_the_limit() -> None:
    # 10 shares each; the second trade's bar had 200 shares: 5 % of it at 1,000 cash
    run = sample_of([1100.0], trades=trades_of((1.0, 2.0)), volumes=np.array([1000.0, 200.0]))
    assert costs.capacity_5_percent.read(run) == pytest.approx(1000.0)
    assert costs.capacity_1_percent.read(run) == pytest.approx(200.0)


def test_capacity_is_undefined_without_volumes_trades_or_market() -> None:
    trades = trades_of((1.0,))
    assert "not given" in reason(costs.capacity_1_percent, sample_of([1.0], trades=trades))
    nothing = sample_of([1.0], trades=trades, volumes=np.array([0.0]))
    assert "without volume" in reason(costs.capacity_5_percent, nothing)
    none = sample_of([1.0], volumes=np.array([]))
    assert "no trade" in reason(costs.capacity_5_percent, none)


def test_a_ruin_has_no_cost_drag() -> None:
    run = sample_of([500.0, -1.0], charges=CHARGES)
    assert reason(costs.cost_drag, run) == reason(returns.cagr, run)
