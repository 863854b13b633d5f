"""The two entrances: all metrics of one run, and the two that a sweep needs, quickly."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.metrics import default
from quantumzero.research.metrics.arithmetic import varies_by_rounding
from quantumzero.research.metrics.conventions import backtesting_py, empyrical, lean, quantstats
from quantumzero.research.metrics.curve import lowest_share_of_high, marked_rows
from quantumzero.research.metrics.sample import Sample

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from quantumzero.research.metrics.definition import Definition
    from quantumzero.research.metrics.trials import Trials
    from quantumzero.research.result import Charges, Curves, Metric, Trades

CONVENTIONS: Mapping[str, tuple[Definition, ...]] = {
    "default": default.DEFINITIONS,
    "empyrical": empyrical.DEFINITIONS,
    "quantstats": quantstats.DEFINITIONS,
    "lean": lean.DEFINITIONS,
    "backtesting_py": backtesting_py.DEFINITIONS,
}


def compute_metrics(  # noqa: PLR0913 - the parts of a run and the rates it is judged by
    curves: Curves,
    trades: Trades,
    charges: Charges,
    *,
    cash: float,
    sessions_per_year: float,
    benchmark: NDArray[np.float64] | None = None,
    risk_free: float = 0.0,
    minimum_acceptable_return: float = 0.0,
    convention: str = "default",
    trials: Trials | None = None,
    volumes: NDArray[np.float64] | None = None,
    warmup_bars: int = 0,
) -> dict[str, Metric]:
    """Return every metric of the convention by name; the arguments are those of Sample.

    Raises InvalidInputError for a convention that there is not, rates of -100 % or less, cash or
    sessions per year that are not above 0.
    """
    definitions = convention_definitions(convention)
    _check(cash, sessions_per_year, risk_free, minimum_acceptable_return)
    sample = Sample(
        curves=curves,
        trades=trades,
        charges=charges,
        cash=float(cash),
        sessions_per_year=float(sessions_per_year),
        benchmark=benchmark,
        risk_free=float(risk_free),
        minimum_acceptable_return=float(minimum_acceptable_return),
        trials=trials,
        volumes=volumes,
        warmup_bars=warmup_bars,
    )
    with np.errstate(all="ignore"):  # what is not finite becomes a reason, not a warning
        return {definition.name: definition.measure(sample) for definition in definitions}


def convention_definitions(name: str) -> tuple[Definition, ...]:
    """Return the definitions of a convention; InvalidInputError names those that there are."""
    if name not in CONVENTIONS:
        raise InvalidInputError(
            f"convention: there is no {name!r}; it may be {', '.join(CONVENTIONS)}",
            field="convention",
        )
    return CONVENTIONS[name]


def quick_metrics(
    curves: Curves, *, cash: float | None = None, sessions_per_year: float = 252.0
) -> tuple[float, float]:
    """Return max_drawdown and sharpe exactly as the default convention defines them, risk-free rate 0.

    cash is the equity before the first instant (the first value of the curve, when not given). A
    Sharpe ratio that is undefined is NaN here.
    """
    equity = curves.equity
    if not len(equity):
        return 0.0, math.nan
    base = float(equity[0] if cash is None else cash)
    least, _, _ = lowest_share_of_high(equity, base)
    rows = marked_rows(curves.session_end)
    count = len(rows)
    if count < 2:
        return 1.0 - least, math.nan
    values = np.empty(count + 1)
    values[0] = base
    values[1:] = equity[rows]
    returns = values[1:] / values[:-1] - 1.0
    mean = float(np.add.reduce(returns)) / count
    away = returns - mean
    spread = math.sqrt(float(np.add.reduce(away * away)) / (count - 1))
    if varies_by_rounding(returns):
        return 1.0 - least, math.nan
    return 1.0 - least, mean / spread * math.sqrt(sessions_per_year)


def _check(cash: float, sessions_per_year: float, risk_free: float, minimum: float) -> None:
    for name, value, least in (
        ("cash", cash, 0.0),
        ("sessions_per_year", sessions_per_year, 0.0),
        ("risk_free", risk_free, -1.0),
        ("minimum_acceptable_return", minimum, -1.0),
    ):
        if not (math.isfinite(value) and value > least):
            raise InvalidInputError(
                f"{name} was {value!r}; it may be any number above {least:g}", field=name
            )
