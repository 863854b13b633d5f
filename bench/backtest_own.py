"""The same work in our engine, by its public functions, from float prices to the whole result."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from bench.backtest_data import CASH, FAST, SLOW
from quantumzero.contracts.strategy_document import parse_document
from quantumzero.research import backtest, sweep
from quantumzero.research.frames import history_from

if TYPE_CHECKING:
    from bench.backtest_data import Bars
    from quantumzero.domain.strategy.document import StrategyDocument

ONE = ("SYN",)
Outputs = dict[str, Any]

DOCUMENT = """
strategy: sma-cross
version: 1
universe: UNIVERSE
timeframe: TIMEFRAME
parameters:
  fast: {default: FAST, range: [2, 60, 1]}
  slow: {default: SLOW, range: [3, 300, 1]}
entry: {long: "cross_above(sma(close, fast), sma(close, slow))"}
exit: {long: "cross_below(sma(close, fast), sma(close, slow))"}
sizing: {percent_of_equity: SHARE, lot: fractional}
costs: {commission: {bps: 10}}
"""


@cache
def document(timeframe: str, symbols: tuple[str, ...]) -> StrategyDocument:
    """Return the strategy of the workload; with many symbols each may take an equal part of the equity."""
    share = 100 if len(symbols) == 1 else 100 / len(symbols)
    values = {
        "UNIVERSE": f"[{', '.join(symbols)}]",
        "TIMEFRAME": timeframe,
        "FAST": str(FAST),
        "SLOW": str(SLOW),
        "SHARE": f"{share:g}",
    }
    text = DOCUMENT
    for name, value in values.items():
        text = text.replace(name, value)
    return parse_document(text)


def _names(count: int) -> tuple[str, ...]:
    return tuple(f"S{row:03d}" for row in range(count))


def source(work: str, bars: Bars) -> Any:
    """Return the bars as a user has them: a DataFrame with UTC times, for a panel one each instrument.

    The document is read here too, so that its YAML is outside the clock: the peers' strategy is Python.
    """
    if work == "panel":
        names = _names(len(bars.close))
        document("1d", names)
        return {name: bars.frame(row) for row, name in enumerate(names)}
    if work == "panel_of_history":
        return history_from(source("panel", bars), timeframe="1d")
    document("1m", ONE)
    frame = bars.frame().tz_localize("UTC")
    if work == "single_of_history":
        return history_from(frame, symbol=ONE[0], timeframe="1m")
    return frame


def single(bars: Any) -> Outputs:
    """One run: reading, evaluating, simulating, all metrics."""
    return _single(bars)


def single_of_history(history: Any) -> Outputs:
    """One run on bars that were read before."""
    return _single(history)


def _single(bars: Any) -> Outputs:
    result = backtest(document("1m", ONE), bars, cash=CASH, symbol=ONE[0], accept_gaps=True)
    return {
        "final": result.final_equity / CASH,
        "max_drawdown": result.metrics["max_drawdown"].value,
        "sharpe": result.metrics["sharpe"].value,
        "trades": len(result.trades),
    }


def sweep_pairs(bars: Any, combinations: list[tuple[int, int]]) -> Outputs:
    """All pairs on one thread."""
    fasts = sorted({fast for fast, _ in combinations})
    slows = sorted({slow for _, slow in combinations})
    table = sweep(
        document("1m", ONE),
        bars,
        grid={"fast": fasts, "slow": slows},
        cash=CASH,
        symbol=ONE[0],
        accept_gaps=True,
    )
    rows = table.set_index(["fast", "slow"]).loc[combinations]
    return {
        "final": (rows["final_equity"] / CASH).tolist(),
        "max_drawdown": rows["max_drawdown"].tolist(),
        "sharpe": rows["sharpe"].tolist(),
        "trades": rows["trades"].tolist(),
    }


def panel(bars: Any) -> Outputs:
    """All instruments on one account of shared cash."""
    return _panel(tuple(bars), bars)


def panel_of_history(history: Any) -> Outputs:
    """The same on bars that were read before."""
    return _panel(tuple(history.series), history)


def _panel(symbols: tuple[str, ...], bars: Any) -> Outputs:
    result = backtest(document("1d", symbols), bars, cash=CASH)
    return {"final": result.final_equity / CASH, "trades": len(result.trades)}
