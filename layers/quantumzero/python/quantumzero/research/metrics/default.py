"""The default convention: every definition of the product, by subject."""

from __future__ import annotations

from quantumzero.research.metrics import (
    benchmark_relative,
    costs,
    drawdowns,
    exposure,
    probabilistic_sharpe,
    ratios,
    returns,
    tail_risk,
    trade_statistics,
)

SUBJECTS = {
    "Returns": returns.DEFINITIONS,
    "Drawdowns": drawdowns.DEFINITIONS,
    "Ratios": ratios.DEFINITIONS,
    "Probabilistic Sharpe ratio": probabilistic_sharpe.DEFINITIONS,
    "Tail risk": tail_risk.DEFINITIONS,
    "Against the benchmark": benchmark_relative.DEFINITIONS,
    "Exposure": exposure.DEFINITIONS,
    "Trades": trade_statistics.DEFINITIONS,
    "Costs and capacity": costs.DEFINITIONS,
}
DEFINITIONS = tuple(definition for subject in SUBJECTS.values() for definition in subject)
