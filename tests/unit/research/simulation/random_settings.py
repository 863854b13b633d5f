"""Strategies of Hypothesis for the settings of a simulation: costs, sizes, limits."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from quantumzero.research.simulation.request import (
    INFINITE,
    CostSettings,
    FillAt,
    Life,
    OrderKind,
    SimulationSettings,
    SizeBy,
)


def one_of(*values: Any) -> st.SearchStrategy[Any]:
    """Draw one of the values; the first is the simplest."""
    return st.sampled_from(values)


@st.composite
def cost_settings(draw: st.DrawFn) -> CostSettings:
    tiered = draw(one_of(False, False, False, True))
    return CostSettings(
        rate=draw(one_of(0.0, 0.001, 0.01)),
        per_share=draw(one_of(0.0, 0.0, 0.005)),
        per_trade=draw(one_of(0.0, 0.0, 1.0)),
        minimum=draw(one_of(0.0, 0.0, 1.0)),
        maximum_rate=draw(one_of(INFINITE, 0.01)),
        sell_value_rate=draw(one_of(0.0, 2e-5)),
        sell_per_share=draw(one_of(0.0, 0.000166)),
        sell_per_share_cap=draw(one_of(INFINITE, 0.05)),
        tier_shares=(0.0, 100.0, 1000.0) if tiered else (),
        tier_rates=(0.0035, 0.002, 0.001) if tiered else (),
        slippage_rate=draw(one_of(0.0, 0.0, 0.002)),
        volume_share_impact=draw(one_of(0.0, 0.0, 0.1)),
        square_root_coefficient=draw(one_of(0.0, 0.0, 0.5)),
        borrow_rate=draw(one_of(0.0, 0.1)),
        interest_rate=draw(one_of(0.0, 0.2)),
    )


AMOUNTS = {
    SizeBy.FRACTION_OF_EQUITY: (0.3, 0.95, 1.0, 1.9),
    SizeBy.QUANTITY: (1.0, 7.5, 100.0),
    SizeBy.NOTIONAL: (50.0, 5000.0),
    SizeBy.RISK_FRACTION: (0.01, 0.05),
}


_NOTHING_ELSE: dict[str, Any] = {
    "limit_drawdown": INFINITE,
    "limit_net": INFINITE,
    "limit_sector": INFINITE,
    "limit_strategy": INFINITE,
    "limit_executions": INFINITE,
    "resume_next_session": False,
}
TIGHT: tuple[dict[str, Any], ...] = (
    {"limit_net": 300.0},
    {"limit_sector": 300.0},
    {"limit_strategy": 300.0, "limit_net": INFINITE, "limit_sector": INFINITE},
    {"limit_collar": 0.5},
    {"limit_drift": 1.0},
    {"limit_daily_loss": 4.0, "limit_drawdown": INFINITE},
    {"limit_daily_loss": 0.5},
    {"limit_daily_loss": 5.0, **_NOTHING_ELSE},
    {"limit_daily_loss": 8.0, **_NOTHING_ELSE},
    {"limit_drawdown": 4.0},
    {"limit_executions": 2.0},
    {"limit_open_orders": 1.0},
)


@st.composite
def account_limits(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the limits of an account; most of the time there is none of them."""
    if draw(one_of(True, False)):
        return {}
    return {
        "limit_open_orders": draw(one_of(INFINITE, INFINITE, 1.0, 2.0)),
        "limit_net": draw(one_of(INFINITE, INFINITE, 900.0)),
        "limit_sector": draw(one_of(INFINITE, INFINITE, 700.0)),
        "limit_strategy": draw(one_of(INFINITE, INFINITE, 1200.0)),
        "limit_collar": draw(one_of(INFINITE, INFINITE, 1.0)),
        "limit_drift": draw(one_of(INFINITE, INFINITE, 3.0)),
        "limit_daily_loss": draw(one_of(INFINITE, 0.5, 2.0, 20.0)),
        "limit_drawdown": draw(one_of(INFINITE, 1.0, 5.0, 50.0)),
        "limit_executions": draw(one_of(INFINITE, INFINITE, 0.0, 1.0, 3.0, 1000.0)),
        "haircut": draw(one_of(0.0, 0.0, 25.0)),
        "resume_next_session": draw(st.booleans()),
    }


@st.composite
def simulation_settings(draw: st.DrawFn, *, prints: bool) -> SimulationSettings:
    size_by = draw(one_of(*SizeBy))
    return SimulationSettings(
        cash=draw(one_of(1000.0, 100.0, 100_000.0)),
        fill_at=draw(one_of(FillAt.NEXT_OPEN, *FillAt)),
        order_kind=draw(one_of(OrderKind.MARKET, OrderKind.MARKET, *OrderKind)),
        life=draw(one_of(Life.DAY, *Life)),
        size_by=size_by,
        amount=draw(one_of(*AMOUNTS[size_by])),
        lot=draw(one_of(1.0, 0.0, 10.0)),
        size_at_fill=draw(st.booleans()),
        participation=draw(one_of(0.0, 0.0, 0.02, 0.3)),
        costs=draw(cost_settings()),
        stop_fraction=draw(one_of(0.0, 0.02, 0.1)),
        target_fraction=draw(one_of(0.0, 0.02, 0.1)),
        trail_fraction=draw(one_of(0.0, 0.0, 0.03)),
        time_stop_bars=draw(one_of(0, 0, 2, 5)),
        entry_trail_fraction=draw(one_of(0.0, 0.02)),
        gap_at_stop=draw(st.booleans()),
        target_first=draw(st.booleans()),
        leverage=draw(one_of(1.0, 2.0)),
        maintenance=draw(one_of(0.0, 0.25, 0.9)),
        allow_short=draw(one_of(True, True, False)),
        finalise=draw(st.booleans()),
        limit_order_value=draw(one_of(INFINITE, INFINITE, 500.0)),
        limit_gross=draw(one_of(INFINITE, INFINITE, 1500.0)),
        limit_symbol=draw(one_of(INFINITE, INFINITE, 800.0)),
        limit_quantity=draw(one_of(INFINITE, INFINITE, 30.0)),
        limit_positions=draw(one_of(INFINITE, INFINITE, 1.0, 2.0)),
        **draw(account_limits()),
        drift_band=draw(one_of(0.0, 0.05)),
        cash_buffer=draw(one_of(0.0, 0.01)),
        replay_prints=prints,
    )
