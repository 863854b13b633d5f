"""How far the evaluators are proven equal, and what crossings of exact ties come to.

Every function and every shipped document on real bars, and random strategies on random bars with
splits, gaps, restarts and repeated bars, each stepped bar by bar, in C and in NumPy: all values of
all nodes must be the same bits. Then sma crossings on prices of 0.01 ticks, against integers.

Run: python -m bench.parity [number of random graphs]
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.parity_subjects import (
    calls_of,
    compiled_truths,
    compiled_weights,
    function_strategy,
    history_for,
    real_history,
)
from bench.random_graphs import SYMBOLS, RandomGraph, random_history
from bench.three_ways import bars_of, prove
from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.strategy.compiler import CompileError, compile_strategy
from quantumzero.domain.strategy.evaluator import IncrementalEvaluator
from quantumzero.domain.strategy.functions import FUNCTIONS
from quantumzero.research.history import BarSeries, MarketHistory
from quantumzero.research.kernel import force_fallback, kernel
from quantumzero.research.vector import VectorEvaluator

if TYPE_CHECKING:
    from collections.abc import Callable

    from quantumzero.domain.strategy.compiler import CompiledStrategy

GRAPHS = 2_000
_STRATEGIES = Path(__file__).resolve().parent.parent / "strategies"
_MINUTE_US = 60_000_000
_BARS = 98_280
_FAST, _SLOW = 10, 30


def chooser(seed: int) -> Callable[[int], int]:
    """Return choose(n) of one seed."""
    generator = np.random.default_rng(seed)
    return lambda count: int(generator.integers(count))


def prove_functions(bars: int | None = None) -> dict[str, int]:
    """Prove every function on real bars; return the functions, calls and values compared."""
    alone, together = real_history(("AAPL",), bars), real_history(bars=bars and bars // 4)
    calls = values = 0
    for definition in FUNCTIONS.values():
        for call in calls_of(definition):
            history = together if definition.across else alone
            values += prove(function_strategy(definition, call), history)
            calls += 1
    return {"functions": len(FUNCTIONS), "calls": calls, "values": values}


def prove_templates() -> dict[str, int]:
    """Prove every shipped document."""
    values, choose = 0, chooser(0)
    files = sorted(_STRATEGIES.glob("*.yaml"))
    for file in files:
        compiled = compile_strategy(parse_document(file.read_text()))
        values += prove(compiled, history_for(compiled, choose), restart=lambda: choose(50) == 0)
    return {"templates": len(files), "values": values}


def prove_random(graphs: int, seed: int = 0) -> dict[str, int]:
    """Prove random strategies until as many as wanted were valid."""
    proven = values = nodes = refused = 0
    operations: set[str] = set()
    while proven < graphs:
        choose = chooser(seed + proven + refused)
        try:
            compiled = random_strategy(choose)
        except CompileError:  # prices do not compare with ratios: most draws that mix them
            refused += 1
            continue
        values += prove_on_random_bars(compiled, choose)
        operations |= {node.operation for node in compiled.nodes}
        nodes += len(compiled.nodes)
        proven += 1
    return {"graphs": proven, "nodes": nodes, "operations": len(operations), "values": values}


def random_strategy(choose: Callable[[int], int]) -> CompiledStrategy:
    """Draw a strategy of one symbol or of a universe; raises CompileError for one that mixes units."""
    timeframe = ("1d", "1h")[choose(2)]
    across = choose(5) == 0
    longer = "1w" if timeframe == "1d" else ("1d", "1w")[choose(2)]
    graph = RandomGraph(
        choose, higher=longer if choose(2) else "", other="MSFT" if choose(3) == 0 else "",
        across=across,
    )  # fmt: skip
    entry, leave = graph.truth(2 + choose(2)), graph.truth(1)
    if choose(5) == 0:
        pair = f"{graph.number(1)}, {graph.number(1) if choose(2) else '5'}"
        entry, leave = f"cross_above({pair})", f"cross_below({pair})"
    if across:
        return compiled_weights(entry, SYMBOLS, timeframe)
    return compiled_truths(entry, leave, SYMBOLS[:1], timeframe)


def prove_on_random_bars(compiled: CompiledStrategy, choose: Callable[[int], int]) -> int:
    """Prove one strategy on drawn bars, with restarts and repeated bars; return the values."""
    days = [date(2024, 1, 2) + timedelta(days=count) for count in range(45)]
    others = bool(compiled.others) or compiled.cross_sectional
    symbols = SYMBOLS if others else SYMBOLS[:1]
    history = random_history(choose, days, compiled.document.timeframe, symbols, 30)
    return prove(compiled, history, restart=lambda: choose(6) == 0, repeat=lambda: choose(6) == 0)


def tick_history(bars: int = _BARS, seed: int = 7) -> MarketHistory:
    """Draw minute bars whose closes walk in steps of 0.01."""
    steps = np.random.default_rng(seed).integers(-3, 4, bars)
    close = (50_000 + np.cumsum(steps)) * 100
    opens_at = np.arange(bars, dtype=np.int64) * _MINUTE_US + 1_704_205_800_000_000
    volume = np.full(bars, 1_000)
    series = BarSeries(
        "AAPL", opens_at, opens_at + _MINUTE_US, close, close + 100, close - 100, close, volume
    )
    return MarketHistory({"AAPL": series}, "1m")


def count_ties(history: MarketHistory) -> dict[str, int]:
    """Compare the crossings of two averages with integer arithmetic; return how many were wrong."""
    compiled = compiled_truths(
        f"cross_above(sma(close, {_FAST}), sma(close, {_SLOW}))",
        f"cross_below(sma(close, {_FAST}), sma(close, {_SLOW}))", ("AAPL",), "1m",
    )  # fmt: skip
    distance = _distance(history.series["AAPL"].close)
    after = np.zeros(len(distance), bool)
    after[_SLOW:] = True
    before = np.concatenate(([0], distance[:-1]))
    above = after & (distance > 0) & (before <= 0)
    below = after & (distance < 0) & (before >= 0)
    true = above.astype(np.uint8) + 2 * below.astype(np.uint8)
    found = {"stepped": _stepped_signals(compiled, history)}
    found["kernel"] = VectorEvaluator(history).signals(compiled)["AAPL"]
    with force_fallback():
        found["numpy"] = VectorEvaluator(history).signals(compiled)["AAPL"]
    wrong = {f"wrong_{name}": int((signals != true).sum()) for name, signals in found.items()}
    ties = int((distance[_SLOW - 1 :] == 0).sum())
    return {"bars": len(distance), "exact_ties": ties, "crossings": int((true > 0).sum()), **wrong}


def _distance(close: np.ndarray[Any, np.dtype[np.int64]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the difference of the averages times both periods, in integers."""
    total = np.concatenate(([0], np.cumsum(close)))
    distance = np.zeros(len(close), np.int64)
    fast = total[_SLOW:] - total[_SLOW - _FAST : -_FAST]
    slow = total[_SLOW:] - total[:-_SLOW]
    distance[_SLOW - 1 :] = fast * _SLOW - slow * _FAST
    return distance


def _stepped_signals(
    compiled: CompiledStrategy, history: MarketHistory
) -> np.ndarray[Any, np.dtype[np.uint8]]:
    evaluator = IncrementalEvaluator(compiled)
    signals = []
    for bar in bars_of(history, "AAPL"):
        evaluation = evaluator.step(bar)
        signals.append(evaluation.entry_long + 2 * evaluation.exit_long)
    return np.array(signals, np.uint8)


def main(graphs: int = GRAPHS) -> dict[str, Any]:
    """Prove everything and return the figures; raises DifferenceError on the first difference."""
    figures: dict[str, Any] = {
        "kernel": kernel() is not None,
        "random": prove_random(graphs),
        "functions": prove_functions(),
        "templates": prove_templates(),
        "ties": count_ties(tick_history()),
    }
    drawn, functions, ties = figures["random"], figures["functions"], figures["ties"]
    print(
        f"stepped, C and NumPy gave the same bits on {drawn['graphs']:,} random graphs "
        f"({drawn['operations']} operations, {drawn['values']:,} values), {functions['functions']} "
        f"functions ({functions['calls']} calls on AAPL daily, {functions['values']:,} values) and "
        f"{figures['templates']['templates']} templates\n"
        f"{ties['bars']:,} bars of 0.01 ticks: {ties['exact_ties']} exact ties of sma {_FAST} and "
        f"{_SLOW}, {ties['crossings']:,} crossings, wrong: {ties['wrong_stepped']} stepped, "
        f"{ties['wrong_kernel']} in C, {ties['wrong_numpy']} in NumPy"
    )
    return figures


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
